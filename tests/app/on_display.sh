# shellcheck shell=bash
# Sourced first, as "on_display.sh WIDTHxHEIGHT ARGS...": the script that sources it begins anew, with the same ARGS, on
# a virtual display of that size, and gets past this there. Exit code 77 where there can be none.
screen="$1"
shift
for tool in xvfb-run xdotool; do
  if ! command -v "$tool" > /dev/null; then
    printf 'skipped: %s is not installed\n' "$tool"
    exit 77
  fi
done
if [[ "${4:-}" != inside ]]; then
  exec xvfb-run -a -s "-screen 0 ${screen}x24" bash "$0" "$1" "$2" "$3" inside
fi
