#pragma once
// Where the pictures of `fallline render` go: one picture, a folder of them, or a film; for several parts of
// the stage one of each.

#include <deque>
#include <memory>
#include <vector>

#include "engine/app/commands/inputs.h"
#include "engine/app/commands/output_folder.h"
#include "engine/app/commands/render_options.h"
#include "engine/film/movie_format.h"
#include "engine/film/picture_sink.h"
#include "engine/stage/view_state.h"
#include "trainer/base/json.h"

namespace fl {

class FilmPlace {
 public:
  // Looks at the place and makes its folders. Errors: among the images, over an input, over what is no
  // picture or an earlier film; not to be written; a film that cannot be made here.
  static Result<FilmPlace> make(const RenderOptions& options, const SceneFile& scene, const Inputs& inputs);

  // One picture of the end, not a film.
  [[nodiscard]] bool picture() const { return kind_ == Kind::kPicture; }
  // The path for each part.
  [[nodiscard]] const std::vector<std::filesystem::path>& paths() const { return paths_; }
  // For people: "3 pictures in film", "film.mp4 (2.5 s)".
  [[nodiscard]] std::string words(std::int64_t pictures) const;
  // Of the captions beside the film.
  [[nodiscard]] std::filesystem::path srt() const;

  // A film that is stopped can go on in it.
  [[nodiscard]] bool goes_on() const { return kind_ == Kind::kFolder; }
  // Of its pictures.
  [[nodiscard]] PngAlpha alpha() const { return alpha_; }

  // Says what the film is of, as .film.json in a folder does for whoever goes on with it; and how many of its
  // `pictures` are there already, where the command line asks to go on: 0 otherwise. Errors: as
  // frames_of_film.
  Result<std::int64_t> begin(Json::Object film, std::int64_t pictures);
  // One that was there already, from 1, of each part. Precondition: goes_on(). Errors: as load_png.
  [[nodiscard]] Result<std::vector<Picture>> load(std::int64_t number) const;

  // What takes the pictures of a film, one for each part: those after the ones that are there. An earlier
  // film goes. Preconditions: !picture(), begin(). Errors: as open_movie.
  Result<std::vector<std::unique_ptr<PictureSink>>> open(const std::vector<Chapter>& chapters,
                                                         const std::string& title);
  // The film's last pictures, one for each part; nothing where no poster is asked for.
  Result<void> save_poster(const std::vector<Picture>& pictures) const;
  // Precondition: picture(). `pictures`: one for each part.
  Result<void> save(const std::vector<Picture>& pictures) const;

 private:
  enum class Kind { kPicture, kFolder, kMovie };
  FilmPlace() = default;
  Result<void> claim_posters(const RenderOptions& options, const Inputs& inputs);
  Result<void> claim(const std::filesystem::path& path, const RenderOptions& options);

  Kind kind_ = Kind::kFolder;
  std::filesystem::path out_;
  double fps_ = 12;
  MovieSize size_{};
  PngAlpha alpha_ = PngAlpha::kOpaque;
  std::vector<std::filesystem::path> paths_;
  std::vector<MovieOptions> movies_;  // of kMovie: one for each path
  std::vector<std::filesystem::path> posters_;  // empty, or one for each path
  std::deque<OutputFolder> folders_;
  bool resume_ = false;
  std::string film_;        // .film.json
  std::int64_t there_ = 0;  // pictures
};

// The parts that the command line names; the whole stage where it names none.
[[nodiscard]] std::vector<StageFill> parts_of(const RenderOptions& options);

}  // namespace fl
