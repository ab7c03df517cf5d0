#!/usr/bin/env bash
# The real window on a virtual display, driven as a person would: buttons, keys, wheel, drag, resize, close.
source "$(dirname "${BASH_SOURCE[0]}")/on_display.sh" 1600x1000 "$@"
source "$(dirname "${BASH_SOURCE[0]}")/window_common.sh" "$@"

scene=("$source_dir/scenes/first-light.toml" --set view.autoplay=false --set view.steps_per_second=8)
start "${scene[@]}"
# The bar.
click_on train-or-pause
said "^step 0: play"
sleep 1
click_on train-or-pause
said "^step [1-9][0-9]*: pause"
click_on one-step
said ": step"
key space
said "play"
key space
# The learning rate, typed.
type_into rate 0.02
said "rate 0.02$"
click_on reset
said ": reset 1$"
# Keys are the stage's again once the pointer is back on it.
click_on landscape 0.4 0.4
key Right
said "^step 0: step"
for k in l t p Escape f c m v v w a s d equal minus Home; do key "$k"; done
# The keys, over the stage: by key and by button; away by key, click and Escape, presenter or not.
key question
place keys-card
key question
hidden keys-card
click_on keys
click_on keys-card
hidden keys-card
key p
hidden train-or-pause
key F1
place keys-card
key Escape
hidden keys-card
hidden train-or-pause
key Escape
place train-or-pause
# The feature wall: a tile by click and back, then by keys.
sleep 1
click_on tile
said "enlarged: conv 1, channel [0-9]+$"
picked="$(grep -oE "enlarged: conv 1, channel [0-9]+$" err | tail -n 1 | grep -oE "[0-9]+$")"
click_on wall
for k in e period Up comma Escape; do key "$k"; done
said "enlarged: conv 1, channel $((picked + 1))$"
# To what lies under the pointer, then back to the whole.
double_click_on landscape
said "^the pointer meets the surface at -?[0-9.]+, -?[0-9.]+, -?[0-9.]+$"
double_click_on curves
# Turn, move, zoom.
drag 1 120 -40 landscape 0.4 0.5
drag 3 30 20 landscape 0.4 0.5
point_at landscape
xdotool click 4 click 4 click 5
key space
# Resize while it trains, down to the smallest and up beyond the start.
for size in "900 600" "480 320" "1500 900" "1281 733" "700 950" "1280 800"; do
  # shellcheck disable=SC2086
  xdotool windowsize "$window" $size
  sleep 0.3
done
# A hundred sizes, as an edge that is dragged.
for i in $(seq 100); do
  xdotool windowsize "$window" $((700 + 7 * i % 600)) $((500 + 11 * i % 400)) sleep 0.03
done
xdotool windowsize "$window" 1280 800
sleep 0.5
xdotool windowminimize "$window" 2> /dev/null
sleep 0.5
xdotool windowmap "$window" 2> /dev/null
sleep 0.5
kill -0 "$pid" 2> /dev/null || fail "it died: $(cat err)"
# Close while it trains, as a window manager's button does.
key r
key space
close_window
closed

# Once more, closed at once, before the first surface is there.
start "${scene[@]}" --set view.autoplay=true --set view.steps_per_second=0
close_window
closed
# Destroyed by somebody else, while it trains: several times, because who notices first is a matter of chance.
for _ in 1 2 3 4; do
  start "${scene[@]}" --set view.autoplay=true
  xdotool windowclose "$window"
  closed
done
# And ended by a signal.
start "${scene[@]}" --set view.autoplay=true
kill -TERM "$pid"
closed
finish
