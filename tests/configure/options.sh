#!/usr/bin/env bash
# options.sh SOURCE BUILD HAS_CUDA: configures SOURCE in BUILD with every combination of options. Each must configure
# and leave a graph in which nothing is missing, whatever the folder was configured with before.
set -euo pipefail
source_dir="$1" build="$2" has_cuda="$3"

rm -rf "$build"
combinations=0 failed=0

# configure OPTION=VALUE...
configure() {
  if ! cmake -G Ninja -S "$source_dir" -B "$build" "${@/#/-D}" > "$build.log" 2>&1; then
    printf 'Does not configure with %s:\n' "$*"
    tail -n 30 "$build.log"
    return 1
  fi
}

# check OPTION=VALUE...: the options configure, and all that `all` and the bundle need has a rule.
check() {
  combinations=$((combinations + 1))
  configure "$@" || { failed=$((failed + 1)); return; }
  local targets=(all)
  if [[ "$has_cuda" == 1 && " $* " == *" FALLLINE_TESTS=ON "* && " $* " == *" FALLLINE_CUDA=AUTO "* ]]; then
    targets+=(gpu-bundle)
  fi
  local target
  for target in "${targets[@]}"; do
    if ! ninja -C "$build" -n "$target" > "$build.log" 2>&1; then
      printf 'The target %s lacks a part with %s:\n' "$target" "$*"
      tail -n 5 "$build.log"
      failed=$((failed + 1))
    fi
  done
}

for tests in OFF ON; do
  for bench in OFF ON; do
    for reload in OFF ON; do
      shared=(FALLLINE_TESTS="$tests" FALLLINE_BENCH="$bench" FALLLINE_SHADER_RELOAD="$reload")
      for cuda in AUTO OFF; do
        check "${shared[@]}" FALLLINE_CUDA="$cuda" FALLLINE_SANITIZE= CMAKE_BUILD_TYPE=Release
      done
      for sanitizer in address,undefined thread; do
        check "${shared[@]}" FALLLINE_CUDA=OFF FALLLINE_SANITIZE="$sanitizer" CMAKE_BUILD_TYPE=Debug
      done
    done
  done
done

# Without the headers that ONNX needs.
check FALLLINE_TESTS=ON FALLLINE_BENCH=OFF FALLLINE_SHADER_RELOAD=OFF FALLLINE_CUDA=OFF FALLLINE_SANITIZE= CMAKE_BUILD_TYPE=Release \
  CMAKE_DISABLE_FIND_PACKAGE_Protobuf=ON

# What cannot be had says so instead of leaving it out.
if configure FALLLINE_CUDA=ON FALLLINE_SANITIZE=address > /dev/null || ! grep -q "FALLLINE_CUDA is ON, but" "$build.log"; then
  printf 'CUDA=ON under a sanitizer was not refused with its reason:\n'
  tail -n 5 "$build.log"
  failed=$((failed + 1))
fi

printf '%d combinations, %d failed\n' "$combinations" "$failed"
((combinations == 33 && failed == 0))
