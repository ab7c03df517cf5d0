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

# The embedding is drawn beside the landscape or in its place; where there is none, the key changes nothing.
picture=(--set landscape.grid=9 --set train.epochs=1 --size 640x360)
for place in none wall stage; do
  expect_code 0 "$program" render "$data/exp_1.tm" "${on_backbone[@]}" "${picture[@]}" --set view.map=$place -o $place.png
done
cmp -s none.png wall.png && fail "no map in place of the feature maps"
cmp -s none.png stage.png && fail "no map in place of the landscape"
cmp -s wall.png stage.png && fail "the map is at one place only"
small=(--set data.phantom_counts=[6,6] --set data.image_size=32)
for place in none stage; do
  expect_code 0 "$program" render "${small[@]}" "${picture[@]}" --set view.map=$place -o scratch_$place.png
done
cmp -s scratch_none.png scratch_stage.png || fail "a map without a backbone"

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

# Ctrl-C while it embeds: one sentence, long before it would be over.
ended_by INT "Embedding images: " err "$program" train --set data.phantom_counts=[3000,3000] "${on_backbone[@]}" --out interrupted
[[ "$code" == 130 ]] || fail "exit code $code after Ctrl-C"
grep -qE "Embedding images: [0-9,]+ of 6,000" err || fail "it is not said how far it is: $(cat err)"
grep -q "Embedding images: 6,000 of" err && fail "Ctrl-C was not answered before all was embedded"
grep -q "Interrupted before all images were read" err || fail "Ctrl-C was not spoken of: $(cat err)"
finish
