#!/usr/bin/env bash
# Checks everything that needs a GPU, in one call that ends within ten minutes: tests, memory and race checks,
# benchmarks beside PyTorch where that is installed. Runs the bundle it lies in (cmake --build --preset
# gpu-bundle), or builds one in a source tree. Ends with a table, and with all figures as JSON; both are written anew
# after every step, so that whoever stops it finds what was done until then.
#
#   check.sh [all|tests|sanitize|bench] [--out FOLDER] [--seconds S] [--deadline S]
#
# One part alone has all the time that they share otherwise. FOLDER: results/ beside this script; --seconds: of
# measuring each figure (1); --deadline: when the last step is stopped (540).
#
# Exit codes: 0 all is well, 1 something is not, 3 nothing is wrong, but this machine lacks what some rows need (a
# Vulkan driver for the card, say), 77 there is no GPU to check.
set -uo pipefail
here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
part=all out="$here/results" seconds=1 deadline=540
while (($# > 0)); do
  case "$1" in
    all | tests | sanitize | bench) part="$1" ;;
    --out) out="${2:-}"; shift ;;
    --seconds) seconds="${2:-}"; shift ;;
    --deadline) deadline="${2:-}"; shift ;;
    *) printf 'Usage: check.sh [all|tests|sanitize|bench] [--out FOLDER] [--seconds S] [--deadline S]\n' >&2; exit 2 ;;
  esac
  shift || break
done
if [[ ! "$deadline $seconds" =~ ^[1-9][0-9]*' '[1-9][0-9]*$ || -z "$out" ]]; then
  printf 'check.sh: --deadline and --seconds must be whole seconds, and --out a folder.\n' >&2
  exit 2
fi

skip() {
  printf 'Nothing was checked: %s\n' "$*"
  exit 77
}

command -v nvidia-smi > /dev/null || skip "there is no NVIDIA driver here (no nvidia-smi)."
gpu="$(timeout -k 2 30 nvidia-smi --query-gpu=name --format=csv,noheader 2> /dev/null | head -n 1)"
[[ -n "$gpu" ]] || skip "the NVIDIA driver finds no GPU."
command -v python3 > /dev/null || skip "python3 is not installed, and it writes the report."

bundle="$here"
if [[ ! -x "$bundle/bin/test_gpu" ]]; then
  root="$(cd "$here/../.." && pwd)"
  (cd "$root" && cmake --preset gpu-bundle && cmake --build --preset gpu-bundle) || exit 1
  bundle="$root/build/gpu-bundle/gpu-bundle"
fi
SECONDS=0
mkdir -p "$out" || exit 1
out="$(cd "$out" && pwd)"
work="$(mktemp -d)"
trap 'rm -rf "$work"' EXIT
cd "$work" || exit 1
mkdir lib logs
touch checks.tsv figures.tsv logs/tests.log

# A driver that was mounted rather than installed keeps its files where no loader looks.
data_dirs="${XDG_DATA_DIRS:-}"
loaders="/etc /usr/share /usr/local/share ${data_dirs//:/ } ${HOME:-}/.local/share"
shares="${FALLLINE_DRIVER_SHARES:-$loaders /usr/local/nvidia/share}"
own_path=(env -u LD_LIBRARY_PATH) # for what has its libraries itself
if [[ -n "${LD_LIBRARY_PATH+set}" ]]; then own_path=(env "LD_LIBRARY_PATH=$LD_LIBRARY_PATH"); fi
export LD_LIBRARY_PATH="$work/lib${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}"
# first_file PATTERN: the first such file below any of these folders.
first_file() {
  local share file
  for share in $shares; do
    for file in "$share"/$1; do
      if [[ -f "$file" ]]; then printf '%s' "$file"; return; fi
    done
  done
}
no_vulkan=""
if [[ -z "${VK_DRIVER_FILES:-}${VK_ICD_FILENAMES:-}" ]]; then
  manifest="$(first_file 'vulkan/icd.d/nvidia_icd*.json')"
  if [[ -n "$manifest" ]]; then
    export VK_DRIVER_FILES="$manifest" VK_ICD_FILENAMES="$manifest"
    for folder in "${manifest%/share/*}"/{lib64,lib}; do
      if [[ -e "$folder/libGLX_nvidia.so.0" ]]; then LD_LIBRARY_PATH+=":$folder"; fi
    done
  else
    no_vulkan="this machine has no Vulkan driver for the GPU (no nvidia_icd.json)"
  fi
fi
if [[ -z "${__EGL_VENDOR_LIBRARY_FILENAMES:-}" ]]; then
  vendor="$(first_file 'glvnd/egl_vendor.d/*nvidia*.json')"
  if [[ -n "$vendor" ]]; then export __EGL_VENDOR_LIBRARY_FILENAMES="$vendor"; fi
fi

# Of the bundle's libraries only those that the system lacks, or has too old: a driver's own libraries want the
# system's. cuDNN and cuBLAS from the system, else from Python's packages.
# "libx.so.1 => not found", or "program: /lib/libx.so.1: version `X' not found (required by ...)".
missing() {
  ldd "$bundle"/bin/* lib/* 2> /dev/null |
    awk '/=> not found/ {print $1} /: version .* not found/ {sub(":", "", $2); n = split($2, part, "/"); print part[n]}' |
    sort -u
}
# What NVIDIA's Vulkan and EGL load by themselves, where the system has none of it.
missing_to_driver() {
  local name known
  known="$(PATH="$PATH:/sbin:/usr/sbin" ldconfig -p 2> /dev/null)"
  for name in libGLdispatch.so.0 libEGL.so.1 libGLX.so.0 libX11.so.6 libXext.so.6; do
    [[ -e "lib/$name" ]] || grep -qF "$name " <<< "$known" || printf '%s\n' "$name"
  done
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
lacking_to_driver="$(missing_to_driver)"
if [[ -n "$lacking$lacking_to_driver" && -f "$bundle/lib.tar.gz" ]]; then
  mkdir unpacked
  tar -xzf "$bundle/lib.tar.gz" -C unpacked || exit 1
  take_from_bundle "$lacking_to_driver"
  lacking="$(missing)"
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

# Writes table, figures and logs as they are; with --going, what is not there yet is still to come.
report_script="$bundle/report.py"
[[ -f "$report_script" ]] || report_script="$here/report.py"
report() {
  python3 "$report_script" --gpu "$gpu" --part "$part" --checks checks.tsv --figures figures.tsv \
    --tests-log logs/tests.log --seconds "$SECONDS" --bundle "$bundle" --out "$out" "$@"
  local code=$?
  tar -czf "$out/logs.tar.gz" logs
  return "$code"
}
# Not once the part's time is over: then little comes until the next, or the end.
report_so_far() {
  if ((SECONDS < part_end)); then report --going > /dev/null; fi
}
step="" child=""
# row NAME CODE SECONDS [NOTE]: CODE is an exit code, or "skip".
row() {
  printf '%s\t%s\t%s\t%s\n' "$1" "$2" "$3" "${4:-}" >> checks.tsv
}
# Somebody else's limit is a limit, too.
interrupted() {
  if [[ -n "$child" ]]; then kill "$child" 2> /dev/null; fi
  row "${step:-check.sh}" 124 "$SECONDS" "check.sh was stopped here"
  report > /dev/null
  cat "$out/table.txt" >&3
  exit 1
}
exec 3>&1 # a step that is interrupted has its output elsewhere
trap interrupted TERM INT HUP

# limited PERCENT command...: runs it for at most so much of its part's time, and never beyond the part's end. 124
# where that did not do; whatever cannot be killed is left behind.
limited() {
  local limit=$(($1 * part_seconds / 100)) left=$((part_end - SECONDS)) given_up code
  shift
  if ((limit < 1)); then limit=1; fi
  if ((limit > left)); then limit=$left; fi
  if ((limit < 1)); then return 124; fi
  given_up=$((SECONDS + limit + 4))
  timeout -k 2 "$limit" "$@" < /dev/null 3>&- &
  child=$!
  while kill -0 "$child" 2> /dev/null; do
    if ((SECONDS > given_up)); then
      child=""
      return 124
    fi
    sleep 0.05
  done
  wait "$child"
  code=$?
  child=""
  # Killed, because it did not heed the first signal.
  if ((code == 137)); then code=124; fi
  return "$code"
}

# try NAME PERCENT command...: its words land in the logs; sets `code` and `took`.
code=0 took=0
try() {
  local began=$SECONDS
  step="$1"
  printf '\n== %s\n' "$step"
  limited "$2" "${@:3}" > "logs/${1// /_}.log" 2>&1
  code=$?
  took=$((SECONDS - began))
  tail -n 15 "logs/${1// /_}.log"
}
# check NAME PERCENT command...: notes whether it succeeded.
check() {
  try "$@"
  row "$1" "$code" "$took"
  report_so_far
}
# measure NAME PERCENT command...: keeps the JSON object it prints.
measure() {
  local name="$1" began=$SECONDS
  step="$name"
  printf '%s\n' "$name"
  limited "$2" "${@:3}" > figure.json 2> "logs/${name// /_}.err"
  code=$?
  if ((code == 0)); then
    printf '%s\t%s\n' "$name" "$(tr -d '\n\t' < figure.json)" >> figures.tsv
  else
    tail -n 3 "logs/${name// /_}.err"
    row "$name" "$code" "$((SECONDS - began))"
  fi
  report_so_far
}

export OMP_WAIT_POLICY=passive

run_tests() {
  local scene
  try doctor 10 "$bundle/bin/fallline" doctor
  # Its Vulkan may be missing, its CUDA may not.
  if ((code != 0)) && [[ -n "$no_vulkan" ]]; then row doctor skip "$took" "$no_vulkan"; else row doctor "$code" "$took"; fi
  grep -qE '^CUDA .*runtime [0-9]' logs/doctor.log && ! grep -qF 'not used:' logs/doctor.log
  row "the program uses CUDA" "$?" 0 "$(grep -F 'not used:' logs/doctor.log | head -n 1 | sed 's/^ *//')"
  check tests 70 "$bundle/bin/test_gpu"
  # The program itself, twice: the same bytes.
  scene=(--set data.image_size=32 --set "data.phantom_counts=[40,40]" --set train.epochs=3 --backend cuda)
  check train 15 "$bundle/bin/fallline" train "${scene[@]}" --out first
  check train_again 15 "$bundle/bin/fallline" train "${scene[@]}" --out second
  check same_bytes 5 cmp first/weights.safetensors second/weights.safetensors
}

# The sanitizer over our kernels only: it would instrument all of cuDNN and cuBLAS, too, and count the calls with which
# those try what a driver offers.
sanitizer() {
  local name="$1" share="$2" filter="$4" options=(--tool "$3" --error-exitcode 9 --kernel-name kns=2fl4cuda)
  if [[ "$3" == memcheck ]]; then options+=(--report-api-errors no); fi
  shift 4
  try "$name" "$share" compute-sanitizer "${options[@]}" "$bundle/bin/test_gpu" "--gtest_filter=$filter" "$@"
}
# Why nothing can be sanitized here, in `why`: it may be there and refuse the device, or see nothing.
probe_sanitizer() {
  why="compute-sanitizer is not installed"
  command -v compute-sanitizer > /dev/null || return
  sanitizer sanitizer_probe 15 memcheck Probe.AKernelRuns
  if ((code != 0)) || ! grep -qF 'OK ] Probe.AKernelRuns' logs/sanitizer_probe.log; then
    why="$(grep -E '^=+ (Error|Warning|Internal)|not supported' logs/sanitizer_probe.log | head -n 1)"
    why="compute-sanitizer refuses this machine: $(sed -E 's/^=+ //; s/\t/ /g' <<< "$why")"
    if ((code == 124)); then why="compute-sanitizer does not end on a single small kernel"; fi
    return
  fi
  sanitizer sanitizer_planted 15 memcheck Probe.DISABLED_AKernelWritesBeyondItsMemory --gtest_also_run_disabled_tests
  why=""
  if ((code != 9)); then why="compute-sanitizer does not see a fault that was planted"; fi
}
run_sanitizers() {
  # Small enough for tools that slow a device down a hundredfold.
  local small='*GradientsOfEveryTensor/averaged:*GradientsOfEveryTensor/residual:*ABurstIs*:*LossesFollowTheCpu/mixed'
  local tool why
  # Without a kernel that runs by itself, the sanitizer's word is worth nothing.
  try "a kernel runs" 15 "$bundle/bin/test_gpu" --gtest_filter=Probe.AKernelRuns
  if ((code == 0)) && ! grep -qF 'OK ] Probe.AKernelRuns' logs/a_kernel_runs.log; then code=1; fi
  row "a kernel runs" "$code" "$took"
  probe_sanitizer
  for tool in memcheck racecheck; do
    if [[ -n "$why" ]]; then
      row "$tool" skip 0 "$why"
    else
      sanitizer "$tool" 45 "$tool" "$small" --gtest_brief=1
      # Some end well without having run anything.
      if ((code == 0)) && ! grep -qE 'PASSED +\] [1-9]' "logs/$tool.log"; then
        row "$tool" 1 "$took" "no test passed"
      else
        row "$tool" "$code" "$took"
      fi
    fi
    report_so_far
  done
}

run_benchmarks() {
  local peer network math options torch=no
  printf '\n== Benchmarks\n'
  measure "ceiling" 10 "$bundle/bin/bench_ceiling" --seconds "$seconds" --json
  # The same training by itself and drawn: turn about, so longer.
  if [[ -n "$no_vulkan" ]]; then
    row "drawn ct-small fp32" skip 0 "$no_vulkan"
  else
    measure "drawn ct-small fp32" 16 "$bundle/bin/bench_drawn" --backend cuda --seconds "$((5 * seconds))" --json
  fi
  peer="$bundle/peer_torch.py"
  [[ -f "$peer" ]] || peer="$here/../bench/peer_torch.py"
  if limited 15 "${own_path[@]}" python3 -c 'import torch, sys; sys.exit(not torch.cuda.is_available())' > /dev/null 2>&1; then torch=yes; fi
  for network in ct-small ct-resnet; do
    for math in fp32 tf32; do
      options=(--network "$network" --seconds "$seconds")
      [[ "$math" == tf32 ]] && options+=(--tf32)
      measure "train $network $math" 14 "$bundle/bin/bench_train" --backend cuda --json "${options[@]}"
      measure "slice $network $math" 14 "$bundle/bin/bench_slice" --backend cuda --json "${options[@]}"
      # With its own libraries, not with those that were found for us.
      [[ "$torch" == yes ]] && measure "peer $network $math" 18 "${own_path[@]}" python3 "$peer" --device cuda "${options[@]}"
    done
  done
  measure "train ct-small any order" 14 "$bundle/bin/bench_train" --backend cuda --any-order --tf32 --seconds "$seconds" --json
  [[ "$torch" == yes ]] || printf 'PyTorch with CUDA is not installed, so there is nothing to compare with.\n'
}

# begin_part SHARE UNTIL: percents of the whole time; what a part leaves is the next one's.
begin_part() {
  part_seconds=$((deadline * $1 / 100)) part_end=$((deadline * $2 / 100))
}
begin_part 100 100
report_so_far
if [[ "$part" == all ]]; then begin_part 35 35; fi
if [[ "$part" == all || "$part" == tests ]]; then run_tests; fi
if [[ "$part" == all ]]; then begin_part 20 55; fi
if [[ "$part" == all || "$part" == sanitize ]]; then run_sanitizers; fi
if [[ "$part" == all ]]; then begin_part 45 100; fi
if [[ "$part" == all || "$part" == bench ]]; then run_benchmarks; fi

trap - TERM INT HUP
report
code=$?
cat "$out/table.txt"
exit "$code"
