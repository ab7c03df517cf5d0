#!/usr/bin/env bash
# The whole workshop in one window, driven by the names of widgets and actions: a real project is opened twice, looked at,
# trained, changed while it trains, stepped, rewound, judged, tried on other images, seen on other planes, presented,
# minimised, resized and closed. Each is checked in what the log says and in the picture.
source "$(dirname "${BASH_SOURCE[0]}")/on_display.sh" 1280x800 "$@"
source "$(dirname "${BASH_SOURCE[0]}")/window_common.sh" "$@"
if [[ ! -f "$data/exp_1.tm" || ! -f "$data/ich.zip" ]]; then
  printf 'skipped: no real project and images in %s (FALLLINE_TEST_DATA names the folder)\n' "$data"
  exit 77
fi

# take NAME FILE: a picture of that place.
take() {
  place "$1" 0 0
  local left=$x top=$y
  place "$1" 1 1
  "$WINDOW_PICTURE" take "$window" $((x - left)) $((y - top)) "$2" "$left" "$top" || fail "no picture of $1"
}
# calm NAME FILE: the same, once it does not change any more.
calm() {
  take "$1" "$2"
  for _ in $(seq 40); do
    sleep 0.5
    take "$1" next.png
    "$WINDOW_PICTURE" same "$2" next.png 2> /dev/null && return
    mv next.png "$2"
  done
  fail "$1 does not come to rest"
}
# differ A B WHAT
differ() { "$WINDOW_PICTURE" same "$1" "$2" 2> /dev/null && fail "to be seen is nothing of it: $3"; }
# rich FILE: of one colour a picture is next to nothing.
rich() { (($(stat -c %s "$1") > 20000)) || fail "$1 is all but blank: $(stat -c %s "$1") bytes"; }
step_now() { grep -oE '^step [0-9]+: pause$' err | tail -n 1 | grep -oE '[0-9]+'; }
pause() {
  local before
  before="$(grep -c ': pause$' err)"
  key space
  for _ in $(seq 100); do
    (($(grep -c ': pause$' err) > before)) && return
    sleep 0.1
  done
  fail "it does not pause"
}

cat > lecture.toml <<END
title = "Lecture"
[data]
source = "$data/exp_1.tm"
[view]
autoplay = false
[[view.cues]]
watch = "The first cue."
[[view.cues]]
ask = "The second cue?"
END
export FALLLINE_LIVE="$PWD/live.csv"
start "$source_dir/scenes/two-parameters.toml" --set view.autoplay=false --out kept
calm landscape surface.png
rich surface.png

# Open: by drop, and by the browser.
drop "$data/exp_1.tm"
said "^opening .*exp_1.tm$"
opened 2
[[ "$(xdotool getwindowname "$window")" == *exp_1* ]] || fail "the title is $(xdotool getwindowname "$window")"
key 1
click_on open
type_into browser-path "$data/exp_1.tm"
opened 3
# Look: the images, one of them on the wall.
pause
key 2
place data-grid
take data-grid grid.png
rich grid.png
calm wall before.png
click_on image-3
said "image 3$"
calm wall after.png
differ before.png after.png "the image on the wall"
# Train, and change the rate while it runs.
key 3
place start-again
key space
type_into train-rate 0.002
said "^step [1-9][0-9]*: rate 0.002$"
pause
moved="$(step_now)"
((moved > 0)) || fail "it made no step"
# A step, and back to the start.
calm curves curves.png
key Right
said "^step $moved: step$"
key r
said ": reset 1$"
calm curves start.png
differ curves.png start.png "the rewind"
# As fast as it goes, until there is something to judge.
key space
drag 1 200 0 speed 0.5
said ": pace 0$"
key 4
place found-0
cell=""
for cell in 0-1 1-0; do
  click_on "cell-$cell"
  place_now="$(grep -E "^place wrong-0 " err | tail -n 1)"
  [[ -n "$place_now" && "$place_now" != *gone ]] && break
  click_on "cell-$cell"
done
calm wall before.png
images="$(grep -cE 'image [0-9]+$' err)"
click_on wrong-0
for _ in $(seq 100); do
  (($(grep -cE 'image [0-9]+$' err) > images)) && break
  sleep 0.1
done
(($(grep -cE 'image [0-9]+$' err) > images)) || fail "a wrong image is not shown: $(tail err)"
calm wall after.png
differ before.png after.png "the wrong image"
# The same with the workshop's next number of epochs, by one key from there.
key ctrl+e
said "^opening .*exp_1.tm again$"
opened 4
place found-0 # it trains, and is judged again
# Test: images from outside.
key 5
place preview-choose
drop "$data/ich.zip"
said "^preview: [0-9]+ images"
click_on preview-row-0
said ": pixels of .*ich.zip/"
calm wall before.png
differ before.png after.png "the image from outside"
# Other planes, and a coarser grid.
key 6
place plane-pca
calm landscape pca.png
click_on plane-random
said ": plane random"
calm landscape random.png
differ pca.png random.png "the other plane"
click_on grid
click_on grid-9
said ": grid 9$"
calm landscape coarse.png
differ random.png coarse.png "the coarser grid"
# The lecture: a scene with cues, of the same images.
key 1
click_on open
type_into browser-path "$PWD/lecture.toml"
opened 5
key F5
hidden train-or-pause
calm landscape alone.png
key Next
sleep 1
calm landscape cue.png
differ alone.png cue.png "the cue"
key Next
key period
sleep 1
"$WINDOW_PICTURE" take "$window" 1280 800 blank.png
(($(stat -c %s blank.png) < 8000)) || fail "it is not blank: $(stat -c %s blank.png) bytes"
key period
key Escape
place train-or-pause
# Minimised: it trains, and draws nothing.
key space
"$MINIMISE_WINDOW" "$window"
sleep 1
drawn="$(wc -l < live.csv)"
sleep 2
(($(wc -l < live.csv) <= drawn + 1)) || fail "it draws for nobody: $(($(wc -l < live.csv) - drawn)) pictures"
"$MINIMISE_WINDOW" "$window" back
xdotool windowfocus "$window" 2> /dev/null
sleep 1
(($(wc -l < live.csv) > drawn + 1)) || fail "it draws nothing any more"
pause
(($(step_now) > 5)) || fail "it did not train while nobody saw it: step $(step_now)"
# Small and large.
for size in "900 600" "1024 640" "1280 800"; do
  # shellcheck disable=SC2086
  xdotool windowsize "$window" $size
  sleep 0.5
  calm landscape sized.png
  rich sized.png
done
close_window
closed
for folder in kept kept-2 kept-3 kept-4 kept-5; do
  [[ -s $folder/session.jsonl ]] || fail "$folder is not saved: $(ls)"
done
grep -q '"cue": *2' kept-5/session.jsonl || fail "the session has no second cue"
grep -q '^epochs = 75' kept-4/scene.toml || fail "it did not start again with 75 epochs: $(grep epochs kept-4/scene.toml)"
finish
