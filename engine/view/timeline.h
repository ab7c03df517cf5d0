#pragma once
// A timeline laid out: every entry has its second, and every second its steps. Whoever plays it does what
// comes next; nothing here asks a clock or a training, so that the same scene makes the same frames.

#include <cstdint>
#include <string>
#include <vector>

#include "engine/view/timeline_spec.h"

namespace fl {

// What the entries' commands do to the count of steps.
struct StepEffect {
  bool restarts = false;          // the steps begin at 0 again
  std::int64_t moves_a_step = 0;  // from then on; 0: as before
};

// What is trained meanwhile.
struct TimelineRun {
  std::int64_t total_steps = 1;
  std::int64_t steps_per_epoch = 0;  // 0: it has no epochs
  std::int64_t moves_a_step = 1;     // more where steps are told in phases
  // The film's; nothing: as long as the timeline asks for.
  std::optional<double> seconds{};
};

class Timeline {
 public:
  // `effects`: one for each entry. Errors: an epoch where there are none, a step that the lesson does not
  // have or that is never reached, two camera keys at one time; each names the entry.
  static Result<Timeline> lay_out(std::vector<TimelineEntry> entries, const std::vector<StepEffect>& effects,
                                  const TimelineRun& run);

  struct Event {
    double seconds = 0;
    std::size_t entry = 0;   // of entries()
    std::int64_t moves = 0;  // that are made by then, since the last restart
  };
  [[nodiscard]] const std::vector<TimelineEntry>& entries() const { return entries_; }
  // In the order in which they come; at one time, in that of the scene.
  [[nodiscard]] const std::vector<Event>& events() const { return events_; }
  [[nodiscard]] double seconds() const { return seconds_; }
  // Moves that are made at that second, since the last restart.
  [[nodiscard]] std::int64_t moves_at(double seconds) const;
  // The same in whole steps.
  [[nodiscard]] std::int64_t steps_at(double seconds) const;
  [[nodiscard]] std::int64_t steps_per_epoch() const { return steps_per_epoch_; }
  // Moves a second, from there on.
  [[nodiscard]] double pace_at(double seconds) const { return piece_at(seconds).pace; }
  // The step that it waits for; nothing: it waits for a time.
  [[nodiscard]] std::optional<std::int64_t> step_of(const Event& event) const;
  // Right behind that event.
  [[nodiscard]] std::int64_t moves_behind(std::size_t event) const;
  // No move follows.
  [[nodiscard]] bool rests_at(double seconds) const;

  [[nodiscard]] std::vector<TimedCameraKey> camera_keys() const;
  // Those that ShownWords count.
  [[nodiscard]] const std::vector<Caption>& captions() const { return captions_; }
  [[nodiscard]] const std::vector<TitleCard>& cards() const { return cards_; }
  [[nodiscard]] ShownWords caption_at(double seconds) const;
  [[nodiscard]] ShownWords card_at(double seconds) const;
  // The cue that is said, from 1; 0: none.
  [[nodiscard]] std::size_t cue_at(double seconds) const;
  [[nodiscard]] bool says_cues() const;
  // What captions and cards say and when, in their order.
  struct Said {
    double begin = 0, end = 0;
    std::string words;
  };
  [[nodiscard]] std::vector<Said> said() const;
  // When that entry comes, and until when its caption or card is seen; as long as nothing, where it has none.
  struct Seen {
    double begin = 0, end = 0;
  };
  [[nodiscard]] Seen seen(std::size_t entry) const;

 private:
  Timeline() = default;
  // From `seconds` on `pace` moves a second, after `moves`.
  struct Piece {
    double seconds = 0, moves = 0, pace = 0, moves_a_step = 1;
  };
  struct Span {
    double begin = 0, end = 0, fade = 0;
    std::size_t entry = 0;
    bool comes = true, goes = true;  // it fades in, and out
  };
  [[nodiscard]] Result<void> walk(const std::vector<StepEffect>& effects, const TimelineRun& run);
  [[nodiscard]] const Piece& piece_at(double seconds) const;
  void lay_words();
  [[nodiscard]] static ShownWords shown(const std::vector<Span>& spans, double seconds);

  std::vector<TimelineEntry> entries_;
  std::vector<Event> events_;
  std::vector<Piece> pieces_;  // one more than events: piece i + 1 begins with event i
  double seconds_ = 0;
  std::int64_t steps_per_epoch_ = 0, total_steps_ = 0;
  std::vector<Caption> captions_;
  std::vector<TitleCard> cards_;
  std::vector<Span> caption_spans_, card_spans_;
};

}  // namespace fl
