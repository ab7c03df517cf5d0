#!/usr/bin/env bash
# What a lesson's images may come in, as people have it: opened, or a sentence that helps when it is followed.
source "$(dirname "${BASH_SOURCE[0]}")/common.sh" "$@"
quick=(--set data.image_size=16 --set train.epochs=1)
"$MAKE_BAD_FILES" . || fail "the files cannot be made"

# trains ARGUMENTS...: and keeps the results in the folder "trained".
trains() {
  rm -rf trained
  expect_code 0 timeout 60 "$program" train "$@" --out trained
}

# A file is what its content says.
for name in mixed.Tm own.tm.zip own own.png; do
  cp good.tm "$name"
  trains "$name" "${quick[@]}"
  grep -q "shuffle = .once." trained/scene.toml || fail "$name is not opened as a project"
done
grep -q "title = .own." trained/scene.toml || fail "the title is not the project's name"
trains own.tm.zip "${quick[@]}"
grep -q "title = .own." trained/scene.toml || fail "a double ending stays in the title"
printf '[train]\nepochs = 1\n[data]\nsource = "good.tm"\nimage_size = 16\n' > lesson.toml.txt
trains lesson.toml.txt
grep -q "epochs = 1" trained/scene.toml || fail "a scene of another name is not opened as one"
echo "# notes" > notes.txt
expect_sentence 1 "notes.txt is a text file, not a" "$program" train notes.txt
trains good.tm "${quick[@]}"
# What the program's own backbone cannot know is spoken of, once, with what to do.
trains good.tm --set train.epochs=1
[[ "$(grep -c "not look like head CT.*network.backbone to a Teachable Machine export, or to none" err)" == 1 ]] || fail "not one hint: $(cat err)"
expect_sentence 1 "trained is the folder of a run" "$program" train trained

# A project with a setting that cannot be used: the value is shown, and --set wins.
expect_sentence 1 "trainEpochs is 0, not a whole number above 0" "$program" train epochs0.tm
trains epochs0.tm "${quick[@]}" --set train.epochs=2
grep -q "epochs = 2" trained/scene.toml || fail "--set does not win over a project's setting"

# Classes with too few images: all are named, and following the advice helps.
expect_sentence 1 '"B" (1 usable image); a class needs at least 2' "$program" train small.tm "${quick[@]}" --out refused
grep -qF "add samples in Teachable Machine" err || fail "the advice is not for a project: $(cat err)"
advice="$(grep -o 'data.leave_out_small_classes=true' err)"
trains small.tm "${quick[@]}" --set "$advice"
grep -qF 'small.tm for having fewer than 2 usable images: "B"' err || fail "a class is left out without a word"
grep -q '"Cats/Dogs"' trained/report.json || fail "the class Cats/Dogs is not in the report"

# A class called Cats/Dogs has safe file names, and a project of its own again.
expect_code 0 "$program" data small.tm "${quick[@]}" --set "$advice" -o pictures
[[ -d pictures/Cats-Dogs ]] || fail "the folder of a class is not safe: $(ls pictures)"
expect_code 0 "$program" data small.tm --set "$advice" -o again.Tm
trains again.Tm "${quick[@]}"
grep -q '"Cats/Dogs"' trained/report.json || fail "the class Cats/Dogs is lost in a project"

# What "data" saved of another set, put among the classes: its subfolders are used and named, its sheet is passed over.
mkdir -p among
for class in A B; do cp -r pictures/Cats-Dogs "among/$class"; done
cp -r pictures among/other
trains among "${quick[@]}"
grep -qF "are in subfolders of the class folders" err || fail "subfolders are used without a word: $(cat err)"
grep -qF 'In the class "other"' err || fail "the sheet of a saved set is not passed over by name: $(cat err)"

# Real inputs that failed once.
if [[ -d "$data/found" ]]; then
  for name in macosx ext-some ext-jfif nested project.tm.zip finder-folder.tm names-slash.tm mixed.Tm nfcnfd names-cp932.tm; do
    trains "$data/found/$name" "${quick[@]}"
  done
  expect_sentence 1 "only 8 .dcm files" "$program" train "$data/found/dicom"
  expect_sentence 1 "open $data/found/traintest/train." "$program" train "$data/found/traintest"
  trains "$data/found/traintest/train" "${quick[@]}"
  expect_code 0 "$program" classify trained "$data/found/c-backslash.zip"
  [[ "$(grep -c "IMG_[01].JPG" out)" == 2 && ! -s err ]] || fail "an archive with backslashes: $(cat out err)"
else
  printf 'without real inputs: %s is not there (FALLLINE_TEST_DATA names the folder)\n' "$data/found"
fi
finish
