#!/usr/bin/env bash
# Forks: made by keys and in their panel, hidden and removed, refused in a sentence; the session and films have them.
source "$(dirname "${BASH_SOURCE[0]}")/on_display.sh" 1280x800 "$@"
source "$(dirname "${BASH_SOURCE[0]}")/window_common.sh" "$@"

cat > lesson.toml <<'END'
title = "Forked"
[data]
phantom_counts = [12, 12]
image_size = 16
[train]
epochs = 20
batch_size = 8
threads = 1
[view]
autoplay = false
steps_per_second = 0
END

start "$PWD/lesson.toml" --out kept
for _ in 1 2 3; do key Right; done
said "step 2: step"
key q
said "step 3: fork river"
key u
said "step 3: fork order"
key 9
place run-3  # the run and its two forks
click_on run-2
click_on all-runs
click_on fork-rate-down
said "step 3: fork rate / 10"
place run-4
click_on remove-fork-1
said "step 3: remove-fork 1"
hidden run-4
key y
key y
key y
key y
point_at train-or-pause
click_on train-or-pause
said "^finished|place no-fork"
place no-fork
key q
said "The run is at its end; rewind it"
close_window
closed
grep -q '"command": *"fork"' kept/session.jsonl || fail "the session does not know the forks: $(cat kept/session.jsonl)"
grep -q '"remove-fork"' kept/session.jsonl || fail "the session does not know who was removed"
[[ "$(grep -c '"hidden_runs"' kept/session.jsonl)" -ge 4 ]] || fail "the session does not know who was hidden"

# The same weights without them, and the same picture of the session twice.
expect_code 0 "$program" train lesson.toml --out alone
python3 - << 'END' || fail "forks changed the run"
def numbers(path):
    data = open(path, "rb").read()
    return data[8 + int.from_bytes(data[:8], "little"):]
assert numbers("kept/weights.safetensors") == numbers("alone/weights.safetensors")
END
expect_code 0 "$program" render kept/session.jsonl -o once.png --size 640x360
expect_code 0 "$program" render kept/session.jsonl -o again.png --size 640x360
cmp once.png again.png || fail "the session's picture is not the same twice"
finish
