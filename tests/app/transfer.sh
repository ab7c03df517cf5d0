#!/usr/bin/env bash
# A head on Teachable Machine's backbone, as a run like any other: trained, kept, classified with, drawn, interrupted.
source "$(dirname "${BASH_SOURCE[0]}")/common.sh" "$@"
backbone="$data/teachable-machine-export.zip"
if [[ ! -f "$backbone" || ! -f "$data/exp_1.tm" ]]; then
  printf 'skipped: %s and exp_1.tm are not there (FALLLINE_TEST_DATA names the folder)\n' "$backbone"
  exit 77
fi
on_backbone=(--set network.backbone="$backbone")

expect_code 0 "$program" train "$data/exp_1.tm" "${on_backbone[@]}" --set train.epochs=5 --out first
grep -q "60 images embedded by" err || fail "it is not said what embedded them: $(cat err)"
[[ "$(find .cache -name '*.embeddings' | wc -l)" == 1 ]] || fail "the embeddings were not kept"
expect_code 0 "$program" train "$data/exp_1.tm" "${on_backbone[@]}" --set train.epochs=5 --out second
cmp -s first/weights.safetensors second/weights.safetensors || fail "kept embeddings give other weights"
expect_code 0 "$program" train --resume second --set train.epochs=6 --out third

# The run classifies, and its own images as the report says.
expect_code 0 "$program" classify first "$data/exp_1.tm" --json all.json
[[ "$(grep -c '"prediction"' all.json)" == 60 ]] || fail "not 60 predictions"
cp "$backbone" moved.zip
expect_code 0 "$program" train "$data/exp_1.tm" --set network.backbone="$PWD/moved.zip" --set train.epochs=1 --out moved
rm moved.zip
expect_sentence 1 "moved.zip" "$program" classify moved "$data/exp_1.tm"

# Its last stage trained along: kept as maps, interrupted and gone on with, used, taken elsewhere.
expect_code 0 "$program" train "$data/exp_1.tm" "${on_backbone[@]}" --set network.unfreeze=1 --set train.epochs=2 --out more
[[ "$(find .cache -name '*.embeddings' | wc -l)" == 2 ]] || fail "the maps were not kept"
expect_code 0 "$program" train "$data/exp_1.tm" "${on_backbone[@]}" --set network.unfreeze=1 --set train.epochs=1 --out part
expect_code 0 "$program" train --resume part --set train.epochs=2 --out rest
cmp -s more/weights.safetensors rest/weights.safetensors || fail "a resumed run has other weights"
expect_code 0 "$program" classify more "$data/exp_1.tm" --json more.json
[[ "$(grep -c '"prediction"' more.json)" == 60 ]] || fail "not 60 predictions"
expect_code 0 "$program" export more -o more.zip
expect_code 0 "$program" train "$data/exp_1.tm" --set network.backbone="$PWD/more.zip" --set train.epochs=1 --out again
expect_sentence 1 "17 stages" "$program" train "$data/exp_1.tm" "${on_backbone[@]}" --set network.unfreeze=18 --out none

# Ctrl-C while it embeds: one sentence, soon.
"$program" train --set data.phantom_counts=[3000,3000] "${on_backbone[@]}" --out interrupted > out 2> err &
pid=$!
for ((i = 0; i < 200; ++i)); do
  grep -q "Embedding images: " err && break
  sleep 0.1
done
grep -qE "Embedding images: [0-9,]+ of 6,000" err || fail "it is not said how far it is: $(cat err)"
kill -INT "$pid"
asked=$(date +%s%N)
wait "$pid"
code=$?
took=$((($(date +%s%N) - asked) / 1000000))
[[ "$code" == 1 ]] || fail "exit code $code after Ctrl-C"
((took < 3000)) || fail "Ctrl-C was answered after $took ms"
grep -q "Interrupted before all images were read" err || fail "Ctrl-C was not spoken of: $(cat err)"
finish
