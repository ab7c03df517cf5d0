#pragma once
// Shape of one image or activation: planar, [channels][height][width].

#include <cstddef>

namespace fl {

struct TensorShape {
  int channels = 1, height = 1, width = 1;
  [[nodiscard]] std::size_t floats() const {
    return static_cast<std::size_t>(channels) * static_cast<std::size_t>(height) *
           static_cast<std::size_t>(width);
  }
  bool operator==(const TensorShape&) const = default;
};

}  // namespace fl
