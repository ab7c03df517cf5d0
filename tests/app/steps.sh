#!/usr/bin/env bash
# The panel "Steps" of two parameters, driven by names: phases, steps, a click on the surface, a formula that is right and
# one that is not, presets; the session has all of it and leads to the same picture.
source "$(dirname "${BASH_SOURCE[0]}")/on_display.sh" 1280x800 "$@"
source "$(dirname "${BASH_SOURCE[0]}")/window_common.sh" "$@"

# A network has no steps of this kind: one sentence, and the way there.
cat > lesson.toml <<'END'
title = "A network"
[data]
phantom_counts = [12, 12]
image_size = 16
[train]
epochs = 2
[view]
autoplay = false
END
start "$PWD/lesson.toml"
point_at train-or-pause
key 8
place close-panel
click_on open-two-parameters
said "opening .*two-parameters.toml"
place phases
close_window
closed

sed '/view.cues/,$d' "$source_dir/scenes/two-parameters.toml" > steps.toml
cat >> steps.toml <<'END'
[view]
autoplay = false
END
start "$PWD/steps.toml" --out kept
point_at train-or-pause
key 8
place close-panel
# Phase by phase: a key, a button, and whole steps between them.
click_on phases
click_on phases-momentum
said "step 0: phases momentum$"
said "step 0: pace 0.7$"
click_on steps-one-phase
said "step 0: phase$"
for _ in 1 2 3 4; do key j; done
click_on steps-one-step
said "step 1: step$"
click_on phases
click_on phases-all
said "step 2: phases all$"
click_on steps-train-or-pause
said "step 2: play$"
click_on steps-train-or-pause
said "step [0-9]+: pause$"
# A click is a new start; two of them are none.
click_on landscape 0.5 0.5
said "step [0-9]+: start -?[0-9.]+, -?[0-9.]+$"
starts="$(grep -cE 'step [0-9]+: start ' err)"
double_click_on landscape 0.55 0.5
said "the pointer meets the surface"
sleep 1
[[ "$(grep -cE 'step [0-9]+: start ' err)" == "$starts" ]] || fail "a double click is a new start: $(grep start err)"
type_into start-x 0.25
said "step [0-9]+: start 0.25"
key ctrl+z # and back to where it was
more 'step [0-9]+: start ' $((starts + 1))
grep -E 'step [0-9]+: start ' err | tail -n 1 | grep -q 'start 0.25' && fail "the start is not taken back"
# What is wrong with a formula is said, and nothing is lost.
type_into formula "x^2 + 3*w"
place formula-fault
grep -q "surface of the formula" err && fail "a wrong formula is shown"
type_into formula "x^2 + 3*sin(z)"
said "step [0-9]+: surface of the formula x\^2 \+ 3\*sin\(z\)$"
hidden formula-fault
click_on surface
click_on surface-hills
said "step [0-9]+: surface hills$"
click_on own-rates
said "step [0-9]+: rate 0.01$"
click_on own-rates
said "step [0-9]+: rate 0$"
close_window
closed
for word in phases phase start surface; do
  grep -q "\"command\": *\"$word\"" kept/session.jsonl || fail "the session keeps no $word: $(grep command kept/session.jsonl)"
done
# The session again, twice: the same pictures.
expect_code 0 "$program" render kept/session.jsonl -o one.png --size 640x360
expect_code 0 "$program" render kept/session.jsonl -o two.png --size 640x360
cmp -s one.png two.png || fail "a session is drawn in two ways"
# A film shows the phases, a frame each.
expect_code 0 "$program" render steps.toml -o film --size 320x240 --seconds 1 --fps 12 \
  --set two_parameters.phases=adam --set two_parameters.steps=2
[[ "$(md5sum film/*.png | awk '{print $1}' | sort -u | wc -l)" -ge 9 ]] || fail "the film shows no phases"
# What a scene has wrong is one sentence.
expect_sentence 1 "[two_parameters] formula: The formula is wrong at letter 5" "$program" render steps.toml -o x.png \
  --set 'two_parameters.formula="x + * z"'
finish
