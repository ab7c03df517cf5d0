#pragma once
// Closes a lesson that another one replaced, on a thread of its own: ends its session, which may take as long
// as one step, and saves it.

#include <atomic>
#include <memory>
#include <thread>

#include "engine/app/held_folder.h"
#include "engine/app/studio/studio.h"

namespace fl {

class Leaving {
 public:
  // `folder`: where it is saved; null: nowhere. `last_picture`: the number of the last picture that reads
  // its ring. The caller gives the studio up.
  Leaving(std::unique_ptr<Studio> studio, HeldFolder folder, std::uint64_t last_picture);
  // Waits for the thread. Precondition: no picture reads the ring any more.
  ~Leaving() = default;
  Leaving(const Leaving&) = delete;
  Leaving& operator=(const Leaving&) = delete;

  // Whether destruction would not wait. `completed`: the number of the last picture that is drawn.
  [[nodiscard]] bool gone(std::uint64_t completed) const { return done_ && completed >= last_picture_; }
  // Waits for it. Error: it could not be saved.
  Result<void> saved();

 private:
  std::unique_ptr<Studio> studio_;
  HeldFolder folder_;
  std::uint64_t last_picture_;
  Result<void> saved_;
  std::atomic<bool> done_ = false;
  std::jthread thread_;  // last: it uses all the others
};

}  // namespace fl
