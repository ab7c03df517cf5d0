#!/usr/bin/env bash
# The panels beside the stage, driven by names: the stage makes room, what is clicked is shown.
source "$(dirname "${BASH_SOURCE[0]}")/on_display.sh" 1280x800 "$@"
source "$(dirname "${BASH_SOURCE[0]}")/window_common.sh" "$@"

cat > hard.toml <<'END'
title = "Hard"
[data]
phantom_counts = [24, 24]
image_size = 32
test_fraction = 0.5
[landscape]
grid = 9
[train]
epochs = 2
[view]
autoplay = false
steps_per_second = 0
END
start "$PWD/hard.toml"
place landscape 0
left="$x"
key 4
place close-panel
place landscape 0
((x > left + 200)) || fail "the stage makes no room: $left, then $x"
grep -q "^place found-0 " err && fail "figures before the first epoch"
# Figures come with the epochs.
key space
said "^finished|state finished|: play$"
place found-0
place found-1
place cell-0-0
# Whoever is called otherwise than it is: by cell, then by image.
for cell in 0-1 1-0; do click_on "cell-$cell"; click_on "cell-$cell"; done
click_on wrong-0
said "image [0-9]+$"
# Away by its key, its button, Escape, and in the presenter view; the stage has its room back.
key 4
hidden close-panel
place landscape 0
((x == left)) || fail "the stage has not all its room back: $left, then $x"
click_on rail-under-the-hood
place close-panel
click_on rail-under-the-hood
hidden close-panel
key 4
click_on close-panel
hidden close-panel
key 4
place close-panel
key Escape
hidden close-panel
key 4
place close-panel
key p
hidden close-panel
key Escape
# By keys alone: the rail, a panel's button, and back; then the keys are the stage's again.
key Tab
key Down
key space
place close-panel
key Escape
place close-panel
key Escape
hidden close-panel
key 4
place close-panel
key 4
hidden close-panel
# The whole screen and back.
size() { xdotool getwindowgeometry --shell "$window" | sed -n 's/^WIDTH=\|^HEIGHT=//p' | tr '\n' ' '; }
sized() {
  for _ in $(seq 100); do
    [[ "$(size)" == "$1 " ]] && return
    sleep 0.1
  done
  fail "the window is $(size)and not $1"
}
xdotool windowsize "$window" 800 600
sized "800 600"
key F11
sized "1280 800"
key F11
sized "800 600"
# A small window: the panel leaves more than half of it.
xdotool windowsize "$window" 640 420
key 4
place close-panel
place landscape 0
((x < 320)) || fail "of 640 pixels rail and panel take $x"
close_window
closed
# A long name leaves the figures beside it free.
expect_code 0 "$program" data hard.toml -o long
mv long/Hemorrhage "long/Hemorrhage of the left frontal lobe, acute, with midline shift"
start "$PWD/long" --set data.image_size=16 --set landscape.grid=9 --set train.epochs=2
key 4
place found-name-0 1
right="$x"
place found-0 0
((right < x)) || fail "a long name ends at $right, where its figures begin at $x"
close_window
closed
finish
