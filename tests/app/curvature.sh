#!/usr/bin/env bash
# The curvature at a run's end: figures in words and as JSON, the run as it was, and a sentence where there is none.
source "$(dirname "${BASH_SOURCE[0]}")/common.sh" "$@"
quick=(--set data.image_size=16 --set "data.phantom_counts=[8,8]" --set train.epochs=3 --set train.threads=2)

expect_code 0 "$program" train "${quick[@]}" --set train.optimizer=momentum --set train.rate=0.01 --out run
cp -r run before
expect_code 0 "$program" curvature run --json figures.json
grep -q "^Largest curvatures of the loss: " out || fail "no curvatures: $(cat out)"
grep -q "^Momentum at a rate of 0.01 bears 380.0; it is " out || fail "no limit: $(cat out)"
diff -r run before || fail "the run has changed"
python3 - << 'END' || fail "the figures are others: $(cat figures.json)"
import json
figures = json.load(open("figures.json"))
assert len(figures["curvatures"]) == 3 and figures["curvatures"] == sorted(figures["curvatures"], reverse=True)
assert figures["sharpness"] == figures["curvatures"][0] > 0 and not figures["preconditioned"]
assert abs(figures["limit"] - 380) < 1e-9 and 0 <= figures["error"] <= 0.01 * figures["sharpness"]
END
expect_code 0 "$program" curvature run --json -
cmp out figures.json || fail "standard output has other figures: $(cat out)"
expect_code 0 "$program" curvature run --values 1 --images 4
grep -q "over 4 training images" out || fail "the images are others: $(cat out)"
expect_sentence 1 "has no scene.toml" "$program" curvature nowhere
expect_code 0 "$program" train "${quick[@]}" --set train.optimizer=gradient-descent --set train.rate=1e6 --out far
expect_sentence 1 "" "$program" curvature far

# Beside the training: a table and a part of the report, and the same weights as without.
live=(--set landscape.curvature=4 --set landscape.curvature_images=8)
expect_code 0 "$program" train "${quick[@]}" "${live[@]}" --set train.optimizer=momentum --set train.rate=0.01 --out live
[[ "$(head -1 live/curvature.csv)" == step,largest,batch_sharpness,sharpness,limit ]] || fail "no table: $(ls live)"
[[ "$(tail -n +2 live/curvature.csv | cut -d, -f1 | tr '\n' ' ')" =~ ^0\ .*[0-9]\ $ ]] || fail "other steps: $(cat live/curvature.csv)"
grep -q '"curvature"' live/report.json || fail "the report has none"
[[ ! -e run/curvature.csv ]] || fail "a table though nothing was measured"
cmp live/history.csv run/history.csv || fail "measuring changed the training"
python3 - << 'END' || fail "the last weights are others"
def tensors(name):
    data = open(name, "rb").read()
    return data[8 + int.from_bytes(data[:8], "little"):]
assert tensors("live/weights.safetensors") == tensors("run/weights.safetensors")
END
# A longer training goes on with its table.
before="$(cat live/curvature.csv)"
expect_code 0 "$program" train --resume live --set train.epochs=4 --out longer
[[ "$(cat longer/curvature.csv)" == "$before"* ]] || fail "the table before is lost: $(cat longer/curvature.csv)"
finish
