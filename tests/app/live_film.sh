#!/usr/bin/env bash
# A scene's timeline in the window: F7 plays it, beside the session, and ends it.
source "$(dirname "${BASH_SOURCE[0]}")/on_display.sh" 1280x800 "$@"
source "$(dirname "${BASH_SOURCE[0]}")/window_common.sh" "$@"

cat > film.toml <<'END'
title = "Film"
[two_parameters]
optimizers = ["gradient-descent"]
steps = 400
[view]
autoplay = false
[film]
seconds = 5
[[timeline]]
time = 0
camera = {yaw = 0, pitch = 40, distance = 4}
caption = "Down the slope."
[[timeline]]
time = 0.5
pace = 20
[[timeline]]
step = 15
do = "rate 0.03"
[[timeline]]
time = 3
show = {theme = "light"}
[[timeline]]
time = 4
camera = {yaw = 90}
END
start "$PWD/film.toml" --out kept
key F7
said "^step 0: reset 1"
said "^step [0-9]+: rate 0\.03"
steps="$(grep -oE '^step [0-9]+: rate 0\.03' err | grep -oE '[0-9]+' | head -n 1)"
((steps >= 15 && steps < 60)) || fail "the rate changed at step $steps, not at 15"
sleep 5
# Again, from the beginning.
before="$(count '^step [0-9]+: reset 1')"
key F7
more '^step [0-9]+: reset 1' "$before"
key F7
close_window
closed
grep -q '"theme": *"light"' kept/session.jsonl || fail "the film did not change the theme"
# A quarter turn, in radians.
grep -oE '"camera": *\[1\.57' kept/session.jsonl > turned || fail "the camera did not go to its last key"

# A timeline that cannot be played is said, and the lesson opens all the same.
printf '[[timeline]]\ntime = 1\ndo = "rat 3"\n' >> film.toml
start "$PWD/film.toml"
said 'there is no command "rat"'
close_window
closed
finish
