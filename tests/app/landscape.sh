#!/usr/bin/env bash
# landscape.sh PROGRAM WORK_FOLDER SOURCE_TREE: the surface of a lesson and of a run as files, and what goes wrong with them.
source "$(dirname "${BASH_SOURCE[0]}")/common.sh" "$@"
lesson=("$source_dir/scenes/first-light.toml" --set data.image_size=16 --set "data.phantom_counts=[12,12]" --set train.epochs=3)
surface=(--grid 17 --set landscape.probe_images=8)

# column NUMBER FILE: of a CSV, without its head.
column() { tail -n +2 "$2" | cut -d, -f"$1"; }

# A lesson: a row for each point, and the sentence says what the rows do.
expect_code 0 "$program" landscape "${lesson[@]}" "${surface[@]}" -o lesson.csv
[[ "$(head -n 1 lesson.csv)" == a,b,loss,known,bound ]] || fail "the head is $(head -n 1 lesson.csv)"
[[ "$(column 1 lesson.csv | wc -l)" == 289 ]] || fail "$(column 1 lesson.csv | wc -l) rows"
[[ "$(column 1,2 lesson.csv | sort -u | wc -l)" == 289 ]] || fail "points come twice"
evaluated="$(column 4 lesson.csv | grep -cE '^(evaluated|corrected)$')"
grep -qE "^$evaluated of 289 points were evaluated over 8 training images(; the others are predicted within [0-9.]+ % of the range of heights.*)?\.$" out ||
  fail "the sentence is: $(cat out)"
grep -qF "Saved in lesson.csv" out || fail "the place is not said: $(cat out)"
awk -F, 'NR > 1 && $4 == "evaluated" && $5 != 0 {exit 1} NR > 1 && $4 == "predicted" && !($5 > 0) {exit 1}' lesson.csv ||
  fail "an evaluated point has a bound, or a predicted one has none"
# What is predicted is as close to what would be evaluated as its bound says.
expect_code 0 "$program" landscape "${lesson[@]}" "${surface[@]}" --set landscape.error=0 -o all.csv
grep -qF "289 of 289 points were evaluated over 8 training images." out || fail "not all: $(cat out)"
paste -d, lesson.csv all.csv | awk -F, 'NR > 1 && $1 == $6 && $2 == $7 {same++; off = $3 - $8; if (off < 0) off = -off;
  if (off > 1.001 * $5 + 1e-5) {print "row " NR ": off by " off ", bound " $5; bad = 1}} END {exit bad || same != 289}' ||
  fail "predicted losses are farther off than their bound, or the planes differ"
expect_code 0 "$program" landscape "${lesson[@]}" "${surface[@]}" -o again.csv
cmp -s lesson.csv again.csv || fail "the same lesson gives other bytes"

# Both surfaces, and two parameters.
expect_code 0 "$program" landscape "${lesson[@]}" "${surface[@]}" --set landscape.surfaces=both -o both.csv
[[ "$(head -n 1 both.csv)" == a,b,loss,known,bound,test_loss,test_known,test_bound ]] || fail "the head is $(head -n 1 both.csv)"
grep -qE "training images.* over [0-9]+ test images" out || fail "the test set's surface is not told: $(cat out)"
expect_code 0 "$program" landscape "$source_dir/scenes/two-parameters.toml" --set two_parameters.surface=global-minimum --grid 9 -o two.csv
grep -qF "81 of 81 points were evaluated." out || fail "two parameters: $(cat out)"
awk -F, 'NR > 1 {d = $3 - ($1 * $1 + $2 * $2); if (d > 1e-5 || d < -1e-5) exit 1}' two.csv || fail "x^2 + z^2 is not in the file"

# A run: its end, and the way there, whether it was trained to the end or stopped before.
expect_code 0 "$program" train "${lesson[@]}" --out run
expect_code 0 "$program" landscape run "${surface[@]}" -o run.csv
cmp -s run.csv lesson.csv || fail "the run's landscape is not that of its lesson"
grep -qi "warning" err && fail "the run's way was not found again: $(cat err)"
ended_by INT "history.steps" part/checkpoint.safetensors "$program" train "${lesson[@]}" --set train.epochs=100000 --out part
expect_code 0 "$program" landscape part "${surface[@]}" -o part.vtp
grep -qi "warning" err && fail "the way of a stopped run was not found again: $(cat err)"
# A run that went on with another rate is no longer what its scene says: its end alone is shown, and it is said.
cp -r run gone-on
expect_code 0 "$program" train --resume gone-on --set train.epochs=4 --set train.rate=0.003
sed -i 's/^rate = .*/rate = 0.02/' gone-on/scene.toml
expect_code 0 "$program" landscape gone-on "${surface[@]}" -o gone-on.csv
grep -qF "its end is shown without its path" err || fail "another way was taken in silence: $(cat err)"

# A picture, where the engine is; the other formats ask for none.
expect_code 0 "$program" landscape "${lesson[@]}" "${surface[@]}" --size 320x240 -o surface.png
[[ "$(head -c 4 surface.png | tail -c 3)" == PNG ]] || fail "no picture"
grep -qE "^[0-9]+ of 289 points were evaluated" out || fail "the picture's points are not told: $(cat out)"
mkdir alone
cp "$program" alone/
expect_code 0 alone/fallline landscape "${lesson[@]}" "${surface[@]}" -o alone.csv
cmp -s alone.csv lesson.csv || fail "another surface without the engine"
expect_sentence 1 "libfallline_engine.so is missing" alone/fallline landscape "${lesson[@]}" -o alone.png

# Nothing is written over, nor what is read; the cure helps.
before="$(sha256sum lesson.csv run/* "$source_dir/scenes/first-light.toml")"
expect_sentence 1 "lesson.csv already exists" "$program" landscape "${lesson[@]}" "${surface[@]}" -o lesson.csv
expect_sentence 1 "surface.png already exists" "$program" landscape "${lesson[@]}" "${surface[@]}" -o surface.png
expect_sentence 1 "a file of the run itself" "$program" landscape run -o run/history.csv --replace
[[ "$before" == "$(sha256sum lesson.csv run/* "$source_dir/scenes/first-light.toml")" ]] || fail "something was written over"
expect_code 0 "$program" landscape "${lesson[@]}" "${surface[@]}" -o lesson.csv --replace
expect_code 0 "$program" landscape "${lesson[@]}" "${surface[@]}" -o new/folder/lesson.vtp

# One sentence for what is wrong; nothing is left behind.
expect_sentence 1 "surface.txt: give a name that ends in .csv" "$program" landscape "${lesson[@]}" -o surface.txt
expect_sentence 1 "give a name that ends in .csv" "$program" landscape "${lesson[@]}" -o surface
expect_sentence 1 "nosuch" "$program" landscape nosuch -o a.csv
expect_sentence 1 "grid must be 9, 17, 33, 65 or 129, not 20" "$program" landscape "${lesson[@]}" --grid 20 -o a.csv
expect_sentence 1 "--plane is of the landscape of one training" "$program" landscape "$source_dir/scenes/two-parameters.toml" --plane curvature -o a.csv
expect_code 0 "$program" landscape "${lesson[@]}" --plane curvature --grid 9 -o curved.csv
expect_sentence 1 "would make another run" "$program" landscape run --set train.epochs=9 -o a.csv
mkdir half
cp run/scene.toml run/weights.safetensors half/
expect_sentence 1 "half has no checkpoint.safetensors" "$program" landscape half -o a.csv
cp -r run torn
head -c 1000 run/checkpoint.safetensors > torn/checkpoint.safetensors
expect_sentence 1 "torn/checkpoint.safetensors" "$program" landscape torn -o a.csv
expect_code 2 "$program" landscape "${lesson[@]}"
expect_code 2 "$program" landscape "${lesson[@]}" --size big -o a.png
for left in surface.txt a.csv a.png; do [[ ! -e "$left" ]] || fail "$left was left behind"; done
finish
