#!/usr/bin/env bash
# Images from outside, dropped on the open preview: what is said of them, one on the wall with where the network looks,
# all as CSV. DROP_FILE: the program that drops a file on a window; WINDOW_PICTURE: takes a picture.
source "$(dirname "${BASH_SOURCE[0]}")/on_display.sh" 1280x800 "$@"
source "$(dirname "${BASH_SOURCE[0]}")/window_common.sh" "$@"

take() { "$WINDOW_PICTURE" take "$window" 1280 800 "$1" || fail "no picture of the window"; }
rows() { tail -n +2 "$1" | wc -l; }

cat > lesson.toml <<'END'
title = "Preview"
[data]
phantom_counts = [24, 24]
image_size = 32
[landscape]
grid = 9
[train]
epochs = 2
[view]
autoplay = false
steps_per_second = 0
END
echo 'title = [' > broken.toml
# A folder of images, of which one is none.
expect_code 0 "$program" data lesson.toml -o set
mkdir some
find set -name '*.png' | sort | head -n 5 | while read -r image; do cp "$image" some; done
[[ "$(find some -name '*.png' | wc -l)" == 5 ]] || fail "no images to drop: $(find set | head)"
echo "no image" > some/broken.png

start "$PWD/lesson.toml"
# Without the panel a file is a lesson.
drop "$PWD/broken.toml"
said "^error: .*broken.toml"
# Of several none is chosen in silence.
drop "$PWD/lesson.toml" "$PWD/some/broken.png"
said "^error: Drop one project, folder or scene at a time"
key 5
place preview-choose
drop "$PWD/some"
said "^preview: 6 images, 1 cannot be looked at$"
grep -q "some" <(grep "^opening" err) && fail "a folder for the preview was opened as a lesson"
place preview-summary
click_on preview-row-2
said "^step 0: pixels of .*some/.*png$"
take plain.png
click_on preview-heat
said "^step 0: heat on$"
sleep 1
take heat.png
cmp -s plain.png heat.png && fail "where it looks is not to be seen"
click_on preview-heat-class
click_on preview-heat-1
said "^step 0: heat of class 2$"
key h
said "^step 0: heat off$"
# The rows are those of the table; another save replaces nothing.
click_on preview-save
said "^preview: saved 6 rows in .*preview.csv$"
[[ "$(rows preview.csv)" == 6 ]] || fail "not six rows: $(cat preview.csv)"
head -n 1 preview.csv | grep -q "^image,prediction,probability,.*,step,problem" || fail "$(head -n 1 preview.csv)"
[[ "$(grep -c ",0," preview.csv)" == 5 ]] || fail "not five of step 0: $(cat preview.csv)"
grep -q "broken.png,.*broken.png is a text file" preview.csv || fail "it is not said what is wrong: $(cat preview.csv)"
# They follow the weights.
key space
said ": play$"
sleep 3
click_on preview-least-sure
sleep 3
click_on preview-save
said "^preview: saved 6 rows in .*preview-2.csv$"
step="$(grep -v broken preview-2.csv | tail -n 1 | awk -F, '{print $(NF - 1)}')"
((step > 0)) || fail "what is saved is of step $step: $(cat preview-2.csv)"
cmp -s <(cut -d, -f3 preview.csv) <(cut -d, -f3 preview-2.csv) && fail "the training changed nothing of what it says"
# By its name, through the browser; an archive where there is one.
click_on preview-choose
type_into browser-path "$PWD/some"
place browser-broken.png
type_into browser-path "$PWD/some/broken.png"
said "^preview: 1 image, 1 cannot be looked at$"
if [[ -f "$data/ich.zip" ]]; then
  drop "$data/ich.zip"
  said "^preview: 8 images$"
  click_on preview-row-0
  said ": pixels of .*ich.zip/.*png$"
fi
# The panel is away: lessons again.
key 5
hidden preview-choose
drop "$PWD/broken.toml"
sleep 1
(($(grep -c "^error: .*broken.toml" err) == 2)) || fail "a lesson is no lesson any more: $(cat err)"
close_window
closed
finish
