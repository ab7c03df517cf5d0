#pragma once
// What is on its way to the window: one opening at a time, the latest that was asked for. Whoever draws looks
// here once a turn and never waits.

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "engine/app/opening/opening.h"

namespace fl {

class Arrivals {
 public:
  // What the command line named. Precondition: nothing is on its way.
  void await(std::unique_ptr<Opening> first);
  // Another in place of what is on its way, which is cancelled.
  void open(OpeningRequest request);
  void drop();

  struct Arrival {
    Result<Opened> opened;
    bool first;  // it is what the command line named, and nothing took its place
  };
  // What has come, once.
  [[nodiscard]] std::optional<Arrival> take();
  [[nodiscard]] bool on_its_way() const { return opening_ != nullptr; }
  // Asks how far it is, ten times a second at most; true where there is something new to show.
  bool look();
  // As look() found it.
  [[nodiscard]] const OpeningNews& news() const { return news_; }

  using Clock = std::chrono::steady_clock;
  struct Turn {
    Clock::duration took{};
    double worked = 0;  // seconds of processor time: a busy machine takes the rest
  };
  // How smoothly the window goes on meanwhile: called after each turn of its loop. Once for each lesson that
  // came: a line for the log.
  [[nodiscard]] std::optional<std::string> note_turn(const Turn& turn);

 private:
  void begin(std::unique_ptr<Opening> opening, bool first);

  std::unique_ptr<Opening> opening_;
  std::vector<std::unique_ptr<Opening>> dropped_;  // cancelled, and not yet at their end
  bool first_ = false;
  OpeningNews news_;
  Clock::time_point looked_{}, asked_{};
  std::optional<Turn> longest_turn_;  // since the asking; none where nobody waits
};

}  // namespace fl
