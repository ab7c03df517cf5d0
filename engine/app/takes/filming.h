#pragma once
// What the window makes of its lesson to be shown elsewhere: takes of its session, which are rendered as
// films beside the window, and pictures of the stage.

#include <map>

#include "engine/app/takes/result_place.h"
#include "engine/app/takes/still.h"
#include "engine/app/takes/take_queue.h"
#include "engine/ui/lesson_info.h"
#include "engine/ui/wishes.h"

namespace fl {

// The lesson that is shown. `studio` has it.
struct FilmedLesson {
  Studio& studio;
  const LessonInfo& info;
  const Inputs& inputs;
  const BackendChoice& backend;
};

class Filming {
 public:
  // `device`: what draws, as RenderOptions::device.
  explicit Filming(std::string device) : device_(std::move(device)) {}

  // What to tell a person.
  struct Words {
    std::string text;
    bool error = false;
  };
  // What a person asked for; `lesson` null: there is none.
  std::vector<Words> fulfil(const Wishes& wishes, const FilmedLesson* lesson);
  // In each turn of the window's loop. `completed` as Stills::turn.
  std::vector<Words> turn(const FilmedLesson* lesson, std::uint64_t completed);
  // Of the take that is being marked and those that are rendered, for the status line; empty: there are none.
  [[nodiscard]] const std::string& words() const { return words_; }
  [[nodiscard]] Stills& stills() { return stills_; }
  [[nodiscard]] TakeQueue& queue() { return queue_; }
  // The window has closed: what is left goes on by itself. What to say of it, and of a picture that still had
  // to be drawn.
  std::vector<Words> finish();

 private:
  Words render(const FilmedLesson& lesson);
  Words still(const FilmedLesson& lesson);
  Words enqueue(const FilmedLesson& lesson, std::size_t take);
  std::vector<Words> hear_marks(const FilmedLesson& lesson);

  const std::string device_;
  Stills stills_;
  TakeQueue queue_;
  std::uint64_t lesson_ = 0;     // whose marks these are
  std::size_t marks_ = 0;        // of that lesson, that were told
  bool render_at_mark_ = false;  // the take that ends with the next one
  // The films of this window's lessons, by lesson and take.
  std::map<std::pair<std::uint64_t, std::size_t>, std::filesystem::path> films_;
  int jobs_ = 0;
  std::string words_;
};

}  // namespace fl
