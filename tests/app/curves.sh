#!/usr/bin/env bash
# The panel "Curves", driven by names: which curves are shown, and the runs that stay behind the next one's.
# WINDOW_PICTURE: the program that takes a picture of a window and compares two.
source "$(dirname "${BASH_SOURCE[0]}")/on_display.sh" 1280x720 "$@"
source "$(dirname "${BASH_SOURCE[0]}")/window_common.sh" "$@"

# The stage without the bar, whose numbers never rest: with the panel closed and the curves over all, it stands still
# once the training is over.
take() { "$WINDOW_PICTURE" take "$window" 1270 630 "$1" || fail "no picture of the window"; }
# differs FILE WHAT, same FILE WHAT: waits, half a minute at most, until the stage is another picture, or that one.
differs() {
  for _ in $(seq 60); do
    take now.png
    cmp -s now.png "$1" || return
    sleep 0.5
  done
  fail "$2"
}
same() {
  for _ in $(seq 60); do
    take now.png
    cmp -s now.png "$1" && return
    sleep 0.5
  done
  fail "$2"
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
key 4
place found-now
grep -q "^place found-before " err && fail "figures of a run before the first"
# Each kind by its name; steps in place of epochs.
key 7
for kind in norms rate classes curvature loss; do click_on "curves-$kind"; done
click_on curves-over-steps
click_on curves-over
# Over the whole picture, each kind is another one; the key K brings the next.
click_on large-curves-box
hidden landscape
key 7
hidden close-panel
sleep 2
take loss.png
same loss.png "the picture does not come to rest"
cp loss.png kind.png
for kind in norms rate classes curvature; do
  key k
  differs kind.png "the key K shows no $kind"
  sleep 1
  take kind.png
done
key k
same loss.png "the key K does not come back to the loss"

# A rewind leaves the run behind, while it trains again; it can be taken out of sight and back.
key r
said ": reset 1$"
key 7
place earlier-0
key 4
place found-before
key 4
hidden close-panel
sleep 5
take with.png
key o
differs with.png "an earlier run is not seen"
key o
same with.png "an earlier run does not come back"
key 7
click_on large-curves-box
place landscape
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
# They can be forgotten, and another lesson has none.
click_on forget-earlier
said ": earlier 0 runs$"
hidden earlier-0
before="$(count ": reset ")"
key r
more ": reset " "$before"
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
for kind in norms rate classes curvature; do
  grep -q "\"curves\": *\"$kind\"" runs/session.jsonl || fail "the session does not keep that $kind were shown"
done
grep -q "\"command\": *\"earlier\"" runs-2/session.jsonl || fail "the session does not keep the earlier runs"
for run in runs runs-2; do
  expect_code 0 "$program" render "$run/session.jsonl" -o "$run.png" --size 640x360
  grep -q "the weights are those that the session ended with, to the byte$" err || fail "other weights: $(cat err)"
done
finish
