#!/usr/bin/env bash
# The timeline in the strip below the stage: a moment is looked at, a key of the camera added, a mark moved, taken back
# and deleted, and the scene saved with its comments.
source "$(dirname "${BASH_SOURCE[0]}")/on_display.sh" 1280x800 "$@"
source "$(dirname "${BASH_SOURCE[0]}")/window_common.sh" "$@"

cat > film.toml <<'END'
# My film.
title = "Film"
[two_parameters]
optimizers = ["gradient-descent"]
steps = 400
[view]
autoplay = false
[film]
seconds = 10

# From the side.
[[timeline]]
time = 0   # at once
camera = {yaw = 0, pitch = 40, distance = 4}
caption = "Down the slope."

[[timeline]]
time = 5
pace = 20
show = {theme = "light"}
caption = "Half of it."

[[timeline]]
time = 10
camera = {yaw = 90}
END
cp film.toml first.toml
# It is written beside the pictures: waits until it is said.
save() {
  local before
  before="$(count "saved in .*film.toml")"
  key ctrl+s
  more "saved in .*film.toml" "$before"
}

start "$PWD/film.toml" --out kept
key F8
# The middle of the axis, in its empty lower part: five seconds, an eighth of a turn from each end.
click_on strip-axis 0.52 0.04
said "^place mark-camera-3"
close_to() { awk -v a="$1" -v b="$2" 'BEGIN { exit !(a - b < 0.06 && b - a < 0.06) }'; }
# The view as it is at that moment becomes a key there.
key Insert
said "^place mark-camera-[0-9]+ [0-9]+"
save
diff first.toml film.toml > changed
[[ "$(grep -c '^[<>]' changed)" == 4 && "$(grep -c '^<' changed)" == 0 ]] || fail "more than an entry was added: $(cat changed)"
added="$(grep -oE 'camera = \{yaw = [0-9.]+' changed | grep -oE '[0-9.]+$')"
at="$(grep -oE '^> time = [0-9.]+' changed | grep -oE '[0-9.]+$')"
close_to "$at" 5.2 || fail "the key is at $at s: $(cat changed)"
[[ "${added%.*}" -gt 40 && "${added%.*}" -lt 55 ]] || fail "the key's yaw is $added"
# A mark is dragged by a tenth of the film, and back by an undo: byte for byte.
cp film.toml second.toml
place strip-axis 0 0; left=$x
place strip-axis 1 0; tenth=$(((x - left) / 10))
drag 1 "$tenth" 0 mark-caption-2 0.02
sleep 1
save
grep -q '^time = 6$' film.toml || fail "the mark did not move to 6 s: $(diff second.toml film.toml)"
[[ "$(diff second.toml film.toml | grep -c '^[<>]')" == 2 ]] || fail "more than a line changed: $(diff second.toml film.toml)"
key ctrl+z
save
cmp second.toml film.toml || fail "undo did not bring the file back: $(diff second.toml film.toml)"
# A mark goes; the rest of its entry stays.
click_on mark-caption-2 0.3
key Delete
save
grep -q 'Half of it' film.toml && fail "the caption is still there"
grep -q 'show = {theme = "light"}' film.toml || fail "more than the caption went"
# Somebody else changes the file: it is not written over, and the window does not close over the change.
echo "# Another hand." >> film.toml
cp film.toml other.toml
click_on mark-camera-1
key Delete
key ctrl+s
said "has changed since it was opened"
cmp film.toml other.toml || fail "the changed file was written over"
close_window
place draft-question
key d
closed
grep -qE '"theme": *"light"' kept/session.jsonl || fail "a moment that was looked at did not show its theme"

# What was saved opens again. Where the disk is full, that is said and the scene stays as it was; with room it is saved.
mkdir disk
if mount -t tmpfs -o size=64k tmpfs disk 2> mount_error; then
  trap 'umount "$work/disk" 2> /dev/null' EXIT
else
  printf 'skipped: a full disk: no file system can be mounted here (%s)\n' "$(head -n 1 mount_error)"
fi
cp film.toml disk/film.toml
start "$PWD/disk/film.toml"
key F8
said "^place mark-deeds-"
if mountpoint -q disk; then
  head -c 100000 /dev/zero > disk/filler 2> /dev/null
  click_on mark-camera-1
  key Delete
  key ctrl+s
  said "Cannot write .*disk is full"
  cmp film.toml disk/film.toml || fail "a full disk has changed the scene"
  place save-scene-copy
  rm disk/filler
  save
  cmp -s film.toml disk/film.toml && fail "nothing was saved"
fi
close_window
closed
finish
