#!/usr/bin/env bash
# End to end on a real Teachable Machine project.
source "$(dirname "${BASH_SOURCE[0]}")/common.sh" "$@"
if [[ ! -f "$data/exp_1.tm" ]]; then
  printf 'skipped: %s is not there (FALLLINE_TEST_DATA names the folder)\n' "$data/exp_1.tm"
  exit 77
fi
json() { sed -n "s/^  \"$1\": \(.*[^,]\),\{0,1\}$/\1/p" report.json; }

# As Teachable Machine would train it: a head on a backbone, here the program's own.
expect_code 0 "$program" train "$data/exp_1.tm" --out own --json report.json
grep -q "^transfer: phantom backbone" err || fail "it is not said what learns: $(cat err)"
grep -q "look like head CT" err && fail "heads are doubted: $(cat err)"
[[ "$(json train_images)" == 50 ]] || fail "not 50 training images but $(json train_images)"
[[ "$(json test_images)" == 10 ]] || fail "not 10 test images"
[[ "$(json parameters)" == 39700 ]] || fail "not 39700 parameters"
[[ "$(json state)" == '"finished"' ]] || fail "the run is not finished"
[[ "$(grep -c '"epoch":' report.json)" == 15 ]] || fail "not 15 epochs"
grep -Eq '^rate = 5(\.0[0-9]*)?e-05' own/scene.toml || fail "the file's rate is not used"
grep -q "^backbone = 'phantom'" own/scene.toml || fail "the run does not say what it is"
printf '[data]\nsource = "%s"\n' "$data/exp_1.tm" > lesson.toml
expect_code 0 "$program" train lesson.toml --out again
for file in history.csv weights.safetensors; do
  cmp -s "own/$file" "again/$file" || fail "$file differs between two equal runs"
done

# A line away from a network from scratch; so is a key that only such a network has.
scratch=(--set network.backbone=none)
expect_code 0 "$program" train "$data/exp_1.tm" "${scratch[@]}" --out scratch --json report.json
grep -q "^from scratch$" err || fail "it is not said what learns: $(cat err)"
[[ "$(json parameters)" == 60354 ]] || fail "not 60354 parameters"
[[ "$(grep -c '"epoch":' report.json)" == 15 ]] || fail "not 15 epochs"
expect_code 0 "$program" train "$data/exp_1.tm" --set network.name=mlp --set train.epochs=1 --out mlp
grep -q "^from scratch, because network.name is set" err || fail "it is not said why: $(cat err)"

# A run from before projects were trained on a backbone goes on as what it was.
cp -r scratch before
sed -i "/^\[network\]/,/^$/d" before/scene.toml
expect_code 0 "$program" train --resume before --set train.epochs=16 --out after --json report.json
[[ "$(json parameters)" == 60354 ]] || fail "it became another network"
expect_code 0 "$program" classify before "$data/exp_1.tm"

# A program that was moved without its backbone says what helps.
mkdir moved
cp "$program" "$(dirname "$program")"/*.so moved/
expect_sentence 1 "network.backbone=none" moved/fallline train "$data/exp_1.tm" --out none
expect_code 0 moved/fallline train "$data/exp_1.tm" "${scratch[@]}" --set train.epochs=1 --out none

# With a sensible rate the training loss falls: first epoch against last.
expect_code 0 "$program" train "$data/exp_1.tm" "${scratch[@]}" --set train.rate=0.0005 --out sensible --json report.json
losses=$(sed -n 's/^ *"loss": \([0-9.e-]*\),$/\1/p' report.json)
first=$(head -n 1 <<< "$losses") last=$(tail -n 1 <<< "$losses")
awk -v a="$first" -v b="$last" 'BEGIN { exit !(b < 0.9 * a) }' || fail "the loss did not fall: $first to $last"

# The picture: landscape, path, maps and curves of the same training.
expect_code 0 "$program" render "$data/exp_1.tm" "${scratch[@]}" --set train.rate=0.0005 --set landscape.grid=17 -o film --size 640x360 --fps 3 --seconds 2
[[ "$(find film -name 'frame-*.png' | wc -l)" == 6 ]] || fail "not six frames"
for i in 2 3 4 5; do
  cmp -s "film/frame-0000$i.png" "film/frame-0000$((i + 1)).png" && fail "frames $i and $((i + 1)) are the same"
done
finish
