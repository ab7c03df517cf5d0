#pragma once
// How rough a loss is along straight lines: how far it goes up and down in all, as a multiple of what it
// would in a bowl.
//
// Of a line with the losses f_0 ... f_n, in their order, the way is V = |f_1 - f_0| + ... + |f_n - f_(n-1)|,
// its total variation. A bowl, which falls to its lowest place and rises from there, has with the same ends
// and the same lowest loss m the way B = (f_0 - m) + (f_n - m). The roughness of several lines is the sum of
// all V over the sum of all B.
//
// A bowl has exactly 1, however steep, wide or bent it is, and so has whatever is convex; each bump adds
// twice its height. Losses in other units, or with something added, have the same roughness, and so have the
// same losses at other distances; a line counts by how deep it goes, so that one that is nearly flat says
// little. The definition is ours. Wu et al. 2021 (arXiv:2103.11069) also begin from the total variation along
// random directions, but ask how much it differs from one to the other.

#include <span>

namespace fl {

class Roughness {
 public:
  // At least two, from one end to the other; what is no number is left out.
  void add_line(std::span<const double> losses);
  // Of all lines, at least 1. Infinite where they have nothing but bumps.
  [[nodiscard]] double value() const;

 private:
  double bowls_ = 0;  // sum of B
  double bumps_ =
      0;  // sum of (V - B) / 2: of all moves away from the lowest place downward, toward it upward
};

}  // namespace fl
