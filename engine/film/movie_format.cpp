#include "engine/film/movie_format.h"

#include <algorithm>
#include <cctype>

#include "engine/view/film_spec.h"
#include "trainer/base/check.h"
#include "trainer/base/name_list.h"

namespace fl {
namespace {

const MovieCodec& codec_by_name(std::string_view name) {
  const auto found = std::ranges::find(movie_codecs(), name, &MovieCodec::name);
  FL_CHECK(found != movie_codecs().end());
  return *found;
}

template <typename Test>
std::vector<std::string> endings_where(const Test& test) {
  std::vector<std::string> endings;
  for (const MovieFormat& format : movie_formats())
    if (test(format)) endings.emplace_back(format.ending);
  return endings;
}

// How many pixels share a sample of colour, across and down.
MovieSize shared_by(std::string_view pixel_format) {
  const bool across = pixel_format.find("420") != std::string_view::npos ||
                      pixel_format.find("422") != std::string_view::npos;
  return {across ? 2u : 1u, pixel_format.find("420") != std::string_view::npos ? 2u : 1u};
}

Result<void> check_size(const MovieOptions& movie) {
  const MovieSize shared = shared_by(movie.pixel_format);
  const MovieSize& size = movie.size;
  if (size.width % shared.width == 0 && size.height % shared.height == 0) return {};
  return error("A film in {} needs an even {}, not {}x{}: take --size {}x{}.", movie.pixel_format,
               shared.height == 2 ? "width and height" : "width", size.width, size.height,
               size.width - size.width % shared.width, size.height - size.height % shared.height);
}

}  // namespace

std::span<const MovieFormat> movie_formats() {
  static const std::vector<MovieFormat> formats = {
      {".mp4", "mp4", {"h264"}},
      {".mkv", "matroska", {"ffv1", "h264", "vp9"}},
      {".webm", "webm", {"vp9"}},
      {".mov", "mov", {"prores", "h264"}},
  };
  return formats;
}

std::span<const MovieCodec> movie_codecs() {
  static const std::vector<MovieCodec> codecs = {
      {"h264",
       "H.264",
       "libx264",
       {"yuv420p", "yuv422p", "yuv444p", "yuv420p10", "yuv422p10", "yuv444p10"},
       "",
       51,
       18},
      {"vp9",
       "VP9",
       "libvpx-vp9",
       {"yuv420p", "yuv422p", "yuv444p", "yuv420p10", "yuv422p10", "yuv444p10"},
       "yuva420p",
       63,
       24},
      {"ffv1", "FFV1", "ffv1", {"rgb"}, "rgba"},
      {"prores", "ProRes", "prores_ks", {"yuv444p10", "yuv422p10"}, "yuva444p10"},
  };
  return codecs;
}

const MovieFormat* movie_format(const std::filesystem::path& path) {
  std::string ending = path.extension().string();
  std::ranges::transform(ending, ending.begin(),
                         [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  const auto found = std::ranges::find(movie_formats(), ending, &MovieFormat::ending);
  return found == movie_formats().end() ? nullptr : &*found;
}

std::string movie_ending(std::string_view codec) {
  const auto usual = std::ranges::find_if(
      movie_formats(), [&](const MovieFormat& format) { return format.codecs.front() == codec; });
  return std::string((usual == movie_formats().end() ? movie_formats().front() : *usual).ending);
}

std::string movie_endings() {
  return name_list(endings_where([](const MovieFormat&) { return true; }), "or");
}

Result<MovieOptions> movie_options(const std::filesystem::path& path, const FilmSpec& spec,
                                   const MovieWish& wish) {
  MovieOptions movie{.path = path, .format = movie_format(path)};
  FL_CHECK(movie.format != nullptr);
  const auto has = [](const MovieFormat& format, std::string_view codec) {
    return std::ranges::find(format.codecs, codec) != format.codecs.end();
  };
  if (spec.codec != "auto" && !has(*movie.format, spec.codec))
    return error(
        "[film] codec = \"{}\" does not go into {}: name the film with {}, or leave the key out.", spec.codec,
        movie.format->ending,
        name_list(endings_where([&](const MovieFormat& format) { return has(format, spec.codec); }), "or"));
  movie.codec = &codec_by_name(spec.codec == "auto" ? movie.format->codecs.front() : spec.codec);
  const MovieCodec& codec = *movie.codec;
  if (wish.alpha && codec.with_alpha.empty())
    return error(
        "{} cannot be transparent: name the film .mov (ProRes), .mkv (FFV1) or .webm (VP9), or render into a "
        "folder.",
        codec.words);
  if (wish.alpha && spec.pixel_format != "auto")
    return error("A transparent film has the pixel format {}: leave out [film] pixel_format.",
                 codec.with_alpha);
  const bool known = spec.pixel_format == "auto" ||
                     std::ranges::find(codec.pixel_formats, spec.pixel_format) != codec.pixel_formats.end();
  if (!known) {
    const std::vector<std::string> names(codec.pixel_formats.begin(), codec.pixel_formats.end());
    return error("[film] pixel_format = \"{}\" is not one of {}: use {}.", spec.pixel_format, codec.words,
                 name_list(names, "or"));
  }
  movie.pixel_format = wish.alpha                    ? codec.with_alpha
                       : spec.pixel_format == "auto" ? codec.pixel_formats.front()
                                                     : std::string_view(spec.pixel_format);
  if (spec.crf > codec.most_crf)
    return codec.most_crf == 0 ? error("[film] crf means nothing to {}: leave it out.", codec.words)
                               : error("[film] crf of {} is at most {}.", codec.words, codec.most_crf);
  movie.crf = spec.crf >= 0 ? spec.crf : codec.usual_crf;
  movie.preset = static_cast<int>(std::ranges::find(film_presets(), spec.preset) - film_presets().begin());
  movie.size = wish.size;
  movie.fps = wish.fps;
  movie.alpha = wish.alpha;
  if (auto fits = check_size(movie); !fits) return fits.error();
  return movie;
}

}  // namespace fl
