#pragma once
// Convolution by 3 x 3 weights with a rim of zeros, stride 1, by Winograd's F(4x4, 3x3): 4 x 4 outputs from
// 36 products instead of 144 (Lavin and Gray, arXiv:1509.09308, has the transforms). For evaluation: it
// rounds more coarsely than the direct way, to about 1e-6 of the largest value. oneDNN has one for AVX-512
// only, whose scratch memory leaves the cache; here a group of tiles stays in it.

#include <cstddef>
#include <functional>
#include <vector>

namespace fl {

class Winograd3x3 {
 public:
  // Channels lie in blocks, [image][block of channels][y][x][block], what oneDNN calls nChw8c and nChw16c;
  // the last block is filled up with zeros.
  struct Shape {
    std::size_t images = 0, channels = 0, height = 0, width = 0, outputs = 0;
    std::size_t block = 0;  // 8 or 16
    bool relu = false;      // of what comes out

    [[nodiscard]] std::size_t padded_channels() const { return (channels + block - 1) / block * block; }
    [[nodiscard]] std::size_t padded_outputs() const { return (outputs + block - 1) / block * block; }
  };

  explicit Winograd3x3(const Shape& shape);

  // weights: [outputs][channels][3][3], bias: [outputs], zeros if it is not loaded; they may go afterwards.
  void load_weights(const float* weights);
  void load_bias(const float* bias);
  // out: like in, with `outputs` channels. Each image comes out alike, whichever others are with it. On the
  // caller's OpenMP threads.
  void run(const float* in, float* out);

 private:
  Shape shape_;
  std::size_t tiles_y_, tiles_x_;
  std::vector<float> weights_;  // transformed, [output block][36][padded channel][block]
  std::vector<float> bias_;
  // Of each thread, for a group of tiles: inputs transformed, [36][tile][padded channel], and products,
  // [36][tile][2 blocks].
  std::vector<float> scratch_;
};

}  // namespace fl
