#!/usr/bin/env bash
# Two lessons or sessions side by side: one film, the same every time, on one clock; and what cannot be done is said.
source "$(dirname "${BASH_SOURCE[0]}")/on_display.sh" 1280x720 "$@"
source "$(dirname "${BASH_SOURCE[0]}")/window_common.sh" "$@"
small=(--size 640x360 --fps 4)

pictures() { find "$1" -name 'frame-*.png' | sort | xargs sha256sum | cut -d' ' -f1; }
# refuse WORDS -- command...: an error of one sentence that has these words.
refuse() {
  local words="$1"
  shift
  "$@" > out 2> err && fail "no error: $*"
  grep -qF -- "$words" err || fail "no \"$words\" in: $(cat err)"
}

lesson() { # TITLE RATE SECONDS
  cat << END
title = "$1"
[data]
image_size = 16
phantom_counts = [6, 6]
[train]
epochs = 2
batch_size = 4
rate = $2
[landscape]
grid = 9
[film]
seconds = $3
END
}
lesson "Small steps" 0.001 2 > small.toml
lesson "Large steps" 0.1 1 > large.toml

# The longer one says how long it is; the shorter one holds its end.
expect_code 0 "$program" render small.toml --beside large.toml "${small[@]}" -o one
expect_code 0 "$program" render small.toml --beside large.toml "${small[@]}" -o two
[[ "$(pictures one | wc -l)" == 8 ]] || fail "$(pictures one | wc -l) pictures instead of 2 seconds, four each"
[[ "$(pictures one)" == "$(pictures two)" ]] || fail "the same film has other pictures"
[[ "$(pictures one | sort -u | wc -l)" -ge 6 ]] || fail "nothing moves"
expect_code 0 "$program" render large.toml --beside small.toml "${small[@]}" -o turned
[[ "$(pictures one)" != "$(pictures turned)" ]] || fail "left and right are the same"

# Of itself, of a run folder, of two parameters; one picture; and an uneven size.
expect_code 0 "$program" render small.toml --beside small.toml --size 641x361 -o itself.png
expect_code 0 "$program" train large.toml --out run
expect_code 0 "$program" render small.toml --beside run --size 640x360 -o run.png
cmp -s itself.png run.png && fail "another lesson has the same picture"
expect_code 0 "$program" render small.toml --beside "$source_dir/scenes/two-parameters.toml" --size 640x360 -o mixed.png

# A session that was made in the window, named by its file and by its folder, beside a lesson.
start small.toml --set view.autoplay=false --out kept
key space
sleep 2
close_window
closed
expect_code 0 "$program" render kept/session.jsonl --beside large.toml "${small[@]}" --seconds 2 -o session
expect_code 0 "$program" render kept --beside large.toml "${small[@]}" --seconds 2 -o folder
[[ "$(pictures session | wc -l)" == 8 ]] || fail "$(pictures session | wc -l) pictures of a session instead of 8"
[[ "$(pictures session)" == "$(pictures folder)" ]] || fail "the folder is another session than its file"
expect_code 0 "$program" render large.toml --beside kept --size 640x360 -o kept.png
refuse "leave out --set" "$program" render large.toml --beside kept --set train.rate=1 -o no.png
ln -s session.jsonl kept/link.png
refuse "must not be overwritten" "$program" render large.toml --beside kept -o kept/link.png

# What cannot be.
refuse "--beside: " "$program" render small.toml --beside nowhere.toml -o no.png
refuse "--beside: " "$program" render small.toml --beside itself.png -o no.png
for option in "--parts landscape" --transparent --resume --srt "--exposures 2"; do
  # shellcheck disable=SC2086
  refuse "${option%% *}" "$program" render small.toml --beside large.toml $option -o no
done
refuse "beside" "$program" render small.toml --beside large.toml --beside small.toml -o no
refuse "earlier film" "$program" render small.toml --beside large.toml "${small[@]}" -o one
refuse "large.toml" "$program" render small.toml --beside large.toml -o large.toml
[[ ! -e no && ! -e no.png ]] || fail "something was written"
finish
