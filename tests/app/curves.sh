#!/usr/bin/env bash
# The panel "Curves", driven by names: which curves are shown, and the runs that stay behind the next one's.
# WINDOW_PICTURE: the program that takes a picture of a window and compares two.
source "$(dirname "${BASH_SOURCE[0]}")/on_display.sh" 1280x720 "$@"
source "$(dirname "${BASH_SOURCE[0]}")/window_common.sh" "$@"

take() { "$WINDOW_PICTURE" take "$window" 1280 720 "$1" || fail "no picture of the window"; }
# Until nothing has changed for three seconds; in shown.png.
settle() {
  local same=0
  take shown.png
  for _ in $(seq 60); do
    sleep 0.5
    take next.png
    if cmp -s shown.png next.png; then same=$((same + 1)); else same=0; fi
    mv next.png shown.png
    ((same == 6)) && return
  done
  fail "the picture does not come to rest"
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

cat > lesson.toml <<'END_OF_SCENE'
title = "Lesson"
[data]
phantom_counts = [24, 24]
image_size = 32
test_fraction = 0.5
[landscape]
grid = 9
[train]
epochs = 3
schedule = "cosine"
[view]
autoplay = false
steps_per_second = 0
END_OF_SCENE
start "$PWD/lesson.toml" --out runs
key 7
place curves-loss
grep -q "^place earlier-0 " err && fail "an earlier run before there was one"
click_on train-or-pause
said ": play$"
# The figures have come, so the epochs are over soon; what they will be is drawn.
key 4
place found-now
grep -q "^place found-before " err && fail "figures of a run before the first"
key 7
place curves-loss
settle

# Each kind is another picture, and a click or the key brings it.
cp shown.png loss.png
for kind in norms rate classes; do
  click_on "curves-$kind"
  settle
  cmp -s shown.png loss.png && fail "nothing changes with curves-$kind"
  cp shown.png loss.png
done
key k
settle
cmp -s shown.png loss.png && fail "the key K shows no other curves"
click_on curves-over-steps
settle
cp shown.png steps.png
click_on large-curves-box
settle
cmp -s shown.png steps.png && fail "the curves do not fill the picture"
click_on large-curves-box

# A rewind leaves the run behind; it can be taken out of sight and back.
key r
said ": reset 1$"
place earlier-0
settle
cp shown.png with.png
key o
settle
cmp -s shown.png with.png && fail "an earlier run is not seen"
key o
settle
how="$("$WINDOW_PICTURE" same shown.png with.png 2>&1)" || fail "it is not there again: $how"
before="$(count ": play$")"
click_on train-or-pause
more ": play$" "$before"
key 4
place found-before
# Another start with other settings: both stay, through the window's change of lessons.
key ctrl+r
said ": reset 2$"
key 3
click_on train-epochs-15
before="$(count "again$")"
click_on start-again
more "again$" "$before"
said ": earlier [12] runs?$"
key 7
place earlier-0
settle
# They can be forgotten, and another lesson has none.
click_on forget-earlier
said ": earlier 0 runs$"
hidden earlier-0
key r
said ": reset"
place earlier-0
key 1
click_on lesson-1
said "^opening .*toml$"
for _ in $(seq 300); do
  [[ "$(grep -c '^first picture\|opened in' err)" -ge 2 ]] && break
  sleep 0.1
done
key 7
place curves-loss
hidden earlier-0
close_window
closed

# What was seen is in the session's file, and the file gives the same weights.
for kind in norms rate classes; do
  grep -q "\"curves\": *\"$kind\"" runs/session.jsonl || fail "the session does not keep that $kind were shown"
done
grep -q "\"command\": *\"earlier\"" runs-2/session.jsonl || fail "the session does not keep the earlier runs"
for run in runs runs-2; do
  expect_code 0 "$program" render "$run/session.jsonl" -o "$run.png" --size 640x360
  grep -q "the weights are those that the session ended with, to the byte$" err || fail "other weights: $(cat err)"
done
finish
