#include "engine/view/film_spec.h"

#include "engine/view/picture_size.h"

namespace fl {

const std::vector<std::string>& film_presets() {
  static const std::vector<std::string> names = {"ultrafast", "superfast", "veryfast", "faster",  "fast",
                                                 "medium",    "slow",      "slower",   "veryslow"};
  return names;
}

namespace {

template <std::string FilmSpec::*Size>
Result<void> set_size(FilmSpec& spec, std::string size, const KeyPlace& place) {
  if (const auto parsed = parse_size(size); !parsed)
    return error("{}{}: {}", line_of(place.node), place.key, parsed.error().message);
  spec.*Size = std::move(size);
  return {};
}

}  // namespace

const KeyTable<FilmSpec>& film_keys() {
  using S = FilmSpec;
  static const KeyTable<S> keys(
      "[film]", "How `fallline render` makes a film of its pictures.",
      {{"codec", one_of({"auto", "h264", "vp9", "ffv1", "prores"}), &S::codec,
        "How pictures are packed. \"auto\": h264 in .mp4, ffv1 (without loss) in .mkv, vp9 in .webm, prores "
        "in .mov."},
       {"crf", whole_number(0, 63), &S::crf,
        "Constant rate factor of h264 (to 51) and vp9 (to 63): smaller looks better and makes larger files; "
        "ffv1 and prores have none.",
        "18 for h264, 24 for vp9"},
       {"preset", one_of(film_presets()), &S::preset,
        "How long h264 and vp9 search for what makes the file smaller."},
       {"pixel_format",
        one_of({"auto", "yuv420p", "yuv422p", "yuv444p", "yuv420p10", "yuv422p10", "yuv444p10", "rgb"}),
        &S::pixel_format,
        "Samples of the film. \"auto\": yuv420p, which every player opens, for h264 and vp9; rgb for ffv1; "
        "yuv444p10 for prores."},
       {"supersampling", whole_number(1, 4), &S::supersampling,
        "Draws this many times as many pixels each way and averages them: smoother edges, much slower."},
       {"exposures", whole_number(1, kMostExposures), &S::exposures,
        "Pictures that are drawn for each one of the film and averaged in linear light: what moves is blurred "
        "along its way (`shutter`), what lies in front of the point that the camera looks at or behind it is out "
        "of focus (`aperture`). 8 to 16 look smooth; each takes as long as a picture without."},
       {"shutter", number(0, 1), &S::shutter,
        "With several exposures: for how much of the time from one picture to the next the shutter is open, up "
        "to the picture's own moment. 0: nothing is blurred."},
       {"aperture", number(0, 0.5), &S::aperture,
        "With several exposures: the radius of the lens, where the landscape is 2 wide. 0: all is sharp; 0.03 "
        "shows that there is a lens, 0.1 is a close-up."},
       {"dissolve", number(0, 5), &S::dissolve,
        "Of a film of several lessons: seconds in which the last picture of one goes over into the next. 0: a "
        "cut."},
       {"size", text_in_quotes(), &S::size, set_size<&S::size>,
        "Width and height in pixels, from 320x240 to 7680x4320; `--size` says another size."},
       {"still_size", text_in_quotes(), &S::still_size, set_size<&S::still_size>,
        "The same for the pictures that F12 saves in the window."},
       {"cues", true_or_false(), &S::cues,
        "Whether the film of a lesson says the cues of `[view]`, one after the other, each for an equal "
        "time."},
       {"seconds", number(0.1, 3600), &S::seconds,
        "How long the film of a lesson is; `--seconds` says another length.",
        "what `[[timeline]]` asks for, else 8"},
       {"fps", number(1, 240), &S::fps, "Pictures a second; `--fps` says another number.", "12"},
       {"rehearse", true_or_false(), &S::rehearse,
        "Whether a lesson is trained once before its film begins: the plane is laid through the whole path "
        "and the surface evaluated to its end, and then the film shows the same training on it, with the "
        "same weights to the byte."}});
  return keys;
}

Result<FilmSpec> parse_film_spec(const toml::table& scene) {
  FilmSpec spec;
  FL_TRY(film_keys().read(scene["film"].as_table(), spec));
  return spec;
}

}  // namespace fl
