#!/usr/bin/env bash
# Shaders are changed, broken and mended while the window draws with them, in a copy of shaders/. CLOSE_WINDOW closes
# a window, WINDOW_COLOUR reads its pixels.
source "$(dirname "${BASH_SOURCE[0]}")/on_display.sh" 1280x800 "$@"
source "$(dirname "${BASH_SOURCE[0]}")/window_common.sh" "$@"

# colour PLACE: what it looks like now, as R G B and how much redder than green its reddest pixel is.
colour() {
  case "$1" in
    sky) "$WINDOW_COLOUR" "$window" 560 60 40 20 ;;      # above the landscape: nothing but the ground's backdrop
    status)  # where messages stand, which take the rows they need; where there is none, no colour of one
      local _ x y width height
      read -r _ _ x y width height <<< "$(grep -E "^place message " err | tail -n 1)"
      if [[ -z "$x" || "$x" == gone ]]; then echo 0 0 0 0; return; fi
      "$WINDOW_COLOUR" "$window" "$x" "$y" "$width" "$height"
      ;;
    bar) "$WINDOW_COLOUR" "$window" 560 790 40 8 ;;      # its lower edge, or the ground when it is gone
  esac
}

# becomes PLACE CONDITION: waits, a minute at most, until the arithmetic condition on r, g, b and redder holds.
becomes() {
  local r g b redder
  for _ in $(seq 600); do
    if read -r r g b redder < <(colour "$1") && (($2)); then return; fi
    kill -0 "$pid" 2> /dev/null || break
    sleep 0.1
  done
  fail "$1 is $r $g $b $redder, not $2: $(cat err)"
}
is_green="g > 200 && r < 60 && b < 60"
is_blue="b > 200 && r < 60 && g < 60"
has_error="redder > 80"  # the colour of errors, which no other word there has

times_said() { grep -cE -- "$1" err; }

# A name that a shell would take apart.
cp -r "$source_dir/shaders" "it's a copy"
export FALLLINE_SHADERS="$work/it's a copy"
original="$(< "$FALLLINE_SHADERS/ground.frag")"
paint() { printf '%s\n' "${original/color = vec4(lit*;/color = $1;}" > "$FALLLINE_SHADERS/ground.frag"; }

# The folder's shaders are there from the start, not only once they change.
paint "vec4(0, 1, 0, 1)"
start "$source_dir/scenes/two-parameters.toml" --set view.autoplay=false
said "^shaders reloaded"
becomes sky "$is_green"
becomes status "!($has_error)"

# Changed.
paint "vec4(0, 0, 1, 1)"
becomes sky "$is_blue"
[[ "$(times_said "^shaders reloaded")" == 2 ]] || fail "not reloaded once more: $(cat err)"

# Broken: the compiler's words are said and shown, and the picture before stays alive.
paint "vec4(0, 1, 0, lacking)"
said "ground.frag:[0-9]+: error: 'lacking'"
becomes status "$has_error"
becomes sky "$is_blue"
key p
becomes bar "$is_blue"  # a new picture, without the bar
key p
becomes bar "!($is_blue)"
becomes status "$has_error"
# What all include is broken, too.
printf 'no shader\n' >> "$FALLLINE_SHADERS/common.glsl"
said "common.glsl:[0-9]+: error"
kill -0 "$pid" || fail "it died: $(cat err)"
becomes sky "$is_blue"
[[ "$(times_said "^shaders reloaded")" == 2 ]] || fail "what does not compile was put in place: $(cat err)"

# Mended.
cp "$source_dir/shaders/common.glsl" "$FALLLINE_SHADERS/common.glsl"
paint "vec4(0, 1, 0, 1)"
becomes sky "$is_green"
becomes status "!($has_error)"

close_window
closed

# A folder that is not there is named, and what was built in is drawn.
FALLLINE_SHADERS="$work/nowhere" start "$source_dir/scenes/two-parameters.toml" --set view.autoplay=false
said "^error: Shaders are read from $work/nowhere, which cannot be read"
becomes sky "r < 60 && g < 60 && b < 60"
close_window
closed
finish
