#!/usr/bin/env bash
# The panel "Train", driven by names: what takes effect at once, what is collected for the next start, presets, a
# rewind, and changes that are taken back.
source "$(dirname "${BASH_SOURCE[0]}")/on_display.sh" 1280x720 "$@"
source "$(dirname "${BASH_SOURCE[0]}")/window_common.sh" "$@"

# started: a click on the button at the panel's foot; waits for the new run, which trains.
started() {
  local before
  before="$(count "^step [0-9]+: play$")"
  click_on start-again
  more "^step [0-9]+: play$" "$before"
}
# choose PRESET
choose() { click_on presets; click_on "preset-$1"; place "sentence-$1"; }
undo() { key ctrl+z; }

cat > lesson.toml <<'END'
title = "Lesson"
[data]
phantom_counts = [24, 24]
image_size = 32
[landscape]
grid = 9
[train]
epochs = 3000
[view]
steps_per_second = 20
END
start "$PWD/lesson.toml" --out runs
key 3
place start-again

# At once: the rate and the optimizer, while it trains; the last change is taken back first.
type_into train-rate 0.02
said "^step [1-9][0-9]*: rate 0.02$"
click_on train-optimizer
click_on train-optimizer-momentum
said "^step [1-9][0-9]*: optimizer momentum$"
undo
said "^step [0-9]+: optimizer adam$"
undo
said "^step [0-9]+: rate 0.001$"
# A whole way of the slider is one change.
drag 1 40 0 train-rate-slider 0.4 0.5
sleep 0.5
before="$(count "rate 0.001$")"
undo
more "^step [0-9]+: rate 0.001$" "$before"
# Another start, back to the first one, and the same start once more.
click_on train-new-start
said "^step [0-9]+: reset 2$"
key ctrl+r
said "^step [0-9]+: reset 3$"
before="$(count "reset 2$")"
undo
more "^step [0-9]+: reset 2$" "$before"
undo
said "^step [0-9]+: reset 1$"
before="$(count "reset 1$")"
click_on train-reset
more "^step [0-9]+: reset 1$" "$before"

# Out of its range: a sentence, and nothing is set.
type_into train-batch 0
place train-refused
type_into train-batch 8
hidden train-refused
# For the next start, nothing changes now; a draft can be forgotten, and that be taken back.
click_on take-back
click_on train-undo
type_into train-rate 0.002
said "rate 0.002$"
click_on train-epochs-75
grep -q "again$" err && fail "it starts before it is told to"
started
said "^opening .*lesson.toml again$"
# Back to the settings before, by one key.
before="$(count "again$")"
undo
more "again$" "$before"
place start-again
sleep 2
# 250 epochs in two clicks, and what the workshop compares them with.
click_on train-epochs-250
started

# A preset that goes wrong, with its sentence; a smaller rate and a rewind help.
choose too-large-a-rate
started
place sentence-too-large-a-rate
place train-warning
type_into train-rate 0.0005
before="$(count "reset 1$")"
click_on train-reset
more "^step [0-9]+: reset 1$" "$before"
hidden train-warning
key space
# A lesson that is gone by now: a sentence, and this one goes on with its draft.
mv lesson.toml gone.toml
click_on train-epochs-15
before="$(count "lesson.toml")"
click_on start-again
more "lesson.toml" "$((before + 1))"
place train-rate
key space
close_window
closed
# What each run was: its folder says it.
grep -q "^epochs = 3000" runs/scene.toml || fail "the first run: $(cat runs/scene.toml)"
grep -q "^epochs = 75" runs-2/scene.toml || fail "the second run: $(cat runs-2/scene.toml)"
grep -q "^batch_size = 8" runs-2/scene.toml || fail "the second run: $(cat runs-2/scene.toml)"
grep -q "^rate = 0.002" runs-2/scene.toml || fail "the second run: $(cat runs-2/scene.toml)"
grep -q "^epochs = 3000" runs-3/scene.toml || fail "the third run: $(cat runs-3/scene.toml)"
grep -q "^epochs = 250" runs-4/scene.toml || fail "the fourth run: $(cat runs-4/scene.toml)"
grep -q "^rate = 1000" runs-5/scene.toml || fail "the fifth run: $(cat runs-5/scene.toml)"
finish
