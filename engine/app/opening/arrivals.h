#pragma once
// The lesson that the window is opening: at most one, the latest that was asked for. The window's loop calls
// take() and look() once a turn; neither waits.

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "engine/app/opening/opening.h"

namespace fl {

class Arrivals {
 public:
  // The lesson that the command line named. Precondition: !on_its_way().
  void await(std::unique_ptr<Opening> first);
  // Opens another lesson; cancels the one that is being opened.
  void open(OpeningRequest request);
  void drop();

  struct Arrival {
    Result<Opened> opened;
    bool first;  // it is the one that the command line named
  };
  // take() has another lesson than the one that is shown, not that one again.
  [[nodiscard]] bool brings_other() const { return opening_ && !again_ && opening_->opened(); }
  // The lesson that is ready, or the error; each is returned once.
  [[nodiscard]] std::optional<Arrival> take();
  [[nodiscard]] bool on_its_way() const { return opening_ != nullptr; }
  // Reads the progress, five times a second at most; true if there is something new to show.
  bool look();
  // The progress that look() read last.
  [[nodiscard]] const OpeningNews& news() const { return news_; }

  using Clock = std::chrono::steady_clock;
  struct Turn {
    Clock::duration took{};
    double worked = 0;  // seconds of processor time: a busy machine takes the rest
  };
  // To be called after each turn of the window's loop. Returns a line for the log once a lesson: its time to
  // open and the longest turn meanwhile.
  [[nodiscard]] std::optional<std::string> note_turn(const Turn& turn);

 private:
  void begin(std::unique_ptr<Opening> opening, bool first);

  std::unique_ptr<Opening> opening_;
  std::vector<std::unique_ptr<Opening>> dropped_;  // cancelled, but still running
  bool first_ = false, again_ = false;
  OpeningNews news_;
  Clock::time_point looked_{}, asked_{};
  std::optional<Turn> longest_turn_;  // while a lesson is being opened
};

}  // namespace fl
