#!/usr/bin/env bash
# The panel of the landscape, driven by names: planes and images are chosen while a training goes on, and what lies
# under the pointer is told.
source "$(dirname "${BASH_SOURCE[0]}")/on_display.sh" 1280x800 "$@"
source "$(dirname "${BASH_SOURCE[0]}")/window_common.sh" "$@"

cat > lesson.toml <<'END'
title = "Planes"
[data]
phantom_counts = [24, 24]
image_size = 16
test_fraction = 0.5
[landscape]
grid = 9
[train]
epochs = 600
[view]
autoplay = false
steps_per_second = 30
END
start "$PWD/lesson.toml" --out run
point_at train-or-pause
key 6
place close-panel
place plane-pca
# Nothing is asked of what is not pointed at; over the surface its place is told.
grep -q "^place pointer-place" err && fail "a place is told before the pointer was anywhere"
point_at landscape 0.5 0.5
place pointer-place
grep -q "the pointer meets" err && fail "looking is logged as a double click"
point_at close-panel
hidden pointer-place
# While it trains, each choice is a command, and the session goes on.
click_on train-or-pause
said "step [0-9]+: play$"
click_on plane-random
said "step [0-9]+: plane random$"
click_on anchor-follow
said "step [0-9]+: plane random, anchor follow$"
click_on plane-osculating
said "step [0-9]+: plane osculating, anchor follow$"
click_on plane-curvature
said "step [0-9]+: plane curvature, anchor follow$"
click_on plane-three-points
said "step [0-9]+: plane three-points start middle now, anchor follow$"
sleep 1 # the sentence below the buttons is another, and what is below it moves
click_on point-second
click_on point-second-step
type_into point-second-number 3
said "step [0-9]+: plane three-points start 3 now, anchor follow$"
click_on surfaces-test
said "step [0-9]+: surfaces test$"
click_on surfaces-both
said "step [0-9]+: surfaces both$"
sleep 1 # here, too
click_on probe
click_on probe-16
said "step [0-9]+: probe 16$"
click_on grid
click_on grid-17
said "step [0-9]+: grid 17$"
click_on height-scale-box
said "step [0-9]+: heights (log|linear)$"
click_on points-box
click_on train-or-pause
said "step [0-9]+: pause$"
point_at landscape 0.5 0.5
place pointer-place
# In a small window, too, without a scroll.
xdotool windowsize "$window" 1024 640
sleep 0.5
point_at landscape 0.5 0.5
place inspector-end
((y <= 640 - 80)) || fail "what is under the pointer ends at $y, below the panel"
# Away with the panel, nobody asks any more.
key 6
hidden close-panel
hidden pointer-place
close_window
closed
# The session has all of it, and leads to the same weights.
for word in plane surfaces probe grid; do
  grep -q "\"command\": *\"$word\"" run/session.jsonl || fail "the session keeps no $word: $(grep command run/session.jsonl)"
done
expect_code 0 "$program" landscape run --grid 9 -o run.csv
grep -qi "warning" err && fail "the session's way was not found again: $(cat err)"
[[ "$(head -n 1 run.csv)" == a,b,loss,known,bound ]] || fail "what was chosen in the window is not the scene's: $(head -n 1 run.csv)"
# Two parameters have no planes to choose, but a place under the pointer.
start "$source_dir/scenes/two-parameters.toml"
point_at train-or-pause
key 6
place close-panel
grep -q "^place plane-pca .*[0-9]$" err && fail "two parameters have no planes to choose from"
point_at landscape 0.5 0.5
place pointer-place
close_window
closed
finish
