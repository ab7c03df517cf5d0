#pragma once
// Zero mean and unit variance, channel by channel, measured on the training images alone: a network that
// starts from He weights expects inputs of that size, and a head slice on black is far from it (its mean is
// strongly negative, and the first steps would only undo that).

#include <span>
#include <vector>

#include "trainer/data/dataset.h"

namespace fl {

struct Standardisation {
  std::vector<float> mean, inverse_deviation;  // [channel]; x -> (x - mean) * inverse_deviation
};

// Over the images named in `train`. A channel without variance keeps its scale.
Standardisation measure_standardisation(const Dataset& data, std::span<const std::int32_t> train);
// In place; `pixels` holds whole images of `shape`.
void apply_standardisation(const Standardisation& standardisation, const ImageShape& shape,
                           std::span<float> pixels);

}  // namespace fl
