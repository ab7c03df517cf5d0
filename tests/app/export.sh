#!/usr/bin/env bash
# Models and projects that leave: what is written, what is never written over, one sentence for whatever is wrong.
source "$(dirname "${BASH_SOURCE[0]}")/common.sh" "$@"
quick=(--set data.image_size=16 --set "data.phantom_counts=[4,4]" --set train.epochs=1)

# refused TEXT COMMAND ARGUMENTS...: the sentence holds TEXT, and everything is as before.
state() { find . ! -name out ! -name err \( -type f -exec sha256sum {} + -o -printf '%y %p\n' \) | sort; }
refused() {
  local text="$1" before
  shift
  before="$(state)"
  expect_sentence 1 "$text" timeout 20 "$program" "$@"
  [[ "$(state)" == "$before" ]] || fail "something was written: $*"
}
onnx=yes

expect_code 0 "$program" export --help
expect_code 2 "$program" export
expect_code 2 "$program" export run

# Networks of every name, with and without standardisation and colour, and one that is listed.
expect_code 0 "$program" train "${quick[@]}" --out run
expect_code 0 "$program" train "${quick[@]}" --set network.name=ct-resnet --set data.standardise=false --out resnet
expect_code 0 "$program" train "${quick[@]}" --set network.name=mlp --set data.channels=3 --set "data.colour_range=[50, 90]" --out mlp
expect_code 0 "$program" train "$source_dir/scenes/own-network.toml" "${quick[@]}" --out own
for run in run resnet mlp own; do
  expect_code 0 "$program" export "$run" -o "$run.zip"
  grep -qxF "Saved in $run.zip" out || fail "it is not said where: $(cat out)"
  for part in model.json weights.bin metadata.json self-check.png; do
    LC_ALL=C grep -aqF "$part" "$run.zip" || fail "$run.zip has no $part"
  done
  "$program" export "$run" -o "$run.onnx" > out 2> err || onnx=no
  if [[ "$onnx" == no ]]; then
    grep -q "^error: This Fall Line was built without ONNX, .*libonnx-dev" err || fail "an ONNX file is not written: $(cat err)"
    continue
  fi
  # A model that has left is a source itself.
  expect_code 0 "$program" export "$run.zip" -o again.onnx --replace
done
expect_code 0 "$program" export run/weights.safetensors -o weights.zip
cmp -s run.zip weights.zip || fail "weights alone give another model"
# The same again is the same, and only where it is asked for.
cp run.zip before.zip
refused "run.zip already exists; choose a new name with -o, or replace it with --replace" export run -o run.zip
expect_code 0 "$program" export run -o run.zip --replace
cmp -s run.zip before.zip || fail "the same model is another file"

# What has left classifies as the run does, and is a backbone; a path behind --set is where it is typed, too.
mkdir lessons && cp "$source_dir/scenes/first-light.toml" lessons/
"$program" data --phantom 2 -o some.tm > out 2> err || fail "no images: $(cat err)"
expect_code 0 "$program" classify run some.tm --json run.json
expect_code 0 "$program" classify run.zip some.tm --json model.json
python3 - run.json model.json << 'END' || fail "run and model differ"
import json, sys
run, model = (json.load(open(name)) for name in sys.argv[1:])
assert run["classes"] == model["classes"] and len(run["images"]) == len(model["images"]) > 0
for a, b in zip(run["images"], model["images"]):
    assert a["image"] == b["image"] and abs(a["probabilities"][0] - b["probabilities"][0]) < 1e-3, (a, b)
END
expect_code 0 "$program" train lessons/first-light.toml --set "data.phantom_counts=[4,4]" --set train.epochs=1 \
  --set network.backbone=run.zip --out upon
expect_code 0 "$program" classify upon some.tm

# A project with other settings and names.
expect_code 0 "$program" data --phantom 4 -o heads.tm
expect_code 0 "$program" export heads.tm -o changed.tm --set train.epochs=7 --set train.rate=0.002 --rename "Normal=Ruß = ok"
grep -qxF "8 images of 2 classes, 7 epochs, batch 16, rate 0.002" out || fail "it is not said what is saved: $(cat out)"
expect_code 0 "$program" train changed.tm --set data.image_size=16 --out from_changed
grep -q '"Ruß = ok"' from_changed/report.json || fail "the class is not renamed"
[[ "$(grep -c '"epoch":' from_changed/report.json)" == 7 ]] || fail "not 7 epochs"
expect_code 0 "$program" export changed.tm -o back.tm --set train.epochs=15 --set train.rate=0.001 --rename "Ruß = ok=Normal"
cmp -s heads.tm back.tm || fail "changed there and back, the project is another one"
refused "must not be overwritten" export heads.tm -o heads.tm --replace
refused "changed.tm already exists" export heads.tm -o changed.tm
refused "A project keeps only train.epochs, train.batch_size and train.rate; leave out --set data.image_size=16" \
  export heads.tm -o new.tm --set data.image_size=16
refused "epochs must be a whole number from" export heads.tm -o new.tm --set train.epochs=0
refused "is not OLD=NEW with one of the classes Hemorrhage and Normal" export heads.tm -o new.tm --rename Abnormal=x
refused 'Two classes would be called "Normal"' export heads.tm -o new.tm --rename Hemorrhage=Normal
refused "cannot be a class" export heads.tm -o new.tm --rename Normal=
refused "run is no Teachable Machine project" export run -o new.tm
head -c 3000 heads.tm > cut.tm
refused "cut.tm is a damaged or truncated ZIP" export cut.tm -o new.tm

# What is no network.
mkdir empty two begun
cp "$source_dir/scenes/two-parameters.toml" two/scene.toml
cp run/scene.toml run/checkpoint.safetensors begun/
refused "The run in two is a surface of two parameters, which has no network to export" export two -o new.zip
mkdir rates
cp "$source_dir/scenes/trainability.toml" rates/scene.toml
refused "The run in rates is a map of learning rates, which has no network to export" export rates -o new.zip
refused 'The run in begun has no weights.safetensors yet; "fallline train --resume begun" finishes it' export begun -o new.zip
refused "empty has no weights.safetensors; name a run folder saved by" export empty -o new.zip
refused "nosuch" export nosuch -o new.zip
refused "nosuch.zip" export nosuch.zip -o new.zip
refused "heads.tm is a project, not a trained network" export heads.tm -o new.zip
refused "cannot be used to export" export run/checkpoint.safetensors -o new.zip
head -c 5000 run/weights.safetensors > cut.safetensors
refused "cut.safetensors" export cut.safetensors -o new.zip
refused "--set and --rename change a project" export run -o new.zip --set train.epochs=3
printf '[data]\nphantom_counts = [6, 6]\nimage_size = 16\n[network]\ninit_scale = 1e6\nlayers = [{kind = "dense", units = 8},
  {kind = "dense", units = 8}, {kind = "dense", units = 8}, {kind = "dense", units = 8}, {kind = "dense"}]\n[train]
optimizer = "gradient-descent"\nrate = 1e6\nepochs = 1\nbatch_size = 64\n' > far.toml
expect_code 0 "$program" train far.toml --out diverged
refused "because its training diverged; train it again with a lower rate" export diverged -o new.zip
cp heads.tm heads.zip
refused "a project, not a model that was exported from one" export heads.zip -o new.onnx
head -c 3000 run.zip > cut.zip
refused "cut.zip is a damaged or truncated ZIP" export cut.zip -o new.onnx

# Where it cannot go.
for name in new new.txt new.h5 -; do
  refused "$name: give a name that ends in .zip (TensorFlow.js) or .onnx with -o" export run -o "$name"
done
: > file
mkdir folder.zip
refused "nosuch/new.zip" export run -o nosuch/new.zip
refused "file/new.onnx" export run -o file/new.onnx
refused "folder.zip: it is a folder" export run -o folder.zip
refused "run.zip is the model to export and must not be overwritten" export run.zip -o run.zip --replace
ln run.zip twin.zip
refused "must not be overwritten" export run.zip -o twin.zip --replace
nobody=()
if [[ "$(id -u)" == 0 ]]; then nobody=(setpriv --reuid 65534 --regid 65534 --clear-groups); fi
mkdir open
chmod 555 open
if "${nobody[@]}" "$program" --version > /dev/null 2>&1 && "${nobody[@]}" test -e "$PWD/open"; then
  for name in x.zip x.onnx; do
    expect_sentence 1 "open/$name: permission denied" "${nobody[@]}" "$program" export run -o "open/$name"
  done
  expect_sentence 1 "open/x.tm: permission denied" "${nobody[@]}" "$program" export heads.tm -o open/x.tm
  chmod 000 resnet
  expect_sentence 1 "resnet" "${nobody[@]}" "$program" export resnet -o x.zip
  chmod 755 resnet
else
  printf 'skipped: unreadable files: no other user can run the program here (setpriv, or a folder on its way)\n'
fi
chmod 755 open
mkdir full
if mount -t tmpfs -o size=64k tmpfs full 2> mount_error; then
  trap 'umount "$work/full" 2> /dev/null' EXIT
  for name in x.zip x.onnx; do
    [[ "$name" == x.onnx && "$onnx" == no ]] && continue
    refused "Cannot write full/$name: the disk is full; nothing was changed." export run -o "full/$name"
  done
  expect_code 0 "$program" data --phantom 20 -o many.tm
  refused "Cannot write full/x.tm: the disk is full" export many.tm -o full/x.tm
  [[ -z "$(ls -A full)" ]] || fail "half a model is left"
  umount full
else
  printf 'skipped: a full disk: no file system can be mounted here (%s)\n' "$(head -n 1 mount_error)"
fi

# On a backbone, and without it; the model that left opens as a backbone itself.
if [[ -f "$data/teachable-machine-export.zip" ]]; then
  cp "$data/teachable-machine-export.zip" backbone.zip
  expect_code 0 "$program" train --set "data.phantom_counts=[4,4]" --set network.backbone=backbone.zip --set train.epochs=2 --out head
  expect_code 0 "$program" export head -o head.zip
  refused "backbone.zip is the backbone of the run and must not be overwritten" export head -o backbone.zip --replace
  expect_code 0 "$program" train --set "data.phantom_counts=[4,4]" --set network.backbone=head.zip --set train.epochs=2 --out second
  # Another model in its place, and none.
  cp run.zip backbone.zip
  expect_sentence 1 "is a head that was trained on another backbone" "$program" export head -o new.zip
  rm backbone.zip
  expect_sentence 1 "is a head on a backbone that cannot be read" "$program" export head -o new.zip
else
  printf 'without a backbone: %s is not there (FALLLINE_TEST_DATA names the folder)\n' "$data/teachable-machine-export.zip"
fi
finish
