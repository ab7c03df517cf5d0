#!/usr/bin/env bash
# The command line on small phantoms: exit codes, files, sentences for bad input.
source "$(dirname "${BASH_SOURCE[0]}")/common.sh" "$@"
quick=(--set data.image_size=16 --set "data.phantom_counts=[8,8]" --set train.epochs=2)

expect_code 0 "$program" --help
grep -q "render" out || fail "--help does not name its commands"
for command in train classify export data render backbone doctor; do
  expect_code 0 "$program" "$command" --help
done
expect_code 2 "$program" train --no-such-option
expect_code 2 "$program" train $'--no\x1b[31msuch'
grep -q $'\x1b' err && fail "an argument reaches the terminal as it is"
expect_code 2 "$program" render
expect_code 2 "$program" render -o x.png --size huge
expect_code 0 "$program" doctor
grep -q "oneDNN" out || fail "doctor does not name oneDNN"
grep -q "Drawing" out || fail "doctor does not say what draws"

grep -q "^CUDA" out || fail "doctor does not speak of CUDA"
# Without a GPU: one sentence where it was asked for by name, the CPU where it was not.
if ! command -v nvidia-smi > /dev/null; then
  expect_sentence 1 "Cannot train with CUDA" "$program" train "${quick[@]}" --backend cuda --out none
  expect_code 0 "$program" train "${quick[@]}" --backend auto --out automatic
  grep -q '"device": "CPU' automatic/report.json || fail "without a GPU, auto is not the CPU"
fi
expect_code 2 "$program" train --backend gpu
for option in "--backend cpu" --tf32 --any-order; do
  # shellcheck disable=SC2086
  expect_code 2 "$program" $option train
done
# Nothing that is given is dropped in silence: what stands before the command, what is empty, what another excludes.
mkdir none
expect_sentence 2 "none stands before train" "$program" none train
expect_sentence 2 "set stands before train" "$program" --set train.epochs=1 train
expect_sentence 2 "scene-keys stands before train" "$program" --scene-keys train
expect_sentence 2 "Argument 2 is empty" "$program" train ""
expect_sentence 2 "Argument 3 is empty" "$program" train --out ""
expect_sentence 2 "are of a picture" "$program" landscape none -o none.csv --size 640x480
expect_sentence 2 "are of a picture" "$program" landscape none -o none.vtp --device gpu
for option in --fps --seconds; do
  expect_code 2 "$program" render none -o film "$option" nan
done
expect_code 2 "$program" backbone -o none.safetensors --rate nan
# A slip of the hand is called one.
expect_sentence 2 'did you mean "train"' "$program" trian none
expect_sentence 2 'did you mean "classify"' "$program" clasify
expect_sentence 2 'did you mean "--help"' "$program" help
rmdir none
expect_code 0 "$program" data --phantom 2 --set data.image_size=16 -o own
expect_sentence 1 "takes the place of its images" "$program" data own --phantom 2 -o phantoms
rm -r own
# What is for CUDA alone is not dropped in silence where the CPU trains.
expect_code 0 "$program" train "${quick[@]}" --backend cpu --tf32 --any-order --out ignored
grep -q -- "--tf32 and --any-order will change nothing" err || fail "options for CUDA are dropped in silence: $(cat err)"
expect_code 0 "$program" train "${quick[@]}" --backend cpu --out ignored --replace
grep -q "will change nothing" err && fail "a warning about options that nobody gave"
for command in train render; do
  "$program" "$command" --help | grep -q -- "--any-order" || fail "$command has no --any-order"
done

# Training: the files of a run folder, the same bytes twice.
expect_code 0 "$program" train "${quick[@]}" --out a --json report.json
for file in scene.toml history.csv report.json weights.safetensors checkpoint.safetensors; do
  [[ -s "a/$file" ]] || fail "a/$file is missing"
done
cmp -s a/report.json report.json || fail "--json is not the run folder's report"
expect_code 0 "$program" train "${quick[@]}" --out b
for file in history.csv weights.safetensors scene.toml; do
  cmp -s "a/$file" "b/$file" || fail "$file differs between two equal runs"
done
expect_code 0 "$program" train a/scene.toml --out c
cmp -s a/weights.safetensors c/weights.safetensors || fail "the saved scene does not repeat the run"
# A network listed layer by layer, augmented and balanced: what is saved repeats the run, too.
options=(--set "train.augment={flip=true,rotate=10}" --set train.balance=sample)
expect_code 0 "$program" train "$source_dir/scenes/own-network.toml" "${quick[@]}" "${options[@]}" --out own
grep -q "balanced accuracy" out || fail "train does not say the balanced accuracy"
expect_code 0 "$program" train own/scene.toml --out own2
for file in history.csv weights.safetensors scene.toml; do
  cmp -s "own/$file" "own2/$file" || fail "$file of the saved layer list differs"
done
expect_sentence 1 "remove one of the two" "$program" train own/scene.toml --set network.name=mlp
expect_code 0 "$program" train "${quick[@]}" --set train.seed=2 --out d
cmp -s a/weights.safetensors d/weights.safetensors && fail "another seed gave the same weights"

# Pictures.
expect_code 0 "$program" render "${quick[@]}" --set landscape.grid=9 -o end.png --size 640x360
[[ "$(head -c 8 end.png | od -An -tx1 | tr -d ' \n')" == 89504e470d0a1a0a ]] || fail "end.png is no PNG"
expect_code 0 "$program" render "${quick[@]}" --set landscape.grid=9 -o film --size 320x240 --fps 4 --seconds 1
[[ "$(find film -name 'frame-*.png' | wc -l)" == 4 ]] || fail "a film of one second at 4 frames a second is not 4 frames"
cmp -s film/frame-00001.png film/frame-00004.png && fail "nothing moves in the film"
expect_code 0 "$program" render "${quick[@]}" --set landscape.grid=9 -o film2 --size 320x240 --fps 4 --seconds 1
for i in 1 2 3 4; do
  cmp -s "film/frame-0000$i.png" "film2/frame-0000$i.png" || fail "frame $i differs between two equal films"
done

# Bad input: one sentence, exit code 1.
expect_sentence 1 "There is no file or folder nosuch.tm" "$program" train nosuch.tm
first_light="$source_dir/scenes/first-light.toml"
expect_sentence 1 'no layer "conv 9"' "$program" render "$first_light" --set 'view.tile="conv 9:1"' -o tile.png
expect_sentence 1 "from 1 to 16" "$program" render "$first_light" --set 'view.tile="conv 1:17"' -o tile.png
expect_sentence 1 "only one number per channel" "$program" render "$first_light" --set 'view.tile="average pool:2"' -o tile.png
expect_sentence 1 "room" "$program" render "$first_light" --set view.wall=ceiling -o tile.png
echo "no zip" > broken.tm
expect_sentence 1 "broken.tm" "$program" train broken.tm
echo "hello" > foreign.txt
expect_sentence 1 "foreign.txt" "$program" train foreign.txt
mkdir -p empty
expect_sentence 1 "empty" "$program" train empty
printf '[train]\nepochs = 2\nrte = 1\n' > misspelt.toml
expect_sentence 1 'line 3' "$program" train misspelt.toml
grep -qF '"rate"' err || fail "the nearest key is not named"
printf '[train\n' > syntax.toml
expect_sentence 1 'syntax.toml, line 1' "$program" train syntax.toml
expect_sentence 1 "whole number from 1" "$program" train --set train.epochs=0
expect_sentence 1 "table.key=value" "$program" train --set epochs
: > plain
expect_sentence 1 "plain" "$program" train "${quick[@]}" --out plain/run
expect_sentence 1 "end.txt" "$program" render "${quick[@]}" -o end.txt
expect_sentence 1 "nothing like it" "$program" render "${quick[@]}" -o x.png --device "nothing like it"
# The loader's own messages come with validation.
VK_ICD_FILENAMES=/nonexistent.json VK_DRIVER_FILES=/nonexistent.json FALLLINE_VALIDATION=0 \
  expect_sentence 1 "Vulkan" "$program" render "${quick[@]}" -o x.png
expect_sentence 1 "display" env -u DISPLAY -u WAYLAND_DISPLAY "$program" "${quick[@]}"

# The images as the network sees them, for a person and as data again; a project that trains.
expect_code 2 "$program" data
expect_code 2 "$program" data --phantom 0 -o none
expect_code 0 "$program" data "${quick[@]}" -o images
[[ "$(find images/Hemorrhage -name '*.png' | wc -l)" == 8 ]] || fail "not one file for each haemorrhage"
[[ "$(find images -maxdepth 1 -type f)" == images/sheet.png ]] || fail "no sheet beside the class folders"
[[ "$(head -c 8 images/sheet.png | od -An -tx1 | tr -d ' \n')" == 89504e470d0a1a0a ]] || fail "sheet.png is no PNG"
expect_code 0 "$program" data images --set data.image_size=16 -o again
cmp -s images/sheet.png again/sheet.png || fail "the saved folder does not open as the same images"
expect_code 0 "$program" train images --set data.image_size=16 --set train.epochs=1 --out from_images
expect_code 0 "$program" data --phantom 3 --set data.image_size=16 --set "data.colour_range=[50, 90]" -o red
expect_code 0 "$program" data --phantom 4 -o heads.tm
expect_code 0 "$program" train heads.tm --set data.image_size=16 --set train.epochs=1 --out from_project
grep -q '"train_images": 6' from_project/report.json || fail "the project does not hold four images a class"
for scene in "$source_dir"/scenes/*.toml; do
  if grep -q '^\[two_parameters\]' "$scene"; then
    expect_code 0 "$program" render "$scene" --set two_parameters.steps=3 --size 320x240 -o two-parameters.png
    expect_sentence 1 "has no images" "$program" data "$scene" -o scene-two
    expect_sentence 1 "no network" "$program" train "$scene" --out scene-two
    continue
  fi
  if grep -q '^\[trainability\]' "$scene"; then
    expect_sentence 1 "has no images" "$program" data "$scene" -o scene-rates
    expect_sentence 1 "has no images" "$program" train "$scene" --out scene-rates
    continue
  fi
  expect_code 0 "$program" data "$scene" --phantom 2 --set data.image_size=16 -o "scene-$(basename "$scene" .toml)"
done

# Colour where there is any, said and kept: resuming and classifying need not look again.
expect_code 0 "$program" data --phantom 2 --set data.image_size=16 -o grey-heads
grep -qF "colour: none in these images" err || fail "it is not said that phantoms are grey: $(cat err)"
expect_code 0 "$program" train red --set data.image_size=16 --set train.epochs=1 --out from_red
grep -qF "colour: kept, because Hemorrhage/" err || fail "it is not said that there is colour: $(cat err)"
grep -qx "channels = 3" from_red/scene.toml || fail "the run does not keep that it is in colour"
grep -qF '[data]\nchannels = 3' from_red/weights.safetensors || fail "the weights do not keep that they are in colour"
expect_code 0 "$program" train --resume from_red --set train.epochs=2
expect_code 0 "$program" classify from_red red/Normal
expect_code 0 "$program" train red --set data.channels=1 --set data.image_size=16 --set train.epochs=1 --out grey
grep -qx "channels = 1" grey/scene.toml || fail "the run does not keep that it is grey"
expect_sentence 1 '"auto", 1 (luminance) or 3 (colour)' "$program" data --set data.channels=colour -o none

# Bad data: one sentence, exit code 1; a broken image among good ones is named and left out.
expect_sentence 1 "is not empty" "$program" data "${quick[@]}" -o images
expect_sentence 1 "plain/x" "$program" data "${quick[@]}" -o plain/x
expect_sentence 1 "plain/x.tm" "$program" data --phantom 2 -o plain/x.tm
expect_sentence 1 '"brain", "subdural" or "bone"' "$program" data --set data.window=brian -o none
expect_sentence 1 "is not below" "$program" data --set "data.colour_range=[90, 50]" -o none
expect_sentence 1 "channels must be 3" "$program" data --set "data.colour_range=[50, 90]" --set data.channels=1 -o none
cp -r images damaged
first="$(find damaged/Normal -name '*.png' | sort | head -n 1)"
head -c 60 "$first" > half && mv half "$first"
expect_code 0 "$program" train damaged --set data.image_size=16 --set train.epochs=1 --out from_damaged
grep -qF "$(basename "$first")" err || fail "the broken image is not named"
grep -q '"skipped_images": 1' from_damaged/report.json || fail "the broken image is not counted"
find damaged/Normal -name '*.png' | sort | tail -n +3 | xargs rm
expect_code 1 "$program" train damaged --set data.image_size=16 --out none
grep -qF '"Normal"' err || fail "a class with a single usable image is not named"
find damaged/Normal -name '*.png' -delete
expect_sentence 1 "\"Normal\" (no usable images" "$program" train damaged --set data.image_size=16 --out none
if [[ "$(id -u)" != 0 ]]; then
  cp heads.tm secret.tm && chmod 000 secret.tm
  expect_sentence 1 "permissions" "$program" train secret.tm
fi

# Divergence is a result, not a failure.
expect_code 0 "$program" train "${quick[@]}" --set train.rate=1e6 --set train.optimizer=gradient-descent --set train.epochs=20 --out diverged
grep -q '"state": "diverged"' diverged/report.json || fail "a diverged run does not say so"

# An interrupted run keeps what there is.
ended_by INT "epoch   2" err "$program" train "${quick[@]}" --set train.epochs=100000 --out stopped
[[ "$code" == 130 ]] || fail "an interrupted run ends with $code"
grep -q '"state": "stopped"' stopped/report.json || fail "an interrupted run does not say so"
finish
