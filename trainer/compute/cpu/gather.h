#pragma once
// Bringing the images of a batch together.

#include <cstdint>
#include <span>

#include "trainer/base/tensor_shape.h"
#include "trainer/compute/augment_spec.h"

namespace fl {

// What an augmented batch is a function of, beside its images.
struct AugmentDraw {
  AugmentSpec spec;
  std::uint64_t seed = 0;
  std::int64_t update = 0;  // since the seed was set
  std::size_t first = 0;    // the first image's place in its batch
};

// All images that have an index, those of the data set first; both [image][channel][y][x].
struct ResidentPixels {
  std::span<const float> data, guests{};
};

// `destination`: as many images of that shape as `images` names.
void gather_images(const ResidentPixels& pixels, TensorShape shape, std::span<const std::int32_t> images,
                   std::span<float> destination);
// The same from a data set's `pixels`, each image changed as kernels/augment_kernels.h draws it; on the
// caller's OpenMP threads.
void gather_augmented(const AugmentDraw& draw, std::span<const float> pixels, TensorShape shape,
                      std::span<const std::int32_t> images, std::span<float> destination);

}  // namespace fl
