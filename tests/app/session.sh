#!/usr/bin/env bash
# What was done in the window is saved when it closes, and drawn again from the file: the same weights, the same picture.
# WINDOW_PICTURE: the program that takes a picture of a window and compares two.
source "$(dirname "${BASH_SOURCE[0]}")/on_display.sh" 1280x800 "$@"
source "$(dirname "${BASH_SOURCE[0]}")/window_common.sh" "$@"

quick=("$source_dir/scenes/first-light.toml" --set landscape.grid=17 --set "data.phantom_counts=[12,12]" --set data.image_size=32)
scene=("${quick[@]}" --set view.autoplay=false --set view.steps_per_second=20)

take() { "$WINDOW_PICTURE" take "$window" 1280 800 "$1" || fail "no picture of the window"; }
# Until nothing has changed for three seconds: the last plane is there and its surface complete.
settle() {
  local same=0
  take shown.png
  for _ in $(seq 60); do
    sleep 0.5
    take next.png
    if cmp -s shown.png next.png; then same=$((same + 1)); else same=0; fi
    mv next.png shown.png
    ((same == 6)) && return
  done
  fail "the picture does not come to rest"
}

start "${scene[@]}" --out kept
point_at landscape
key space
said "^step 0: play"
sleep 1.5
# The rate, typed; another optimizer, from the list.
type_into rate 0.002
said "rate 0.002$"
click_on optimizer
click_on optimizer-momentum
said ": optimizer momentum$"
# The camera: turned, moved, closer.
drag 1 120 -40 landscape 0.4 0.5
drag 3 30 10 landscape 0.4 0.5
point_at landscape
xdotool click 4
key r
said ": reset 1$"
sleep 2
key t
key l
key space
said "^step [1-9][0-9]*: pause"
key Right
key Right
said "^step [1-9][0-9]*: step"
# As presenters see it, the window is the stage alone, and can be drawn again whole.
key p
settle
# The labels of contour lines stay where they stood as long as they can. Once everything has been out of the picture,
# each stands where it does in a single picture.
place landscape 0.02
xdotool mousemove --window "$window" "$x" "$y" mousedown 3 sleep 0.3 mousemove --window "$window" 1270 "$y" sleep 1
xdotool mousemove --window "$window" "$x" "$y" sleep 0.3 mouseup 3
settle
close_window
closed
grep -q "saved in kept$" err || fail "it is not said where the run is saved: $(cat err)"
for file in scene.toml history.csv report.json weights.safetensors checkpoint.safetensors session.jsonl; do
  [[ -s "kept/$file" ]] || fail "kept/$file is missing"
done

# Drawn again, at the size of the window.
expect_code 0 "$program" render kept/session.jsonl -o again.png --size 1280x800
grep -q "the weights are those that the session ended with, to the byte$" err || fail "other weights: $(cat err)"
said_how="$("$WINDOW_PICTURE" same again.png shown.png 2>&1)" || fail "another picture than the window's: $said_how"
# As a film, at another size and speed; it ends with the same weights.
expect_code 0 "$program" render kept/session.jsonl -o film --size 640x360 --fps 4 --seconds 2
grep -q "the weights are those" err || fail "other weights at the end of the film: $(cat err)"
[[ "$(find film -name 'frame-*.png' | wc -l)" == 8 ]] || fail "not eight pictures"
cmp -s film/frame-00002.png film/frame-00008.png && fail "the film shows one picture only"
expect_code 0 "$program" render kept/session.jsonl -o film.mkv --size 640x360 --fps 4 --seconds 2 --set film.codec=ffv1
grep -q "the weights are those" err || fail "other weights at the end of the film's file: $(cat err)"
[[ "$(ffmpeg -v error -i film.mkv -pix_fmt rgb24 -f md5 -)" == "$(ffmpeg -v error -i film/frame-%05d.png -pix_fmt rgb24 -f md5 -)" ]] ||
  fail "the film's file has other pictures than the folder"

# Nothing of it is written over, and what is broken gets a sentence.
ln -s session.jsonl kept/link.png
expect_sentence 1 "must not be overwritten" "$program" render kept/session.jsonl -o kept/link.png
expect_sentence 1 "leave out --set" "$program" render kept/session.jsonl -o x.png --set train.rate=1
expect_sentence 1 "holds an earlier run" "$program" "${scene[@]}" --out kept
expect_sentence 2 "after the command" "$program" --out x train "${scene[@]}"
cp -r kept broken
sed -i 's/"command": *"play"/"command":"jump"/' broken/session.jsonl
expect_sentence 1 "there is no command \"jump\"" "$program" render broken/session.jsonl -o x.png
head -c -40 kept/session.jsonl > broken/session.jsonl
expect_sentence 1 "is cut off" "$program" render broken/session.jsonl -o x.png
cp kept/session.jsonl broken/
echo "# mine" >> broken/scene.toml
expect_sentence 1 "was changed after the session" "$program" render broken/session.jsonl -o x.png
rm broken/scene.toml
expect_sentence 1 "keep the files of a run folder together" "$program" render broken/session.jsonl -o x.png
expect_sentence 1 "missing.jsonl" "$program" render missing.jsonl -o x.png
[[ -e x.png ]] && fail "a broken session was drawn"

# A log that was cut short says so in its file, and what is drawn of it says so, too.
cp -r kept cut
head -n 4 kept/session.jsonl > cut/session.jsonl
echo '{"cut":true}' >> cut/session.jsonl
expect_code 0 "$program" render cut/session.jsonl -o cut.png --size 640x360
grep -q "the session went on after what is drawn: its log was full after" err || fail "not said: $(cat err)"

# A run that goes on is another than the session's; elsewhere, or where nothing is trained, it stays.
cp -r kept on
more=$(($(grep -c '"test_loss"' kept/report.json) + 2))
expect_code 0 "$program" train --resume on --out elsewhere --set "train.epochs=$more"
[[ -s on/session.jsonl ]] || fail "a session of another folder is gone"
[[ -e elsewhere/session.jsonl ]] && fail "a session that is not of this run"
expect_code 0 "$program" train --resume on --set "train.epochs=$more"
grep -q "on/session.jsonl is removed" err || fail "it is not said that the session is gone: $(cat err)"
[[ -e on/session.jsonl ]] && fail "a session that does not lead to the weights beside it"
start "${quick[@]}" --set train.epochs=1 --set view.steps_per_second=0 --set view.autoplay=true --out over
sleep 3
close_window
closed
grep -q '"state": "finished"' over/report.json || fail "the run is not over"
cp over/session.jsonl session.before
expect_code 0 "$program" train --resume over
cmp -s over/session.jsonl session.before || fail "nothing was trained, and the session is gone or another"
expect_code 0 "$program" render over/session.jsonl -o over.png --size 640x360
grep -q "the weights are those" err || fail "other weights: $(cat err)"

# Every lesson of a window keeps its run and its session, whatever the folder held: nothing of an earlier run stays.
touch over/history.csv over-2
start "$source_dir/scenes/two-parameters.toml" --out over --replace --set view.autoplay=false
key Right
said "^step 0: step"
printf '[data]\nimage_size=16\nphantom_counts=[12,12]\n[landscape]\ngrid=17\n[view]\nautoplay=false\n' > second.toml
"$DROP_FILE" "$window" "$PWD/second.toml"
said "^saved in over$"
key Right
key Right
"$DROP_FILE" "$window" "$PWD/broken.toml"
said "broken.toml"
close_window
closed
grep -q "saved in over-3$" err || fail "the second run is not saved: $(cat err)"
[[ "$(ls over | tr '\n' ' ')" == "scene.toml session.jsonl " ]] || fail "over holds more than its run: $(ls over)"
[[ -e over-4 ]] && fail "a folder for what was not opened"
expect_code 0 "$program" render over/session.jsonl -o first.png --size 640x360
expect_code 0 "$program" render over-3/session.jsonl -o second.png --size 640x360
grep -q "the weights are those" err || fail "other weights: $(cat err)"

# Descents have no weights; their session is kept all the same.
start "$source_dir/scenes/two-parameters.toml" --out descents --set view.autoplay=false
key Right
said "^step 0: step"
close_window
closed
expect_code 0 "$program" render descents/session.jsonl -o descents.png --size 640x360
finish
