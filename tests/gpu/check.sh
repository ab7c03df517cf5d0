#!/usr/bin/env bash
# Checks everything that needs a GPU, in one call and within ten minutes: tests, memory and race checks,
# benchmarks beside PyTorch where that is installed. Runs the bundle it lies in (cmake --build --preset
# gpu-bundle), or builds one in a source tree. Ends with a table, and with all figures as JSON.
#
#   check.sh [--out FOLDER] [--seconds S]   FOLDER: results/ beside this script; S: of measuring each figure
#
# Exit codes: 0 all is well, 1 something is not, 3 nothing is wrong, but this machine lacks what some rows need (a
# Vulkan driver for the card, say), 77 there is no GPU to check.
set -uo pipefail
here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
out="$here/results" seconds=2
while (($# > 0)); do
  case "$1" in
    --out) out="$2"; shift ;;
    --seconds) seconds="$2"; shift ;;
    *) printf 'Usage: check.sh [--out FOLDER] [--seconds S]\n' >&2; exit 2 ;;
  esac
  shift
done

skip() {
  printf 'Nothing checked: %s\n' "$*"
  exit 77
}

command -v nvidia-smi > /dev/null || skip "there is no NVIDIA driver here (no nvidia-smi)."
gpu="$(nvidia-smi --query-gpu=name --format=csv,noheader 2> /dev/null | head -n 1)"
[[ -n "$gpu" ]] || skip "the NVIDIA driver finds no GPU."
command -v python3 > /dev/null || skip "there is no python3, which writes the report."

bundle="$here"
if [[ ! -x "$bundle/bin/test_gpu" ]]; then
  root="$(cd "$here/../.." && pwd)"
  (cd "$root" && cmake --preset gpu-bundle && cmake --build --preset gpu-bundle) || exit 1
  bundle="$root/build/gpu-bundle/gpu-bundle"
fi
started="$(date +%s)"
mkdir -p "$out" || exit 1
out="$(cd "$out" && pwd)"
work="$(mktemp -d)"
trap 'rm -rf "$work"' EXIT
cd "$work" || exit 1

# Of the bundle's libraries only those that the system lacks, or has too old: a driver's own libraries want the
# system's. cuDNN and cuBLAS from the system, else from Python's packages.
mkdir lib
export LD_LIBRARY_PATH="$work/lib${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}"
# "libx.so.1 => not found", or "program: /lib/libx.so.1: version `X' not found (required by ...)".
missing() {
  ldd "$bundle"/bin/* 2> /dev/null |
    awk '/=> not found/ {print $1} /: version .* not found/ {sub(":", "", $2); n = split($2, part, "/"); print part[n]}' |
    sort -u
}
take_from_bundle() {
  local name taken=0
  for name in $1; do
    [[ -e "unpacked/lib/$name" && ! -e "lib/$name" ]] || continue
    cp -L "unpacked/lib/$name" "lib/$name" && taken=1
  done
  ((taken))
}
lacking="$(missing)"
if [[ -n "$lacking" && -f "$bundle/lib.tar.gz" ]]; then
  mkdir unpacked
  tar -xzf "$bundle/lib.tar.gz" -C unpacked || exit 1
  while take_from_bundle "$lacking"; do lacking="$(missing)"; done
fi
if [[ -n "$lacking" ]]; then
  for folder in $(python3 - << 'PYTHON'
import glob, importlib.util
found = importlib.util.find_spec("nvidia")
for place in (found.submodule_search_locations if found else []):
    print("\n".join(sorted(glob.glob(place + "/*/lib"))))
PYTHON
  ); do LD_LIBRARY_PATH="$LD_LIBRARY_PATH:$folder"; done
  lacking="$(missing)"
fi
[[ -z "$lacking" ]] || skip "these libraries are neither in the system nor in Python's nvidia packages: ${lacking//$'\n'/, }."

# Pictures have labels; a server may have no typeface.
if [[ -d "$bundle/fonts" ]]; then
  printf '<?xml version="1.0"?><fontconfig><dir>/usr/share/fonts</dir><dir>%s</dir><cachedir>%s</cachedir></fontconfig>\n' \
    "$bundle/fonts" "$work/fonts" > fonts.conf
  export FONTCONFIG_FILE="$work/fonts.conf"
fi

# check NAME command...: notes whether it succeeded; its words land in the results.
check() {
  local name="$1" began code
  shift
  printf '\n== %s\n' "$name"
  began="$(date +%s)"
  "$@" > "$out/$name.log" 2>&1
  code=$?
  tail -n 15 "$out/$name.log"
  printf '%s\t%s\t%s\n' "$name" "$code" "$(($(date +%s) - began))" >> checks.tsv
}

# measure NAME command...: keeps the JSON object it prints.
measure() {
  local name="$1" began code
  shift
  printf '%s\n' "$name"
  began="$(date +%s)"
  timeout 120 "$@" > figure.json 2> figure.err
  code=$?
  if ((code == 0)); then
    printf '%s\t%s\n' "$name" "$(tr -d '\n' < figure.json)" >> figures.tsv
  else
    tail -n 3 figure.err
    printf '%s\t%s\t%s\n' "$name" "$code" "$(($(date +%s) - began))" >> checks.tsv
  fi
}

export OMP_WAIT_POLICY=passive
touch checks.tsv figures.tsv
check doctor "$bundle/bin/fallline" doctor
check tests timeout 300 "$bundle/bin/test_gpu" "--gtest_output=json:$work/tests.json"

# Small enough for tools that slow a device down a hundredfold.
small='--gtest_filter=*GradientsOfEveryTensor/averaged:*GradientsOfEveryTensor/residual:*ABurstIs*:*LossesFollowTheCpu/mixed'
if command -v compute-sanitizer > /dev/null; then
  for tool in memcheck racecheck; do
    check "$tool" timeout 120 compute-sanitizer --tool "$tool" --error-exitcode 9 "$bundle/bin/test_gpu" --gtest_brief=1 "$small"
  done
else
  printf '\ncompute-sanitizer is not installed: memcheck and racecheck left out.\n'
fi

# The program itself, twice: the same bytes.
scene=(--set data.image_size=32 --set "data.phantom_counts=[40,40]" --set train.epochs=3 --backend cuda)
check train "$bundle/bin/fallline" train "${scene[@]}" --out first
check train_again "$bundle/bin/fallline" train "${scene[@]}" --out second
check same_bytes cmp first/weights.safetensors second/weights.safetensors

printf '\n== Benchmarks\n'
measure "ceiling" "$bundle/bin/bench_ceiling" --seconds "$seconds" --json
# The same training by itself and drawn: turn about, so longer.
measure "drawn ct-small fp32" "$bundle/bin/bench_drawn" --backend cuda --seconds "$((5 * seconds))" --json
peer="$bundle/peer_torch.py"
[[ -f "$peer" ]] || peer="$here/../bench/peer_torch.py"
torch=no
if python3 -c 'import torch, sys; sys.exit(not torch.cuda.is_available())' 2> /dev/null; then torch=yes; fi
for network in ct-small ct-resnet; do
  for math in fp32 tf32; do
    options=(--network "$network" --seconds "$seconds" --json)
    [[ "$math" == tf32 ]] && options+=(--tf32)
    measure "train $network $math" "$bundle/bin/bench_train" --backend cuda "${options[@]}"
    measure "slice $network $math" "$bundle/bin/bench_slice" --backend cuda "${options[@]}"
    if [[ "$torch" == yes ]]; then
      peer_options=(--device cuda --network "$network" --seconds "$seconds")
      [[ "$math" == tf32 ]] && peer_options+=(--tf32)
      # With its own libraries, not with those that were found for us.
      measure "peer $network $math" env -u LD_LIBRARY_PATH python3 "$peer" "${peer_options[@]}"
    fi
  done
done
measure "train ct-small any order" "$bundle/bin/bench_train" --backend cuda --any-order --tf32 --seconds "$seconds" --json
[[ "$torch" == yes ]] || printf 'PyTorch with CUDA is not installed: no peer.\n'

report="$bundle/report.py"
[[ -f "$report" ]] || report="$here/report.py"
python3 "$report" --gpu "$gpu" --checks checks.tsv --figures figures.tsv --tests tests.json --tests-log "$out/tests.log" \
  --seconds "$(($(date +%s) - started))" --bundle "$bundle" --out "$out"
