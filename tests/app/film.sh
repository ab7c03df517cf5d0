#!/usr/bin/env bash
# Films as files: what is in them, the same every time, readable whatever ended them; parts, subtitles, transparency; a
# folder that goes on where it stopped. NO_ENCODER: a library that hides one of libav's encoders.
source "$(dirname "${BASH_SOURCE[0]}")/common.sh" "$@"
quick=(--set data.image_size=16 --set "data.phantom_counts=[4,4]" --set train.epochs=1 --set landscape.grid=9)
small=("${quick[@]}" --size 320x240 --fps 12 --seconds 1)

# probe FILE ENTRIES: what ffprobe says of the video stream, one value a line.
probe() { ffprobe -v error -select_streams v:0 -count_frames -show_entries "stream=$2" -of default=nw=1:nk=1 "$1"; }
# The decoded samples of a film, as one number. rgb FILE: as 8-bit RGB.
decoded() { ffmpeg -v error -i "$1" -f md5 - ; }
rgb() { ffmpeg -v error -i "$@" -pix_fmt rgb24 -f md5 -; }
# How many pictures can be read.
pictures_in() { ffmpeg -v error -i "$1" -f framemd5 - 2> /dev/null | grep -vc '^#'; }

# Every kind says what it is, its colours, and has all pictures.
while read -r name codec format range matrix; do
  expect_code 0 "$program" render "${small[@]}" -o "$name"
  grep -q "^12 pictures in $name (1.0 s)" out || fail "$name: it does not say what it holds: $(cat out)"
  said="$(probe "$name" codec_name,pix_fmt,width,height,color_range,color_space,color_transfer,color_primaries,r_frame_rate,nb_read_frames | tr '\n' ' ')"
  [[ "$said" == "$codec 320 240 $format $range $matrix iec61966-2-1 bt709 12/1 12 " ]] || fail "$name is $said"
done << 'END'
a.mp4 h264 yuv420p tv bt709
a.mkv ffv1 bgr0 pc gbr
a.webm vp9 yuv420p tv bt709
a.mov prores yuv444p12le tv bt709
END
# What is without loss is what a folder has.
expect_code 0 "$program" render "${small[@]}" -o folder
[[ "$(rgb a.mkv)" == "$(rgb folder/frame-%05d.png)" ]] || fail "a.mkv has other pictures than the folder"
# The colours that were drawn, by a reader that follows the tags; and brightness between black and white as video has it.
ffmpeg -v error -i a.mp4 -vf "select=eq(n\,11)" -pix_fmt rgb24 -f rawvideo - > film.rgb
ffmpeg -v error -i folder/frame-00012.png -pix_fmt rgb24 -f rawvideo - > png.rgb
off="$(ffmpeg -v info -s 320x240 -pix_fmt rgb24 -f rawvideo -i film.rgb -s 320x240 -pix_fmt rgb24 -f rawvideo -i png.rgb -lavfi psnr -f null - 2>&1 | grep -oE 'average:[0-9]+' | grep -oE '[0-9]+')"
((off >= 32)) || fail "the film's colours are not those of the pictures: PSNR $off"

# The same film again, with a busy machine, too.
for name in a.mp4 a.mkv a.webm a.mov; do
  busy=()
  for _ in 1 2 3; do (while :; do :; done) & busy+=($!); done
  expect_code 0 "$program" render "${small[@]}" -o "again-$name"
  kill "${busy[@]}"
  wait "${busy[@]}" 2> /dev/null
  [[ "$(decoded "$name")" == "$(decoded "again-$name")" ]] || fail "$name differs the second time"
done

# Another program than ffmpeg reads all of them.
if command -v gst-launch-1.0 > /dev/null; then
  for name in a.mp4 a.mkv a.webm a.mov; do
    rm -f raw
    gst-launch-1.0 -q filesrc "location=$name" ! decodebin ! videoconvert ! video/x-raw,format=RGBx ! filesink location=raw > gst 2>&1 || fail "GStreamer: $name: $(cat gst)"
    [[ "$(stat -c %s raw)" == $((320 * 240 * 4 * 12)) ]] || fail "GStreamer reads $(stat -c %s raw) bytes of $name"
  done
else
  fail "gst-launch-1.0 is not installed"
fi

# Keys of [film]; what does not go together gets a sentence before the work.
expect_code 0 "$program" render "${small[@]}" --set film.codec=h264 --set film.crf=40 --set film.preset=ultrafast --set film.pixel_format=yuv444p -o keys.mkv
[[ "$(probe keys.mkv codec_name,pix_fmt | tr '\n' ' ')" == "h264 yuv444p " ]] || fail "keys.mkv is $(probe keys.mkv codec_name,pix_fmt)"
expect_code 0 "$program" render "${small[@]}" --set film.supersampling=2 -o fine
[[ "$(ffprobe -v error -show_entries stream=width,height -of csv=p=0 fine/frame-00012.png)" == 320,240 ]] || fail "supersampling changes the size"
[[ "$(rgb fine/frame-%05d.png)" != "$(rgb a.mkv)" ]] || fail "supersampling changes nothing"
expect_sentence 1 "supersampling = 4 asks for more" "$program" render "${quick[@]}" --size 7680x4320 --set film.supersampling=4 -o b.png
expect_sentence 1 "even width and height" "$program" render "${quick[@]}" --size 321x241 -o odd.mp4
expect_sentence 1 "does not go into .mp4" "$program" render "${quick[@]}" --set film.codec=vp9 -o b.mp4
expect_sentence 1 "at most 51" "$program" render "${quick[@]}" --set film.crf=60 -o b.mp4
expect_sentence 1 "preset must be ultrafast" "$program" render "${quick[@]}" --set film.preset=quick -o b.mp4
expect_sentence 1 "H.264 cannot be transparent" "$program" render "${quick[@]}" --transparent -o b.mp4
expect_sentence 1 "a.mp4 already exists" "$program" render "${small[@]}" -o a.mp4
expect_sentence 1 "Cannot render to b.avi: give a name that ends in .mp4, .mkv, .webm or .mov" "$program" render "${quick[@]}" -o b.avi
expect_code 2 "$program" render "${quick[@]}" --size 7x5 -o b.mp4
[[ "$(wc -l < err)" == 1 ]] || fail "7x5: $(cat err)"
expect_code 2 "$program" render "${quick[@]}" --seconds 0 -o b.mp4
expect_code 2 "$program" render "${quick[@]}" --parts landscape,all -o b.mp4
expect_sentence 1 "says no cues" "$program" render "${small[@]}" --srt -o b.mp4
expect_sentence 1 "Only a folder of frames can go on" "$program" render "${small[@]}" --resume -o b.mp4
[[ -e b.mp4 || -e b.avi || -e odd.mp4 ]] && fail "something was written"
expect_sentence 1 "/proc/films" "$program" render "${small[@]}" -o /proc/films/b.mp4

# Without the encoder, and without the library that has it.
env LD_PRELOAD="$NO_ENCODER" HIDDEN_ENCODER=libx264 "$program" render "${small[@]}" -o b.mp4 2> err && fail "exit code 0 without an encoder"
[[ "$(cat err)" == "error: Cannot write b.mp4: this system's libavcodec has no encoder libx264 for H.264; install one that has, or render into a folder of pictures." ]] || fail "not said: $(cat err)"
mkdir moved
cp "$program" "$(dirname "$program")/libfallline_engine.so" moved/
expect_sentence 1 "libfallline_film.so is missing; put it into $work/moved, beside the program, or render into a folder" moved/fallline render "${small[@]}" -o b.mp4
expect_code 0 moved/fallline render "${small[@]}" -o moved.png
[[ -e b.mp4 ]] && fail "something was written"

# A pipe gets the film, too.
mkfifo pipe.mkv
timeout 60 cat pipe.mkv > piped.mkv &
expect_code 0 timeout 60 "$program" render "${small[@]}" -o pipe.mkv
wait $!
[[ "$(decoded piped.mkv)" == "$(decoded a.mkv)" ]] || fail "a pipe gets another film"

# Two programs and one film: the second says so at once and writes nothing.
"$program" render "$source_dir/scenes/two-parameters.toml" --size 320x240 --fps 24 --seconds 60 -o one.mp4 > other 2>&1 &
other_pid=$!
while kill -0 "$other_pid" 2> /dev/null && [[ ! -s one.mp4 ]]; do sleep 0.02; done
expect_sentence 1 "Another program is writing one.mp4; wait until it ends" "$program" render "${small[@]}" -o one.mp4 --replace
expect_sentence 1 "Another program is writing one.mp4; wait until it ends" "$program" render "${small[@]}" -o one.mp4
kill -KILL "$other_pid"
wait "$other_pid" 2> /dev/null
expect_code 0 "$program" render "${small[@]}" -o one.mp4 --replace --poster one.png
[[ "$(decoded one.mp4)" == "$(decoded a.mp4)" ]] || fail "another film, after one that was killed"
[[ "$(rgb one.png)" == "$(rgb folder/frame-00012.png)" ]] || fail "the poster is not the last picture"
expect_sentence 1 "needs no --poster" "$program" render "${small[@]}" -o b.png --poster c.png
# The scene's own size.
expect_code 0 "$program" render "${quick[@]}" --set film.size=400x300 --seconds 1 -o size.mkv
[[ "$(probe size.mkv width,height | tr '\n' ' ')" == "400 300 " ]] || fail "another size than the scene says"
expect_sentence 1 '[film] size: "wide" is not a size' "$program" render "${quick[@]}" --set film.size=wide -o b.mp4

# A full disk: a sentence, and what is there can be read.
mkdir disk
if mount -t tmpfs -o size=2m tmpfs disk 2> mount_error; then
  trap 'umount "$work/disk" 2> /dev/null' EXIT
  for name in full.mkv full.mov; do
    expect_code 1 "$program" render "${quick[@]}" --size 640x480 --fps 12 --seconds 4 -o "disk/$name"
    grep -qE "^error: Cannot write disk/$name: the disk is full; the first [0-9.]+ s of the film are in it" err || fail "not said: $(cat err)"
    [[ "$(grep -c '^error' err)" == 1 ]] || fail "not one sentence: $(cat err)"
    there="$(ffmpeg -v error -i "disk/$name" -f null - 2>&1)" || fail "disk/$name cannot be read: $there"
    [[ -z "$there" ]] || fail "disk/$name is damaged: $there"
    rm "disk/$name"
  done
  # Room for the film, not for its copy with the index in front: the film stays as it was written.
  size="$(stat -c %s a.mov)"
  mount -o "remount,size=$((size * 3 / 2))" disk
  expect_code 0 "$program" render "${small[@]}" -o disk/a.mov
  grep -q "^warning: disk/a.mov is whole and can be played, but its index could not be put in front of its pictures, where some editors want it: the disk is full.$" err || fail "not said: $(cat err)"
  [[ "$(decoded disk/a.mov)" == "$(decoded a.mov)" ]] || fail "disk/a.mov is another film"
  [[ "$(ls disk)" == a.mov ]] || fail "something is left beside it: $(ls disk)"
  umount disk
else
  printf 'skipped: a full disk: no file system can be mounted here (%s)\n' "$(head -n 1 mount_error)"
fi

# Killed at any moment: it can be read, and at most a second of film is missing of what the log says was drawn.
descents=("$source_dir/scenes/two-parameters.toml" --size 320x240 --fps 24 --seconds 60)
RANDOM=5
drawn_at_most=0
for i in $(seq 20); do
  name=killed.mp4
  ((i % 4 == 0)) && name=killed.mkv
  rm -f "$name"
  begin "$program" render "${descents[@]}" -o "$name"
  while kill -0 "$pid" 2> /dev/null && [[ ! -s "$name" ]]; do sleep 0.02; done
  # Some of them after the log has said something.
  while ((i % 5 == 0)) && ! grep -qE "frame ([3-9][0-9]|[0-9]{3,}) of" err; do sleep 0.02; done
  sleep "0.$((RANDOM % 900 + 100))"
  cp "$name" before
  kill -9 "$pid"
  wait "$pid" 2> /dev/null
  ffprobe -v error "$name" > /dev/null 2> probe_error || fail "$name cannot be read: $(cat probe_error)"
  drawn="$(grep -oE 'frame [0-9]+ of' err | tail -n 1 | grep -oE '[0-9]+')"
  there="$(pictures_in "$name")"
  ((there >= ${drawn:-0} - 24)) || fail "of $drawn pictures $there are in $name"
  ((there >= $(pictures_in before))) || fail "pictures that were in $name are lost"
  ((${drawn:-0} > drawn_at_most)) && drawn_at_most="$drawn"
  ((i % 5 == 0)) && { grep -qE "frame $drawn of 1440, step [0-9]+ of [0-9]+, about [0-9]+ (s|minutes?) left" err || fail "progress says no time: $(cat err)"; }
done
((drawn_at_most > 24)) || fail "no film was longer than a second: this tests nothing"
# Ctrl-C and SIGTERM end it in order, and the exit code is the shell's for them.
ended_by TERM "frame" err "$program" render "${descents[@]}" -o stopped.mp4
[[ "$code" == 143 ]] || fail "a film that SIGTERM stops ends with $code: $(cat err)"
ended_by INT "frame" err "$program" render "${descents[@]}" --replace -o stopped.mp4
[[ "$code" == 130 ]] || fail "an interrupted film ends with $code: $(cat err)"
shown="$(grep -oE '^[0-9]+' out)"
grep -q "^warning: stopped after $shown of 1440 pictures.$" err || fail "it does not say how far it came: $(cat err)"
[[ "$(pictures_in stopped.mp4)" == "$shown" ]] || fail "of $shown pictures $(pictures_in stopped.mp4) are there"

# Parts, each full size, on one clock; subtitles and chapters from the cues.
cat > lecture.toml << 'END'
title = "Lecture"
[two_parameters]
steps = 40
[film]
cues = true
[[view.cues]]
watch = "The ball rolls."
[[view.cues]]
ask = "Where to?"
END
expect_code 0 "$program" render lecture.toml --size 320x240 --fps 8 --seconds 2 --srt --parts landscape,curves -o parts.mkv
for part in landscape curves; do
  [[ "$(probe "parts-$part.mkv" width,nb_read_frames | tr '\n' ' ')" == "320 16 " ]] || fail "parts-$part.mkv: $(probe "parts-$part.mkv" width,nb_read_frames)"
  [[ "$(ffprobe -v error -show_chapters "parts-$part.mkv" | grep -E '^(start_time|TAG:title)=' | tr '\n' ' ')" == "start_time=0.000000 TAG:title=Watch: The ball rolls. start_time=1.000000 TAG:title=Ask: Where to? " ]] ||
    fail "parts-$part.mkv has other chapters"
done
[[ "$(rgb parts-landscape.mkv)" != "$(rgb parts-curves.mkv)" ]] || fail "both parts show the same"
printf '1\n00:00:00,000 --> 00:00:01,000\nWatch: The ball rolls.\n\n2\n00:00:01,000 --> 00:00:02,000\nAsk: Where to?\n\n' | cmp -s - parts.srt || fail "other subtitles: $(cat parts.srt)"
expect_code 0 "$program" render lecture.toml --set view.fill=landscape --size 320x240 --fps 8 --seconds 2 -o alone.mkv
[[ "$(rgb alone.mkv)" == "$(rgb parts-landscape.mkv)" ]] || fail "a part is not what the scene draws when it fills the picture"
expect_sentence 1 "has no wall" "$program" render lecture.toml --parts wall -o wall.mkv

# Without its ground: the same pictures over the ground as with it (tests/golden), and alpha in every kind of file.
expect_code 0 "$program" render "${small[@]}" --transparent -o clear
expect_code 0 "$program" render "${small[@]}" --transparent -o clear.mkv
expect_code 0 "$program" render "${small[@]}" --transparent -o clear.mov
expect_code 0 "$program" render "${small[@]}" --transparent -o clear.webm
rgba() { ffmpeg -v error "${@:2}" -i "$1" -pix_fmt rgba -f md5 -; }
[[ "$(rgba clear.mkv)" == "$(rgba clear/frame-%05d.png)" ]] || fail "FFV1 has other transparent pictures than the folder"
[[ "$(probe clear.mov pix_fmt)" == yuva444p1* ]] || fail "ProRes has no alpha: $(probe clear.mov pix_fmt)"
[[ "$(ffprobe -v error -show_entries stream_tags=alpha_mode -of default=nw=1:nk=1 clear.webm)" == 1 ]] || fail "VP9 has no alpha"
for name in clear.mkv clear.mov; do
  alpha="$(ffmpeg -v error -i "$name" -vf "alphaextract,format=gray" -frames:v 1 -f rawvideo - | od -An -v -tu1 -w1 | sort -un | tr -d ' ' | tr '\n' ' ')"
  [[ "$alpha" == 0\ * && "$alpha" == *\ 255\  ]] || fail "$name is not clear here and opaque there: $alpha"
done

# A folder goes on where it stopped, to the same pictures.
descents=("$source_dir/scenes/two-parameters.toml" --size 320x240 --fps 12 --seconds 4)
expect_code 0 "$program" render "${descents[@]}" -o whole
ended_by KILL IEND stopped/frame-00017.png "$program" render "${descents[@]}" -o stopped
expect_sentence 1 "go on with that film with --resume" "$program" render "${descents[@]}" -o stopped
expect_sentence 1 'stopped holds another film, of size "320x240" and not "640x480"' "$program" render "${descents[@]/320x240/640x480}" --resume -o stopped
touch -d '2020-01-01' stopped/frame-00009.png
expect_code 0 "$program" render "${descents[@]}" --resume -o stopped
diff -r whole stopped > /dev/null || fail "the folder that went on has other pictures: $(diff -rq whole stopped)"
[[ "$(stat -c %y stopped/frame-00009.png)" == 2020* ]] || fail "a picture that was there was made again"
expect_code 0 "$program" render "${small[@]}" -o trained
rm trained/frame-00006.png trained/frame-00010.png
expect_code 0 "$program" render "${small[@]}" --resume -o trained
diff -r folder trained > /dev/null || fail "the film of a training went on to other pictures"
expect_code 0 "$program" render "${small[@]}" --resume -o trained
grep -q "^12 pictures in trained" out || fail "a complete folder does not say so: $(cat out)"
# What is not the film's own is named, and stays.
cp trained/frame-00003.png third.png
: > trained/frame-00003.png
expect_sentence 1 "trained/frame-00003.png is no whole PNG picture; remove it, and the film goes on from there" "$program" render "${small[@]}" --resume -o trained
ffmpeg -v error -i third.png -y trained/frame-00003.png
expect_sentence 1 "trained/frame-00003.png was not drawn by this program; remove it" "$program" render "${small[@]}" --resume -o trained
rm trained/frame-00003.png
cp third.png trained/frame-00099.png
expect_sentence 1 "trained/frame-00099.png is none of this film's 12 pictures; move it elsewhere" "$program" render "${small[@]}" --resume -o trained
rm trained/frame-00099.png
expect_code 0 "$program" render "${small[@]}" --resume -o trained
diff -r folder trained > /dev/null || fail "the film went on to other pictures: $(diff -rq folder trained)"
# A folder that Ctrl-C stopped says how to go on.
ended_by INT IEND interrupted/frame-00005.png "$program" render "${descents[@]/%4/3600}" -o interrupted
[[ "$code" == 130 ]] || fail "an interrupted folder ends with $code: $(cat err)"
grep -qE "^warning: stopped after [0-9]+ of 43200 pictures; the same command with --resume goes on with them.$" err || fail "it does not say how to go on: $(cat err)"

# Several exposures: one is what there is without, what rests stays as it is, what moves is blurred.
moving=("$source_dir/scenes/two-parameters.toml" --size 320x240 --fps 12 --seconds 1)
expect_code 0 "$program" render "${moving[@]}" -o plain
expect_code 0 "$program" render "${moving[@]}" --exposures 1 -o once
diff -r plain once > /dev/null || fail "one exposure draws other pictures"
expect_code 0 "$program" render "${moving[@]}" --exposures 4 -o blurred
[[ "$(find blurred -name 'frame-*.png' | wc -l)" == 12 ]] || fail "not 12 pictures"
cmp -s plain/frame-00001.png blurred/frame-00001.png || fail "the beginning is blurred, where nothing moves"
cmp -s plain/frame-00005.png blurred/frame-00005.png && fail "what moves is not blurred"
cp -r blurred again
rm again/frame-0000[789].png
expect_code 0 "$program" render "${moving[@]}" --exposures 4 --resume -o again
diff -r blurred again > /dev/null || fail "a blurred film goes on to other pictures: $(diff -rq blurred again)"
expect_sentence 1 'again holds another film, of exposures "4, shutter 0.5, aperture 0" and not "1"' "$program" render "${moving[@]}" --resume -o again
expect_code 0 "$program" render "${moving[@]}" --exposures 2 --set film.shutter=0 -o sharp
diff -r -x .film.json plain sharp > /dev/null || fail "a shutter that is never open blurs: $(diff -rq plain sharp)"
expect_code 0 "$program" render "${moving[@]}" --exposures 4 --set film.aperture=0.1 --transparent -o deep.png
expect_code 0 "$program" render "${moving[@]}" --transparent -o flat.png
cmp -s deep.png flat.png && fail "a lens makes no difference"
rm trained/.film.json
expect_sentence 1 "does not say in .film.json" "$program" render "${small[@]}" --resume -o trained
finish
