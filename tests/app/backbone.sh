#!/usr/bin/env bash
# A backbone of one's own: trained, interrupted, gone on with, and trained upon.
source "$(dirname "${BASH_SOURCE[0]}")/common.sh" "$@"
train=("$program" backbone --images 1024 -o own.safetensors)

# The first Ctrl-C ends it after the chunk in hand.
ended_by INT "^backbone: " err "${train[@]}"
[[ "$code" == 130 ]] || fail "an interrupted training ends with $code: $(cat err)"
grep -q "interrupted after [0-9]* of 1024" err || fail "it does not say where it stopped: $(cat err)"
[[ -s own.safetensors.part && ! -e own.safetensors ]] || fail "what was trained so far is not saved"
expect_sentence 1 "another recipe" "${train[@]}" --seed 2
cp own.safetensors.part half.safetensors
expect_code 0 "${train[@]}"
grep -q "going on after 512 of 1024" err || fail "it begins anew: $(cat err)"
grep -q "Held-out phantoms: loss" out || fail "it has no figures: $(cat out)"
[[ -e own.safetensors.part ]] && fail "the part is still there"
(($(stat -c %s own.safetensors) < 2500000)) || fail "the file is too large"
expect_sentence 1 "already exists" "${train[@]}"

head=("$program" train --set 'data.phantom_counts=[40,40]' --set train.epochs=3 --set train.seed=1)
expect_sentence 1 "has not ended" "${head[@]}" --set network.backbone=half.safetensors --out run
expect_code 0 "${head[@]}" --set network.backbone=own.safetensors --out run
grep -q "80 images embedded by" err || fail "nothing was embedded: $(cat err)"
[[ -s run/report.json ]] || fail "no report"
expect_sentence 1 "Cannot read" "${head[@]}" --set network.backbone=none.safetensors --out other
expect_sentence 1 "is for the backbone to say" "${head[@]}" --set network.backbone=own.safetensors --set data.image_size=64 --out other
expect_code 0 "${head[@]}" --set network.backbone=phantom --out ours
finish
