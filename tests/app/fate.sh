#!/usr/bin/env bash
# A run's fate: the step of its forks chosen by keys and in the panel, the same figures in the window and without it.
source "$(dirname "${BASH_SOURCE[0]}")/on_display.sh" 1280x800 "$@"
source "$(dirname "${BASH_SOURCE[0]}")/window_common.sh" "$@"

cat > lesson.toml <<'END'
title = "Sealed"
[data]
phantom_counts = [12, 12]
image_size = 16
[train]
epochs = 6
batch_size = 8
threads = 1
fork_steps = [0, 4, 7]
[view]
autoplay = false
steps_per_second = 0
END

start "$PWD/lesson.toml" --out kept
key Right
said "step 0: step"
key bracketright
said "step 1: fork-step 4"
key bracketleft
said "step 1: fork-step 0"
key q
said "forks its run by itself"
key 9
place fork-step
for _ in $(seq 17); do key Right; done
said "step 17: step"
click_on fork-step  # its middle
said "step 18: fork-step 4"
place run-3
grep -q "^place remove-fork-1 " err && fail "a fork of the lesson can be removed"
key bracketright
said "step 18: fork-step 7"
close_window
closed
grep -q '"command": *"fork-step"' kept/session.jsonl || fail "the session does not know the step: $(cat kept/session.jsonl)"

expect_code 0 "$program" train lesson.toml --out alone
cmp kept/forks.csv alone/forks.csv || fail "the window measured other lines"
[[ "$(wc -l < alone/forks.csv)" == 64 ]] || fail "not 3 lines of 21 points: $(cat alone/forks.csv)"
grep -q '"fork_step": 7' alone/report.json || fail "the report has no forks"
expect_code 0 "$program" render kept/session.jsonl -o once.png --size 640x360
expect_code 0 "$program" render kept/session.jsonl -o again.png --size 640x360
cmp once.png again.png || fail "the session's picture is not the same twice"
# The steps that are not asked change nothing of the others, and the run knows of none.
expect_code 0 "$program" train lesson.toml --out one --set train.fork_steps=[7]
diff <(tail -n 21 alone/forks.csv) <(tail -n 21 one/forks.csv) || fail "the lines depend on the list"

expect_sentence 1 "has step 18, but the run is over after 18" "$program" train lesson.toml --out bad --set train.fork_steps=[18]
expect_sentence 1 "a list of 1 to 10 whole numbers" "$program" train lesson.toml --out bad --set train.fork_steps=[]
expect_sentence 1 "has step 4 twice" "$program" train lesson.toml --out bad --set train.fork_steps=[4,4]
printf '[race]\nkey = "train.rate"\nvalues = [0.1, 0.2]\n' > race.part
sed '/^\[view\]/,$d' lesson.toml | cat - race.part > race.toml
expect_sentence 1 "this scene trains several" "$program" train race.toml --out bad
finish
