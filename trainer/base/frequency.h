#pragma once
// How often something happens, over about the last second. Counts over time, not the average of rates: of
// events that come in bursts that says too much.

#include <cmath>

namespace fl {

class Frequency {
 public:
  // `count` happened in the `seconds` since the last call.
  void add(double count, double seconds) {
    const double kept = std::exp(-seconds / kMemory);
    count_ = kept * count_ + count;
    seconds_ = kept * seconds_ + seconds;
  }
  void forget() { count_ = seconds_ = 0; }
  // 0 before the first.
  [[nodiscard]] double per_second() const { return seconds_ > 0 ? count_ / seconds_ : 0; }

 private:
  static constexpr double kMemory = 1;  // seconds

  double count_ = 0, seconds_ = 0;
};

}  // namespace fl
