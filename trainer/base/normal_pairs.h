#pragma once
// Pairs of uniform values made pairs of normal ones (Box and Muller 1958), one by one or many at once.

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

namespace fl {

struct NormalPair {
  double first = 0, second = 0;
};
// Of two values in [0, 1).
NormalPair normal_pair(double for_radius, double for_angle);

// Many pairs, whose normal values are wanted as floats: the same floats as normal_pair's, at a fraction of
// the price. Polynomials that are good to 14 digits nearly always tell which float is the nearest; where they
// do not, the libraries' functions are asked.
struct NormalPairs {
  static constexpr std::size_t kMost = 128;
  std::array<std::uint32_t, kMost> radius, angle;  // uniform in [0, 2^24)

  // Of the first values.size() / 2 pairs.
  void transform(std::span<float> values) const;
};

}  // namespace fl
