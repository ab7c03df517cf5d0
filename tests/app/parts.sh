#!/usr/bin/env bash
# A film of several lessons: one after the other, the same every time, with the chapters of all, and resumed past the
# parts that are there. What is wrong with a part is said before the work.
source "$(dirname "${BASH_SOURCE[0]}")/common.sh" "$@"
small=(--size 320x240)

pictures() { find "$1" -name 'frame-*.png' | sort | xargs sha256sum | cut -d' ' -f1; }

mkdir lessons
cat > lessons/descent.toml << 'END'
title = "Descent"
[two_parameters]
optimizers = ["gradient-descent"]
steps = 40
grid = 17
END
cat > training.toml << 'END'
title = "Training"
[data]
image_size = 16
phantom_counts = [6, 6]
[train]
epochs = 9
batch_size = 4
[landscape]
grid = 9
[[timeline]]
time = 0
card = "Its own"
seconds = 0.5
END
cat > film.toml << 'END'
title = "Two lessons"
[film]
fps = 4
rehearse = true
[[part]]
scene = "lessons/descent.toml"
seconds = 2
[[part.timeline]]
time = 0
card = "Down"
seconds = 1
[[part.timeline]]
time = 1
pace = 20
caption = "The slope."
[[part]]
scene = "training.toml"
set = ["train.epochs=2"]
seconds = 2.5
END
expect_code 0 "$program" render film.toml "${small[@]}" -o one --srt
expect_code 0 "$program" render film.toml "${small[@]}" -o two
[[ "$(pictures one | wc -l)" == 18 ]] || fail "$(pictures one | wc -l) pictures instead of 2 and 2.5 seconds, four each"
[[ "$(pictures one)" == "$(pictures two)" ]] || fail "the same film has other pictures"
[[ "$(pictures one | sort -u | wc -l)" -ge 9 ]] || fail "nothing moves: $(pictures one | sort -u | wc -l) different pictures"
for words in "Down" "The slope." "Its own"; do
  grep -qF "$words" one/captions.srt || fail "the subtitles do not say \"$words\": $(cat one/captions.srt)"
done
grep -A1 '^00:00:02,000' one/captions.srt | grep -qF "Its own" || fail "the second part does not begin at 2 s: $(cat one/captions.srt)"
# The first part is there, and a picture of the second.
find one -name 'frame-0001[0-9].png' -delete
expect_code 0 "$program" render film.toml "${small[@]}" -o one --resume
[[ "$(pictures one)" == "$(pictures two)" ]] || fail "a film that went on has other pictures"
# One lesson goes over into the next: after the eighth picture, the last of the first part, half a second is a mixture.
expect_code 0 "$program" render film.toml "${small[@]}" --set film.dissolve=0 -o cut
for picture in 1 8 11 18; do
  name="$(printf 'frame-%05d.png' "$picture")"
  cmp -s "one/$name" "cut/$name" || fail "the dissolve has changed picture $picture"
done
for picture in 9 10; do
  name="$(printf 'frame-%05d.png' "$picture")"
  cmp -s "one/$name" "cut/$name" && fail "picture $picture is cut"
done
# And so where the last picture of the first part was there already.
rm one/frame-00009.png one/frame-0001*.png
expect_code 0 "$program" render film.toml "${small[@]}" -o one --resume
[[ "$(pictures one)" == "$(pictures two)" ]] || fail "a film that went on after its first part has other pictures"
# A film's chapters are those of all parts; a picture is the end of the last one.
expect_code 0 "$program" render film.toml "${small[@]}" -o film.mp4
ffprobe -v error -show_chapters film.mp4 | grep -F "title=" > chapters
[[ "$(tr '\n' ' ' < chapters)" == "TAG:title=Down TAG:title=The slope. TAG:title=Its own " ]] || fail "chapters: $(cat chapters)"
expect_code 0 "$program" render film.toml "${small[@]}" -o end.png

# wrong SENTENCE SED: of the film changed so.
wrong() {
  sed "$2" film.toml > wrong.toml
  expect_sentence 1 "$1" "$program" render wrong.toml "${small[@]}" -o wrong
}
wrong "wrong.toml: line 5: [[part]] 1: there is no " 's|lessons/descent|lessons/ascent|'
HOME="$PWD/none" wrong "[[part]] 2: there is no $PWD/none/training.toml" 's|training.toml|~/training.toml|'
wrong "line 16: [[part]] 2: $PWD/film.toml is a film of parts itself" 's|training.toml|film.toml|'
wrong "line 16: [[part]] 2: $PWD/training.toml: [train] epochs must be" 's|epochs=2|epochs=-2|'
wrong "[[part]] 1 has no key \"secnds\"" '0,/^seconds/s|^seconds|secnds|'
wrong "[[timeline]] 2 says when, but not what" '/^pace/d;/^caption/d'
wrong "line 2: train cannot stand beside [[part]]" '1s|$|\n[train]\nseed = 1|'
[[ -e wrong ]] && find wrong -name '*.png' | grep -q . && fail "something was drawn"
expect_sentence 1 "leave out --seconds" "$program" render film.toml "${small[@]}" --seconds 3 -o wrong
expect_sentence 1 "film.toml is a film of several lessons; fallline render makes it" "$program" train film.toml --out run
# The one that comes with the program: its parts are there, and what it says fits them.
expect_sentence 1 "leave out --seconds" "$program" render "$source_dir/scenes/films/five-experiments.toml" "${small[@]}" --seconds 3 -o five
finish
