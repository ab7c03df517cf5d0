#!/usr/bin/env bash
# lost_device.sh PROGRAM WORK_FOLDER SOURCE_TREE: the graphics device is lost, in a film and in the window: the run is
# saved, one sentence says so, and the program ends. LOSE_DEVICE: a library that loses it at submission
# FALLLINE_TEST_LOSE_AT.
source "$(dirname "${BASH_SOURCE[0]}")/on_display.sh" 1280x800 "$@"
source "$(dirname "${BASH_SOURCE[0]}")/common.sh" "$@"

scene=("$source_dir/scenes/first-light.toml" --set train.epochs=2)
mkdir place  # common.sh's own files are called out and err
lose_at() { (cd place && exec env LD_PRELOAD="$LOSE_DEVICE" FALLLINE_TEST_LOSE_AT="$1" timeout 60 "${@:2}"); }

# saved FOLDER: all of a run folder is there, and the history is not empty.
saved() {
  for file in scene.toml history.csv report.json weights.safetensors; do
    [[ -s "place/$1/$file" ]] || fail "$1/$file is missing"
  done
  [[ "$(wc -l < "place/$1/history.csv")" -gt 1 ]] || fail "$1/history.csv has no step"
}

# said_lost FOLDER: the last line, and only one error.
said_lost() {
  local wanted="The graphics device was lost (VK_ERROR_DEVICE_LOST); the run is saved in $1; start it again, or draw on another device with --device."
  [[ "$(tail -n 1 err)" == *"$wanted" ]] || fail "the last line is not \"$wanted\": $(cat err)"
  [[ "$(grep -c '^error' err)" == 1 ]] || fail "not one error: $(cat err)"
}

expect_code 1 lose_at 6 "$program" render "${scene[@]}" -o film --replace --size 640x360 --fps 4 --seconds 3
said_lost out/first-light-saved
saved out/first-light-saved
[[ -s place/film/frame-00001.png ]] || fail "the pictures drawn before are gone"

# Again: what was saved before stays.
expect_code 1 lose_at 6 "$program" render "${scene[@]}" -o film --replace --size 640x360 --fps 4 --seconds 3
said_lost out/first-light-saved-2
saved out/first-light-saved-2

# By the fiftieth picture the lesson is there: while it loads there are ten a second at most.
expect_code 1 lose_at 50 "$program" "${scene[@]}" --set view.autoplay=true --set view.steps_per_second=0 --set train.epochs=900
said_lost out/first-light-saved-3
saved out/first-light-saved-3
# What was done in the window until then is kept, too; a film has nothing of the kind.
[[ -e place/out/first-light-saved/session.jsonl ]] && fail "a film has a session"
expect_code 0 "$program" render place/out/first-light-saved-3/session.jsonl -o again.png --size 640x360
grep -q "the weights are those that the session ended with, to the byte$" err || fail "other weights: $(cat err)"
# Where the window was to leave its run, there it is. A training that is over would draw nothing more.
expect_code 1 lose_at 12 "$program" "${scene[@]}" --set view.autoplay=true --set view.steps_per_second=0 --set train.epochs=900 --out kept
said_lost kept
saved kept
[[ -s place/kept/session.jsonl ]] || fail "the session is missing"

# A device that takes too long still draws when everything goes: nothing that it draws into may go before it is done.
time_out_at() { (cd place && exec env LD_PRELOAD="$LOSE_DEVICE" FALLLINE_TEST_TIME_OUT_AT="$1" timeout 60 "${@:2}"); }
for wait in 2 5; do
  expect_code 1 time_out_at "$wait" "$program" render "${scene[@]}" -o late --size 1920x1080 --fps 4 --seconds 3
  [[ "$(grep -c '^error' err)" == 1 ]] || fail "not one error: $(cat err)"
  grep -q "without success" err || fail "not said: $(cat err)"
done

# Without a place to save in, that is said, and nothing else goes wrong.
rm -rf place/out && touch place/out
expect_code 1 lose_at 6 "$program" render "${scene[@]}" -o film --replace --size 640x360 --fps 4 --seconds 3
grep -q "(VK_ERROR_DEVICE_LOST); the run could not be saved" err || fail "not said: $(cat err)"
finish
