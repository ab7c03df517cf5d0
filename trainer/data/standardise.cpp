#include "trainer/data/standardise.h"

#include <cmath>

#include "trainer/base/check.h"

namespace fl {

Standardisation measure_standardisation(const Dataset& data, std::span<const std::int32_t> train) {
  FL_CHECK(!train.empty());
  const std::size_t area =
      static_cast<std::size_t>(data.shape.height) * static_cast<std::size_t>(data.shape.width);
  Standardisation result;
  for (std::size_t c = 0; c < static_cast<std::size_t>(data.shape.channels); ++c) {
    double sum = 0, squares = 0;
    for (const std::int32_t i : train)
      for (const float value : data.image(static_cast<std::size_t>(i)).subspan(c * area, area)) {
        sum += static_cast<double>(value);
        squares += static_cast<double>(value) * static_cast<double>(value);
      }
    const double n = static_cast<double>(train.size() * area);
    const double mean = sum / n, variance = squares / n - mean * mean;
    result.mean.push_back(static_cast<float>(mean));
    result.inverse_deviation.push_back(variance > 1e-8 ? static_cast<float>(1 / std::sqrt(variance)) : 1.0f);
  }
  return result;
}

void apply_standardisation(const Standardisation& standardisation, const ImageShape& shape,
                           std::span<float> pixels) {
  FL_CHECK(standardisation.mean.size() == static_cast<std::size_t>(shape.channels));
  FL_CHECK(pixels.size() % shape.floats() == 0);
  const std::size_t area = static_cast<std::size_t>(shape.height) * static_cast<std::size_t>(shape.width);
  for (std::size_t plane = 0; plane * area < pixels.size(); ++plane) {
    const std::size_t c = plane % standardisation.mean.size();
    for (float& value : pixels.subspan(plane * area, area))
      value = (value - standardisation.mean[c]) * standardisation.inverse_deviation[c];
  }
}

}  // namespace fl
