#!/usr/bin/env bash
# Figures for papers and slides: of a run that was saved, and contour maps.
source "$(dirname "${BASH_SOURCE[0]}")/common.sh" "$@"
quick=(--set data.image_size=16 --set "data.phantom_counts=[8,8]" --set train.epochs=3)
expect_code 0 "$program" train "${quick[@]}" --set "title=\"Köpfe & <Bilder>\"" --out run
begins() { [[ "$(head -c "${#2}" "$1" | tr -d '\0')" == "$2" ]] || fail "$1 does not begin with $2"; }

for of in all curves confusion; do
  expect_code 0 "$program" figure run -o "$of.svg" --of "$of"
  expect_code 0 "$program" figure run -o "$of.pdf" --of "$of"
  expect_code 0 "$program" figure run/report.json -o "$of.png" --of "$of"
  begins "$of.svg" "<?xml"
  begins "$of.pdf" "%PDF"
  [[ "$(head -c 4 "$of.png" | tail -c 3)" == PNG ]] || fail "$of.png is no PNG"
  python3 -c 'import sys, xml.dom.minidom; xml.dom.minidom.parse(sys.argv[1])' "$of.svg" || fail "$of.svg is no XML"
done
# The same run gives the same picture.
expect_code 0 "$program" figure run -o again.png
cmp -s all.png again.png || fail "the same run gives another picture"

expect_code 0 "$program" landscape run --grid 9 -o map.svg
grep -q "points were evaluated" out || fail "how much is known is not said: $(cat out)"
begins map.svg "<?xml"
expect_code 0 "$program" landscape "$source_dir/scenes/two-parameters.toml" --set two_parameters.steps=20 --grid 17 -o descents.pdf
begins descents.pdf "%PDF"

expect_sentence 1 "call it NAME.png, NAME.svg or NAME.pdf" "$program" figure run -o curves.jpg
[[ ! -e curves.jpg ]] || fail "a file is left"
expect_sentence 1 "all.svg already exists" "$program" figure run -o all.svg
expect_code 0 "$program" figure run -o all.svg --replace
expect_sentence 1 "name a run folder saved by" "$program" figure nowhere -o a.svg
expect_sentence 1 "is not the report of a run" "$program" figure all.svg -o a.svg
expect_sentence 1 "a file of the run itself" "$program" figure run -o run/report.json
printf '{"scene": "x", "epochs": [], "classes": ["a"], "confusion_matrix": null}' > empty.json
expect_sentence 1 "has no epoch to draw" "$program" figure empty.json -o a.svg
expect_sentence 1 "has no confusion matrix" "$program" figure empty.json --of confusion -o a.svg
printf '{"scene": "x", "epochs": [], "classes": ["a"], "confusion_matrix": [[1, 2]]}' > wrong.json
expect_sentence 1 "is not the report of a run" "$program" figure wrong.json -o a.svg
expect_code 2 "$program" figure run -o a.svg --of everything
# One that diverged has gaps, and no matrix.
"$program" train "${quick[@]}" --set train.optimizer=momentum --set train.rate=1e6 --out diverged > out 2> err
expect_code 0 "$program" figure diverged -o diverged.svg
finish
