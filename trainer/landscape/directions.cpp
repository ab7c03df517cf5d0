#include "trainer/landscape/directions.h"

#include <cmath>

#include "trainer/base/check.h"
#include "trainer/base/random.h"

namespace fl {
namespace {

double norm(std::span<const float> values) {
  double sum = 0;
  for (const float value : values) sum += static_cast<double>(value) * static_cast<double>(value);
  return std::sqrt(sum);
}

}  // namespace

std::vector<float> filter_normalised_direction(const ParamLayout& layout, std::span<const float> params,
                                               std::uint64_t seed, std::uint32_t index) {
  FL_CHECK(params.size() == layout.floats);
  std::vector<float> direction(layout.floats, 0.0f);
  for (std::size_t t = 0; t < layout.tensors.size(); ++t) {
    const ParamTensor& tensor = layout.tensors[t];
    if (tensor.kind != ParamKind::kWeight || tensor.frozen) continue;
    RandomStream random(seed, StreamId::kLandscape, index * 65536u + static_cast<std::uint32_t>(t));
    for (int f = 0; f < tensor.filters; ++f) {
      const std::size_t begin = tensor.offset + static_cast<std::size_t>(f) * tensor.filter_size();
      const std::span<float> filter = std::span(direction).subspan(begin, tensor.filter_size());
      for (float& value : filter) value = static_cast<float>(random.normal());
      // A filter of zeros has no size to take: unit directions show what lies around it.
      const double size = norm(params.subspan(begin, tensor.filter_size()));
      const double scale = (size > 0 ? size : 1.0) / (norm(filter) + 1e-10);
      for (float& value : filter) value = static_cast<float>(value * scale);
    }
  }
  return direction;
}

}  // namespace fl
