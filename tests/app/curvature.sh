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
finish
