#pragma once
// A lesson that another one takes the place of: on a thread of its own its session ends, which may take as
// long as the step in hand, and is saved.

#include <atomic>
#include <filesystem>
#include <memory>
#include <thread>

#include "engine/app/studio/studio.h"

namespace fl {

class Leaving {
 public:
  // `folder`: where it is saved; empty: nowhere. `last_picture`: the last that reads its ring. Nobody else
  // uses the studio any more.
  Leaving(std::unique_ptr<Studio> studio, std::filesystem::path folder, std::uint64_t last_picture);
  // Waits for it. Only when no picture reads the ring any more.
  ~Leaving() = default;
  Leaving(const Leaving&) = delete;
  Leaving& operator=(const Leaving&) = delete;

  // Whether it can go at once; `completed`: pictures that are drawn.
  [[nodiscard]] bool gone(std::uint64_t completed) const { return done_ && completed >= last_picture_; }
  // Waits for it. Error: it could not be saved.
  Result<void> saved();

 private:
  std::unique_ptr<Studio> studio_;
  std::filesystem::path folder_;
  std::uint64_t last_picture_;
  Result<void> saved_;
  std::atomic<bool> done_ = false;
  std::jthread thread_;  // last: it uses all the others
};

}  // namespace fl
