# shellcheck shell=bash
# What the tests of the window share, beside common.sh. CLOSE_WINDOW: the program that closes a window.
source "$(dirname "${BASH_SOURCE[0]}")/common.sh" "$@"

# start ARGS...: the window, its process in $pid, its id in $window, once WAIT_FOR was said, or its lesson is there.
start() {
  begin env LD_PRELOAD="${PRELOAD:-}" FALLLINE_PLACES=1 "$program" "$@"
  window=""
  for _ in $(seq 600); do
    window="$(xdotool search --all --pid "$pid" --name 'Fall Line' 2> /dev/null | head -n 1)"
    [[ -n "$window" ]] && break
    kill -0 "$pid" 2> /dev/null || break
    sleep 0.1
  done
  [[ -n "$window" ]] || { fail "no window: $(cat err)"; finish; }
  xdotool windowfocus "$window" 2> /dev/null
  said "${WAIT_FOR:-^first picture}"
  sleep 0.5
}

# said TEXT: waits, a minute at most because machines may be busy, for a line of the log.
said() {
  for _ in $(seq 600); do
    grep -qE -- "$1" err && return
    sleep 0.1
  done
  fail "\"$1\" was not said: $(cat err)"
}

# count TEXT: lines of the log that have it. more TEXT BEFORE: waits until there are more such lines than before.
count() { grep -cE -- "$1" err; }
more() {
  for _ in $(seq 600); do
    (($(count "$1") > $2)) && return
    sleep 0.1
  done
  fail "\"$1\" was not said once more: $(tail -n 40 err)"
}

# opened N: waits until so many lessons have come.
opened() {
  for _ in $(seq 600); do
    (($(count "^opened in") >= $1)) && return
    sleep 0.1
  done
  fail "there are not $1 lessons: $(cat err)"
}

# Down for longer than a frame, as a finger is.
key() { xdotool keydown --window "$window" "$1" sleep 0.1 keyup --window "$window" "$1"; sleep 0.3; }

# place NAME [FX FY]: where a widget or a part of the stage is by now, as engine/ui/places.h says it, in $x $y: its
# middle, or so far along its width and height. Half a minute for it to be there, and to stand still: what was done
# just before may move it.
place() {
  local where="" before=""
  for _ in $(seq 300); do
    where="$(grep -E "^place $1 " err | tail -n 1)"
    [[ -n "$where" && "$where" != *gone && "$where" == "$before" ]] && break
    before="$where"
    sleep 0.1
  done
  if [[ -z "$where" || "$where" == *gone ]]; then
    fail "there is no \"$1\" to point at: $(cat err)"
    finish
  fi
  read -r x y <<< "$(awk -v fx="${2:-0.5}" -v fy="${3:-0.5}" '{printf "%d %d", $3 + $5 * fx, $4 + $6 * fy}' <<< "$where")"
}
# hidden NAME: waits until it is not there.
hidden() {
  for _ in $(seq 300); do
    [[ "$(grep -E "^place $1 " err | tail -n 1)" == *gone ]] && return
    sleep 0.1
  done
  fail "\"$1\" is still there"
}
# point_at NAME [FX FY]
point_at() { place "$@"; xdotool mousemove --window "$window" "$x" "$y" sleep 0.2; }
drop() { "$DROP_FILE" "$window" "$@" || fail "$1 cannot be dropped"; }
click_on() { point_at "$@"; xdotool click 1; sleep 0.5; }
double_click_on() { point_at "$@"; xdotool click --repeat 2 --delay 90 1; sleep 0.5; }
# drag BUTTON DX DY NAME [FX FY]: from there, so many pixels.
drag() {
  place "${@:4}"
  # A busy machine draws a few pictures a second, and each step needs one.
  xdotool mousemove --window "$window" "$x" "$y" sleep 0.1 mousedown "$1" sleep 0.4 \
    mousemove --window "$window" $((x + $2)) $((y + $3)) sleep 0.5 mouseup "$1"
}
# type_into NAME TEXT: in place of what is there, and Enter.
type_into() {
  click_on "$1"
  xdotool keydown --window "$window" ctrl keydown --window "$window" a sleep 0.1 keyup --window "$window" a keyup --window "$window" ctrl
  xdotool type --window "$window" --delay 80 "$2"
  key Return
}

# There is no window manager here, so the test says what one would: WM_DELETE_WINDOW.
close_window() { "$CLOSE_WINDOW" "$window"; }

closed() {  # closed: ends within half a minute, exit code 0, and says nothing of validation
  for _ in $(seq 300); do
    kill -0 "$pid" 2> /dev/null || break
    sleep 0.1
  done
  if kill -0 "$pid" 2> /dev/null; then
    fail "still running half a minute after it was closed"
    kill -9 "$pid"
  fi
  wait "$pid"
  local code=$?
  [[ "$code" == 0 ]] || fail "exit code $code: $(cat err)"
  grep -q "^closed" err || fail "the window did not end in order"
  if grep -qi "validation" err; then fail "validation messages: $(grep -i validation err)"; fi
}
