#!/usr/bin/env bash
# The real window on a virtual display, driven as a person would: buttons, keys, wheel, drag, resize, close.
source "$(dirname "${BASH_SOURCE[0]}")/on_display.sh" 1600x1000 "$@"
source "$(dirname "${BASH_SOURCE[0]}")/window_common.sh" "$@"

scene=("$source_dir/scenes/first-light.toml" --set view.autoplay=false --set view.steps_per_second=8)
start "${scene[@]}"
# The bar: its buttons stand at the lower left of 1280 x 800.
click 56 741
said "^step 0: play"
sleep 1
click 56 741
said "^step [1-9][0-9]*: pause"
click 136 741
said ": step"
key space
said "play"
key space
# The learning rate, typed.
click 640 741
xdotool keydown --window "$window" ctrl keydown --window "$window" a sleep 0.1 keyup --window "$window" a keyup --window "$window" ctrl
xdotool type --window "$window" --delay 80 "0.02"
key Return
said "rate 0.02$"
click 207 741
said ": reset 1$"
# Keys are the stage's again once the pointer is back on it.
click 300 300
key Right
said "^step 0: step"
for k in l t p Escape f c m v v w a s d equal minus Home; do key "$k"; done
# The feature wall: a tile by click and back, then by keys.
sleep 1
click 990 366
said "enlarged: conv 1, channel [0-9]+$"
picked="$(grep -oE "enlarged: conv 1, channel [0-9]+$" err | tail -n 1 | grep -oE "[0-9]+$")"
click 1000 200
for k in e period Up comma Escape; do key "$k"; done
said "enlarged: conv 1, channel $((picked + 1))$"
# To what lies under the pointer, then back to the whole.
xdotool mousemove --window "$window" 400 380 sleep 0.2 click --repeat 2 --delay 90 1
said "^the pointer meets the surface at -?[0-9.]+, -?[0-9.]+, -?[0-9.]+$"
sleep 0.5
xdotool mousemove --window "$window" 1000 640 sleep 0.2 click --repeat 2 --delay 90 1
# Turn, move, zoom.
xdotool mousemove --window "$window" 300 400 mousedown 1 mousemove --window "$window" 420 360 mouseup 1
xdotool mousemove --window "$window" 300 400 mousedown 3 mousemove --window "$window" 330 420 mouseup 3
xdotool mousemove --window "$window" 300 400 click 4 click 4 click 5
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
