#pragma once
// Poolings, planar. Their backward passes gather: each input pixel collects from the windows that cover it, so
// that nothing is added by two at once and the order of every sum is fixed.

#include <cstddef>
#include <cstdint>

#include "trainer/compute/kernels/pointwise_kernels.h"

namespace fl::kernels {

struct PoolWindow {
  int in_height, in_width, out_height, out_width;
  int kernel_height, kernel_width, stride, padding;

  struct Range {
    int begin, end;
  };
  // Input rows (or columns) of output `o`, clipped to the picture.
  FL_HD static Range covered(int o, int kernel, int stride, int padding, int size) {
    const int begin = o * stride - padding, end = begin + kernel;
    return {begin < 0 ? 0 : begin, end > size ? size : end};
  }
  // Outputs whose windows cover input `i`.
  FL_HD static Range covering(int i, int kernel, int stride, int padding, int outputs) {
    const int reach = i + padding - kernel + 1;
    const int begin = reach <= 0 ? 0 : (reach + stride - 1) / stride;
    const int last = (i + padding) / stride;
    return {begin, last + 1 > outputs ? outputs : last + 1};
  }
  FL_HD Range rows(int y) const { return covered(y, kernel_height, stride, padding, in_height); }
  FL_HD Range columns(int x) const { return covered(x, kernel_width, stride, padding, in_width); }
  FL_HD Range rows_over(int y) const { return covering(y, kernel_height, stride, padding, out_height); }
  FL_HD Range columns_over(int x) const { return covering(x, kernel_width, stride, padding, out_width); }
};

// Index: over the output. `chosen`: which pixel of its plane won; a tie goes to the first, NaN wins always.
struct MaxPool {
  const float* input;
  float* output;
  std::int32_t* chosen;  // may be null where no backward pass follows
  PoolWindow window;
  FL_HD void operator()(std::size_t i) const {
    const auto width = static_cast<std::size_t>(window.out_width), height = static_cast<std::size_t>(window.out_height);
    const std::size_t plane = i / width / height;
    const float* pixels = input + plane * static_cast<std::size_t>(window.in_height * window.in_width);
    const PoolWindow::Range rows = window.rows(static_cast<int>(i / width % height));
    const PoolWindow::Range columns = window.columns(static_cast<int>(i % width));
    int best = -1;
    for (int y = rows.begin; y < rows.end; ++y)
      for (int x = columns.begin; x < columns.end; ++x) {
        const int at = y * window.in_width + x;
        if (best < 0 || pixels[at] > pixels[best] || (pixels[at] != pixels[at] && pixels[best] == pixels[best]))
          best = at;
      }
    output[i] = best < 0 ? 0.0f : pixels[best];
    if (chosen != nullptr) chosen[i] = best;
  }
};

// Index: over the input.
struct MaxPoolGradient {
  const float* above;
  const std::int32_t* chosen;
  float* below;
  PoolWindow window;
  bool accumulate;
  FL_HD void operator()(std::size_t i) const {
    const auto area = static_cast<std::size_t>(window.in_height * window.in_width);
    const std::size_t plane = i / area;
    const int at = static_cast<int>(i % area);
    const std::size_t out = plane * static_cast<std::size_t>(window.out_height * window.out_width);
    const PoolWindow::Range rows = window.rows_over(at / window.in_width);
    const PoolWindow::Range columns = window.columns_over(at % window.in_width);
    float sum = 0;
    for (int y = rows.begin; y < rows.end; ++y)
      for (int x = columns.begin; x < columns.end; ++x) {
        const std::size_t o = out + static_cast<std::size_t>(y * window.out_width + x);
        if (chosen[o] == at) sum += above[o];
      }
    deliver(below[i], sum, accumulate);
  }
};

// Padded pixels are not counted. Index: over the output.
struct AveragePool {
  const float* input;
  float* output;
  PoolWindow window;
  FL_HD void operator()(std::size_t i) const {
    const auto width = static_cast<std::size_t>(window.out_width), height = static_cast<std::size_t>(window.out_height);
    const std::size_t plane = i / width / height;
    const float* pixels = input + plane * static_cast<std::size_t>(window.in_height * window.in_width);
    const PoolWindow::Range rows = window.rows(static_cast<int>(i / width % height));
    const PoolWindow::Range columns = window.columns(static_cast<int>(i % width));
    float sum = 0;
    for (int y = rows.begin; y < rows.end; ++y)
      for (int x = columns.begin; x < columns.end; ++x) sum += pixels[y * window.in_width + x];
    const int count = (rows.end - rows.begin) * (columns.end - columns.begin);
    output[i] = count > 0 ? sum / static_cast<float>(count) : 0.0f;
  }
};

// Index: over the input.
struct AveragePoolGradient {
  const float* above;
  float* below;
  PoolWindow window;
  bool accumulate;
  FL_HD void operator()(std::size_t i) const {
    const auto area = static_cast<std::size_t>(window.in_height * window.in_width);
    const std::size_t plane = i / area;
    const int at = static_cast<int>(i % area);
    const std::size_t out = plane * static_cast<std::size_t>(window.out_height * window.out_width);
    const PoolWindow::Range over_y = window.rows_over(at / window.in_width);
    const PoolWindow::Range over_x = window.columns_over(at % window.in_width);
    float sum = 0;
    for (int y = over_y.begin; y < over_y.end; ++y)
      for (int x = over_x.begin; x < over_x.end; ++x) {
        const PoolWindow::Range rows = window.rows(y), columns = window.columns(x);
        const int count = (rows.end - rows.begin) * (columns.end - columns.begin);
        sum += above[out + static_cast<std::size_t>(y * window.out_width + x)] / static_cast<float>(count);
      }
    deliver(below[i], sum, accumulate);
  }
};

}  // namespace fl::kernels
