#!/usr/bin/env bash
# What a trained network says of images: on the terminal, as JSON, and of images that are none.
source "$(dirname "${BASH_SOURCE[0]}")/common.sh" "$@"
expect_code 0 "$program" classify --help
expect_code 2 "$program" classify
expect_code 2 "$program" classify run

# The network stands on its own: images and scene are gone, the weights lie elsewhere.
expect_code 0 "$program" data --phantom 8 --set data.image_size=64 -o images
expect_code 0 "$program" train images --set data.image_size=32 --set train.epochs=3 --out run
mkdir -p set alone
for class in Hemorrhage Normal; do
  for file in images/"$class"/0000[0-3]*.png; do cp "$file" "set/$class-$(basename "$file")"; done
done
cp run/weights.safetensors alone
rm -r images
expect_code 0 "$program" classify run set --json a.json
cp out a.txt
expect_code 0 "$program" classify alone/weights.safetensors set --json b.json
cmp -s out a.txt || fail "weights alone give another answer"
cmp -s a.json b.json || fail "the same images gave other numbers"
[[ "$(wc -l < out)" == 9 ]] || fail "not a heading and one line for each of 8 images"
head -n 1 out | grep -qE '^image +Hemorrhage +Normal +prediction$' || fail "the heading does not name the classes: $(head -n 1 out)"
tail -n +2 out | grep -vqE '^[^ ]+\.png +[01]\.[0-9]{4} +[01]\.[0-9]{4} +(Hemorrhage|Normal)$' && fail "a line is not as it should be: $(cat out)"
awk 'NR > 1 && ($2 > $3) != ($4 == "Hemorrhage") { exit 1 }' out || fail "a prediction is not the likelier class"
awk 'NR > 1 && ($2 + $3 < 0.999 || $2 + $3 > 1.001) { exit 1 }' out || fail "probabilities do not add up to one"
awk '{ at = match($0, /[^ ]+$/); if (NR > 1 && at != last) exit 1; last = at }' out || fail "the columns are not aligned"
[[ "$(grep -c '"prediction"' a.json)" == 8 ]] || fail "not eight predictions in the JSON"
grep -q '"skipped_images": 0' a.json || fail "the JSON does not count what was skipped"

# A single file, whatever it is called, says what it said among others.
first="$(find set -name '*.png' | sort | head -n 1)"
cp "$first" slice
expect_code 0 "$program" classify run slice
[[ "$(tail -n 1 out | awk '{ print $2, $3, $4 }')" == "$(grep -F "$(basename "$first")" a.txt | awk '{ print $2, $3, $4 }')" ]] || fail "alone, an image has other probabilities"

# Broken ones among good ones are named, skipped and counted.
head -c 100 "$first" > set/half.png
echo "no image" > text.png
expect_code 0 "$program" classify run set text.png absent.png --json c.json
for name in half.png text.png absent.png; do grep -qF "$name" err || fail "$name is not named"; done
grep -q "Skipped: 3" out || fail "what was skipped is not counted"
grep -q '"skipped_images": 3' c.json || fail "what was skipped is not counted in the JSON"
[[ "$(grep -c '"prediction"' c.json)" == 8 ]] || fail "the good images were not all classified"

# Nothing usable, or nothing to use it with: one sentence, exit code 1.
expect_sentence 1 "text.png is a text file" "$program" classify run text.png
expect_sentence 1 "absent.png" "$program" classify run absent.png
expect_code 1 "$program" classify run text.png absent.png
grep -qF "None of the 2" err || fail "it is not said that nothing can be used"
mkdir empty
expect_sentence 1 "empty holds no" "$program" classify run empty
expect_sentence 1 "nosuch" "$program" classify nosuch slice
expect_sentence 1 "weights.safetensors" "$program" classify empty slice
expect_sentence 1 "not a valid safetensors file" "$program" classify slice slice
expect_sentence 1 "cannot be used to classify" "$program" classify run/checkpoint.safetensors slice
head -c 5000 run/weights.safetensors > cut.safetensors
expect_sentence 1 "cut.safetensors" "$program" classify cut.safetensors slice
expect_sentence 1 "nosuch/x.json" "$program" classify run slice --json nosuch/x.json

# Images are called by the path as given, so that equal names in two folders are told apart; what is no image is counted.
mkdir one two
for folder in one two; do cp "$first" "$folder/same.png"; echo words > "$folder/notes.dcm"; done
expect_code 0 "$program" classify run one two --json names.json
for name in one/same.png two/same.png; do
  grep -qE "^$name +[01]\." out || fail "$name is not in the table"
  grep -qF "\"image\": \"$name\"" names.json || fail "$name is not in the JSON"
done
grep -qF "Passed over: 2 .dcm files" out || fail "what was passed over is not counted"
grep -qF '".dcm": 2' names.json || fail "what was passed over is not counted in the JSON"

# Real slices of 512 x 512 pixels, straight from their archives.
if [[ -f "$data/ich.zip" ]]; then
  expect_code 0 "$program" classify run "$data/ich.zip" "$data/normal.zip" --json real.json
  [[ "$(grep -cE "^$data/(ich|normal).zip/ID_.*\.png " out)" == 16 ]] || fail "not 16 slices: $(cat out)"
else
  printf 'without real slices: %s is not there (FALLLINE_TEST_DATA names the folder)\n' "$data/ich.zip"
fi
finish
