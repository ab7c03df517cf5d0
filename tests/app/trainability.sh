#!/usr/bin/env bash
# The map of learning rates: pictures, rows and films of it without a window; in the window wheel, drags and keys look
# around in it, and the session that is kept leads to the same picture.
source "$(dirname "${BASH_SOURCE[0]}")/on_display.sh" 1280x800 "$@"
source "$(dirname "${BASH_SOURCE[0]}")/window_common.sh" "$@"

scene="$source_dir/scenes/trainability.toml"
small=(--set trainability.side=32 --set trainability.steps=40)

# Rows: one a pixel, the same on any number of threads; what the sentence says is what they say.
expect_code 0 "$program" landscape "$scene" "${small[@]}" --set trainability.zoom_steps=0 --set trainability.threads=1 -o one.csv
grep -qE "^$(grep -c ,trained, one.csv) of 1024 pairs of learning rates train\.$" out || fail "the sentence is: $(cat out)"
expect_code 0 "$program" landscape "$scene" "${small[@]}" --set trainability.zoom_steps=0 --set trainability.threads=3 -o three.csv
cmp -s one.csv three.csv || fail "other bytes on three threads"
[[ "$(head -n 1 one.csv)" == log10_first,log10_second,outcome,steps,loss && "$(wc -l < one.csv)" == 1025 ]] || fail "$(head -n 2 one.csv)"
awk -F, 'NR > 1 && ($3 == "diverged") != ($4 < 40) {exit 1} NR > 1 && $3 == "trained" && !($5 < 1) {exit 1}' one.csv ||
  fail "an outcome does not fit its steps and loss"
# Pictures, and a film that comes closer: its pictures differ.
expect_code 0 "$program" landscape "$scene" "${small[@]}" -o map.png --size 320x240
grep -qE "of 1024 pairs of learning rates train" out || fail "no sentence for a picture: $(cat out)"
expect_code 0 "$program" render "$scene" "${small[@]}" -o film --size 320x240 --seconds 1 --fps 6
[[ "$(md5sum film/*.png | awk '{print $1}' | sort -u | wc -l)" -ge 5 ]] || fail "the film does not come closer"
# What is no training, and what is wrong with a range, is one sentence.
expect_sentence 1 "is a map of learning rates" "$program" train "$scene" --out run
expect_sentence 1 "a map of learning rates" "$program" sweep "$scene" --axis train.rate=0.1..1 -o swept
expect_sentence 1 "saved as .csv or .png" "$program" landscape "$scene" -o map.vtp
expect_sentence 1 "--set trainability.side=65" "$program" landscape "$scene" --grid 65 -o map.csv
expect_sentence 1 "[trainability] span: a range of 0 powers of ten is empty" "$program" render "$scene" -o x.png --set trainability.span=0.0
expect_sentence 1 "finer than float64" "$program" render "$scene" -o x.png --set trainability.zoom_span=1e-13
expect_sentence 1 "leaves 1e-9 to 1e12" "$program" render "$scene" -o x.png --set 'trainability.middle=[11.0,0.0]'

# The window: the map stands, and is looked around in.
start "$scene" "${small[@]}" --out kept
point_at rates 0.5 0.5
xdotool click 4
said "step 0: rates about 1\.[45][0-9]*, 1\.[45][0-9]*, span 7\.200$"
drag 1 60 0 rates
said "step 0: rates about 0\.[0-9]+, 1\.[45][0-9]*, span 7\.200$"
double_click_on rates 0.5 0.25
said "step 0: rates about .*, span 1\.800$"
point_at rates 0.5 0.5
key minus
said "step 0: rates about .*, span 2.1[0-9]*$"
key f
said "step 0: rates about 1\.50000, 1\.50000, span 9\.000$"
# Space goes the scene's way, R is back.
key space
said "step 0: play"
key space
said "step [0-9]+: pause"
key r
said "step [0-9]+: reset"
close_window
closed
grep -q '"command": *"rates"' kept/session.jsonl || fail "the session keeps no view: $(grep command kept/session.jsonl)"
expect_code 0 "$program" render kept/session.jsonl -o one.png --size 640x360
expect_code 0 "$program" render kept/session.jsonl -o two.png --size 640x360
cmp -s one.png two.png || fail "a session is drawn in two ways"
finish
