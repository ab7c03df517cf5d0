#pragma once
// What a person waits for after the start, each said once in the log: the window, the first lesson in it, and
// that it learns.

namespace fl {

class FirstTimes {
 public:
  // A picture is on the display; `lesson`: it shows one.
  void picture(bool lesson);
  // `steps`: how many the lesson has made.
  void steps(long long steps);
  [[nodiscard]] bool window_stands() const { return stands_; }

 private:
  bool stands_ = false, shown_ = false, stepped_ = false;
};

}  // namespace fl
