#!/usr/bin/env bash
# Takes of a session are marked in the window and rendered as films beside it, to the very weights that the session had;
# pictures of the stage are saved while the training goes on.
source "$(dirname "${BASH_SOURCE[0]}")/on_display.sh" 1280x800 "$@"
source "$(dirname "${BASH_SOURCE[0]}")/window_common.sh" "$@"

export XDG_STATE_HOME="$PWD/state"
cat > lesson.toml << 'END'
title = "Takes"
[data]
image_size = 16
phantom_counts = [12, 12]
[train]
epochs = 400  # longer than the test
[landscape]
grid = 17
[view]
autoplay = true
steps_per_second = 4
[film]
size = "640x360"
still_size = "1600x900"
END
pictures_in() { ffmpeg -v error -i "$1" -f framemd5 - 2> /dev/null | grep -vc '^#'; }
# hold_turn: no render begins before let_go, so that one is there to be looked at however fast it is.
hold_turn() {
  mkdir -p state/fallline/takes
  python3 -c '
import fcntl, os, time
turn = os.open("state/fallline/takes/turn", os.O_RDWR | os.O_CREAT, 0o600)
fcntl.lockf(turn, fcntl.LOCK_EX)
print("held", flush=True)
time.sleep(600)' > held &
  holder=$!
  for _ in $(seq 600); do
    grep -q held held 2> /dev/null && return
    sleep 0.1
  done
  fail "the renders' turn cannot be held"
}
let_go() {
  kill "$holder"
  wait "$holder" 2> /dev/null
  rm held
}
trap 'kill "$holder" 2> /dev/null' EXIT
size_of() { ffprobe -v error -select_streams v:0 -show_entries stream=width,height -of csv=p=0 "$1"; }

start lesson.toml --out kept
# Nothing is marked: that is said.
key ctrl+F9
said "^No take is marked yet: F9 marks where it begins|^error: No take is marked yet"
key F9
said "^step [0-9]+: mark"
said "^Take 1 begins; F9 again where it ends"
place film
key t
sleep 2
key F9
said "^Take 1 ends after [0-9.]+ s; Ctrl\+F9 renders it"
hold_turn
key ctrl+F9
said "^Take 1 is rendered beside the window, as lesson-take-1.mp4"
place film
# By a process of its own, which lets the window go first.
for _ in $(seq 100); do
  less="$(ps -o ni= --ppid "$pid" | tr -d ' \n')"
  [[ "$less" == 10 ]] && break
  sleep 0.1
done
[[ "$less" == 10 ]] || fail "the render is as nice as \"$less\""
let_go
# A picture, larger than the window, while the training goes on.
key F12
said "^Drawing lesson-step-[0-9]+.png \(1600 x 900\)"
said "^The picture is saved as lesson-step-[0-9]+.png"
still="$(ls lesson-step-*.png)"
[[ "$(size_of "$still")" == 1600,900 ]] || fail "the picture is $(size_of "$still")"
# The next one is rendered as soon as it ends, after the first.
key F9
said "^Take 2 begins"
sleep 1
key ctrl+F9
said "^Take 2 is rendered beside the window, as lesson-take-2.mp4"
# The window's pictures leave them a low share only, as long as there are any.
key space
said "^step [0-9]+: pause"
said "^Take 1 is rendered: lesson-take-1.mp4"
key ctrl+F9
said "^Take 2 is rendered as lesson-take-2.mp4 already"
said "^Take 2 is rendered: lesson-take-2.mp4"
[[ "$(size_of lesson-take-1.mp4)" == 640,360 ]] || fail "the film is $(size_of lesson-take-1.mp4)"
(($(pictures_in lesson-take-1.mp4) >= 12)) || fail "a film of $(pictures_in lesson-take-1.mp4) pictures"
[[ -z "$(ls state/fallline/takes | grep -v '^turn$')" ]] || fail "takes left something behind: $(ls state/fallline/takes)"
# One that ends when the window is closed: it asks, stays, then lets it be finished without the window.
key F9
said "^Take 3 begins"
sleep 1
hold_turn
key ctrl+F9
said "^Take 3 is rendered beside the window"
close_window
place renders-question
click_on renders-stay
hidden renders-question
kill -0 "$pid" 2> /dev/null || fail "the window did not stay"
close_window
click_on renders-finish
closed
let_go
grep -qE "^Take 3 goes on rendering without the window, as lesson-take-3.mp4; its log is .*/log$" err || fail "not said: $(tail -n 5 err)"
for _ in $(seq 600); do
  [[ -z "$(ls state/fallline/takes | grep -v '^turn$')" ]] && break
  sleep 0.1
done
[[ -s lesson-take-3.mp4 ]] || fail "take 3 was not finished: $(cat state/fallline/takes/*/log)"

# The marks are in the session that was saved: each take again, with the weights that the session had there.
for take in 1 2 3; do
  expect_code 0 "$program" render kept/session.jsonl --take "$take" -o "again-$take.mkv" --size 320x240 --fps 4
  grep -q "the weights are those that the session had where the take ends, to the byte$" err || fail "take $take: $(cat err)"
done
expect_sentence 1 "has no take 4: 3 takes are marked in it" "$program" render kept/session.jsonl --take 4 -o x.mp4
expect_code 0 "$program" render kept/session.jsonl --take 1 -o take-1.mp4
[[ "$(ffmpeg -v error -i take-1.mp4 -f md5 -)" == "$(ffmpeg -v error -i lesson-take-1.mp4 -f md5 -)" ]] || fail "the take is another film afterwards"
# At another pace, from elsewhere, in other colours; to the same weights.
expect_code 0 "$program" render kept/session.jsonl -o pace --size 320x240 --fps 4 --seconds 2
grep -q "the weights are those that the session ended with, to the byte$" err || fail "other weights: $(cat err)"
expect_code 0 "$program" render kept/session.jsonl -o camera --size 320x240 --fps 4 --seconds 2 --set camera.yaw=80 --set view.theme=light
grep -q "the weights are those that the session ended with, to the byte$" err || fail "other weights: $(cat err)"
cmp -s pace/frame-00008.png camera/frame-00008.png && fail "camera and theme change nothing"
expect_code 0 "$program" render kept/session.jsonl -o part --size 320x240 --fps 4 --seconds 2 --from 1 --to 2
cmp -s pace/frame-00001.png part/frame-00008.png && fail "the part is the whole"
expect_sentence 1 "There is nothing to draw from" "$program" render kept/session.jsonl -o x.mp4 --from 5 --to 4
expect_sentence 1 "leave out --set train.rate" "$program" render kept/session.jsonl -o x.mp4 --set train.rate=1
expect_sentence 1 "choose a part of a session" "$program" render lesson.toml --take 1 -o x.mp4

# Dropped when the window is closed: neither film nor anything else stays.
start lesson.toml --set train.epochs=400
key F9
said "^Take 1 begins"
sleep 3
hold_turn
key ctrl+F9
said "^Take 1 is rendered beside the window, as lesson-take-1-2.mp4"
close_window
click_on renders-drop
closed
let_go
[[ ! -e lesson-take-1-2.mp4 ]] || fail "a dropped take left its film"
[[ -z "$(ls state/fallline/takes | grep -v '^turn$')" ]] || fail "a dropped take left something: $(ls state/fallline/takes)"
finish
