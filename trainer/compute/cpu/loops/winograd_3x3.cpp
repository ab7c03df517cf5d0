#include "trainer/compute/cpu/loops/winograd_3x3.h"

#include <algorithm>
#include <array>
#include <cstring>

#ifdef _OPENMP
#include <omp.h>
#endif

#include "trainer/base/check.h"
#include "trainer/compute/cpu/loops/instructions.h"

namespace fl {
namespace winograd {
namespace {

constexpr std::size_t kOut = 4, kIn = 6, kProducts = kIn * kIn;
constexpr std::size_t kGroup = 48;  // tiles, at most: what belongs to them stays near the core
// Rows of a power of two fall upon each other in the cache.
constexpr std::size_t kApart = 16;

template <std::size_t kBlock>
using Lanes [[gnu::vector_size(kBlock * sizeof(float))]] = float;

template <typename V>
[[gnu::always_inline]] inline void load(V& to, const float* from) {
  std::memcpy(&to, from, sizeof(V));
}

template <typename V>
[[gnu::always_inline]] inline void store(float* to, const V& value) {
  std::memcpy(to, &value, sizeof(V));
}

// Six of the input become six, `step` apart.
template <typename V>
[[gnu::always_inline]] inline void transform_six(const V* in, std::size_t step, V* out,
                                                 std::size_t out_step) {
  const V d0 = in[0], d1 = in[step], d2 = in[2 * step], d3 = in[3 * step], d4 = in[4 * step],
          d5 = in[5 * step];
  const V a = d4 - 4 * d2, b = d3 - 4 * d1, c = d4 - d2, e = 2 * (d3 - d1);
  out[0] = 4 * d0 - 5 * d2 + d4;
  out[out_step] = a + b;
  out[2 * out_step] = a - b;
  out[3 * out_step] = c + e;
  out[4 * out_step] = c - e;
  out[5 * out_step] = 4 * d1 - 5 * d3 + d5;
}

// Six products become four outputs.
template <typename V>
[[gnu::always_inline]] inline void gather_four(const V* in, std::size_t step, V* out, std::size_t out_step) {
  const V sum12 = in[step] + in[2 * step], less12 = in[step] - in[2 * step];
  const V sum34 = in[3 * step] + in[4 * step], less34 = in[3 * step] - in[4 * step];
  out[0] = in[0] + sum12 + sum34;
  out[out_step] = less12 + 2 * less34;
  out[2 * out_step] = sum12 + 4 * sum34;
  out[3 * out_step] = less12 + 8 * less34 + in[5 * step];
}

// Three weights become six.
template <typename V>
[[gnu::always_inline]] inline void spread_three(const V* in, std::size_t step, V* out, std::size_t out_step) {
  const V ends = in[0] + in[2 * step], wide = in[0] + 4 * in[2 * step];
  out[0] = in[0] / 4;
  out[out_step] = -(ends + in[step]) / 6;
  out[2 * out_step] = -(ends - in[step]) / 6;
  out[3 * out_step] = (wide + 2 * in[step]) / 24;
  out[4 * out_step] = (wide - 2 * in[step]) / 24;
  out[5 * out_step] = in[2 * step];
}

template <std::size_t kBlock>
[[gnu::always_inline]] inline void transform_weights(const Winograd3x3::Shape& shape, const float* weights,
                                                     float* to) {
  using V = Lanes<kBlock>;
  const std::size_t row = shape.padded_channels() * kBlock;
  for (std::size_t first = 0; first < shape.outputs; first += kBlock)
    for (std::size_t c = 0; c < shape.channels; ++c) {
      float own[9][kBlock] = {};
      for (std::size_t lane = 0; lane < std::min(kBlock, shape.outputs - first); ++lane)
        for (std::size_t k = 0; k < 9; ++k)
          own[k][lane] = weights[((first + lane) * shape.channels + c) * 9 + k];
      V taps[9], columns[3 * kIn], all[kProducts];
      for (std::size_t k = 0; k < 9; ++k) load(taps[k], own[k]);
      for (std::size_t x = 0; x < 3; ++x) spread_three(taps + x, 3, columns + x, 3);
      for (std::size_t y = 0; y < kIn; ++y) spread_three(columns + 3 * y, 1, all + y * kIn, 1);
      float* place = to + first / kBlock * kProducts * row + c * kBlock;
      for (std::size_t p = 0; p < kProducts; ++p) store(place + p * row, all[p]);
    }
}

// Where a tile's first output is.
struct Tile {
  std::size_t image = 0, y = 0, x = 0;
};

struct Group {
  const Winograd3x3::Shape* shape = nullptr;
  const Tile* tiles = nullptr;
  std::size_t count = 0;
  std::size_t input_row = 0, product_row = 0;  // floats from one of the 36 to the next
};

// The columns [kLeft, kRight) of what a tile is computed from; `rows`: at column 0 of each, which may lie
// outside.
template <std::size_t kBlock, std::size_t kLeft, std::size_t kRight, typename V>
[[gnu::always_inline]] inline void transform_tile(const float* const* rows, float* to, std::size_t row) {
  V columns[kProducts] = {};
  for (std::size_t x = kLeft; x < kRight; ++x) {
    V pixels[kIn];
    for (std::size_t y = 0; y < kIn; ++y) load(pixels[y], rows[y] + x * kBlock);
    transform_six(pixels, 1, columns + x, kIn);
  }
  for (std::size_t y = 0; y < kIn; ++y) {
    V all[kIn];
    transform_six(columns + y * kIn, 1, all, 1);
    for (std::size_t x = 0; x < kIn; ++x) store(to + (y * kIn + x) * row, all[x]);
  }
}

// The same, of a narrow end.
template <std::size_t kBlock, typename V>
[[gnu::always_inline]] inline void transform_end(const float* const* rows, std::size_t left,
                                                 std::size_t right, float* to, std::size_t row) {
  float wide[kIn][kIn * kBlock] = {};
  const float* wide_rows[kIn];
  for (std::size_t y = 0; y < kIn; ++y) {
    for (std::size_t x = left; x < right; ++x)
      std::copy_n(rows[y] + x * kBlock, kBlock, wide[y] + x * kBlock);
    wide_rows[y] = wide[y];
  }
  transform_tile<kBlock, 0, kIn, V>(wide_rows, to, row);
}

template <std::size_t kBlock>
[[gnu::always_inline]] inline void transform_inputs(const Group& group, const float* in, float* inputs) {
  using V = Lanes<kBlock>;
  const Winograd3x3::Shape& shape = *group.shape;
  const std::size_t blocks = shape.padded_channels() / kBlock, plane = shape.height * shape.width * kBlock;
  static constexpr float zeros[kIn * kBlock] = {};
  for (std::size_t t = 0; t < group.count; ++t) {
    const Tile& tile = group.tiles[t];
    // Row tile.y - 1 to tile.y + 4, and the columns likewise.
    const std::size_t left = tile.x == 0 ? 1 : 0, right = std::min(kIn, shape.width + 1 - tile.x);
    for (std::size_t block = 0; block < blocks; ++block) {
      const float* from = in + (tile.image * blocks + block) * plane;
      const float* rows[kIn];
      for (std::size_t y = 0; y < kIn; ++y) {
        const std::size_t at = tile.y + y - 1;  // above the first it wraps round
        rows[y] = at < shape.height ? from + (at * shape.width + tile.x) * kBlock - kBlock : zeros;
      }
      float* to = inputs + (t * blocks + block) * kBlock;
      if (left == 0 && right == kIn)
        transform_tile<kBlock, 0, kIn, V>(rows, to, group.input_row);
      else if (right == kIn)
        transform_tile<kBlock, 1, kIn, V>(rows, to, group.input_row);
      else if (left == 0 && right == kIn - 1)
        transform_tile<kBlock, 0, kIn - 1, V>(rows, to, group.input_row);
      else
        transform_end<kBlock, V>(rows, left, right, to, group.input_row);
    }
  }
}

// The products of kTiles tiles with kBlocks blocks of outputs, at one of the 36.
template <std::size_t kBlock, std::size_t kTiles, std::size_t kBlocks>
[[gnu::always_inline]] inline void multiply(std::size_t channels, const float* inputs,
                                            const float* const* weights, float* products) {
  using V = Lanes<kBlock>;
  V sums[kTiles][kBlocks] = {};
#pragma GCC unroll 8
  for (std::size_t c = 0; c < channels; ++c) {
    V w[kBlocks];
    for (std::size_t b = 0; b < kBlocks; ++b) load(w[b], weights[b] + c * kBlock);
    for (std::size_t t = 0; t < kTiles; ++t) {
      const float value = inputs[t * channels + c];
      for (std::size_t b = 0; b < kBlocks; ++b) sums[t][b] += w[b] * value;
    }
  }
  for (std::size_t t = 0; t < kTiles; ++t)
    for (std::size_t b = 0; b < kBlocks; ++b) store(products + (t * kBlocks + b) * kBlock, sums[t][b]);
}

template <std::size_t kBlock, std::size_t kBlocks>
[[gnu::always_inline]] inline void gather_outputs(const Group& group, std::size_t first_block,
                                                  const float* products, const float* bias, float* out) {
  using V = Lanes<kBlock>;
  const Winograd3x3::Shape& shape = *group.shape;
  const std::size_t blocks = shape.padded_outputs() / kBlock, plane = shape.height * shape.width * kBlock;
  for (std::size_t t = 0; t < group.count; ++t) {
    const Tile& tile = group.tiles[t];
    const std::size_t rows = std::min(kOut, shape.height - tile.y),
                      width = std::min(kOut, shape.width - tile.x);
    for (std::size_t b = 0; b < kBlocks; ++b) {
      V all[kProducts], columns[kOut * kIn], sums[kOut * kOut];
      for (std::size_t p = 0; p < kProducts; ++p)
        load(all[p], products + p * group.product_row + (t * kBlocks + b) * kBlock);
      for (std::size_t x = 0; x < kIn; ++x) gather_four(all + x, kIn, columns + x, kIn);
      for (std::size_t y = 0; y < kOut; ++y) gather_four(columns + y * kIn, 1, sums + y * kOut, 1);
      V shift;
      load(shift, bias + (first_block + b) * kBlock);
      float* to = out + (tile.image * blocks + first_block + b) * plane;
      for (std::size_t y = 0; y < rows; ++y)
        for (std::size_t x = 0; x < width; ++x) {
          V value = sums[y * kOut + x] + shift;
          if (shape.relu) value = V{} > value ? V{} : value;  // a NaN stays one
          store(to + ((tile.y + y) * shape.width + tile.x + x) * kBlock, value);
        }
    }
  }
}

// A group of tiles, from inputs to outputs.
template <std::size_t kBlock, std::size_t kTiles>
[[gnu::always_inline]] inline void run_group(const Group& group, const float* in, const float* weights,
                                             const float* bias, float* inputs, float* products, float* out) {
  const Winograd3x3::Shape& shape = *group.shape;
  transform_inputs<kBlock>(group, in, inputs);
  const std::size_t blocks = shape.padded_outputs() / kBlock, channels = shape.padded_channels();
  const std::size_t block_weights = kProducts * channels * kBlock;
  const std::size_t padded = (group.count + kTiles - 1) / kTiles * kTiles;
  for (std::size_t first = 0; first < blocks;) {
    const bool two = first + 1 < blocks;
    for (std::size_t p = 0; p < kProducts; ++p) {
      const float* own = weights + first * block_weights + p * channels * kBlock;
      const float* const both[] = {own, own + block_weights};
      for (std::size_t t = 0; t < padded; t += kTiles) {
        const float* from = inputs + p * group.input_row + t * channels;
        float* to = products + p * group.product_row + t * (two ? 2 : 1) * kBlock;
        if (two)
          multiply<kBlock, kTiles, 2>(channels, from, both, to);
        else
          multiply<kBlock, kTiles, 1>(channels, from, both, to);
      }
    }
    if (two)
      gather_outputs<kBlock, 2>(group, first, products, bias, out);
    else
      gather_outputs<kBlock, 1>(group, first, products, bias, out);
    first += two ? 2 : 1;
  }
}

struct Kernel {
  void (*load)(const Winograd3x3::Shape&, const float*, float*);
  void (*run)(const Group&, const float*, const float*, const float*, float*, float*, float*);
};

#define FL_WINOGRAD(name, block, tiles_at_once, ...)                                                        \
  __VA_ARGS__ void name##_load(const Winograd3x3::Shape& shape, const float* weights, float* to) {          \
    transform_weights<block>(shape, weights, to);                                                           \
  }                                                                                                         \
  __VA_ARGS__ void name##_run(const Group& group, const float* in, const float* weights, const float* bias, \
                              float* inputs, float* products, float* out) {                                 \
    static_assert(kGroup % tiles_at_once == 0);                                                             \
    run_group<block, tiles_at_once>(group, in, weights, bias, inputs, products, out);                       \
  }                                                                                                         \
  constexpr Kernel name = {name##_load, name##_run};

FL_WINOGRAD(plain8, 8, 6, )
FL_WINOGRAD(plain16, 16, 6, )
#ifdef __x86_64__
FL_WINOGRAD(avx2, 8, 6, [[gnu::target("avx2,fma")]])
FL_WINOGRAD(avx512, 16, 12, [[gnu::target("avx512f,avx512bw,avx512dq,avx512vl")]])
#endif
#undef FL_WINOGRAD

#ifdef _OPENMP
std::size_t threads_here() {
  return static_cast<std::size_t>(omp_get_max_threads());
}
std::size_t this_thread() {
  return static_cast<std::size_t>(omp_get_thread_num());
}
#else
std::size_t threads_here() {
  return 1;
}
std::size_t this_thread() {
  return 0;
}
#endif

// Of a group of tiles, at one of the 36.
std::size_t input_floats(const Winograd3x3::Shape& shape) {
  return kGroup * shape.padded_channels() + kApart;
}
std::size_t product_floats(const Winograd3x3::Shape& shape) {
  return kGroup * 2 * shape.block + kApart;
}

const Kernel& kernel_for(std::size_t block) {
#ifdef __x86_64__
  if (block == 8 && has_avx2_and_fma()) return avx2;
  if (block == 16 && has_avx512()) return avx512;
#endif
  return block == 8 ? plain8 : plain16;
}

}  // namespace
}  // namespace winograd

Winograd3x3::Winograd3x3(const Shape& shape)
    : shape_(shape),
      tiles_y_((shape.height + winograd::kOut - 1) / winograd::kOut),
      tiles_x_((shape.width + winograd::kOut - 1) / winograd::kOut),
      weights_(winograd::kProducts * shape.padded_channels() * shape.padded_outputs()),
      bias_(shape.padded_outputs()),
      scratch_(winograd::kProducts * (winograd::input_floats(shape) + winograd::product_floats(shape))) {
  FL_CHECK(shape.block == 8 || shape.block == 16);
  FL_CHECK(shape.images > 0 && shape.channels > 0 && shape.outputs > 0);
}

void Winograd3x3::load_weights(const float* weights) {
  winograd::kernel_for(shape_.block).load(shape_, weights, weights_.data());
}

void Winograd3x3::load_bias(const float* bias) {
  std::copy_n(bias, shape_.outputs, bias_.begin());
}

void Winograd3x3::run(const float* in, float* out) {
  const winograd::Kernel& kernel = winograd::kernel_for(shape_.block);
  const std::size_t of_image = tiles_y_ * tiles_x_, all = shape_.images * of_image;
  const std::size_t groups = (all + winograd::kGroup - 1) / winograd::kGroup;
  const std::size_t input_row = winograd::input_floats(shape_),
                    product_row = winograd::product_floats(shape_);
  const std::size_t a_thread = winograd::kProducts * (input_row + product_row);
  if (const std::size_t all_threads = a_thread * winograd::threads_here(); scratch_.size() < all_threads)
    scratch_.resize(all_threads);
#pragma omp parallel
  {
    float* inputs = scratch_.data() + a_thread * winograd::this_thread();
    std::array<winograd::Tile, winograd::kGroup> tiles;
    winograd::Group group{
        .shape = &shape_, .tiles = tiles.data(), .input_row = input_row, .product_row = product_row};
#pragma omp for schedule(static)
    for (std::size_t g = 0; g < groups; ++g) {
      const std::size_t begin = all * g / groups, end = all * (g + 1) / groups;
      group.count = end - begin;
      for (std::size_t t = begin; t < end; ++t)
        tiles[t - begin] = {t / of_image, t % of_image / tiles_x_ * winograd::kOut,
                            t % tiles_x_ * winograd::kOut};
      kernel.run(group, in, weights_.data(), bias_.data(), inputs, inputs + winograd::kProducts * input_row,
                 out);
    }
  }
}

}  // namespace fl
