#!/usr/bin/env bash
# The panel at the start: a lesson by a click, files through the browser, what was open before, and what is broken.
source "$(dirname "${BASH_SOURCE[0]}")/on_display.sh" 1280x800 "$@"
source "$(dirname "${BASH_SOURCE[0]}")/window_common.sh" "$@"

mkdir -p files/deep
cat > files/deep/quick.toml <<'END'
title = "Quick"
[data]
phantom_counts = [8, 8]
image_size = 32
[landscape]
grid = 9
[train]
epochs = 1
[view]
autoplay = false
END
echo 'title = [' > files/deep/broken.toml
touch files/deep/notes.txt

# Without a lesson named the window begins with the panel.
start --set view.autoplay=false
opened 1
place lesson-1
click_on open
type_into browser-path "$PWD/files"
click_on browser-deep
click_on browser-broken.toml
said "^error: .*broken.toml"
place lesson-1  # the panel is back, the lesson still there
click_on open
place browser-quick.toml  # where it was before
grep -q "^place browser-notes.txt" err && fail "it offers what it cannot open"
click_on browser-above
place browser-deep
type_into browser-path deep/quick.toml
said "^opening .*files/deep/quick.toml"
opened 2
click_on recent-0
opened 3
[[ "$(count '^opening .*quick.toml')" == 2 ]] || fail "what was open last is not opened again: $(cat err)"
click_on lesson-1
said "^opening .*scenes/1-too-few-images.toml"
opened 4
close_window
closed

# At the very first start a hint says what to do next, until somebody does it or puts it away; then never again.
rm "$XDG_STATE_HOME/fallline/first-use"
start "$PWD/files/deep/quick.toml"
place first-hint
key p
hidden first-hint
key p
click_on first-hint-close
hidden first-hint
close_window
closed
[[ -e "$XDG_STATE_HOME/fallline/first-use" ]] || fail "it is not kept that the hint was said"
start "$PWD/files/deep/quick.toml"
place train-or-pause
grep -q "^place first-hint" err && fail "the hint comes again"
close_window
closed
rm "$XDG_STATE_HOME/fallline/first-use"
start "$PWD/files/deep/quick.toml"
place first-hint
key space
said ": play$"
hidden first-hint
close_window
closed
[[ -e "$XDG_STATE_HOME/fallline/first-use" ]] || fail "whoever needs no hint is told again"

# The next start knows it; a lesson that was named needs no panel.
start "$PWD/files/deep/quick.toml"
opened 1
grep -q "^place open " err && fail "the panel is open beside a lesson that was named"
key 1
click_on recent-1
said "^opening .*scenes/1-too-few-images.toml"
close_window
closed
finish
