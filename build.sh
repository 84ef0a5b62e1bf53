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
HEAVY=(nearshelf-pictures nearshelf-onnx nearshelf-webgpu nearshelf-cli nearshelf-tests nearshelf-bundle nearshelf-web nearshelf-web-onnx nearshelf-web-chat nearshelf-web-search nearshelf-web-shards nearshelf-web-vision)

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
             bench retrieve [--searches a,b] [--write docs/retrieval.md], bench try-on [--frames N],
             bench for-you [--items N] [--write docs/retrieval.md]: a list from history to reasons, over a large shop;
             bench vision [--rounds N]: one picture, all features; bench chat: one message;
             on its own graphics card, natively: bench gpu-native [--items N] [--rounds N]
             bench pack [--items N] [--events N]: packing a large shop;
             bench shards [--rows N] [--lists N] [--write docs/retrieval.md]: what lists of embeddings find
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

# Each beside what it serves.
. .ci/machine.sh
. src/bundle/wasm.sh
. tests/bench/bench.sh
. tests/fuzz/fuzz.sh
. models/training/evaluate.sh

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
  # shellcheck disable=SC2046 # names without spaces
  if changed www/dist/.done $(find www -mindepth 1 -maxdepth 1 -not -name dist -not -name node_modules); then
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
  if changed "$stamp" build.sh "$DEMO_DIR" "$TARGET_DIR/release/nearshelf" models www/dist www/demo/answers.yaml www/demo/rules.json; then
    say "packing the demo shop"
    "$TARGET_DIR/release/nearshelf" pack --items "$DEMO_DIR/catalogue.csv" --events "$DEMO_DIR/events.csv" --rules www/demo/rules.json \
      --answers www/demo/answers.yaml --vision --looks build/demo-looks --models models --widget www/dist --now 2026-06-01T00:00:00Z --out "$DEMO_SITE"
    settle "$stamp"
  fi
}

# The demo shop with its embeddings in shards, which it is far too small for: what tests/browser/shards.spec.ts opens.
build_sharded() {
  local stamp=build/demo-shards.done probes
  if changed "$stamp" build.sh "$DEMO_DIR" "$TARGET_DIR/release/nearshelf" models; then
    say "packing the demo shop with its embeddings in shards"
    for probes in 3 12; do
      "$TARGET_DIR/release/nearshelf" pack --items "$DEMO_DIR/catalogue.csv" --events "$DEMO_DIR/events.csv" --models models \
        --shards 12 --probes "$probes" --now 2026-06-01T00:00:00Z --out "build/demo-shards$([ "$probes" = 3 ] || echo -all)"
    done
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
  do_product; build_sharded; build_parity; need_chromium; need_backend_cases; need_adapter
  do_quick
  say "heavy crates: ONNX conformance, command line, whole-product suites"
  # With what they print: which models are covered, and what was skipped. REQUIRE_DATA=1 fails instead of skipping.
  cargo test --release $(printf -- '-p %s ' "${HEAVY[@]}") -- --show-output
  say "TypeScript: types, lint, unit tests"
  npm --prefix www run --silent check
  say "the bench's own statistics and reports"
  node --test --test-reporter=dot tests/bench/*.test.mjs tests/bench/pack/*.test.mjs tests/bench/for-you/*.test.mjs tests/bench/engine/*.test.mjs tests/bench/engine/page/*.test.mjs
  say "real Chromium"
  NEARSHELF_BIN="$TARGET_DIR/release/nearshelf" npm --prefix www run --silent test:browser
}

do_check() {
  need_wasm_toolchain; need_www
  say "rustfmt";  cargo fmt --all --check; cargo fmt --manifest-path tests/fuzz/Cargo.toml --check
  say "clippy, native"; cargo clippy --release --workspace --all-targets -- -D warnings
  say "clippy, wasm"
  wasm_cargo baseline +simd128 clippy --profile wasm -p nearshelf-web -p nearshelf-web-chat -p nearshelf-web-search -p nearshelf-web-shards -p nearshelf-web-vision -p nearshelf-parity -- -D warnings
  wasm_cargo relaxed +simd128,+relaxed-simd clippy --profile wasm -p nearshelf-parity -- -D warnings
  say "TypeScript"; npm --prefix www run --silent check
}

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

do_bless() {
  do_product
  say "rewriting golden files"
  BLESS=1 cargo test --release -p nearshelf-tests --test golden
  git --no-pager diff --stat -- tests || true
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
