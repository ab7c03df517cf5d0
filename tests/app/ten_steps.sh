#!/usr/bin/env bash
# The ten steps of a workshop with Teachable Machine (guide: open, advanced, under the hood, train, accuracy per class,
# confusion matrix, test an image, next experiment, more epochs, compare), each with at most two clicks or keys from
# the one before.
source "$(dirname "${BASH_SOURCE[0]}")/on_display.sh" 1280x800 "$@"
source "$(dirname "${BASH_SOURCE[0]}")/window_common.sh" "$@"
if [[ ! -f "$data/exp_1.tm" || ! -f "$data/exp_5.tm" || ! -f "$data/ich.zip" ]]; then
  printf 'skipped: no real projects and images in %s (FALLLINE_TEST_DATA names the folder)\n' "$data"
  exit 77
fi

done_by_hand=0
by_key() { done_by_hand=$((done_by_hand + 1)); key "$1"; }
by_click() { done_by_hand=$((done_by_hand + 1)); click_on "$1"; }
by_drop() { done_by_hand=$((done_by_hand + 1)); drop "$1"; }
step() {  # step NAME: is there; how much was needed
  printf '%s: %d\n' "$1" "$done_by_hand"
  ((done_by_hand <= 2)) || fail "$1 takes $done_by_hand clicks and keys"
  done_by_hand=0
}
accuracy_shown() { grep -E "^place found-$1 " err | tail -n 1 | grep -qv gone; }

start --set view.steps_per_second=0
opened 1
by_drop "$data/exp_1.tm"
opened 2
place train-or-pause
[[ "$(xdotool getwindowname "$window")" == *exp_1* ]] || fail "the title is $(xdotool getwindowname "$window")"
step "open"

by_key 3
place train-epochs
place train-rate
step "advanced"

said "^first step"  # a project that is opened trains
step "train"

by_key 4
place found-0
step "under the hood"

accuracy_shown 0 && accuracy_shown 1 || fail "an accuracy of each class is not there"
step "accuracy per class"

place cell-0-0
by_click cell-0-1
for number in 0-1 1-0; do
  place="$(grep -E "^place wrong-0 " err | tail -n 1)"
  [[ -n "$place" && "$place" != *gone ]] && break
  [[ $number == 1-0 ]] && by_click cell-1-0  # nothing is called that
done
step "confusion matrix"

by_key 5
place preview-choose
by_drop "$data/ich.zip"
said "^preview: [0-9]+ images"
place preview-row-0
step "test an image"

by_key 4  # a drop on the preview is a test
by_drop "$data/exp_5.tm"
opened 3
[[ "$(xdotool getwindowname "$window")" == *exp_5* ]] || fail "the title is $(xdotool getwindowname "$window")"
step "next experiment"

by_key ctrl+e
opened 4
place found-0
step "epochs 75"
by_key ctrl+e
opened 5
step "epochs 250"

place found-before
step "compare"
close_window
closed
finish
