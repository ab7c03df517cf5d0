#pragma once
// A subject on its own thread, live: commands come in through one queue and are applied between steps;
// frames go out through the ring. The thread never waits for whoever draws: it publishes when a sixtieth of
// a second has passed and a slot is free, else it goes on. On a device it makes steps in bursts (pacer.h).

#include <condition_variable>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "trainer/seam/frame.h"
#include "trainer/subjects/command.h"
#include "trainer/session/pacer.h"
#include "trainer/subjects/subject.h"

namespace fl {

// A command as it was applied: enough to replay a session.
struct LoggedCommand {
  std::int64_t step = 0;  // steps taken when it was applied
  Command command;
};

class Run {
 public:
  // `pace`: steps a second, 0 for as fast as it goes. The run starts paused unless `playing`.
  Run(std::unique_ptr<Subject> subject, double pace, bool playing);
  ~Run();
  Run(const Run&) = delete;
  Run& operator=(const Run&) = delete;

  // Starts the thread; `sink` must outlive stop().
  void start(FrameSink& sink);
  // Ends after the steps in hand and joins. Idempotent.
  void stop();
  void post(const Command& command);

  [[nodiscard]] std::vector<LoggedCommand> command_log() const;
  // Not empty when the run ended because something failed: one sentence.
  [[nodiscard]] std::string failure() const;
  // What is run; only before start() or after stop().
  [[nodiscard]] Subject& subject() { return *subject_; }

 private:
  using Clock = std::chrono::steady_clock;

  void loop(const std::stop_token& stop, FrameSink& sink);
  void apply(const Command& command);
  // Makes the steps that are due; false where none is.
  bool advance();
  // Some of the outstanding landscape, for about as long as `time`; whether there was any.
  bool work(Clock::duration time);
  [[nodiscard]] RunState shown_state() const;
  // Takes what is queued; true if there was anything.
  bool take_commands();

  std::unique_ptr<Subject> subject_;

  // Touched by the run's thread only.
  bool playing_ = false;
  int single_steps_ = 0;
  Pacer pacer_;

  mutable std::mutex mutex_;
  std::condition_variable_any wake_;
  std::vector<Command> queue_;
  std::vector<LoggedCommand> log_;
  std::string failure_;
  std::jthread thread_;
};

}  // namespace fl
