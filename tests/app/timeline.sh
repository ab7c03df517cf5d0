#!/usr/bin/env bash
# A scene's timeline: films by it are the same every time, last as long as it says, and what it cannot do is said before
# the work.
source "$(dirname "${BASH_SOURCE[0]}")/common.sh" "$@"
small=(--size 320x240)

pictures() { find "$1" -name 'frame-*.png' | sort | xargs sha256sum | cut -d' ' -f1; }
duration() { ffprobe -v error -show_entries format=duration -of default=nw=1:nk=1 "$1" | cut -d. -f1; }

cat > lesson.toml << 'END'
[data]
image_size = 16
phantom_counts = [6, 6]
[train]
epochs = 4
batch_size = 4
[landscape]
grid = 9
[film]
fps = 6
rehearse = true
[[view.cues]]
watch = "The ball."
[[timeline]]
time = 0
card = "A lesson"
subtitle = "in a few seconds"
seconds = 1
[[timeline]]
time = 1
pace = 4
cue = 1
camera = {yaw = 10, pitch = 40, distance = 0}
[[timeline]]
epoch = 2
do = "rate 0.01"
caption = "Ten times the rate."
seconds = 1
camera = {yaw = 70, distance = 2.5, orbit = 8}
[[timeline]]
time = 4
show = {theme = "light"}
caption = "The end."
place = "top"
seconds = 1
END
expect_code 0 "$program" render lesson.toml "${small[@]}" -o one --srt
expect_code 0 "$program" render lesson.toml "${small[@]}" -o two
[[ "$(pictures one | wc -l)" == 30 ]] || fail "$(pictures one | wc -l) pictures instead of five seconds, six each"
[[ "$(pictures one)" == "$(pictures two)" ]] || fail "the same timeline draws other pictures"
[[ "$(pictures one | sort -u | wc -l)" -ge 22 ]] || fail "nothing moves: $(pictures one | sort -u | wc -l) different pictures"
for words in "A lesson: in a few seconds" "Ten times the rate." "The end." "Watch: The ball."; do
  grep -qF "$words" one/captions.srt || fail "the subtitles do not say \"$words\": $(cat one/captions.srt)"
done
# The command line has the last word on length and rate.
expect_code 0 "$program" render lesson.toml "${small[@]}" --fps 2 --seconds 2 -o film.mp4
[[ "$(duration film.mp4)" == 2 ]] || fail "film.mp4 lasts $(duration film.mp4) s"
# A picture is the end of it, and a folder goes on where it stopped.
expect_code 0 "$program" render lesson.toml "${small[@]}" -o end.png
rm one/frame-0002*.png one/frame-00030.png
expect_code 0 "$program" render lesson.toml "${small[@]}" -o one --resume
[[ "$(pictures one)" == "$(pictures two)" ]] || fail "a film that went on has other pictures"
# The scene that a run keeps has the timeline, too.
expect_code 0 "$program" train lesson.toml --out run
grep -q '^\[\[timeline\]\]' run/scene.toml || fail "the run's scene has lost its timeline: $(cat run/scene.toml)"
expect_code 0 "$program" render run/scene.toml "${small[@]}" -o three
[[ "$(pictures three)" == "$(pictures two)" ]] || fail "the run's scene makes another film"

# wrong TEXT SENTENCE: what stands at the end of the scene, and what is said of it.
wrong() {
  { cat lesson.toml; printf '[[timeline]]\n%s\n' "$1"; } > wrong.toml
  expect_sentence 1 "$2" "$program" render wrong.toml "${small[@]}" -o wrong
}
wrong 'pace = 1' "wrong.toml: line 36: [[timeline]] 5 needs one of time, step and epoch"
wrong $'time = 2\ndo = "rat 3"' "[[timeline]] 5 do: there is no command \"rat\"; "
wrong $'epoch = 9\ncue = 0' "[[timeline]] 5 waits for epoch 9, but the lesson ends at epoch 4"
wrong $'time = 1\ncamera = {yaw = 3}' "has a key of the camera at 1.00 s, where another entry has one, too"
wrong $'time = 1\nshow = {them = "light"}' "no view has \"them\""
[[ -e wrong ]] && find wrong -name '*.png' | grep -q . && fail "something was drawn"

# The films of one lesson that come with the program, their first picture and their last.
for scene in "$source_dir"/scenes/films/*.toml; do
  grep -q '^\[\[part\]\]' "$scene" && continue
  name="$(basename "$scene" .toml)"
  expect_code 0 "$program" render "$scene" "${small[@]}" --fps 1 --seconds 3 -o "$name"
  [[ "$(pictures "$name" | wc -l)" == 3 ]] || fail "$name: $(pictures "$name" | wc -l) pictures"
done
finish
