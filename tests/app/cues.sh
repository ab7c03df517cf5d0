#!/usr/bin/env bash
# A lecture with a clicker: its cues one after the other, the picture blank and back, notes for the lecturer.
# WINDOW_PICTURE: takes a picture of the window.
source "$(dirname "${BASH_SOURCE[0]}")/on_display.sh" 1280x800 "$@"
source "$(dirname "${BASH_SOURCE[0]}")/window_common.sh" "$@"

take() { "$WINDOW_PICTURE" take "$window" 1280 800 "$1" || fail "no picture of the window"; }
cat > lecture.toml <<'END'
title = "Lecture"
[two_parameters]
steps = 40
[view]
autoplay = false
[[view.cues]]
watch = "The first cue."
notes = "For me alone."
[[view.cues]]
ask = "The second cue?"
END
start "$PWD/lecture.toml" --out kept
key n
place cue-after
click_on cue-after
click_on cue-after
key Prior
key n
hidden cue-after
key F5
key Right
key Left
key period
sleep 1
take blank.png
key period
sleep 1
take back.png
# Of one colour a picture is next to nothing.
(($(stat -c %s blank.png) < 8000)) || fail "the blank picture takes $(stat -c %s blank.png) bytes"
(($(stat -c %s back.png) > 80000)) || fail "the picture does not come back: $(stat -c %s back.png) bytes"
key Escape
close_window
closed
said "^saved in kept$"
# What was said is in the session: there and back, and there and back again.
cues="$(grep -oE '"cue": ?[0-9]+' kept/session.jsonl | grep -oE '[0-9]+$' | tr '\n' ' ')"
[[ "$cues" == *"1 2 1 2 1 "* ]] || fail "the session has the cues \"$cues\""

# A clicker on a lesson without cues does what those keys do elsewhere.
sed '/view.cues/,$d' lecture.toml > plain.toml
start "$PWD/plain.toml"
key F5
key Next
key Right
said "^step 0: step$"
close_window
closed
for broken in '[[view.cues]]' '[[view.cues]]\nwatch = "a"\nask = "b"' '[[view.cues]]\nwatch = ""' '[[view.cues]]\nsay = "a"' \
  '[view]\ncues = "a"'; do
  { printf '[two_parameters]\nsteps = 4\n'; printf "$broken\n"; } > broken.toml
  expect_sentence 1 "[view] cues" "$program" broken.toml
done
finish
