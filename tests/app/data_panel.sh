#!/usr/bin/env bash
# The panel "Data", driven by names: images are looked at, prepared otherwise, and changed into a project of their own.
source "$(dirname "${BASH_SOURCE[0]}")/on_display.sh" 1280x800 "$@"
source "$(dirname "${BASH_SOURCE[0]}")/window_common.sh" "$@"

cat > heads.toml <<'END'
title = "Heads"
[data]
phantom_counts = [40, 60]
image_size = 32
test_fraction = 0.25
[landscape]
grid = 9
[view]
autoplay = false
END
start "$PWD/heads.toml" --out heads
key 2
place data-grid
click_on image-3
said "image 3$"
# A fold brings the other class into sight, whose images come after those of the first.
grep -q "^place image-45 " err && fail "all classes are in sight at once: the test needs more images"
click_on class-0
click_on image-45
said "image 45$"
click_on class-0
click_on image-4
click_on remove-images
place draft
# Prepared otherwise: what is tried out is what the training begins anew with.
click_on tab-preparation
place prepared
drag 1 20 0 level 0.2
click_on window-subdural
click_on paint-red
place range-low
click_on image-size
click_on image-size-48
click_on start-again
said "opening .* again"
said "^saved in heads$"
hidden draft
click_on tab-images
place draft # it was not saved, and is not lost
click_on image-3
said "image 3$"
# Before it would be lost, one question; whoever stays has it still, by pointer and by key.
close_window
place draft-question
click_on draft-stay
hidden draft-question
place draft
"$DROP_FILE" "$window" "$source_dir/scenes/two-parameters.toml" || fail "no file can be dropped"
place draft-question
key space
grep -q ": play$" err && fail "a key went past the question"
key Escape
hidden draft-question
grep -q "^opening .*two-parameters" err && fail "another lesson is opened though somebody stayed"
# By Tab, arrows and Space as well.
close_window
place draft-question
key Tab
key Down
key Down
key Down
key space
hidden draft-question
# Saved under the name it says; then what was asked for is done.
"$DROP_FILE" "$window" "$source_dir/scenes/two-parameters.toml" || fail "no file can be dropped"
place draft-question
key s
said "^The draft is saved as .*heads-edited.tm$"
said "^opening .*two-parameters"
said "^saved in heads-2$"
[[ -s heads-edited.tm ]] || fail "the draft was not saved"
close_window
closed
# Without a change there is no question; and what is let go is not asked for again.
start "$PWD/heads.toml"
key 2
click_on image-3
click_on remove-images
place draft
close_window
click_on draft-discard
closed
start "$PWD/heads.toml"
key 2
click_on image-3
click_on remove-images
click_on undo-edit
close_window
closed
for line in "image_size = 48" "window = .*75" "colour_range = .*50" "channels = 3"; do
  grep -q "^$line" heads-2/scene.toml || fail "the new run has no \"$line\": $(cat heads-2/scene.toml)"
done

if [[ ! -f "$data/exp_1.tm" ]]; then
  printf 'without a real project: %s is not there (FALLLINE_TEST_DATA names the folder)\n' "$data/exp_1.tm"
  finish
  exit
fi
before="$(cksum < "$data/exp_1.tm")"
start "$data/exp_1.tm" --set network.backbone=none --set view.autoplay=false
key 2
place data-summary
click_on tab-left-out
click_on tab-preparation
place no-hounsfield
click_on tab-images
# A draft: a class renamed, an image moved, another removed, and one more, which is undone.
click_on image-0
click_on rename-class
type_into class-name "Bleeding"
place draft
click_on image-1
click_on move-to
click_on move-to-1
click_on image-2
click_on remove-images
click_on image-4
click_on remove-images
click_on undo-edit
# A name that is taken is refused, and nothing is written over it.
echo "mine" > taken.tm
click_on save-as
type_into project-name "$PWD/taken.tm"
place not-saved
[[ "$(cat taken.tm)" == mine ]] || fail "a file was replaced"
click_on save-as
type_into project-name "$PWD/edited.tm"
place saved
[[ "$(cksum < "$data/exp_1.tm")" == "$before" ]] || fail "the project itself was changed"
# With one class there is nothing to save, and nothing is lost.
click_on choose-class-0
click_on remove-images
click_on save-as
type_into project-name "$PWD/one.tm"
place not-saved
[[ ! -e one.tm ]] || fail "a project of one class was written"
click_on undo-edit
click_on save-as
type_into project-name "$PWD/again.tm"
click_on open-saved
said "opening .*again.tm"
close_window
closed
cmp edited.tm again.tm || fail "the draft was not as it was"
expect_code 0 "$program" data edited.tm -o edited
[[ -d edited/Bleeding ]] || fail "the class has not its new name: $(ls edited)"
images="$(find edited -mindepth 2 -name '*.png' | wc -l)"
[[ "$images" == 59 ]] || fail "not 59 of 60 images but $images"
finish
