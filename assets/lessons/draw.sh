#!/usr/bin/env bash
# draw.sh PROGRAM [SCENE]...: draws the small pictures that the panel "Start" shows beside the lessons, those of all
# scenes or of the ones named. Each is trained to its end, which takes minutes to an hour for the long ones; EPOCHS=3 in
# the environment draws it as it is after so many. ImageMagick crops and shrinks what the program drew.
set -euo pipefail
program="$(realpath "${1:?usage: draw.sh PROGRAM [SCENE]...}")"
shift
here="$(dirname "$(realpath "${BASH_SOURCE[0]}")")"
scenes=("$@")
if ((${#scenes[@]} == 0)); then scenes=("$here"/../../scenes/*.toml); fi
work="$(mktemp -d)"
trap 'rm -r "$work"' EXIT
for scene in "${scenes[@]}"; do
  name="$(basename "$scene" .toml)"
  settings=(--set view.fill=landscape) crop=1028x578+396+150
  # Of a map of learning rates, the boundary in the whole of it.
  if grep -q '^\[trainability\]' "$scene"; then settings+=(--set trainability.zoom_steps=0) crop=880x495+382+282; fi
  # Of the map of a sweep, its cells.
  if grep -q '^\[map\]' "$scene"; then crop=1200x675+150+200; fi
  if [[ -n "${EPOCHS:-}" ]]; then settings+=(--set "train.epochs=$EPOCHS"); fi
  "$program" landscape "$scene" "${settings[@]}" -o "$work/$name.png" --size 1920x1080
  # The middle, without title and footnote.
  convert "$work/$name.png" -crop "$crop" +repage -resize 256x144! -quality 88 -sampling-factor 4:4:4 \
    -strip "$here/$name.jpg"
  printf '%s: %s bytes\n' "$name" "$(stat -c %s "$here/$name.jpg")"
done
