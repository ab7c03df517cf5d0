#include "trainer/net/init.h"

#include <algorithm>
#include <cmath>

#include "trainer/base/check.h"
#include "trainer/base/random.h"

namespace fl {

Result<void> initialise(const ParamLayout& layout, const std::string& name, double scale, std::uint64_t seed,
                        std::span<float> params) {
  FL_CHECK(params.size() == layout.floats);
  if (name != "he" && name != "xavier" && name != "lecun" && name != "zeros")
    return error("There is no initialisation called \"{}\"; there are he, xavier, lecun and zeros.", name);
  std::ranges::fill(params, 0.0f);
  if (name == "zeros") return {};
  for (std::size_t t = 0; t < layout.tensors.size(); ++t) {
    const ParamTensor& tensor = layout.tensors[t];
    if (tensor.kind != ParamKind::kWeight) continue;
    const double variance = name == "he"       ? 2.0 / tensor.fan_in
                            : name == "xavier" ? 2.0 / (tensor.fan_in + tensor.fan_out)
                                               : 1.0 / tensor.fan_in;
    RandomStream random(seed, StreamId::kInit, static_cast<std::uint32_t>(t));
    for (float& value : params.subspan(tensor.offset, tensor.count))
      value = static_cast<float>(random.normal(0.0, scale * std::sqrt(variance)));
  }
  return {};
}

}  // namespace fl
