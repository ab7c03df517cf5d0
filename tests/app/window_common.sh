# shellcheck shell=bash
# What the tests of the window share, beside common.sh. CLOSE_WINDOW: the program that closes a window.
source "$(dirname "${BASH_SOURCE[0]}")/common.sh" "$@"

# start ARGS...: the window, its process in $pid, its id in $window, once WAIT_FOR was said, or its lesson is there.
start() {
  LD_PRELOAD="${PRELOAD:-}" "$program" "$@" > out 2> err &
  pid=$!
  window=""
  for _ in $(seq 150); do
    window="$(xdotool search --pid "$pid" --name 'Fall Line' 2> /dev/null | head -n 1)"
    [[ -n "$window" ]] && break
    kill -0 "$pid" 2> /dev/null || break
    sleep 0.1
  done
  [[ -n "$window" ]] || { fail "no window: $(cat err)"; finish; }
  xdotool windowfocus "$window" 2> /dev/null
  said "${WAIT_FOR:-^first picture}"
  sleep 0.5
}

# said TEXT: waits, ten seconds at most, for a line of the log.
said() {
  for _ in $(seq 100); do
    grep -qE -- "$1" err && return
    sleep 0.1
  done
  fail "\"$1\" was not said: $(cat err)"
}

# Down for longer than a frame, as a finger is.
key() { xdotool keydown --window "$window" "$1" sleep 0.1 keyup --window "$window" "$1"; sleep 0.3; }
click() { xdotool mousemove --window "$window" "$1" "$2" sleep 0.2 click 1; sleep 0.5; }

# There is no window manager here, so the test says what one would: WM_DELETE_WINDOW.
close_window() { "$CLOSE_WINDOW" "$window"; }

closed() {  # closed: ends within five seconds, exit code 0, and says nothing of validation
  for _ in $(seq 50); do
    kill -0 "$pid" 2> /dev/null || break
    sleep 0.1
  done
  if kill -0 "$pid" 2> /dev/null; then
    fail "still running five seconds after it was closed"
    kill -9 "$pid"
  fi
  wait "$pid"
  local code=$?
  [[ "$code" == 0 ]] || fail "exit code $code: $(cat err)"
  grep -q "^closed" err || fail "the window did not end in order"
  if grep -qi "validation" err; then fail "validation messages: $(grep -i validation err)"; fi
}
