#!/usr/bin/env bash
# installed.sh PROGRAM WORK_FOLDER SOURCE_TREE: what "cmake --install" puts into a folder works from there, also through the
# link in bin/, and holds all that a desktop wants.
source "$(dirname "${BASH_SOURCE[0]}")/common.sh" "$@"
build="${BUILD_FOLDER:?}"

expect_code 0 "${CMAKE:-cmake}" --install "$build" --prefix "$work/usr" --component fallline
for file in bin/fallline lib/fallline/fallline lib/fallline/libfallline_engine.so lib/fallline/libfallline_film.so share/applications/fallline.desktop \
  share/mime/packages/fallline.xml share/icons/hicolor/256x256/apps/fallline.png share/fallline/scenes/first-light.toml \
  share/fallline/lesson-pictures/first-light.jpg \
  share/doc/fallline/copyright share/doc/fallline/README.md; do
  [[ -s "usr/$file" ]] || fail "$file is not installed"
done
while read -r key value; do
  grep -qF "$key=$value" usr/share/applications/fallline.desktop || fail "the desktop entry has no $key=$value"
done <<< "Exec fallline %f
Icon fallline
MimeType application/x-teachable-machine-project;"
grep -qF 'type="application/x-teachable-machine-project"' usr/share/mime/packages/fallline.xml || fail "another MIME type"

# Every document links to files that are installed with it.
while IFS=: read -r document link; do
  [[ -s "$(dirname "$document")/$link" ]] || fail "$document links to $link, which is not installed"
done < <(grep -roP '\]\(\K(?!https?:|#)[^)#\s]+(?=[)#])' --include='*.md' usr/share/doc/fallline)

installed=usr/bin/fallline
expect_code 0 "$installed" --version
"$program" --version | cmp -s - out || fail "another version: $(cat out)"
expect_code 0 "$installed" train usr/share/fallline/scenes/first-light.toml --set data.image_size=16 \
  --set "data.phantom_counts=[8,8]" --set train.epochs=1 --out run
expect_code 0 "$installed" render usr/share/fallline/scenes/two-parameters.toml --size 320x240 -o picture.png
[[ -s picture.png ]] || fail "nothing was drawn"
expect_code 0 "$installed" render usr/share/fallline/scenes/two-parameters.toml --size 320x240 --seconds 0.5 -o film.mp4
[[ "$(head -c 8 film.mp4 | tail -c 4)" == ftyp ]] || fail "no film was written"
# Nothing that is installed knows the folder it was built in.
if LC_ALL=C grep -rqF "$build" usr; then fail "these know the build folder: $(LC_ALL=C grep -rlF "$build" usr)"; fi
finish
