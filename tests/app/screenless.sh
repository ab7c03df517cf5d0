#!/usr/bin/env bash
# screenless.sh PROGRAM WORK_FOLDER SOURCE_TREE: a machine without Vulkan, GLFW, X and typefaces, made of nothing but what
# the program itself links: it trains, classifies and saves images there, and says in one sentence why it draws nothing.
source "$(dirname "${BASH_SOURCE[0]}")/common.sh" "$@"

engine="$(dirname "$program")/libfallline_engine.so"
draws='^(lib(vulkan|glfw|X11|Xext|xcb|wayland|EGL|GL|GLX|freetype|fontconfig|harfbuzz|fribidi|pango|cairo|imgui|stb)|libfallline_engine)[-.]'

# The names of all libraries that a file needs, directly and through others, and of those alone that it names itself.
closure() { ldd "$1" | awk '$2 == "=>" {print $1}' | sort; }
named() { readelf -d "$1" | sed -n 's/.*(NEEDED).*\[\(.*\)\]/\1/p' | sort; }

[[ -s "$engine" ]] || fail "$engine is not beside the program"
for names in closure named; do
  found="$($names "$program" | grep -E "$draws" | tr '\n' ' ')"
  [[ -z "$found" ]] || fail "the program links $found"
done
# Of libav only who writes a film needs to know.
for file in "$program" "$engine"; do
  if closure "$file" | grep -qE '^lib(av|sw)'; then fail "$file links libav"; fi
done
[[ -n "$(named "$engine" | grep -E '^libvulkan\.')" ]] || fail "the engine does not name libvulkan, so nothing was looked at"
shown="$(nm -D --defined-only "$engine" | awk '$3 !~ /^(__bss_start|_edata|_end)$/ {print $3}')"
[[ "$shown" == fallline_engine ]] || fail "the engine shows more than its door: $(head -n 5 <<< "$shown")"

# The machine: the program, the libraries of its closure and the loader, in their places.
machine="$work/machine"
mkdir -p "$machine/app" "$machine/tmp"
cp "$program" "$machine/app/"
ldd "$program" | grep -oE '/[^ ]+' | while read -r library; do
  mkdir -p "$machine$(dirname "$library")"
  cp -L "$library" "$machine$library"
done
cp "$source_dir/scenes/first-light.toml" "$machine/tmp/"

on_machine=()
if chroot "$machine" /app/fallline --version > /dev/null 2>&1; then
  on_machine=(chroot "$machine")
elif unshare --user --map-root-user chroot "$machine" /app/fallline --version > /dev/null 2>&1; then
  on_machine=(unshare --user --map-root-user chroot "$machine")
fi
there() { "${on_machine[@]}" /app/fallline "$@"; }

if ((${#on_machine[@]} > 0)); then
  quick=(/tmp/first-light.toml --set data.image_size=16 --set "data.phantom_counts=[8,8]" --set train.epochs=2)
  expect_code 0 there train "${quick[@]}" --out /tmp/run
  expect_code 0 "$program" train "$source_dir/scenes/first-light.toml" "${quick[@]:1}" --out run
  cmp -s run/weights.safetensors "$machine/tmp/run/weights.safetensors" || fail "other weights than with the libraries there"
  expect_code 0 there data "${quick[@]}" -o /tmp/images
  images=("$machine"/tmp/images/*/*.png)
  expect_code 0 there sweep "${quick[@]}" --axis train.rate=0.001,0.01 -o /tmp/sweep
  grep -q "^2 of 2 cells" out && grep -q "there is no picture of the sweep" err || fail "no sweep without a screen: $(cat out err)"
  [[ -s "${images[0]}" ]] || fail "no images were saved"
  expect_code 0 there classify /tmp/run "${images[0]#"$machine"}"
  grep -q "\.png" out || fail "nothing is classified: $(cat out)"

  # Without the engine, whatever is asked that draws.
  expect_sentence 1 "libfallline_engine.so is missing; put it into /app, beside the program" there render "${quick[@]}" -o /tmp/a.png
  expect_sentence 1 "libfallline_engine.so is missing" there "${quick[@]}"
  expect_sentence 1 "libfallline_engine.so is missing" there doctor
  grep -q "^Training .*CPU" out || fail "doctor does not say what trains: $(cat out)"

  # With it, all that it lacks is named, and a package for each.
  cp "$engine" "$machine/app/"
  lacking="$(comm -13 <(closure "$program") <(named "$engine") | grep -E "$draws")"
  for command in "render ${quick[*]:0:1} -o /tmp/a.png" doctor ""; do
    # shellcheck disable=SC2086
    expect_sentence 1 "Nothing can be drawn here, because libvulkan.so.1" there $command
    for library in $lacking; do
      grep -qF -- "$library" err || fail "$library is missing and not named: $(cat err)"
    done
    files="$(sed -E 's/.*because (.*) (is|are) missing.*/\1/' err | grep -oE 'lib[^ ,]+' | wc -l)"
    packages="$(sed -E 's/.*install (.*) \(.*/\1/' err | grep -oE 'lib[^ ,]+' | wc -l)"
    ((files > 0 && files == packages)) || fail "$files libraries, $packages packages: $(cat err)"
  done
  [[ ! -e "$machine/tmp/a.png" ]] || fail "something was drawn"
else
  printf 'Nobody but root may chroot here: only what the files say was looked at.\n'
fi

# Moved: the program finds its engine where both are now, through a link, too, and alone it says what it lacks.
quick=("$source_dir/scenes/two-parameters.toml" --size 320x240)
mkdir moved
cp "$program" "$engine" moved/
ln -s moved/fallline linked
expect_code 0 ./linked render "${quick[@]}" -o moved.png
expect_code 0 "$program" render "${quick[@]}" -o here.png
cmp -s moved.png here.png || fail "another picture than where it was built"
rm moved/libfallline_engine.so
expect_sentence 1 "put it into $work/moved, beside the program" moved/fallline render "${quick[@]}" -o alone.png
# Of another version.
printf 'int fallline_other;\n' | "${CC:-cc}" -shared -x c -o moved/libfallline_engine.so - || fail "no other library"
expect_sentence 1 "belongs to another version" moved/fallline render "${quick[@]}" -o alone.png
echo "no library" > moved/libfallline_engine.so
expect_sentence 1 "cannot be loaded" moved/fallline render "${quick[@]}" -o alone.png

# Ctrl-C reaches what the engine draws: the pictures until then are kept, and it ends in order.
ended_by INT IEND film/frame-00003.png "$program" render "$source_dir/scenes/two-parameters.toml" --size 320x240 -o film --fps 240 --seconds 3600
[[ "$code" == 130 && -s film/frame-00003.png ]] || fail "an interrupted film ends with $code: $(cat err)"
grep -qE "^[0-9]+ pictures in film" out || fail "an interrupted film does not say what it holds: $(cat out)"
finish
