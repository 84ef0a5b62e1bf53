# `./build.sh fuzz`.

FUZZ_TARGETS=(plan onnx pack items events text chat request picture npz looks header pixels)

# Files that the readers accept, to begin with.
fuzz_seeds() { # TARGET FOLDER
  local onnx=(tests/conformance/fixtures/*.onnx) model folder
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
    pack)
      cp tests/compat/pack-v*/*.bin tests/compat/pack-v*/shards/*.bin "$2"
      for folder in tests/compat/pack-v*; do cp "$folder/manifest.json" "$2/$(basename "$folder").json"; done ;;
    items | events | text | chat | picture) cp tests/fuzz/seeds/"$1"/* "$2" ;;
    looks) cp tests/compat/looks-*.bin "$2" ;;
    header) cp src/pictures/tests/*.{jpg,webp} tests/fuzz/seeds/header/* "$2" ;;
    pixels) cp src/pictures/tests/*.{jpg,webp} tests/fuzz/seeds/{header,picture}/* "$2" ;;
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
