#pragma once
// Whether this person uses the program for the first time, and is told what to do next: an empty file of the
// user's own says that it was said. Where that cannot be read or written, nothing is said.

#include <future>

namespace fl {

class FirstUse {
 public:
  FirstUse();
  [[nodiscard]] bool hint() const { return hint_; }
  // It was dismissed, or is not needed any more: never again.
  void done();

 private:
  bool hint_ = false;
  std::future<void> noting_;
};

}  // namespace fl
