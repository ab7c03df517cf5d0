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

# The notes in a window of their own: buttons and keys there act on the lecture; N closes it and opens it again.
start "$PWD/lecture.toml" --out own --notes-window
notes_id() { xdotool search --onlyvisible --name "Lecturer's notes" 2> /dev/null | head -n 1; }
place notes-cue-after
notes="$(notes_id)"
[[ -n "$notes" && "$notes" != "$window" ]] || fail "the notes have no window of their own"
on_notes() { place "notes-$1"; xdotool mousemove --window "$notes" "$x" "$y" sleep 0.2 click 1; sleep 0.5; }
page() { "$WINDOW_PICTURE" take "$notes" 700 500 "$1" || fail "no picture of the notes"; }
page first.png
(($(stat -c %s first.png) > 8000)) || fail "the page of the notes is blank: $(stat -c %s first.png) bytes"
on_notes cue-after
sleep 0.5
page second.png
"$WINDOW_PICTURE" same first.png second.png 2> /dev/null && fail "the page does not follow the cue"
on_notes one-step
said "^step 0: step$"
xdotool windowfocus "$notes" sleep 0.3 keydown --window "$notes" Next sleep 0.1 keyup --window "$notes" Next sleep 0.5
hidden notes-cue-after # that was the last one
on_notes presenter
hidden train-or-pause
on_notes blank
on_notes presenter
xdotool windowfocus "$window" sleep 0.3
key n
hidden notes-cue-before
[[ -z "$(notes_id)" ]] || fail "the window of the notes is still there"
grep -q "^place cue-before" err && fail "the panel opens beside the window"
key n
place notes-cue-before
"$CLOSE_WINDOW" "$(notes_id)"
hidden notes-cue-before
key n
place notes-cue-before
close_window
closed
grep -oE '"cue": ?[0-9]+' own/session.jsonl | grep -oE '[0-9]+$' | tr '\n' ' ' | grep -q "1 2" || fail "the session has not both cues"

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
