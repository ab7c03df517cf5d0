#pragma once
// An open lesson: its subject, its scene's text, the commands it is given and what it says of itself. It
// knows no screen; frames go out through a ring that it is handed. There are two ways to drive one.
//
// Live, on its own thread: commands come in through one queue and are applied between steps. The thread never
// waits for whoever draws: it publishes when a sixtieth of a second has passed and a slot is free, else it
// goes on. On a device it makes steps in bursts (pacer.h).
//
// In lockstep, without a thread, for pictures of exact steps: the caller says what is done next.

#include <condition_variable>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "trainer/base/result.h"
#include "trainer/data/images/image_remarks.h"
#include "trainer/seam/frame.h"
#include "trainer/session/pace/governor.h"
#include "trainer/session/pace/pacer.h"
#include "trainer/session/preview/preview.h"
#include "trainer/session/session_file.h"
#include "trainer/session/session_log.h"
#include "trainer/session/status.h"
#include "trainer/subjects/command.h"
#include "trainer/subjects/subject.h"

namespace fl {

struct Dataset;

struct SessionStart {
  std::unique_ptr<Subject> subject;
  std::string scene{};                   // as it is saved beside results
  std::string device{};                  // what computes it
  double pace = 0;                       // steps a second, 0 for as fast as it goes
  bool playing = false;                  // else it waits for a command
  std::vector<std::string> overrides{};  // that the scene was opened with
  std::size_t log_bytes = kMostSessionLogBytes;
};

class Session {
 public:
  explicit Session(SessionStart start);
  ~Session();
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

  // Any thread, at any time.
  void post(const Command& command);
  [[nodiscard]] std::shared_ptr<const Status> status() const;
  [[nodiscard]] const std::string& scene() const { return head_.scene; }
  // What is trained on: names, labels, thumbnails. Null where nothing is. It never changes: any thread.
  [[nodiscard]] const Dataset* data() const { return data_; }
  // Live: what happened so far, to be saved; what the thread does now comes with the next mark.
  [[nodiscard]] SessionFile file() const {
    return {.head = head_, .events = log_.events(), .cut = log_.cut()};
  }
  // Any thread, at any time: what the status is to say of a place of the landscape from now on; nothing: no
  // longer. Neither logged nor a command: looking changes nothing.
  void look_at(std::optional<LandscapePlace> place);
  // Any thread, at any time: whether pictures show the map of a head, as they do at first. As the question
  // above, it is neither logged nor a command; what was not computed meanwhile comes with the next frame.
  void look_at_map(bool looks);
  // Whoever looks changed the view: kept with the session.
  void note_view(Json members) { log_.add_view(std::move(members)); }

  // Any thread, at any time: the command that shows an image file, whose pixels are prepared as those of the
  // run's own images were. `name`: what the error and the log call it; `remarks` as prepare_input's. Errors:
  // as prepare_input; nothing is trained here that could look at it.
  [[nodiscard]] Result<Command> show_file(std::span<const std::byte> file, std::string_view name,
                                          ImageRemarks* remarks = nullptr) const;

  // What looks at many images from outside while the session goes on; null where nothing is trained.
  [[nodiscard]] Preview* preview() { return preview_.get(); }

  // Live. Starts the thread; `sink` must outlive stop().
  void start(FrameSink& sink);
  // Ends after the steps in hand and joins. Idempotent.
  void stop();

  // Live: who gets how much of the processor's time. Shared, because a picture may end after its session.
  [[nodiscard]] const std::shared_ptr<Governor>& governor() const { return governor_; }

  // In lockstep: only before start() or after stop(), as all below. Steps and landscape points, as Subject
  // says them.
  std::int64_t advance(std::int64_t most) { return subject_->advance(most); }
  bool work(std::size_t points) { return subject_->work(points); }
  void catch_up() { subject_->catch_up(); }
  void complete_path() { subject_->complete_path(); }
  void apply(const Command& command);
  // Publishes this very step, with the path as far as catch_up() brought it; false where no slot is free.
  bool publish(FrameSink& sink);
  [[nodiscard]] Subject& subject() { return *subject_; }

 private:
  using Clock = Pacer::Clock;

  void loop(const std::stop_token& stop, FrameSink& sink);
  void obey(const Command& command);
  // The steps that are due, none where it is paused or over.
  [[nodiscard]] std::int64_t steps_due() const;
  void make_steps(std::int64_t steps);
  // Steps, or some of the surface: whichever the governor says is next. False where there is neither.
  bool take_turn();
  // Brings the ball to the newest step, where that is due.
  void follow_ball();
  [[nodiscard]] RunState shown_state() const;
  [[nodiscard]] double shown_speed() const;
  // Takes what is queued; true if there was anything.
  bool take_commands();
  [[nodiscard]] bool is_asked();
  // Tells the subject whether the map is looked at; true: since a moment ago.
  bool take_look();
  void report();
  // Keeps a mark and the weights of this moment in the log.
  void mark();
  // With mutex_ locked.
  void change_status(const std::function<void(Status&)>& change);
  void fail(const std::string& failure);
  // Says once that the log is full.
  void hear_log();
  // Looks at some images of the preview, where that is due.
  bool work_preview();

  // One call of Subject::work, kept in the log; false: nothing is left to do.
  bool work_logged();
  void catch_up_logged();

  std::unique_ptr<Subject> subject_;
  const Dataset* const data_;
  const SessionHead head_;
  SessionLog log_;

  // Touched by one thread at a time: the session's own while it runs.
  bool playing_ = false;
  std::int64_t single_steps_ = 0;
  bool said_cut_ = false;  // that the log is full
  bool news_ = false;      // of the preview, that no picture has shown yet
  bool idle_ = false;      // the last call of work did nothing, and nothing has happened since
  Pacer pacer_;
  Clock::time_point next_catch_up_{};
  Clock::duration ball_took_{}, since_ball_{};  // the last catch-up; the surface's work since then
  std::shared_ptr<Governor> governor_ = std::make_shared<Governor>();

  mutable std::mutex mutex_;
  std::condition_variable_any wake_;
  std::vector<Command> queue_;
  std::optional<LandscapePlace> place_;   // that is asked about
  bool asked_ = false;                    // since the last report
  bool map_looked_at_ = true, look_changed_ = false;
  std::shared_ptr<const Status> status_;  // replaced, never changed
  std::unique_ptr<Preview> preview_;      // posts to the queue
  std::jthread thread_;
};

}  // namespace fl
