#include "trainer/data/prepare.h"

#include <algorithm>
#include <cmath>

namespace fl {

Result<void> check_input(std::span<const float> input, const ImageShape& shape, std::string_view name) {
  if (input.size() != shape.floats())
    return error(
        "{} has {} values, and the network takes {} ({} x {}, channels: {}); prepare it as the run's own "
        "images.",
        name, input.size(), shape.floats(), shape.width, shape.height, shape.channels);
  if (!std::ranges::all_of(input, [](float value) { return std::isfinite(value); }))
    return error(
        "{} has pixels that are not numbers once it is prepared; the run that it is prepared for may be "
        "damaged.",
        name);
  return {};
}

Result<void> prepare_input(const Preparation& preparation, std::span<const std::byte> file,
                           std::string_view name, std::span<float> input, ImageRemarks* remarks) {
  const auto& [data, standardisation] = preparation;
  if (auto done = preprocess_file(file, name, data, input, remarks); !done) return done;
  if (!standardisation.mean.empty()) apply_standardisation(standardisation, data.shape(), input);
  return check_input(input, data.shape(), name);
}

}  // namespace fl
