#!/usr/bin/env bash
# Trainings that are interrupted, killed or finished, and go on: the same bytes as those that never stopped.
source "$(dirname "${BASH_SOURCE[0]}")/common.sh" "$@"
quick=(--set data.image_size=16 --set "data.phantom_counts=[30,30]" --set train.batch_size=4 --set train.threads=1 --set network.dropout=0.3)
long=("${quick[@]}" --set train.epochs=100 --set train.schedule=cosine)

# same_run A B: the files of two run folders, the report apart from its clock.
same_run() {
  for file in history.csv weights.safetensors scene.toml; do
    cmp -s "$1/$file" "$2/$file" || fail "$file of $1 and $2 differ"
  done
  local clock='/"seconds"\|"images_per_second"/d'
  diff <(sed "$clock" "$1/report.json") <(sed "$clock" "$2/report.json") > /dev/null || fail "the reports of $1 and $2 differ"
}

# stopped_by SIGNAL FOLDER TEXT FILE: trains into FOLDER until TEXT is in FILE, then gets the signal.
stopped_by() { ended_by "$1" "$3" "$4" "$program" train "${long[@]}" --out "$2"; }

expect_code 0 "$program" train "${long[@]}" --out whole

# Ctrl-C, wherever it falls; resumed in place, and interrupted once more on the way.
stopped_by INT stopped "epoch   9" err
grep -q '"state": "stopped"' stopped/report.json || fail "the run was over before it could be interrupted"
grep -qF -- "--resume stopped" err || fail "it is not said how to go on"
cp -r stopped copy
expect_code 0 "$program" train --resume stopped
grep -q "resuming after step" err || fail "it is not said where the run goes on"
same_run stopped whole
expect_code 0 "$program" train --resume copy --out elsewhere --json report.json
same_run elsewhere whole
cmp -s report.json elsewhere/report.json || fail "--json is not the report of the resumed run"
grep -q '"state": "stopped"' copy/report.json || fail "--out did not leave the first folder alone"

# A power cut: the checkpoint written on the way is whole.
stopped_by KILL killed fall-line-checkpoint killed/checkpoint.safetensors
[[ -e killed/report.json ]] && fail "the run was over before it could be killed"
expect_code 0 "$program" train --resume killed
same_run killed whole
# At any moment, the first epoch included, and again and again; what a kill leaves half written goes.
slow=("${quick[@]}" --set "data.phantom_counts=[250,250]" --set train.epochs=2)
expect_code 0 "$program" train "${slow[@]}" --out two_epochs
early=0
for _ in 1 2 3; do
  rm -rf killed
  ended_by KILL fall-line-checkpoint killed/checkpoint.safetensors "$program" train "${slow[@]}" --out killed
  grep -q "^epoch" err || early=$((early + 1))  # a busy machine may see it late, but not each time
  for _ in 1 2 3; do
    begin "$program" train --resume killed
    sleep "0.$((RANDOM % 9 + 1))"
    kill -9 "$pid" 2> /dev/null
    wait "$pid" 2> /dev/null
  done
  expect_code 0 "$program" train --resume killed
  same_run killed two_epochs
  [[ -z "$(find killed -name '*.part')" ]] || fail "left: $(ls killed)"
done
((early > 0)) || fail "there is no checkpoint before the first epoch is over"
# A terminal that closes: as Ctrl-C. Where it is ignored (nohup), it does not matter.
stopped_by HUP hung "epoch   9" err
[[ "$code" == 129 ]] || fail "a run whose terminal closes ends with $code"
grep -q '"state": "stopped"' hung/report.json || fail "a closed terminal loses the run: $(cat err)"
expect_code 0 "$program" train --resume hung
same_run hung whole
begin env --ignore-signal=HUP "$program" train "${quick[@]}" --set train.epochs=60 --out nohup
for _ in $(seq 1000); do grep -qs "epoch   2" err && break; sleep 0.02; done
kill -HUP "$pid"
wait "$pid" || fail "nohup does not hold"
grep -q '"state": "finished"' nohup/report.json || fail "nohup does not hold"

# A run knows its data: other images, names or counts are refused; moved ones are not.
expect_code 0 "$program" data --phantom 8 --set data.image_size=16 -o images
expect_code 0 "$program" train images --set data.image_size=16 --set train.epochs=2 --out of_images
a="$(find images/Normal -name '*.png' | sort | sed -n 3p)" b="$(find images/Normal -name '*.png' | sort | sed -n 5p)"
cp "$a" kept && cp "$b" "$a"
expect_sentence 1 'the images of the class "Normal" have changed since it was trained' "$program" train --resume of_images
cp kept "$a"
cp kept images/Normal/more.png
expect_sentence 1 'the class "Normal" had 8 images, and now has 9' "$program" train --resume of_images --set train.epochs=3
rm images/Normal/more.png
mv images/Normal images/Other
expect_sentence 1 'on the classes "Hemorrhage", "Normal", and the data now have "Hemorrhage", "Other"' "$program" train --resume of_images
mv images/Other images/Normal
mv images moved
expect_sentence 1 "There is no file or folder $PWD/images" "$program" train --resume of_images
expect_code 0 "$program" train --resume of_images --set "data.source=$PWD/moved" --set train.epochs=3
mv moved images
expect_code 0 "$program" train --resume of_images --set "data.source=$PWD/images" --set train.epochs=4

# Paths are bytes: the folder that is trained on is the one that is found again.
odd=$'caf\xe9 \xed\xa0\x80%41'
cp -r images "$odd"
mkdir caf
expect_code 0 "$program" train "$odd" --set data.image_size=16 --set train.epochs=2 --out of_odd
iconv -f utf-8 -t utf-8 of_odd/scene.toml > /dev/null || fail "the saved scene is not UTF-8"
expect_code 0 "$program" train --resume of_odd --set train.epochs=3
expect_code 0 "$program" train of_odd/scene.toml --out of_odd2
same_run of_odd of_odd2
expect_code 0 "$program" train --set "data.source=$PWD/$odd" --set data.image_size=16 --set train.epochs=2 --out of_odd3
(cd "$odd" && expect_code 0 "$program" train ../images --set data.image_size=16 --set train.epochs=2 --out ../of_odd4 && rm -f out err)

# Finished: nothing to do, and how to get more; more.
expect_code 0 "$program" train "${quick[@]}" --set train.epochs=4 --out four
expect_code 0 "$program" train "${quick[@]}" --set train.epochs=2 --out two
cp two/history.csv two/weights.safetensors .
expect_code 0 "$program" train --resume two
grep -qF "has finished its 2 epochs; for more, add --set train.epochs=4" err || fail "it is not said how to add epochs"
for file in history.csv weights.safetensors; do cmp -s "$file" "two/$file" || fail "resuming a finished run changed $file"; done
expect_code 0 "$program" train --resume two --set train.epochs=4
same_run two four

# A new training in place of an old one has nothing of it to resume.
expect_code 0 "$program" train "${quick[@]}" --set train.epochs=1 --out two --replace
expect_code 0 "$program" train --resume two --set train.epochs=4
same_run two four

# What cannot go on: one sentence.
expect_code 2 "$program" train scene.toml --resume two
expect_code 2 "$program" train --resume
expect_sentence 1 "nosuch is not a folder" "$program" train --resume nosuch
mkdir bare
expect_sentence 1 "bare has no scene.toml" "$program" train --resume bare
cp two/scene.toml bare
expect_sentence 1 "bare has no checkpoint.safetensors" "$program" train --resume bare
head -c 3000 two/checkpoint.safetensors > bare/checkpoint.safetensors
expect_sentence 1 "bare/checkpoint.safetensors is not a valid safetensors file" "$program" train --resume bare
cp two/weights.safetensors bare/checkpoint.safetensors
expect_sentence 1 "is not a checkpoint to resume from" "$program" train --resume bare
expect_sentence 1 "belongs to a different network" "$program" train --resume two --set network.name=mlp
expect_sentence 1 "restore the data it began with" "$program" train --resume two --set "data.phantom_counts=[30,31]"
expect_sentence 1 "train.batch_size = 4" "$program" train --resume two --set train.batch_size=8
expect_sentence 1 "already trained for longer than train.epochs = 3; make it 4 or more." "$program" train --resume two --set train.epochs=3
same_run two four
expect_code 0 "$program" train "${quick[@]}" --set train.rate=1e6 --set train.optimizer=gradient-descent --out diverged
expect_sentence 1 "diverged at step" "$program" train --resume diverged
finish
