#pragma once
// How rough the loss is around the weights at which a training stands (trainer/landscape/roughness.h), along
// random lines through them. Their directions are filter-normalised (Li et al. 2018, arXiv:1712.09913): each
// filter is as long as that of the weights, so that networks of other sizes can be compared.

#include <cstddef>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "trainer/landscape/roughness.h"
#include "trainer/subjects/training.h"

namespace fl {

struct RoughnessSpec {
  std::size_t lines = 10;   // even; the first two are the axes of a plane of random directions there
  std::size_t points = 21;  // of each, evenly from end to end; odd, so that the weights are one of them
  double reach = 1;         // to either end, times the direction
  std::size_t images = 32;  // of the training set, at most, spread over it
};

struct RunRoughness {
  double value = 1;            // of all lines, as Roughness::value()
  double least = 1, most = 1;  // of a single one
  std::size_t lines = 0, points = 0, images = 0;
};

// Weights and statistics stay as they are; the slice that the program held is another one. Nothing where
// `go_on`, which is asked before every second line, says no, and where the loss at the weights is no number.
std::optional<RunRoughness> measure_roughness(Training& training, const RoughnessSpec& spec = {},
                                              const std::function<bool()>& go_on = {});

// "Roughness 1.23: along 10 random lines through the end of the path the loss goes up and down 1.23 times as
// far as in a bowl (1.1 to 1.4 on a single line)."
[[nodiscard]] std::string roughness_sentence(const RunRoughness& found);
// "1.23"
[[nodiscard]] std::string roughness_text(double value);

}  // namespace fl
