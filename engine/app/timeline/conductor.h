#pragma once
// Plays a scene's timeline in lockstep: between two pictures it makes the steps, gives the commands, and
// brings the view to where it is to be.

#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "engine/app/lesson.h"
#include "engine/view/timeline.h"
#include "trainer/base/json.h"
#include "trainer/session/session.h"

namespace fl {

// What a conductor asks of a lesson. It stays as it was when the lesson was there, so that a timeline can be
// laid out again while a session drives the subject.
struct Conducted {
  SubjectFacts facts;
  TimelineRun run;
  std::optional<std::size_t> images{};  // none where no network is trained
  ViewState view;                       // as the scene has it
};
[[nodiscard]] Conducted conducted(const Lesson& lesson, std::optional<double> seconds);

class Conductor {
 public:
  // Of a scene with a timeline. `seconds`: the film's; nothing: as long as the timeline asks for. Errors:
  // a command or a change of the view that does not exist, and Timeline's; each names the entry.
  static Result<Conductor> make(const SceneFile& scene, const Lesson& lesson, std::optional<double> seconds) {
    return make(scene.timeline, conducted(lesson, seconds));
  }
  static Result<Conductor> make(const std::vector<TimelineEntry>& entries, const Conducted& lesson);

  [[nodiscard]] const Timeline& timeline() const { return timeline_; }

  // The captions and cards that the stage is to say.
  void dress(StageTexts& texts) const {
    texts.captions = timeline_.captions();
    texts.cards = timeline_.cards();
  }
  // Nothing has happened yet.
  void begin();
  // Brings session and view to that second, never one before the last. `aspect`: width over height of the
  // landscape in a picture of the view as it is now.
  void go_to(double seconds, Session& session, ViewState& view,
             const std::function<float(const ViewState&)>& aspect);
  // What a picture of that second shows beside the session's: camera, words, cue.
  void look(double seconds, ViewState& view, float aspect);
  // What an entry does.
  [[nodiscard]] const std::vector<Command>& commands(std::size_t entry) const {
    return deeds_[entry].commands;
  }
  void show(std::size_t entry, ViewState& view) const;
  // What all entries until then have changed of how it is shown, whatever was changed before.
  void show_until(double seconds, ViewState& view) const;
  // What brings a session back to where the scene begins.
  [[nodiscard]] const std::vector<Command>& beginning() const { return beginning_; }

  // As go_to() for what is learnt alone, to the end: steps, rates, optimizers, and new beginnings. `go_on` is
  // asked between steps.
  void rehearse(Session& session, const std::function<bool()>& go_on);

 private:
  explicit Conductor(Timeline timeline) : timeline_(std::move(timeline)) {}
  struct Deeds {
    std::vector<Command> commands;
    Json show{Json::Object{}};
  };
  void make_moves(std::int64_t until, Session& session, const std::function<bool()>& go_on);

  Timeline timeline_;
  std::vector<Deeds> deeds_;  // of each entry
  std::vector<Command> beginning_;
  Json shown_first_{Json::Object{}};  // what the entries change of the view, as the scene has it
  std::size_t next_ = 0;   // event
  std::int64_t made_ = 0;  // moves, as the timeline counts them
  // As the scene has it; what a first key of the camera leaves open.
  OrbitCamera camera_;
  bool framed_ = true;
  std::optional<CameraPath> path_;  // nothing where no entry has a key of the camera
  float path_aspect_ = 0;           // that it is for
};

}  // namespace fl
