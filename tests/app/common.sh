# shellcheck shell=bash
# What the application tests share. Arguments of each: the program, a folder to work in, the source tree.
set -uo pipefail
program="$1" work="$2" source_dir="$3"
data="${FALLLINE_TEST_DATA:-$source_dir/../shared/data}"
rm -rf "$work"
mkdir -p "$work"
cd "$work" || exit 1
# What is kept between starts is this test's own.
export XDG_CACHE_HOME="$work/.cache" XDG_STATE_HOME="$work/.state"
# Nobody is told what to do at the first start.
mkdir -p "$XDG_STATE_HOME/fallline" && : > "$XDG_STATE_HOME/fallline/first-use"
failures=0

fail() {
  printf 'FAIL: %s\n' "$*" >&2
  failures=$((failures + 1))
}

# expect_code CODE what... -- command...: runs it; stdout and stderr land in the files out and err.
expect_code() {
  local wanted="$1"
  shift
  "$@" > out 2> err
  local code=$?
  if [[ "$code" != "$wanted" ]]; then
    fail "exit code $code instead of $wanted: $*"
    cat err >&2
  fi
}

# expect_sentence CODE TEXT command...: fails with exactly one line on stderr that holds TEXT.
expect_sentence() {
  local wanted="$1" text="$2"
  shift 2
  expect_code "$wanted" "$@"
  if [[ "$(wc -l < err)" != 1 ]]; then fail "not one sentence: $* said: $(cat err)"; fi
  if ! grep -qF -- "$text" err; then fail "\"$text\" is not in what it said: $(cat err)"; fi
}

# begin command...: starts it, its process in $pid. What an earlier command wrote is gone from out and err before, not
# when the process gets to it: nobody takes the old words for the new.
begin() {
  : > out
  : > err
  "$@" > out 2> err &
  pid=$!
}

# ended_by SIGNAL TEXT FILE command...: runs it until TEXT is in FILE, which it writes, and sends the signal, once; its
# exit code is then in $code, its output in out and err.
ended_by() {
  local signal="$1" text="$2" file="$3"
  shift 3
  begin "$@"
  while kill -0 "$pid" 2> /dev/null && ! grep -qs -- "$text" "$file"; do sleep 0.01; done
  kill -"$signal" "$pid" 2> /dev/null
  wait "$pid" 2> /dev/null
  code=$?
}

finish() {
  if ((failures > 0)); then
    printf '%d failures\n' "$failures" >&2
    exit 1
  fi
  printf 'ok\n'
}
