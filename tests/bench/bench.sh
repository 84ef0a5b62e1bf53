# What the benches need, and `./build.sh bench`.

need_bench_python() { need_python tests/bench/engine "import numpy, onnx, onnxruntime"; }

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

# What lists of embeddings find, natively: lists are the same in a browser.
bench_shards() { # ARGUMENTS...
  need_native
  local arguments=() argument
  # cargo bench runs in the crate's folder.
  for argument in "$@"; do if [ -f "$argument" ]; then argument=$PWD/$argument; fi; arguments+=("$argument"); done
  cargo bench -p nearshelf-retrieval --bench lists -- ${arguments[@]+"${arguments[@]}"}
}

do_bench() {
  local what=${1:-shop}; [ $# -gt 0 ] && shift
  case "$what" in
    shop) do_product ;;
    engine | gpu) do_wasm; do_cli; need_bench_engine ;;
    retrieve) do_wasm; need_bench_retrieve ;;
    vision) do_product ;;
    for-you) do_wasm; do_cli; do_www ;;
    chat) do_wasm; do_cli; need_node ;;
    gpu-native) bench_gpu_native "$@"; return ;;
    shards) bench_shards "$@"; return ;;
    try-on)
      need_native
      cargo run --release -p nearshelf-try-on --example drag
      do_wasm ;;
    pack) do_cli; need_node ;;
    *) die "there is no bench '$what'; there are: shop, engine, gpu, gpu-native, retrieve, for-you, vision, chat, shards, try-on, pack" ;;
  esac
  [ "$what" = pack ] || need_chromium
  NEARSHELF_BIN="$TARGET_DIR/release/nearshelf" node "tests/bench/$what.mjs" "$@"
}
