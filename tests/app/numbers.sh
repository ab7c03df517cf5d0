#!/usr/bin/env bash
# Numbers that are not numbers, and more classes than a table has columns: what a person reads of them.
source "$(dirname "${BASH_SOURCE[0]}")/common.sh" "$@"
quick=(--set data.image_size=16 --set train.threads=2)

says() { grep -qF -- "$1" "$2" || fail "\"$1\" is not in $2: $(cat "$2")"; }
says_not() { grep -qE -e "$1" "$2" && fail "\"$1\" is in $2: $(cat "$2")"; }

expect_code 0 "$program" data --phantom 6 --set data.image_size=16 -o pictures
class="$(find pictures -mindepth 1 -maxdepth 1 -type d | sort | head -1)"

# A last step that is too far: no later one notices.
printf '[data]\nsource = "pictures"\nimage_size = 16\n[network]\ninit_scale = 1e6\nlayers = [
  {kind = "dense", units = 8, output = "x"}, {kind = "dense", units = 8}, {kind = "dense", units = 8},
  {kind = "dense", units = 8}, {kind = "dense"}]\n[train]\noptimizer = "gradient-descent"\nrate = 1e6\nepochs = 1
batch_size = 64\nthreads = 2\n[landscape]\ngrid = 9\n' > far.toml
expect_code 0 "$program" train far.toml --out far
says "diverged at step 1: the loss is no longer a number; try a rate below 1e+06" err
says "none of the 2 test images has a prediction" out
says '"state": "diverged"' far/report.json
for key in confusion_matrix balanced_accuracy wrong_images; do says "\"$key\": null" far/report.json; done
says_not 'recall [0-9]|-nan' out
says_not '-nan' far/history.csv
expect_sentence 1 "its outputs are not numbers" "$program" classify far "$class"
[[ -s out ]] && fail "classify prints predictions: $(cat out)"
expect_code 0 "$program" render far.toml -o far.png
rm -rf far

# The rate to stay below is the one that diverged, and no number is forty digits long.
expect_code 0 "$program" train pictures "${quick[@]}" --set train.optimizer=gradient-descent --set train.rate=1e6 --out far
says "try a rate below 1e+06" err
says_not '[0-9]{12}|-nan|\.0000' out
says_not '[0-9]{12}|-nan|\.0000' err
expect_sentence 1 "start a new training with a rate below 1e+06" "$program" train --resume far --set train.rate=0.001
expect_code 0 "$program" train pictures "${quick[@]}" --set train.optimizer=gradient-descent --set train.rate=0.001 \
  --set train.epochs=2 --out near
says "finished after 2 epochs" out
expect_code 0 "$program" classify near "$class"

# Many classes.
many() {
  mkdir "many$1"
  for ((c = 0; c < $1; ++c)); do
    mkdir "many$1/class$c"
    for image in $(find pictures -name '*.png' -path '*/*/*' | sort | head -3); do cp "$image" "many$1/class$c/"; done
  done
}
for classes in 33 200; do
  many "$classes"
  expect_code 0 "$program" train "many$classes" "${quick[@]}" --set train.epochs=1 --set network.name=mlp --out "run$classes"
  [[ "$(wc -l < out)" -lt 50 ]] || fail "the report of $classes classes has $(wc -l < out) lines"
  says "finished after 1 epoch on" out
  expect_code 0 "$program" classify "run$classes" "many$classes/class7" --json all.json
  [[ "$(wc -L < out)" -lt 140 ]] || fail "a line of $(wc -L < out) columns for $classes classes"
  says "The 3 most probable of $classes classes" out
  [[ "$(grep -c '"class' all.json)" -gt "$classes" ]] || fail "the JSON does not name all classes"
done
says "The 20 with the lowest recall of 200 classes" <("$program" train many200 "${quick[@]}" --set train.epochs=1 \
  --set network.name=mlp --out run200b 2> /dev/null)
expect_code 0 "$program" render many33 "${quick[@]}" --set train.epochs=1 --set landscape.grid=9 -o many.png
mkdir many1001
for ((c = 0; c < 1001; ++c)); do mkdir "many1001/$c" && printf x > "many1001/$c/0.png"; done
expect_sentence 1 "many1001 has 1001 classes, but the limit is 1000" "$program" train many1001 --out run1001

# What a scene says wrong.
printf '[data]\nsource = "C:\\Users\\me\\heads"\n' > path.toml
expect_sentence 1 "path.toml, line 2: a backslash in double quotes begins a special character; write paths in single quotes or with /." \
  "$program" train path.toml --out path
expect_sentence 1 'did you mean "rate"' "$program" train pictures --set train.lr=1 --out lr
printf '[data]\nsource = "pictures"\nimage_size = 16\n[network]\nlayers = [{kind = "dense", units = 8}, {kind = "batch-norm"}, {kind = "dense"}]\n' > norm.toml
expect_sentence 1 "make it 2 or more" "$program" train norm.toml --set train.batch_size=1 --out norm
expect_code 0 "$program" train norm.toml --set train.batch_size=2 --set train.epochs=1 --out norm

# Where the machine refuses.
mkdir gone
(cd gone && rmdir ../gone && "$program" train --set train.epochs=1 > ../out 2> ../err)
[[ $? == 1 && "$(wc -l < err)" == 1 ]] || fail "a working folder that is gone: $(cat err)"
says "folder" err
says_not "filesystem error" err

finish
