#include "trainer/compute/cpu/loops/max_pool_2x2.h"

#include <cstring>

#ifdef __x86_64__
#include <immintrin.h>
#endif

#include "trainer/base/check.h"
#include "trainer/compute/cpu/loops/instructions.h"

namespace fl {
namespace {

// A block's values at one pixel, as the compiler's vectors: it divides them into the registers there are.
template <std::size_t kBlock>
struct Lanes {
  using Floats [[gnu::vector_size(kBlock * sizeof(float))]] = float;
  using Ints [[gnu::vector_size(kBlock * sizeof(std::int32_t))]] = std::int32_t;
  using Bytes [[gnu::vector_size(kBlock)]] = std::uint8_t;
};

template <typename T>
[[gnu::always_inline]] inline void load(T& value, const void* from) {
  std::memcpy(&value, from, sizeof(T));
}

template <typename T>
[[gnu::always_inline]] inline void store(void* to, const T& value) {
  std::memcpy(to, &value, sizeof(T));
}

template <std::size_t kBlock>
[[gnu::always_inline]] inline void forward_plane(std::size_t height, std::size_t width, bool behind_relu,
                                                 const float* in, float* out, std::uint8_t* chosen) {
  using Floats = typename Lanes<kBlock>::Floats;
  using Ints = typename Lanes<kBlock>::Ints;
  using Bytes = typename Lanes<kBlock>::Bytes;
  const std::size_t row = width * kBlock;
  for (std::size_t y = 0; y < height / 2; ++y)
    for (std::size_t x = 0; x < width / 2; ++x) {
      const float* corner = in + 2 * y * row + 2 * x * kBlock;
      const float* pixels[] = {corner, corner + kBlock, corner + row, corner + row + kBlock};
      Floats largest;
      load(largest, pixels[0]);
      Ints which = {};
      for (int i = 1; i < 4; ++i) {
        Floats value;
        load(value, pixels[i]);
        const Ints larger = (value > largest) | (value != value);
        largest = larger ? value : largest;
        which = larger ? Ints{} + i : which;
      }
      const std::size_t at = (y * (width / 2) + x) * kBlock;
      store(out + at, largest);
      if (chosen == nullptr) continue;
      if (behind_relu) which = largest > Floats{} ? which : Ints{} + int{kNoPixel};
      const Bytes bytes = __builtin_convertvector(which, Bytes);
      store(chosen + at, bytes);
    }
}

template <std::size_t kBlock>
[[gnu::always_inline]] inline void backward_plane(std::size_t height, std::size_t width,
                                                  const float* out_gradient, const std::uint8_t* chosen,
                                                  float* in_gradient) {
  using Floats = typename Lanes<kBlock>::Floats;
  using Ints = typename Lanes<kBlock>::Ints;
  using Bytes = typename Lanes<kBlock>::Bytes;
  const std::size_t row = width * kBlock;
  for (std::size_t y = 0; y < height / 2; ++y) {
    float* line = in_gradient + 2 * y * row;
    for (std::size_t x = 0; x < width / 2; ++x) {
      const std::size_t at = (y * (width / 2) + x) * kBlock;
      Floats gradient;
      Bytes bytes;
      load(gradient, out_gradient + at);
      load(bytes, chosen + at);
      const Ints which = __builtin_convertvector(bytes, Ints);
      float* corner = line + 2 * x * kBlock;
      float* pixels[] = {corner, corner + kBlock, corner + row, corner + row + kBlock};
      for (int i = 0; i < 4; ++i) {
        const Floats part = which == Ints{} + i ? gradient : Floats{};
        store(pixels[i], part);
      }
    }
    if (width % 2 != 0)
      for (float* end : {line + row - kBlock, line + 2 * row - kBlock})
        std::memset(end, 0, kBlock * sizeof(float));
  }
  if (height % 2 != 0) std::memset(in_gradient + (height - 1) * row, 0, row * sizeof(float));
}

// One plane each, compiled for what the processor has.
struct Kernels {
  void (*forward)(std::size_t, std::size_t, bool, const float*, float*, std::uint8_t*);
  void (*backward)(std::size_t, std::size_t, const float*, const std::uint8_t*, float*);
};

#define FL_KERNELS(name, block, ...)                                                                        \
  __VA_ARGS__ void name##_forward(std::size_t height, std::size_t width, bool behind_relu, const float* in, \
                                  float* out, std::uint8_t* chosen) {                                       \
    forward_plane<block>(height, width, behind_relu, in, out, chosen);                                      \
  }                                                                                                         \
  __VA_ARGS__ void name##_backward(std::size_t height, std::size_t width, const float* out_gradient,        \
                                   const std::uint8_t* chosen, float* in_gradient) {                        \
    backward_plane<block>(height, width, out_gradient, chosen, in_gradient);                                \
  }                                                                                                         \
  constexpr Kernels name = {name##_forward, name##_backward};

FL_KERNELS(plain8, 8, )
FL_KERNELS(plain16, 16, )
#ifdef __x86_64__
FL_KERNELS(avx2, 8, [[gnu::target("avx2")]])

#define FL_AVX512 [[gnu::target("avx512f,avx512bw,avx512dq,avx512vl")]]
FL_AVX512 void avx512_backward(std::size_t height, std::size_t width, const float* out_gradient,
                               const std::uint8_t* chosen, float* in_gradient) {
  backward_plane<16>(height, width, out_gradient, chosen, in_gradient);
}

// By hand, because the compiler turns each comparison's mask into a vector and back, and then needs four
// times as long.
FL_AVX512 void avx512_forward(std::size_t height, std::size_t width, bool behind_relu, const float* in,
                              float* out, std::uint8_t* chosen) {
  constexpr std::size_t kBlock = 16;
  const std::size_t row = width * kBlock;
  const __m512 zero = _mm512_setzero_ps();
  for (std::size_t y = 0; y < height / 2; ++y)
    for (std::size_t x = 0; x < width / 2; ++x) {
      const float* corner = in + 2 * y * row + 2 * x * kBlock;
      const float* pixels[] = {corner, corner + kBlock, corner + row, corner + row + kBlock};
      __m512 largest = _mm512_loadu_ps(corner);
      __m512i which = _mm512_setzero_si512();
      for (int i = 1; i < 4; ++i) {
        const __m512 value = _mm512_loadu_ps(pixels[i]);
        const __mmask16 larger = _kor_mask16(_mm512_cmp_ps_mask(value, largest, _CMP_GT_OQ),
                                             _mm512_cmp_ps_mask(value, value, _CMP_UNORD_Q));
        largest = _mm512_mask_mov_ps(largest, larger, value);
        which = _mm512_mask_mov_epi32(which, larger, _mm512_set1_epi32(i));
      }
      const std::size_t at = (y * (width / 2) + x) * kBlock;
      _mm512_storeu_ps(out + at, largest);
      if (chosen == nullptr) continue;
      if (behind_relu) {
        const __mmask16 not_above = _knot_mask16(_mm512_cmp_ps_mask(largest, zero, _CMP_GT_OQ));
        which = _mm512_mask_mov_epi32(which, not_above, _mm512_set1_epi32(kNoPixel));
      }
      _mm512_mask_cvtepi32_storeu_epi8(chosen + at, static_cast<__mmask16>(0xFFFF), which);
    }
}
constexpr Kernels avx512 = {avx512_forward, avx512_backward};
#undef FL_AVX512
#endif
#undef FL_KERNELS

const Kernels& kernels_for(std::size_t block) {
  FL_CHECK(block == 8 || block == 16);
#ifdef __x86_64__
  if (block == 8 && has_avx2()) return avx2;
  if (block == 16 && has_avx512()) return avx512;
#endif
  return block == 8 ? plain8 : plain16;
}

}  // namespace

void max_pool_2x2(const PooledPlanes& shape, bool behind_relu, const float* in, float* out,
                  std::uint8_t* chosen) {
  const Kernels& kernels = kernels_for(shape.block);
  const std::size_t inputs = shape.inputs() / shape.planes, outputs = shape.outputs() / shape.planes;
#pragma omp parallel for schedule(static)
  for (std::size_t plane = 0; plane < shape.planes; ++plane)
    kernels.forward(shape.height, shape.width, behind_relu, in + plane * inputs, out + plane * outputs,
                    chosen == nullptr ? nullptr : chosen + plane * outputs);
}

void max_pool_2x2_backward(const PooledPlanes& shape, const float* out_gradient, const std::uint8_t* chosen,
                           float* in_gradient) {
  const Kernels& kernels = kernels_for(shape.block);
  const std::size_t inputs = shape.inputs() / shape.planes, outputs = shape.outputs() / shape.planes;
#pragma omp parallel for schedule(static)
  for (std::size_t plane = 0; plane < shape.planes; ++plane)
    kernels.backward(shape.height, shape.width, out_gradient + plane * outputs, chosen + plane * outputs,
                     in_gradient + plane * inputs);
}

}  // namespace fl
