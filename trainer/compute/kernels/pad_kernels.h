#pragma once
// Margins of zeros around planes, for what knows only margins that are the same on all sides.

#include <cstddef>

#include "trainer/compute/kernels/pointwise_kernels.h"

namespace fl::kernels {

// A plane of height x width, within one of padded_height x padded_width from (before, before) on.
struct Margins {
  std::size_t height, width, padded_height, padded_width, before;
};

// Index: over the padded output.
struct Pad {
  const float* input;
  float* output;
  Margins m;
  FL_HD void operator()(std::size_t i) const {
    const std::size_t plane = i / m.padded_width / m.padded_height;
    const std::size_t y = i / m.padded_width % m.padded_height, x = i % m.padded_width;
    const bool inside = y >= m.before && y < m.before + m.height && x >= m.before && x < m.before + m.width;
    output[i] = inside ? input[(plane * m.height + y - m.before) * m.width + x - m.before] : 0.0f;
  }
};

// Index: over `below`, which (+)= what lies within the margins of `above`.
struct PadGradient {
  const float* above;
  float* below;
  Margins m;
  bool accumulate;
  FL_HD void operator()(std::size_t i) const {
    const std::size_t plane = i / m.width / m.height, y = i / m.width % m.height, x = i % m.width;
    deliver(below[i], above[(plane * m.padded_height + y + m.before) * m.padded_width + x + m.before],
            accumulate);
  }
};

}  // namespace fl::kernels
