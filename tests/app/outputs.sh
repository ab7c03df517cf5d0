#!/usr/bin/env bash
# What the program writes is never what it reads or must keep: not among the images, not an input, not an earlier run;
# what is no regular file is written through; what does not get out is said.
source "$(dirname "${BASH_SOURCE[0]}")/common.sh" "$@"
quick=(--set data.image_size=16 --set "data.phantom_counts=[4,4]" --set train.epochs=1)
film=(--set landscape.grid=9 --size 320x240 --fps 4)

# What lies below, with its contents: to see that nothing has changed.
state() { find "${1:-.}" ! -name out ! -name err \( -type f -exec sha256sum {} + -o -printf '%y %p %l\n' \) | sort; }

# within FOLDER refused ...: runs the program there.
folder=.
in_folder() { (cd "$folder" && exec "$@"); }
within() {
  folder="$1"
  shift
  "$@"
  folder=.
}

# refused TEXT COMMAND...: one sentence that holds TEXT, and everything is as before.
refused() {
  local text="$1" before
  shift
  before="$(state)"
  expect_sentence 1 "$text" in_folder timeout 60 "$program" "$@"
  [[ "$(state)" == "$before" ]] || fail "something was written: $*: $(diff <(printf '%s' "$before") <(state))"
}

expect_code 0 "$program" data "${quick[@]}" -o base
rm base/sheet.png
expect_code 0 "$program" data "${quick[@]}" -o own.tm

# Among the images: refused for every command, however the place is spelt, and the advice helps.
expect_code 0 "$program" train base/ "${quick[@]}" --out run
ln -s base link
mkdir -p elsewhere/C linked
ln -s ../elsewhere/C linked/C
cp -r base/Normal linked/
printf '[data]\nsource = "base"\n' > of_base.toml
refused "would lie among the images in $PWD/base; choose a place outside that folder" train base --out base/run
refused "--out $PWD/base-results" train base --out link/run
refused "among the images" train link --out base/Normal/run
refused "among the images" train of_base.toml --out elsewhere/../base/run
refused "among the images" train linked --out elsewhere/C/run
refused "among the images" data base -o base/pics
refused "among the images" data base -o base/pics.tm
refused "among the images" render base -o base/film
refused "among the images" render base -o base/end.png
refused "among the images" train base --out base-run --json base/report.json
within base refused "for example --out $PWD/base-results" train .
within base/Normal refused "for example --out $PWD/base-results" train ..
expect_code 0 "$program" train base "${quick[@]}" --out "$PWD/base-results"
rm -r base-results
expect_code 0 "$program" train base "${quick[@]}" --out base/../beside
rm -r beside

# An input is never written, whatever it is called.
ln own.tm twin.tm
ln -s own.tm alias.tm
printf '# mine\n[train]\nepochs = 1\n' > mine.toml
image="$(find base/Normal -name '*.png' | sort | head -n 1)"
refused "own.tm is the file to open and must not be overwritten" data own.tm -o own.tm
for name in twin.tm alias.tm ./own.tm; do refused "must not be overwritten" data own.tm -o "$name" --replace; done
printf '[data]\nsource = "own.tm"\n' > of_own.toml
refused "own.tm is the file with the images" data of_own.toml -o own.tm --replace
refused "own.tm is the file to open" train own.tm "${quick[@]}" --out o --json own.tm
refused "mine.toml is the file to open" train mine.toml "${quick[@]}" --out o --json mine.toml
refused "a file of the run itself" train mine.toml "${quick[@]}" --out o --json o/weights.safetensors
refused "a file of the run itself" train --resume run --json run/checkpoint.safetensors
refused "is one of the inputs to classify" classify run "$image" --json "$image"
refused "a file of the run itself" classify run "$image" --json run/weights.safetensors
refused "a file of the run itself" classify run/weights.safetensors "$image" --json run/report.json
mkdir own && cp mine.toml own/scene.toml
refused "own/scene.toml is the file to open" train own/scene.toml "${quick[@]}" --out own
refused "own/scene.toml is the file to open" train own/scene.toml "${quick[@]}" --out own --replace

# Nor what is somebody else's; but one's own earlier report is.
printf 'notes' > notes.txt
printf '{"mine": 1}' > mine.json
cp own.tm other.tm
refused "notes.txt already exists and is not a report" train "${quick[@]}" --out o --json notes.txt
refused "mine.json already exists and is not a report" classify run "$image" --json mine.json
refused "is not a report from \"fallline classify\"" classify run "$image" --json "$(find base/Hemorrhage -name '*.png' | head -n 1)"
refused "other.tm already exists" data "${quick[@]}" -o other.tm
cp notes.txt notes.png
refused "notes.png already exists and is not a PNG" render "${quick[@]}" -o notes.png
expect_code 0 "$program" classify run "$image" --json said.json
expect_code 0 "$program" classify run "$image" --json said.json
expect_code 0 "$program" data "${quick[@]}" -o other.tm --replace
cmp -s own.tm other.tm || fail "the project was not replaced"

# Runs: a second one takes the next name, and says so; a folder that is named must be empty.
mkdir -p a b place
cp own.tm a/project.tm
expect_code 0 "$program" data "${quick[@]}" --set train.seed=5 -o b/project.tm
expect_code 0 within place in_folder "$program" train ../a/project.tm "${quick[@]}"
first="$(state place/out/project)"
expect_code 0 within place in_folder "$program" train ../b/project.tm "${quick[@]}"
grep -qF "out/project holds an earlier run, so this one is saved in out/project-2" err || fail "the new name is not said"
grep -qxF "Saved in out/project-2" out || fail "the new name is not where it is saved"
expect_code 0 within place in_folder "$program" train ../b/project.tm "${quick[@]}"
[[ -s place/out/project-3/weights.safetensors ]] || fail "the third run is not in out/project-3"
[[ "$(state place/out/project)" == "$first" ]] || fail "a later run changed an earlier one"
expect_code 0 "$program" train --resume place/out/project-2
refused "place/out/project holds an earlier run; choose another folder with --out" train base --out place/out/project
refused "--resume place/out/project\", or replace it with --replace" train --resume place/out/project-2 --out place/out/project
mkdir foreign && cp notes.txt foreign/
refused "The folder foreign is not empty" train "${quick[@]}" --out foreign
expect_code 0 "$program" train base "${quick[@]}" --out place/out/project --replace
grep -q '^title = .base.' place/out/project/scene.toml || fail "the run was not replaced"
expect_code 0 within place in_folder "$program" train ../base/ "${quick[@]}"
grep -q '^base: finished' out || fail "with a slash at its end a folder has no name: $(cat out)"
[[ -s place/out/base/weights.safetensors ]] || fail "with a slash at its end a folder has no run folder"

# Killed while it replaces a run: nothing old is left among the new.
ended_by KILL "^epoch" err "$program" train "${quick[@]}" --set train.epochs=100000 --out place/out/project --replace
[[ "$(find place/out/project -type f ! -name '*.part' -printf '%f\n' | sort | tr '\n' ' ')" == "checkpoint.safetensors scene.toml " ]] ||
  fail "old files are left: $(ls place/out/project)"
expect_code 1 "$program" classify place/out/project "$image"

# Two at once: the second is refused, or takes the next name; a killed one does not bar the folder.
"$program" train "${quick[@]}" --set train.epochs=100000 --out both > /dev/null 2> log &
pid=$!
for _ in $(seq 200); do grep -q "^epoch" log && break; sleep 0.05; done
expect_sentence 1 "Another program is writing to both" "$program" train "${quick[@]}" --out both
expect_sentence 1 "Another program is writing to both" "$program" train "${quick[@]}" --out both/ --replace
expect_sentence 1 "Another program is writing to both" "$program" train --resume both
kill -9 "$pid"
wait "$pid" 2> /dev/null
ended_by INT "^epoch" err "$program" train --resume both
[[ "$code" == 130 ]] || fail "an interrupted run ends with $code: $(cat err)"
[[ -s both/weights.safetensors ]] || fail "a killed run cannot be resumed"
for _ in 1 2 3 4; do (cd place && exec "$program" train ../of_base.toml "${quick[@]}" > /dev/null 2>> ../log) & done
wait
[[ "$(find place/out -path '*/of_base*' -name report.json | wc -l)" == 4 ]] || fail "of four runs at once some are lost: $(ls place/out; cat log)"

# What is left half written by a killed process goes with the next run there.
mkdir swept
touch swept/weights.safetensors.00ff.part swept/scene.toml.4711.part
expect_code 0 "$program" train "${quick[@]}" --out swept
[[ -z "$(find swept -name '*.part')" ]] || fail "left: $(ls swept)"

# A film: no older frames among the new ones.
expect_code 0 "$program" render "${quick[@]}" "${film[@]}" --seconds 1 -o film
expect_code 0 "$program" render "${quick[@]}" "${film[@]}" --seconds 0.5 -o shorter
refused "film holds the frames of an earlier film" render "${quick[@]}" "${film[@]}" --seconds 1 -o film
expect_code 0 "$program" render "${quick[@]}" "${film[@]}" --seconds 0.5 -o film --replace
diff -r film shorter > /dev/null || fail "older frames are among the new ones: $(ls film)"
expect_code 0 "$program" render "${quick[@]}" "${film[@]}" --seconds 1 -o end.png
expect_code 0 "$program" render "${quick[@]}" "${film[@]}" --seconds 1 -o end.png

# A film of something else among the classes, and a picture inside one: not trained on the next time.
cp -r base filmed
expect_code 0 "$program" render "${quick[@]}" "${film[@]}" --seconds 0.5 -o filmed/film
expect_code 0 "$program" render "${quick[@]}" "${film[@]}" -o filmed/Normal/end.png
expect_code 0 "$program" train filmed --set data.image_size=16 --set train.epochs=1 --out from_filmed
grep -qF 'The folder "film" in filmed holds only 2 pictures drawn by Fall Line and is not a class.' err || fail "a film is passed over without a word: $(cat err)"
grep -q '"film"' from_filmed/report.json && fail "a film is a class"

# Written through: a pipe; a link is followed; standard output by its names. No device as root: a program that is wrong
# would replace it.
expect_code 0 "$program" classify run base --json whole.json
mkfifo pipe
timeout 20 cat pipe > from_pipe &
expect_code 0 timeout 20 "$program" classify run base --json pipe
wait $!
cmp -s from_pipe whole.json || fail "a pipe does not get the JSON"
[[ -p pipe ]] || fail "the pipe is replaced"
cp said.json target.json
ln -s target.json link.json
expect_code 0 "$program" classify run base --json link.json
cmp -s target.json whole.json || fail "a link is not followed"
[[ -L link.json ]] || fail "the link is replaced"
for name in - /proc/self/fd/1; do
  "$program" classify run base --json "$name" > json_out 2> /dev/null || fail "--json $name: exit code $?"
  cmp -s json_out whole.json || fail "--json $name is not the JSON alone"
  "$program" classify run base --json "$name" 2> /dev/null | cmp -s - whole.json || fail "--json $name into a pipe"
done
[[ -e ./- ]] && fail "there is a file called -"
expect_code 0 "$program" train base "${quick[@]}" --out to_out --json -
cmp -s out to_out/report.json || fail "train --json - is not the report alone"
timeout 20 cat pipe > from_pipe &
expect_code 0 timeout 20 "$program" train base "${quick[@]}" --out to_pipe --json pipe
wait $!
cmp -s from_pipe to_pipe/report.json || fail "a pipe does not get the report"

# Standard output that takes nothing is an error, once, and the files are there all the same.
for command in "classify run base" doctor --help --version "train --help" "data --phantom 2 --set data.image_size=16 -o data_out"; do
  rm -rf data_out
  # shellcheck disable=SC2086
  expect_code 0 "$program" $command
  rm -rf data_out
  # shellcheck disable=SC2086
  "$program" $command > /dev/full 2> err && fail "exit code 0 on a full disk: $command"
  grep -q "^error: Cannot write to standard output: the disk is full" err || fail "not said: $command: $(cat err)"
  rm -rf data_out
  # shellcheck disable=SC2086
  "$program" $command >&- 2> err && fail "exit code 0 without standard output: $command"
  grep -q "^error: Cannot write to standard output: it is closed" err || fail "not said: $command: $(cat err)"
done
"$program" classify run base --json full.json > /dev/full 2> err && fail "exit code 0 on a full disk"
expect_code 1 eval '"$program" classify run base --json - > /dev/full'
grep -qx "error: Cannot write to standard output: the disk is full." err || fail "not said once: $(cat err)"
# More than waits to be written at the end.
mapfile -t bases < <(for _ in $(seq 30); do echo base; done)
expect_code 1 eval '"$program" classify run "${bases[@]}" --json many.json > /dev/full'
grep -q "^error: Cannot write to standard output: the disk is full" err || fail "not said: $(cat err)"
[[ "$(grep -c '"prediction"' many.json)" == 240 ]] || fail "the JSON is lost with standard output"
cmp -s full.json whole.json || fail "the JSON is lost with standard output"
"$program" train "${quick[@]}" --out closed >&- 2>&- <&- && fail "exit code 0 without standard output"
expect_code 0 "$program" train "${quick[@]}" --out open
for file in history.csv weights.safetensors scene.toml; do
  cmp -s "closed/$file" "open/$file" || fail "$file of a run without standard streams differs"
done

# A reader that goes away, a limit on files: said or borne, and the weights are there.
"$program" train "${quick[@]}" --set train.epochs=30 --out headed 2>&1 | head -n 1 > /dev/null
[[ "${PIPESTATUS[0]}" == 1 ]] || fail "a reader that went away is not noticed"
for file in weights.safetensors report.json checkpoint.safetensors history.csv; do
  [[ -s "headed/$file" ]] || fail "a reader that goes away takes $file along"
done
(ulimit -f 300 && "$program" train "${quick[@]}" --out limited > /dev/null 2> err)
[[ $? == 1 ]] || fail "a limit on files: exit code not 1"
grep -q "^error: Cannot write limited/checkpoint.safetensors: the file would exceed the size limit" err || fail "not said: $(cat err)"
grep -qF "weights.safetensors, history.csv, report.json and scene.toml are saved" err || fail "what is saved is not said: $(cat err)"
expect_code 0 "$program" classify limited base
[[ -z "$(find . -name '*.part')" ]] || fail "left: $(find . -name '*.part')"

# A full disk at the very end: the weights first.
mkdir disk
if mount -t tmpfs -o size=600k tmpfs disk 2> mount_error; then
  trap 'umount "$work/disk" 2> /dev/null' EXIT
  expect_code 1 "$program" train "${quick[@]}" --out disk/run
  grep -q "^error: Cannot write disk/run/.*: the disk is full; of the run, weights.safetensors" err || fail "not said: $(cat err)"
  [[ "$(grep -c '^error' err)" == 1 ]] || fail "not one sentence: $(cat err)"
  expect_code 0 "$program" classify disk/run base
  umount disk
else
  printf 'skipped: a full disk: no file system can be mounted here (%s)\n' "$(head -n 1 mount_error)"
fi
finish
