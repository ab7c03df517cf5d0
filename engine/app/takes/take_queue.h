#pragma once
// The takes that are to be rendered, one after the other, each by a process of its own beside the window.

#include <chrono>
#include <deque>
#include <future>
#include <optional>
#include <string>
#include <vector>

#include "engine/app/commands/filming/take_job.h"
#include "engine/app/takes/child.h"

namespace fl {

class TakeQueue {
 public:
  using Clock = std::chrono::steady_clock;

  // Behind those that wait. `session`: until the take's end; it is written on a thread of its own.
  void add(TakeJob job, SessionFile session);

  struct Ended {
    TakeJob job;
    std::string failure{};  // why there is no film, a sentence; empty: there is one
  };
  // In each turn of the window's loop; looks at the processes a few times a second. What has ended since.
  std::vector<Ended> turn(Clock::time_point now);
  // Of the render in hand and those that wait, for people: "rendering take 1: 34 %, about 12 s left; 2
  // more to come". Empty: there are none.
  [[nodiscard]] const std::string& words() const { return words_; }
  // Renders in hand and waiting.
  [[nodiscard]] std::size_t left() const { return jobs_.size(); }
  [[nodiscard]] std::vector<TakeJob> jobs() const;

  // None of them is wanted any more: the one in hand ends, and what it drew goes.
  void drop();
  // The window closes: all of them go on by themselves, each when the one before has ended. What keeps some
  // of them from it.
  std::vector<Ended> let_go();

 private:
  struct Waiting {
    TakeJob job;
    std::future<Result<void>> written{};
  };
  // Starts the process of a job whose folder is written. The failure; empty: it runs.
  static std::string start(Waiting& waiting, std::optional<Child>& child);

  std::deque<Waiting> jobs_;      // the one in hand first
  std::optional<Child> running_;  // of the first
  std::string words_;
  Clock::time_point next_look_{};
};

}  // namespace fl
