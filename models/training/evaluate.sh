# `./build.sh evaluate`.

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
