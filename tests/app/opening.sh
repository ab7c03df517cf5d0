#!/usr/bin/env bash
# opening.sh PROGRAM WORK_FOLDER SOURCE_TREE: the window stands while a lesson loads, says how far it is, and lets go of
# what nobody waits for any more. DROP_FILE: the program that drops a file on a window; WINDOW_PICTURE: takes a picture.
source "$(dirname "${BASH_SOURCE[0]}")/on_display.sh" 1280x800 "$@"
source "$(dirname "${BASH_SOURCE[0]}")/window_common.sh" "$@"

# A lesson whose images take far longer than the rest of the test.
slow=("$source_dir/scenes/3-balanced.toml" --set "data.phantom_counts=[40000,40000]")
cat > slow.toml <<'END'
[data]
phantom_counts = [40000, 40000]
END
cat > quick.toml <<'END'
title = "Quick"
[data]
phantom_counts = [12, 12]
image_size = 32
[landscape]
grid = 9
[train]
epochs = 900
[view]
steps_per_second = 20
END
echo 'title = [' > broken.toml
printf 'no scene at all\0' > broken.bin

# stands ARGS...: as start does, but for a window whose lesson is still on its way.
stands() {
  WAIT_FOR="^the window stands" start "$@"
  grep -q "^first picture" err && fail "the lesson was there before the window"
}
take() { "$WINDOW_PICTURE" take "$window" 1280 800 "$1" || fail "no picture of the window"; }
# Closed long before the lesson would be there, which takes a minute or more.
prompt() {
  local begun=$EPOCHREALTIME
  closed
  local took=$(((${EPOCHREALTIME/./} - ${begun/./}) / 1000))
  ((took < 10000)) || fail "it took $took ms to close"
}

# It stands, and what it shows changes while nothing but the loading goes on.
stands "${slow[@]}"
take before.png
for _ in {1..10}; do
  sleep 0.5
  take after.png
  cmp -s before.png after.png || break
done
cmp -s before.png after.png && fail "it does not say how far it is"
# Nothing to control yet: no key does harm.
for k in space Right r l c t m p Escape e v Home; do key "$k"; done
kill -0 "$pid" 2> /dev/null || fail "a key ended it: $(cat err)"
close_window
prompt
# A signal, while it loads; nothing is saved of a lesson that was not there.
stands "${slow[@]}" --out nothing
kill -TERM "$pid"
prompt
grep -q "saved in" err && fail "saved without a lesson: $(cat err)"
[[ -e nothing/weights.safetensors ]] && fail "weights of a lesson that was not there"

# What replaces it is shown instead; what is broken ends nothing.
stands "${slow[@]}"
drop "$PWD/broken.toml"
said "^error: .*broken.toml"
drop "$PWD/broken.bin"
said "^error: .*broken.bin"
[[ "$(count '^error')" == 2 ]] || fail "not one sentence for each: $(cat err)"
drop "$PWD/slow.toml"
drop "$PWD/quick.toml"
said "^first picture"
said "^opened in"
[[ "$(xdotool getwindowname "$window")" == *Quick ]] || fail "another lesson: $(xdotool getwindowname "$window")"
close_window
prompt
[[ "$(count '^opened in')" == 1 ]] || fail "not one lesson: $(cat err)"

# A lesson goes on while the next one loads, and where that fails. It is saved when another takes its place.
start "$PWD/quick.toml" --out kept
said "^opened in"
drop "$PWD/broken.toml"
said "^error: .*broken.toml"
key space
said "^step [1-9][0-9]*: pause$"
key space
drop "$PWD/slow.toml"
sleep 1
key space
sleep 0.5
[[ "$(count ': pause$')" == 2 ]] || fail "it does not go on while another loads: $(cat err)"
steps=($(grep -oE '^step [0-9]+: pause$' err | grep -oE '[0-9]+'))
((steps[1] > steps[0])) || fail "it made no steps while another loads: $(cat err)"
drop "$source_dir/scenes/two-parameters.toml"
said "^saved in kept$"
[[ -s kept/weights.safetensors ]] || fail "the lesson that left is not saved"
close_window
prompt

# With the other network, at a key: it starts again, and both runs are saved as what they are.
start "$PWD/quick.toml" --out one
said "^opened in"
key b
said "^saved in one$"
close_window
closed
grep -q "backbone" one/scene.toml && fail "a lesson from scratch speaks of a backbone: $(cat one/scene.toml)"
grep -q "^backbone = 'phantom'" one-2/scene.toml || fail "it did not start again on a backbone: $(cat err)"

# Another file of the same name is not compared with the one before in silence.
mkdir first second
expect_code 0 "$program" data quick.toml -o first/mine.tm
expect_code 0 "$program" data quick.toml --set "data.phantom_counts=[12,14]" -o second/mine.tm
start "$PWD/first/mine.tm" --set network.backbone=none
key b
for _ in $(seq 300); do
  [[ "$(count '^opened in')" == 2 ]] && break
  sleep 0.1
done
grep -q "these are other images" err && fail "it takes the same images for others: $(cat err)"
mv second/mine.tm first/mine.tm
key b
said "mine.tm has changed since it was opened: these are other images"
close_window
closed

# The first lesson that does not open ends the command, with its sentence alone.
expect_sentence 1 "broken.toml" "$program" broken.toml
expect_sentence 1 "neither" "$program" /dev/null
expect_sentence 1 "broken.toml" env -u DISPLAY -u WAYLAND_DISPLAY "$program" broken.toml
finish
