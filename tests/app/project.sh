#!/usr/bin/env bash
# End to end on a real Teachable Machine project.
source "$(dirname "${BASH_SOURCE[0]}")/common.sh" "$@"
if [[ ! -f "$data/exp_1.tm" ]]; then
  printf 'skipped: %s is not there (FALLLINE_TEST_DATA names the folder)\n' "$data/exp_1.tm"
  exit 77
fi
json() { sed -n "s/^  \"$1\": \(.*[^,]\),\{0,1\}$/\1/p" report.json; }

expect_code 0 "$program" train "$data/exp_1.tm" --out own --json report.json
[[ "$(json train_images)" == 50 ]] || fail "not 50 training images but $(json train_images)"
[[ "$(json test_images)" == 10 ]] || fail "not 10 test images"
[[ "$(json parameters)" == 60354 ]] || fail "not 60354 parameters"
[[ "$(json state)" == '"finished"' ]] || fail "the run is not finished"
[[ "$(grep -c '"epoch":' report.json)" == 15 ]] || fail "not 15 epochs"
grep -Eq '^rate = 5(\.0[0-9]*)?e-05' own/scene.toml || fail "the file's rate is not used"
expect_code 0 "$program" train "$data/exp_1.tm" --out again
for file in history.csv weights.safetensors; do
  cmp -s "own/$file" "again/$file" || fail "$file differs between two equal runs"
done

# With a sensible rate the training loss falls: first epoch against last.
expect_code 0 "$program" train "$data/exp_1.tm" --set train.rate=0.0005 --out sensible --json report.json
losses=$(sed -n 's/^ *"loss": \([0-9.e-]*\),$/\1/p' report.json)
first=$(head -n 1 <<< "$losses") last=$(tail -n 1 <<< "$losses")
awk -v a="$first" -v b="$last" 'BEGIN { exit !(b < 0.9 * a) }' || fail "the loss did not fall: $first to $last"

# The picture: landscape, path, maps and curves of the same training.
expect_code 0 "$program" render "$data/exp_1.tm" --set train.rate=0.0005 --set landscape.grid=17 -o film --size 640x360 --fps 3 --seconds 2
[[ "$(find film -name 'frame-*.png' | wc -l)" == 6 ]] || fail "not six frames"
for i in 2 3 4 5; do
  cmp -s "film/frame-0000$i.png" "film/frame-0000$((i + 1)).png" && fail "frames $i and $((i + 1)) are the same"
done
finish
