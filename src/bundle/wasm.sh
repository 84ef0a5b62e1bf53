# How crates become the wasm modules below www/pkg.

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
  case "$flavour" in chat|search|shards|vision) folder=baseline ;; esac
  local built="$TARGET_DIR/wasm-$folder/wasm32-unknown-unknown/$profile/$file.wasm" out=www/pkg/$flavour
  if ! changed "$out/.done" src/bundle/wasm.sh "$built" "$TARGET_DIR/release/nearshelf-bundle"; then return; fi
  rm -rf "$out"
  "$TARGET_DIR/release/nearshelf-bundle" bind "$built" --out "$out" --name "$name" "$@"
  if [ "$level" != none ]; then
    echo "    wasm-opt $level: $flavour"
    node www/node_modules/.bin/wasm-opt "$level" --gufa-optimizing "$level" --one-caller-inline-max-function-size 60 \
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
  say "nearshelf_shards.wasm, for packs whose embeddings come in shards"
  wasm_cargo baseline +simd128 build --profile wasm -p nearshelf-web-shards
  finish nearshelf_shards nearshelf_web_shards shards -Oz
  say "nearshelf_onnx.wasm, the lazy ONNX compiler"
  wasm_cargo baseline +simd128 build --profile wasm-onnx -p nearshelf-web-onnx
  finish nearshelf_onnx nearshelf_web_onnx onnx none --resettable
  say "nearshelf_chat.wasm, the lazy shop assistant"
  wasm_cargo baseline +simd128 build --profile wasm -p nearshelf-web-chat
  finish nearshelf_chat nearshelf_web_chat chat -Oz
  say "nearshelf_vision.wasm, which sees and tries on"
  wasm_cargo baseline +simd128 build --profile wasm -p nearshelf-web-vision
  finish nearshelf_vision nearshelf_web_vision vision -O2
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
