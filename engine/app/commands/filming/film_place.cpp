#include "engine/app/commands/filming/film_place.h"

#include <array>
#include <fstream>

#include "engine/app/commands/filming/frame_folder.h"
#include "engine/film/movie.h"
#include "engine/film/png_folder.h"
#include "trainer/base/atomic_file.h"
#include "trainer/base/check.h"
#include "trainer/base/counted.h"
#include "trainer/base/exclusive_file.h"
#include "trainer/base/printable.h"

namespace fl {
namespace fs = std::filesystem;
namespace {

bool is_png(const fs::path& path) {
  constexpr std::string_view kSignature = "\x89PNG\r\n\x1a\n";
  std::array<char, kSignature.size()> start{};
  std::ifstream(path, std::ios::binary).read(start.data(), start.size());
  return std::string_view(start.data(), start.size()) == kSignature;
}

// "film-curves.mp4", or "film/curves".
fs::path path_of_part(const fs::path& out, StageFill part, bool folder) {
  if (part == StageFill::kNone) return out;
  const char* name = kStageFills[static_cast<std::size_t>(part)];
  if (folder) return out / name;
  fs::path file = out;
  return file.replace_filename(fmt::format("{}-{}{}", out.stem().string(), name, out.extension().string()));
}

Result<void> check_picture(const fs::path& path) {
  std::error_code code;
  if (fs::is_regular_file(path, code) && fs::file_size(path, code) > 0 && !is_png(path))
    return error("{} already exists and is not a PNG picture; choose another name with -o.", path.string());
  return check_writable(path);
}

}  // namespace

std::vector<StageFill> parts_of(const RenderOptions& options) {
  std::vector<StageFill> parts;
  for (const std::string& name : options.parts) parts.push_back(stage_fill(name).value_or(StageFill::kNone));
  if (parts.empty()) parts.push_back(StageFill::kNone);
  return parts;
}

Result<FilmPlace> FilmPlace::make(const RenderOptions& options, const SceneFile& scene,
                                  const Inputs& inputs) {
  FilmPlace place;
  place.out_ = options.out;
  place.fps_ = options.fps;
  place.size_ = {options.width, options.height};
  place.resume_ = options.resume;
  place.alpha_ = options.transparent ? PngAlpha::kStraight : PngAlpha::kOpaque;
  const std::string extension = options.out.extension().string();
  std::error_code code;
  const bool folder = fs::is_directory(options.out, code);
  place.kind_ = extension == ".png" || extension == ".PNG"        ? Kind::kPicture
                : movie_format(options.out) != nullptr && !folder ? Kind::kMovie
                                                                  : Kind::kFolder;
  if (place.kind_ == Kind::kFolder && names_a_file(options.out))
    return error(
        "Cannot render to {}: give a name that ends in {} for a film, in .png for one picture, or a folder "
        "for all frames.",
        options.out.string(), movie_endings());
  if (options.resume && place.kind_ != Kind::kFolder)
    return error("Only a folder of frames can go on where it stopped, not {}; leave out --resume.",
                 options.out.string());
  for (const StageFill part : parts_of(options))
    place.paths_.push_back(path_of_part(options.out, part, place.kind_ == Kind::kFolder));
  for (const fs::path& path : place.paths_) {
    FL_TRY(inputs.check(path, "-o"));
    if (place.kind_ != Kind::kMovie) continue;
    auto movie =
        movie_options(path, scene.film, {{options.width, options.height}, options.fps, options.transparent});
    if (!movie) return movie.error();
    place.movies_.push_back(*std::move(movie));
  }
  if (!place.movies_.empty()) FL_TRY(check_encoder(place.movies_.front()));
  for (const fs::path& path : place.paths_) FL_TRY(place.claim(path, options));
  if (!options.poster.empty()) FL_TRY(place.claim_posters(options, inputs));
  if (!options.srt) return place;
  if (place.picture()) return error("A picture has no subtitles: leave out --srt, or make a film.");
  FL_TRY(inputs.check(place.srt(), "--srt"));
  FL_TRY(check_new_file(place.srt(), options.replace));
  return place;
}

Result<void> FilmPlace::claim_posters(const RenderOptions& options, const Inputs& inputs) {
  if (picture()) return error("{} is one picture and needs no --poster; leave that out.", out_.string());
  if (std::string ending = options.poster.extension(); ending != ".png" && ending != ".PNG")
    return error("Cannot write {}: give --poster a name that ends in .png.", options.poster.string());
  for (const StageFill part : parts_of(options))
    posters_.push_back(path_of_part(options.poster, part, false));
  for (const fs::path& path : posters_) {
    FL_TRY(inputs.check(path, "--poster"));
    FL_TRY_LET(folder, OutputFolder::make(path.parent_path()));
    folders_.push_back(*std::move(folder));
    FL_TRY(check_picture(path));
  }
  return {};
}

Result<void> FilmPlace::claim(const fs::path& path, const RenderOptions& options) {
  auto folder =
      kind_ == Kind::kFolder ? OutputFolder::make_own(path) : OutputFolder::make(path.parent_path());
  if (!folder) return folder.error();
  folders_.push_back(*std::move(folder));
  if (kind_ == Kind::kPicture) return check_picture(path);
  if (kind_ == Kind::kMovie) {
    FL_TRY(check_exclusive(path));
    return check_new_file(path, options.replace);
  }
  if (!options.replace && !options.resume && !frames_in(path).empty())
    return error(
        "{} holds the frames of an earlier film; choose another folder with -o, replace them with --replace, "
        "or go on with that film with --resume.",
        path.string());
  return check_writable(path / frame_name(1));
}

Result<std::int64_t> FilmPlace::begin(Json::Object film, std::int64_t pictures) {
  const Json whole(std::move(film));
  film_ = whole.pretty() + "\n";
  if (!resume_) return 0;
  there_ = pictures;
  for (const fs::path& path : paths_) {
    FL_TRY_LET(there, frames_of_film(path, whole, {size_.width, size_.height, pictures}));
    there_ = std::min(there_, *there);
  }
  return there_;
}

Result<std::vector<Picture>> FilmPlace::load(std::int64_t number) const {
  std::vector<Picture> pictures;
  for (const fs::path& path : paths_) {
    FL_TRY_LET(picture, load_png(path / frame_name(number)));
    pictures.push_back(*std::move(picture));
  }
  return pictures;
}

std::string FilmPlace::words(std::int64_t pictures) const {
  std::vector<std::string> lines;
  for (const fs::path& path : paths_)
    lines.push_back(kind_ == Kind::kMovie
                        ? fmt::format("{} in {} ({:.1f} s)", counted(pictures, "picture"),
                                      printable(path.string()), static_cast<double>(pictures) / fps_)
                    : kind_ == Kind::kFolder
                        ? fmt::format("{} in {}", counted(pictures, "picture"), printable(path.string()))
                        : printable(path.string()));
  return fmt::format("{}", fmt::join(lines, "\n"));
}

fs::path FilmPlace::srt() const {
  if (kind_ == Kind::kFolder) return out_ / "captions.srt";
  fs::path file = out_;
  return file.replace_extension(".srt");
}

Result<std::vector<std::unique_ptr<PictureSink>>> FilmPlace::open(const std::vector<Chapter>& chapters,
                                                                  const std::string& title) {
  FL_CHECK(!picture());
  std::vector<std::unique_ptr<PictureSink>> sinks;
  for (MovieOptions& movie : movies_) {
    movie.chapters = chapters;
    movie.title = title;
    auto sink = open_movie(movie);
    if (!sink) return sink.error();
    sinks.push_back(*std::move(sink));
  }
  for (const fs::path& path : paths_) {
    if (kind_ != Kind::kFolder) continue;
    FL_TRY(begin_frames(path, there_, film_));
    sinks.push_back(std::make_unique<PngFolder>(path, frame_name, alpha_, there_ + 1));
  }
  return sinks;
}

Result<void> FilmPlace::save_poster(const std::vector<Picture>& pictures) const {
  for (std::size_t i = 0; i < posters_.size(); ++i) FL_TRY(save_png(posters_[i], pictures.at(i), alpha_));
  return {};
}

Result<void> FilmPlace::save(const std::vector<Picture>& pictures) const {
  FL_CHECK(picture() && pictures.size() == paths_.size());
  for (std::size_t i = 0; i < pictures.size(); ++i) FL_TRY(save_png(paths_[i], pictures[i], alpha_));
  return {};
}

}  // namespace fl
