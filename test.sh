#!/usr/bin/env bash
# Sets up, builds, and runs every test: first those under sanitizers, then all of them on the release build.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
source cmake/setup.sh

quick=no
case "${1:-}" in
  "") ;;
  --quick) quick=yes ;;
  *)
    printf 'Usage: ./test.sh [--quick]\n  --quick  without the sanitizer builds\n' >&2
    exit 2
    ;;
esac

heading "Set-up"
install_packages all test

# By itself this sanitizer only prints what it finds.
export UBSAN_OPTIONS=halt_on_error=1:print_stacktrace=1
# The thread sanitizer maps fixed addresses, which a kernel that randomises widely may have taken.
fixed_addresses=()
if setarch "$(uname -m)" -R true 2> /dev/null; then fixed_addresses=(setarch "$(uname -m)" -R); fi

if [[ "$quick" == no ]]; then
  heading "Frame ring under the thread sanitizer"
  cmake --preset tsan
  "${fixed_addresses[@]}" cmake --build build/tsan --target test_ring
  "${fixed_addresses[@]}" build/tsan/tests/unit/bridge/test_ring

  heading "Unit, numerics and fuzz tests under the address and undefined-behaviour sanitizers"
  cmake --preset asan
  build build/asan tests/unit/all tests/numerics/all tests/fuzz/all
  for folder in unit numerics fuzz; do
    ctest --test-dir "build/asan/tests/$folder" --output-on-failure --parallel "$(nproc)"
  done
fi

heading "All tests on the release build"
configure_release -DFALLLINE_TESTS=ON -DFALLLINE_BENCH=ON
build build/release all
ctest --preset release --parallel "$(nproc)"
