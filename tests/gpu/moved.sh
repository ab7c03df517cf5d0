#!/usr/bin/env bash
# Programs that were built with CUDA, and the engine, find the module beside themselves, once all have moved to where
# nobody knows of the build folder: its path in the copies is overwritten by one of the same length that leads nowhere.
#
#   moved.sh FOLDER BUILD MODULE ENGINE FALLLINE PROGRAM...
set -uo pipefail
work="$1" build="$2" module="$3" engine="$4" fallline="$5"
shift 5
failures=0
fail() {
  printf 'FAIL: %s\n' "$*" >&2
  failures=$((failures + 1))
}

rm -rf "$work"
mkdir -p "$work/bin"
nowhere="/${build//?/x}"
nowhere="${nowhere:0:${#build}}"
for file in "$module" "$engine" "$fallline" "$@"; do
  # Paths hold no newline, and bytes stay bytes in this locale.
  LC_ALL=C sed "s|$build|$nowhere|g" "$file" > "$work/bin/$(basename "$file")"
  chmod +x "$work/bin/$(basename "$file")"
done

for file in "$engine" "$fallline" "$@"; do
  moved="$work/bin/$(basename "$file")"
  if LC_ALL=C grep -qF "$build" "$moved"; then fail "$moved still knows the build folder"; fi
  looks_in="$(readelf -d "$moved" | grep -E 'R(UN)?PATH')"
  grep -qE '[:[]\$ORIGIN[]:]' <<< "$looks_in" || fail "$moved does not look beside itself: $looks_in"
  needed="$(readelf -d "$moved" | grep -cF "[$(basename "$module")]")"
  if ((needed > 0)); then
    found="$(ldd "$moved" | awk -v name="$(basename "$module")" '$1 == name {print $3}')"
    [[ "$found" -ef "$work/bin/$(basename "$module")" ]] || fail "$moved finds ${found:-no} $(basename "$module")"
  fi
done

# It is loaded while the program runs, and tells its version: with or without a driver, with or without Vulkan.
words="$("$work/bin/$(basename "$fallline")" doctor 2>&1)"
grep -qE '^CUDA .*runtime [0-9]' <<< "$words" || fail "doctor finds no module: $words"
# The same program without the module says so: what was seen above was the module beside it.
rm "$work/bin/$(basename "$module")"
words="$("$work/bin/$(basename "$fallline")" doctor 2>&1)"
grep -qF 'the CUDA module cannot be loaded' <<< "$words" || fail "doctor without the module says: $words"

rm -rf "$work"
if ((failures > 0)); then exit 1; fi
printf 'ok\n'
