#!/usr/bin/env bash
# What a user's files, disk and machine can get wrong: one sentence, exit code 1, nothing left behind, no escape
# code on the terminal, bounded time and memory.
source "$(dirname "${BASH_SOURCE[0]}")/common.sh" "$@"
quick=(--set data.image_size=16 --set "data.phantom_counts=[4,4]" --set train.epochs=1)
escape=$'\x1b'
ulimit -v 2000000  # kilobytes: several times what any of this takes

# refused TEXT COMMAND ARGUMENTS...: the sentence holds TEXT, and the folder is as before.
refused() {
  local text="$1" before
  shift
  before="$(find . ! -name out ! -name err | sort)"
  expect_sentence 1 "$text" timeout 20 "$program" "$@"
  grep -qF "$escape" out err && fail "an escape code reached the terminal: $*"
  [[ "$(find . ! -name out ! -name err | sort)" == "$before" ]] || fail "something is left behind: $*"
}

# left_out TEXT ARGUMENTS...: trains, after naming and counting a single broken image.
left_out() {
  local text="$1"
  shift
  expect_code 0 timeout 20 "$program" train "$@" "${quick[@]}" --out trained
  [[ "$(grep -c '^warning: Left out' err)" == 1 ]] || fail "not one image is left out: $*: $(cat err)"
  grep -qF -- "$text" err || fail "\"$text\" is not in what it said: $(cat err)"
  grep -q '"skipped_images": 1,' trained/report.json || fail "the report does not count the image: $*"
  rm -rf trained
}

"$MAKE_BAD_FILES" . || fail "the bad files cannot be made"

# Projects.
printf 'some words\n' > text.tm
expect_code 0 "$program" train good.tm "${quick[@]}" --out trained
rm -rf trained
for percent in 1 50 90 99; do refused "cut$percent.tm is a damaged or truncated ZIP" train "cut$percent.tm"; done
refused "unpacks to 67108864 bytes" train bomb-declared.tm
refused "unpacks to more than" train bomb-many.tm
refused "unpacks to 4294967280 bytes" train lying-huge.tm
for kind in parent absolute; do
  expect_code 1 "$program" train "$kind.tm" --out run
  grep -qE '"(../A|/tmp/A)" \(no usable images, 1 unusable\)' err || fail "a class called as a path: $(cat err)"
  [[ -e run || -e ../A-!-9.jpg ]] && fail "$kind.tm leaves something behind"
done
refused "has no manifest.json" train no-manifest.tm
for kind in broken deep nan; do refused "is not valid JSON" train "manifest-$kind.tm"; done
refused 'of type "pose"; only image projects' train pose.tm
refused 'of type "audio"; only image projects' render audio.tm -o x.png
refused "holds settings but no images" data manifest-only.tm -o images
refused 'too few images in "B" (1 usable image)' train one-image.tm --set network.backbone=none --out deep/er/run
refused "text.tm is a text file, not a Teachable Machine project" train text.tm
left_out "A-!-9.jpg cannot be unpacked (it is longer than the archive says)" bomb-lying.tm
expect_code 0 timeout 20 "$program" train thousands.tm "${quick[@]}" --out trained
[[ "$(wc -l < err)" -lt 40 ]] || fail "thousands of broken entries are as many lines"
grep -q '"skipped_images": 30000,' trained/report.json || fail "the report does not count the broken entries"
rm -rf trained

# Images.
left_out "A/bad.jpg is a damaged JPEG" cut-jpeg
left_out "A/bad.jpg is empty" empty-jpeg
left_out "A/bad.jpg measures 60000 x 60000 pixels" huge-jpeg
left_out "A/bad.png measures 2147483647 x 2147483647 pixels" png-bomb
expect_code 0 timeout 20 "$program" train png-large "${quick[@]}" --out trained
rm -rf trained
expect_code 1 timeout 20 "$program" train all-broken "${quick[@]}" --out deep/er/run
[[ "$(grep -c '^error: ' err)" == 1 && "$(wc -l < err)" -lt 30 ]] || fail "all broken: $(wc -l < err) lines"
[[ -e deep ]] && fail "a failed run leaves its empty folder"
for command in data render; do
  expect_code 1 timeout 20 "$program" "$command" all-broken "${quick[@]}" -o deep/er/images
  [[ -e deep ]] && fail "a failed $command leaves its empty folder"
done

# Scenes.
scene() { printf "$1" > "$2.toml"; }
: > empty.toml
head -c 5000 "$MAKE_BAD_FILES" > binary.toml
printf '\xff\xfe[\0t\0r\0a\0i\0n\0]\0\n\0' > utf16.toml
printf '[train]\nrate = 1e-3 # \xe9\n' > latin.toml
printf 'a = %0100000d' 0 | tr 0 '[' > deep.toml
printf 'title = 1\n%0200000d = 1' 0 | sed 's/00/a./g' > dots.toml
printf '[%0200000dx]' 0 | sed 's/00/a./g' > header.toml
printf '[train]\nrate =\u00a01e-3\n' > nbsp.toml
head -c 2000000 /dev/zero | tr '\0' '#' > long.toml
mkfifo pipe.toml pipe.tm pipe
ln -s /dev/zero device.toml
ln -s /dev/zero device.tm
ln -s loop.toml loop.toml
mkdir folder.toml
refused "There is no file or folder nosuch.toml" render nosuch.toml -o x.png
for file in /dev/zero pipe {pipe,device}.{toml,tm}; do
  refused "$file is neither a file nor a folder" train "$file"
done
refused "Cannot reach loop.toml" train loop.toml
refused "folder.toml has no subfolders" train folder.toml --out run
refused "empty.toml is empty" train empty.toml
for kind in binary utf16; do refused "$kind.toml is not UTF-8 text" train "$kind.toml"; done
refused "latin.toml, line 2" train latin.toml
refused "deep.toml, line 1" train deep.toml
refused "dots.toml, line 2: a name has more than 16 dots" train dots.toml
refused "header.toml, line 1: a name has more than 16 dots" train header.toml
refused "(U+00A0) cannot stand outside quotes" train nbsp.toml
refused 'has no key "a.a.a' train --set "train.$(printf '%060000d' 0 | sed 's/00/a./g')b=1"
refused "must be a number" train --set "train.rate={$(printf '%060000d' 0 | sed 's/00/a./g')b=1}"
refused "long.toml is 2000000 bytes long" train long.toml
scene '[trian]\n' table
refused 'line 1: scenes have no table or key "trian"; did you mean "train"' train table.toml
scene '[train]\nepochs = 1\n\nbach_size = 3\n' key
refused 'line 4: [train] has no key "bach_size"; did you mean "batch_size"' train key.toml
scene '[train]\nrate = 1\nrate = 2\n' twice
refused "twice.toml, line 3" train twice.toml
scene '[train]\nepochs = 99999999999999999999\n' whole
refused "whole.toml, line 2" train whole.toml
while IFS='|' read -r table value text; do
  scene "[$table]\n$value\n" value
  refused "value.toml: line 2: [$table] $text" train value.toml
done << 'END'
train|rate = nan|rate must be a number from
train|rate = -inf|rate must be a number from
train|rate = "fast"|rate must be a number from
train|epochs = -1|epochs must be a whole number from
train|epochs = 1.5|epochs must be a whole number from
train|batch_size = 1000000|batch_size must be a whole number from
data|image_size = 1e99|image_size must be a whole number from
data|channels = 7|channels must be "auto", 1 (luminance) or 3 (colour).
data|channels = 1.5|channels must be "auto", 1 (luminance) or 3 (colour).
data|window = 40|window must be "brain", "subdural" or "bone", or [level, width] in HU.
data|colour_range = true|colour_range must be "off" or [low, high] in HU.
data|source = 7|source must be text in quotes
data|phantom_counts = "many"|phantom_counts must be a list of 2 whole numbers
data|phantom_counts = [4, -5]|phantom_counts must be a list of 2 whole numbers
landscape|grid = {}|grid must be a whole number from
END
scene '[data]\nsource = "pipe.tm"\n' source
refused "pipe.tm is not a file" train source.toml --out run
refused "more than 4 GiB" train --set "data.phantom_counts=[99999,99999]" --set data.image_size=512 --out run

# Names: with spaces and accents they work; whatever else they hold, it is not sent to the terminal.
odd=$'a \xc3\xa9\x1b[31m\nz'
cp good.tm "$odd.tm"
for file in pose manifest-broken; do cp "$file.tm" "$file$odd.tm"; done
refused $'There is no file or folder nosucha \xc3\xa9?[31m?z' train "nosuch$odd"
refused 'of type "pose"' train "pose$odd.tm"
refused "is not valid JSON" train "manifest-broken$odd.tm"
refused "c?[31md" train --set data.source=$'c\x1b[31md' --out run
scene 'title = "x\\u001B[31m"\n[data]\nsource = "no\\u001B[31m"\n' title
refused "no?[31m" train title.toml --out run
expect_code 0 "$program" train "$odd.tm" "${quick[@]}" --out "run $odd"
grep -qF "$escape" out err && fail "a name's escape code reached the terminal"
expect_code 0 "$program" train "run $odd/scene.toml" --out trained
expect_code 0 "$program" data escape.tm "${quick[@]}" -o "images $odd"
grep -qF "$escape" out err && fail "a class name's escape code reached the terminal"
[[ "$(find "images $odd" -name '*.png' -printf x | wc -c)" == 9 ]] || fail "not eight images and their sheet"
rm -rf trained "run $odd" "images $odd"

# Places that cannot be written.
: > file
mkdir folder.tm
refused "the folder file: part of the path is a file, not a folder" train "${quick[@]}" --out file
refused "file/run" train "${quick[@]}" --out file/run
refused "file" data "${quick[@]}" -o file
refused "file/x.tm" data "${quick[@]}" -o file/x.tm
refused "folder.tm: it is a folder" data "${quick[@]}" -o folder.tm
refused "the folder file" render "${quick[@]}" -o file/x.png
refused "folder.tm: it is a folder" train "${quick[@]}" --json folder.tm --out deep/er
refused "good.tm: give a name that ends in .mp4" render "${quick[@]}" -o good.tm

# As somebody whom permissions bind.
nobody=()
if [[ "$(id -u)" == 0 ]]; then nobody=(setpriv --reuid 65534 --regid 65534 --clear-groups); fi
mkdir -p locked open
cp good.tm locked/
cp good.tm secret.tm
printf '[train]\n' > secret.toml
chmod 000 locked secret.tm secret.toml
chmod 777 open
if "${nobody[@]}" "$program" --version > /dev/null 2>&1 && "${nobody[@]}" test -e "$PWD/locked"; then
  as_nobody() { expect_sentence 1 "$1" "${nobody[@]}" "$program" "${@:2}"; }
  as_nobody "Cannot read secret.tm; check its permissions" train secret.tm
  as_nobody "secret.toml: permission denied" train secret.toml
  as_nobody "Cannot reach locked/good.tm: Permission denied" train locked/good.tm
  as_nobody "Cannot list the folder" train locked --out open/run
  as_nobody "Cannot reach $PWD/locked/heads: Permission denied" train --set "data.source=\"$PWD/locked/heads\"" --out open/run
  chmod 555 open
  as_nobody "open/run: permission denied" train "${quick[@]}" --out open/run
  as_nobody "open/x.tm: permission denied" data "${quick[@]}" -o open/x.tm
  as_nobody "open/x.png: permission denied" render "${quick[@]}" -o open/x.png
else
  printf 'skipped: unreadable files: no other user can run the program here (setpriv, or a folder on its way)\n'
fi
chmod 755 locked open

# A full disk.
mkdir full
if mount -t tmpfs -o size=64k tmpfs full 2> mount_error; then
  trap 'umount "$work/full" 2> /dev/null' EXIT
  expect_code 1 "$program" train "${quick[@]}" --out full/run
  grep -q "^error: Cannot write full/run/.*: the disk is full" err || fail "a full disk is not named: $(cat err)"
  # What there is room for is there, and it is said.
  for name in scene.toml history.csv report.json; do
    [[ -s "full/run/$name" ]] || fail "$name would have found room"
  done
  grep -qF "history.csv, report.json and scene.toml are saved; make room" err || fail "what is saved is not said: $(cat err)"
  rm -rf full/run
  refused "the disk is full" data "${quick[@]}" --phantom 100 -o full/images
  refused "the disk is full" data "${quick[@]}" --phantom 20 -o full/heads.tm
  # Work that got as far as a picture may have told of its progress.
  expect_code 1 "$program" render "${quick[@]}" --set landscape.grid=9 -o full/x.png --size 1280x720
  [[ "$(grep '^error: ' err)" == "error: Cannot write full/x.png: the disk is full; nothing was changed." ]] ||
    fail "a full disk is not named: $(cat err)"
  [[ -z "$(ls -A full)" ]] || fail "half a picture is left"
  umount full
else
  printf 'skipped: a full disk: no file system can be mounted here (%s)\n' "$(head -n 1 mount_error)"
fi
finish
