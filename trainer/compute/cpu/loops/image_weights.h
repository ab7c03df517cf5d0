#pragma once
// The gradient of the weights of a 3 x 3 convolution that reads the image itself, which has a few channels
// only. For processors without AVX-512 oneDNN has no kernel of its own for that: it goes a long way round,
// through another layout and a matrix product, and needs ten times as long.

#include <cstddef>
#include <span>
#include <vector>

namespace fl {

// Stride 1, padding 1. Sums are of float, row by row, then over the rows, then over the images, in their
// order.
class ImageWeights {
 public:
  static constexpr std::size_t kBlock = 8;

  // `outputs`: channels of the output, a multiple of kBlock.
  ImageWeights(std::size_t images, std::size_t channels, std::size_t height, std::size_t width,
               std::size_t outputs);

  // image: [image][channel][y][x]; output_gradient: [image][output / 8][y][x][8], what oneDNN calls nChw8c.
  // Writes weight_gradient [output][channel][3][3] and, unless it is null, bias_gradient [output]. On the
  // caller's OpenMP threads; allocates nothing.
  void run(const float* image, const float* output_gradient, float* weight_gradient, float* bias_gradient);

 private:
  void pad(const float* image);

  std::size_t images_, channels_, height_, width_, outputs_;
  std::vector<float> padded_;  // the images with a rim of zeros: [image][channel][y + 2][x + 2]
};

}  // namespace fl
