#pragma once
// Numbers that a data set keeps of its images in place of their pixels, as what a backbone makes of them.
// They are made while the images are read, a few at a time, so that memory holds the pixels of those few
// only.

#include <cstddef>
#include <cstdint>
#include <span>

#include "trainer/base/tensor_shape.h"

namespace fl {

class ImageDigest {
 public:
  virtual ~ImageDigest() = default;
  // Of what is kept of one image.
  [[nodiscard]] virtual TensorShape shape() const = 0;
  // How many images are worth giving at once; short enough that nobody notices the wait for them.
  [[nodiscard]] virtual std::size_t batch() const = 0;
  // Of everything that decides the numbers, beside the pixels.
  [[nodiscard]] virtual std::uint64_t checksum() const = 0;
  // `pixels`: whole images as preprocess() makes them, one after the other; `out`: as many of shape(). An
  // image's numbers do not depend on those beside it.
  virtual void digest(std::span<const float> pixels, std::span<float> out) = 0;
};

}  // namespace fl
