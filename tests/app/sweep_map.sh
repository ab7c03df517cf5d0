#!/usr/bin/env bash
# The map of a sweep: a folder that is opened, a scene whose map is filled while it is watched, and their cells, each of
# which is a training with the bytes that the sweep had.
source "$(dirname "${BASH_SOURCE[0]}")/on_display.sh" 1280x800 "$@"
source "$(dirname "${BASH_SOURCE[0]}")/window_common.sh" "$@"

cat > lesson.toml << 'END'
title = "Rate by start"
[data]
phantom_counts = [10, 10]
image_size = 16
[train]
epochs = 3
optimizer = "momentum"
[view]
steps_per_second = 0
END
{ cat lesson.toml; printf '[map]\nx = "train.rate=1e-6..1e6:log:7"\ny = "start=1..3"\n'; } > map.toml
axes=(--axis train.rate=1e-6..1e6:log:7 --axis start=1..3)
expect_code 0 "$program" sweep lesson.toml "${axes[@]}" -o swept
expect_code 0 "$program" render swept -o swept.png --size 1280x720
# The scene of the same map: drawn it is the same picture, and its folder holds the same cells.
expect_code 0 "$program" render map.toml -o map.png --size 1280x720
cmp swept.png map.png || fail "a map that is trained and a folder that is opened differ"

# Opened, pointed at and clicked: that cell is trained, to the sweep's own weights.
start swept --out kept
said "^place cells"
key F9
said "A map has no takes"
click_on cells 0.36 0.5
opened 2
key 9
place no-fork  # it is at its end
close_window
closed
python3 - << 'END' || fail "a clicked cell is another training: $(cat kept/report.json 2> /dev/null | head -c 300)"
import csv, json
rows = [row for row in csv.DictReader(open("swept/sweep.csv")) if row["train.rate"] == "0.01" and row["start"] == "2"]
report = json.load(open("kept/report.json"))
assert report["state"] == "finished", report["state"]
last = report["epochs"][-1]
for name in ("loss", "accuracy", "test_loss", "test_accuracy"):
    assert float(rows[0][name]) == last[name], (name, rows[0][name], last[name])
END
grep -q "$(awk -F, '$2 == "0.01" && $3 == "2" {print $10}' swept/sweep.csv)" kept/session.jsonl ||
  fail "the weights are others: $(grep weights kept/session.jsonl | head -c 300)"
# What was saved opens again with its own start.
expect_code 0 "$program" train kept/scene.toml --out again --json again.json
cmp <(python3 -c 'import json; print(json.load(open("again.json"))["epochs"][-1]["loss"])') \
    <(python3 -c 'import json; print(json.load(open("kept/report.json"))["epochs"][-1]["loss"])') || fail "a saved cell forgets its start"

# Filled while it is watched, kept in a folder that a sweep goes on with; keys choose a cell, Enter opens it, Escape is back.
start map.toml --out live
for _ in $(seq 600); do [[ "$(cat live/results/* 2> /dev/null | wc -l)" == 21 ]] && break; sleep 0.1; done
[[ "$(cat live/results/* | wc -l)" == 21 ]] || fail "the map does not fill: $(cat live/results/* | wc -l)"
key d
key d
key ctrl+k
key t  # a cell has the colours that were chosen at the map
key Return
opened 2
key Escape
opened 3
close_window
closed
grep -qE '"theme": *"light"' live-2/session.jsonl || fail "a cell forgets the theme of its map: $(ls -d live*)"
expect_code 0 "$program" sweep map.toml "${axes[@]}" -o live
grep -q "^21 of them are there already" err || fail "the window's folder is another sweep: $(cat err)"
cmp swept/sweep.csv live/sweep.csv || fail "the window's cells have other bytes"

# In no folder: who comes back from a cell finds what was trained before.
start map.toml
lessons=1
for _ in $(seq 60); do
  key d
  key Return
  opened $((++lessons))
  key Escape
  opened $((++lessons))
  grep -qE "^[0-9]+ of 21 cells are there already" err && break
done
said "^[0-9]+ of 21 cells are there already"
close_window
closed

# Seeds are bars: a click opens one of a bar's runs.
expect_code 0 "$program" sweep lesson.toml --axis start=1..6 -o seeds
start seeds --out of-seed
said "^place bar-"
click_on "$(grep -oE '^place bar-[0-9]+' err | head -n 1 | cut -d' ' -f2)"
opened 2
key 9
place no-fork
close_window
closed
grep -qF "$(grep -oE '"weights": *"[0-9a-f]+"' of-seed/session.jsonl | tail -n 1 | grep -oE '[0-9a-f]{16}')" seeds/sweep.csv ||
  fail "a bar's run has weights that no run of the sweep has: $(cat seeds/sweep.csv)"

# What cannot be a map is one sentence.
refused() { expect_sentence 1 "$1" "$program" render map.toml -o refused.png "${@:2}"; }
refused "[map] x train.rate=1..0.1: the range is empty" --set 'map.x="train.rate=1..0.1"'
refused "[map] train.rat=0.1: " --set 'map.x="train.rat=0.1..1"'
refused "a map has at most 20000" --set 'map.x="train.rate=0.1..1:4000"' --set 'map.y="network.init_scale=1..2:40"'
refused "1.5 is no seed" --set 'map.x="start=1.5,2"' --set 'map.y="train.epochs=1,2"'
expect_sentence 1 "there is no cell 21" "$program" train map.toml --set map.cell=21 --out refused
expect_sentence 1 "is a map of 21 trainings" "$program" train map.toml --out refused
finish
