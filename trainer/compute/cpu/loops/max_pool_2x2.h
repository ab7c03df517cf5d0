#pragma once
// Max pooling of 2 x 2 pixels with stride 2, over images whose channels lie in blocks: [plane][y][x][block],
// what oneDNN calls nChw8c and nChw16c. oneDNN's own took a third of a training step; this costs what its
// memory does. An odd row or column at the end belongs to no window.

#include <cstddef>
#include <cstdint>

namespace fl {

// Of the input; the output has half the height and width, rounded down.
struct PooledPlanes {
  std::size_t planes = 0;  // images times blocks of channels
  std::size_t height = 0, width = 0;
  std::size_t block = 0;  // channels side by side: 8 or 16

  [[nodiscard]] std::size_t inputs() const { return planes * height * width * block; }
  [[nodiscard]] std::size_t outputs() const { return planes * (height / 2) * (width / 2) * block; }
};

// Which of a window's four pixels (row by row) was the largest, the first of equal ones; kNoPixel: the
// largest was not above 0, and the gradient of a ReLU in front of the pooling ends there.
inline constexpr std::uint8_t kNoPixel = 4;

// out[outputs()] of in[inputs()]; a NaN in a window is its largest. `chosen`: [outputs()], or null where
// nobody goes back. `behind_relu`: mark what is not above 0 with kNoPixel. On the caller's OpenMP threads.
void max_pool_2x2(const PooledPlanes& shape, bool behind_relu, const float* in, float* out,
                  std::uint8_t* chosen);
// in_gradient[inputs()] of out_gradient[outputs()]: every pixel is written.
void max_pool_2x2_backward(const PooledPlanes& shape, const float* out_gradient, const std::uint8_t* chosen,
                           float* in_gradient);

}  // namespace fl
