#pragma once
// A draft of changed images goes with its lesson, and so does a changed timeline. Before one that is not
// saved would be lost, because another lesson is to be opened or the window to be closed, this asks once:
// save it, discard it, or stay.

#include <filesystem>
#include <optional>
#include <string>

#include "engine/pass/theme.h"
#include "engine/ui/lesson_info.h"
#include "engine/ui/wishes.h"

namespace fl {

class DraftGuard {
 public:
  // Whether what is wished, a lesson that is ready, or closing the window may come at once; else it waits for
  // the answer. A later one takes the place of the one before.
  bool lets(const Wishes& wishes, const LessonInfo& lesson);
  bool lets_arrive(const LessonInfo& lesson);
  bool lets_close(const LessonInfo& lesson);
  [[nodiscard]] bool asking() const { return asked_.has_value(); }

  struct Outcome {
    bool stays = false;             // nothing of what waited is to be done
    bool close = false;             // the window may close
    bool arrived = false;           // it was a lesson that is ready
    Wishes wishes{};                // to be fulfilled
    std::string failure{};          // why the draft could not be saved, a sentence; then it stays
    std::filesystem::path saved{};  // empty: it was not
  };
  // Into the current ImGui frame, over everything else, while asking(); what is to be done now, once.
  std::optional<Outcome> draw(const LessonInfo& lesson, const Theme& theme);

 private:
  struct Asked {
    Outcome then;
    std::filesystem::path path;  // where it would be saved
    bool saving = false, saving_timeline = false;
  };
  bool ask(Outcome then, const LessonInfo& lesson);
  std::optional<Outcome> put_question(DataDesk& desk, const Theme& theme);
  std::optional<Outcome> ask_for_timeline(FilmDesk& desk, const Theme& theme);
  std::optional<Outcome> end(Outcome outcome);

  std::optional<Asked> asked_;
};

}  // namespace fl
