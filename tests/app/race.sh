#!/usr/bin/env bash
# A race: trained, drawn and watched. Its runs are those of the same trainings alone, its folder keeps each of them, and
# the window shows and hides them.
source "$(dirname "${BASH_SOURCE[0]}")/on_display.sh" 1280x800 "$@"
source "$(dirname "${BASH_SOURCE[0]}")/window_common.sh" "$@"

cat > race.toml <<'END'
title = "Rates"
[race]
key = "train.rate"
values = [0.0001, 0.01, 1e6]
[data]
phantom_counts = [12, 12]
image_size = 16
[train]
epochs = 3
batch_size = 8
threads = 1
optimizer = "gradient-descent"
[network]
layers = [{kind = "dense", units = 8, output = "hidden"}, {kind = "dense"}]
[view]
autoplay = false
END

# Trained: a table of the runs, and each run's own folder, which is that of the training alone.
expect_code 0 "$program" train race.toml --out trained --json race.json
grep -q "diverged" out || fail "the table does not say who diverged: $(cat out)"
[[ "$(wc -l < trained/race.csv)" == 4 ]] || fail "not a line a run: $(cat trained/race.csv)"
head -n 1 trained/race.csv | grep -q '^run,"train.rate",state,diverged,epochs,steps,loss,accuracy,test_loss,test_accuracy$' \
  || fail "other columns: $(head -n 1 trained/race.csv)"
tail -n 1 trained/race.csv | grep -q "diverged,true" || fail "the last run did not diverge: $(tail -n 1 trained/race.csv)"
cmp race.json trained/report.json || fail "the report is another one"
python3 - << 'END' || fail "the report does not have the runs"
import json
report = json.load(open("race.json"))
assert report["race"] == "train.rate" and [run["value"] for run in report["runs"]] == ["0.0001", "0.01", "1000000"], report
assert [run["diverged"] for run in report["runs"]] == [False, False, True], report
END
sed '/^\[race\]/,/^values/d' race.toml > alone.toml
expect_code 0 "$program" train alone.toml --set train.rate=0.01 --out alone
python3 - << 'END' || fail "a run of the race is not the training alone"
def numbers(path):
    data = open(path, "rb").read()
    length = int.from_bytes(data[:8], "little")
    return data[8 + length:]
assert numbers("trained/run-2/weights.safetensors") == numbers("alone/weights.safetensors")
assert open("trained/run-2/history.csv").read() == open("alone/history.csv").read()
END
expect_code 0 "$program" train --resume trained/run-2 --set train.epochs=4
expect_sentence 1 "trained/run-1" "$program" train --resume trained
expect_sentence 1 "holds an earlier run" "$program" train race.toml --out trained
expect_code 0 "$program" train race.toml --out trained --replace

# What cannot be raced is said in one sentence.
expect_sentence 1 "this one has none" "$program" train race.toml --set "race.values=[]"
expect_sentence 1 "this one has 1000" "$program" train race.toml --set "race.values=[$(seq -s, 1000)]"
expect_sentence 1 "cannot vary" "$program" train race.toml --set race.key=data.image_size
expect_sentence 1 "must be a number" "$program" train race.toml --set 'race.values=[1, "fast"]'
expect_sentence 1 "vary already" "$program" sweep race.toml --axis train.epochs=1,2 -o swept

# Drawn: a picture and a film.
expect_code 0 "$program" render race.toml -o race.png --size 640x360
expect_code 0 "$program" render race.toml -o frames --size 320x240 --fps 4 --seconds 2
[[ "$(find frames -name '*.png' | wc -l)" == 8 ]] || fail "not all frames are there: $(ls frames)"
expect_code 0 "$program" landscape race.toml -o surface.csv --grid 9

# Watched: all steps, one run alone, a table that hides another, saved when the window closes.
start "$PWD/race.toml" --out kept
point_at train-or-pause
click_on train-or-pause
key 7
place run-3
click_on run-3
click_on next-run
key y
key y
close_window
closed
[[ -f kept/race.csv && -f kept/run-3/weights.safetensors ]] || fail "the race is not kept: $(find kept)"
grep -q '"hidden_runs"' kept/session.jsonl || fail "the session does not know who was hidden"
expect_code 0 "$program" render kept/session.jsonl -o again.png --size 640x360
finish
