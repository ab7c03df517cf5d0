#pragma once
// What the strip below the stage keeps of a lesson's timeline: where its playhead is, which mark is chosen,
// and the scene's text with the changes that were made there, each of which can be taken back. It knows no
// widgets.

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "engine/stage/view_state.h"
#include "engine/ui/timeline/scene_saving.h"
#include "engine/view/timeline.h"

namespace fl {

// A scene as it was read. No path: the lesson was opened from something that is no scene.
struct SceneSource {
  std::filesystem::path path{};
  std::string text{};
};

enum class FilmRow { kCamera, kDeeds, kCaptions, kCards };
inline constexpr std::size_t kFilmRows = 4;

// What an entry does, as far as it stands in one row.
struct FilmMark {
  FilmRow row{};
  std::size_t entry = 0;      // of the timeline
  double begin = 0, end = 0;  // seconds; the same for what has no length
  std::string words{};        // "pace 2, rate 0.1"
  bool operator==(const FilmMark&) const = default;
};

class FilmDesk {
 public:
  // Lays out what a scene with these entries does. Errors: it cannot be played.
  using LayOut = std::function<Result<Timeline>(const std::vector<TimelineEntry>&)>;
  static constexpr std::size_t kMostChanges = 100;  // that can be taken back

  // `cues`: how many the lecture has.
  FilmDesk(SceneSource source, std::vector<TimelineEntry> entries, std::size_t cues, LayOut lay_out);
  // The same scene is opened again: takes over what was changed and what is being saved, unless the file has
  // another text by now.
  void go_on_from(FilmDesk& before);

  bool open = false;  // the strip is shown

  // Null: the scene's timeline cannot be played.
  [[nodiscard]] const Timeline* timeline() const { return timeline_ ? &*timeline_ : nullptr; }
  [[nodiscard]] const std::vector<TimelineEntry>& entries() const { return entries_; }
  [[nodiscard]] double seconds() const;  // that the strip shows
  [[nodiscard]] const std::vector<FilmMark>& marks() const { return marks_; }
  // Another one means other entries than before.
  [[nodiscard]] std::uint64_t revision() const { return revision_; }

  // The playhead, in seconds of the film; where it was put by hand, the picture shows that moment.
  [[nodiscard]] double playhead() const { return playhead_; }
  [[nodiscard]] bool placed() const { return placed_; }
  void place(double seconds);
  // The film plays, and is there.
  void follow(double seconds);
  // By index of marks().
  [[nodiscard]] std::optional<std::size_t> chosen() const { return chosen_; }
  void choose(std::optional<std::size_t> mark) { chosen_ = mark; }
  // The next mark in time, or the one before, is chosen, and the playhead there. False: there is none.
  bool choose_next(int way);

  // Changes of the scene's text. Where one cannot be made, words() says why and nothing has changed.
  // A key of the camera at the playhead, which shows what `view` shows; in place of one that is there.
  void add_camera_key(const ViewState& view);
  // The whole entry of that mark comes at another time; one that waits for a step or an epoch waits for the
  // one that is reached there.
  void move(std::size_t mark, double seconds);
  // What it does; the entry goes where nothing else is left of it.
  void remove(std::size_t mark);
  [[nodiscard]] bool can_take_back() const { return !before_.empty(); }
  void take_back();

  [[nodiscard]] const SceneSource& source() const { return source_; }
  [[nodiscard]] const std::string& text() const { return text_; }
  [[nodiscard]] bool unsaved() const { return text_ != source_.text; }
  // Nobody will miss the changes.
  void let_go() { let_go_ = text_; }
  [[nodiscard]] bool missed() const { return unsaved() && let_go_ != text_; }
  // Begins to save it in its scene; what comes of it is said in words() once it is heard. Where it cannot be
  // written, or is another file by now, the changes stay.
  void save();
  // The same beside it, under a name that nothing has; the file itself stays, and so do the changes.
  void save_copy();
  [[nodiscard]] bool saving() const { return saving_.has_value(); }
  // Takes what came of it. False: nothing did since the last call.
  bool hear();
  // The same, and waits for it.
  void wait();

  // What became of the last change, in a sentence; empty: it was made.
  [[nodiscard]] const std::string& words() const { return words_; }
  [[nodiscard]] bool failed() const { return failed_; }

 private:
  // Takes over a text. Error: what it says cannot be played.
  Result<void> take(std::string text);
  void change(Result<std::string> text);
  void end_saving();
  void say(std::string words, bool failed);
  void lay_marks();

  SceneSource source_;
  std::string text_, let_go_;
  std::vector<TimelineEntry> entries_;
  std::size_t cues_ = 0;
  LayOut lay_out_;
  std::optional<Timeline> timeline_;
  std::vector<FilmMark> marks_;  // by time
  std::vector<std::string> before_;
  std::optional<SceneSaving> saving_;
  bool save_again_ = false;  // it was changed meanwhile, and is to be saved, too
  double playhead_ = 0;
  bool placed_ = false, failed_ = false;
  std::optional<std::size_t> chosen_;
  std::uint64_t revision_ = 0;
  std::string words_;
};

}  // namespace fl
