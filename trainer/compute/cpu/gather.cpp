#include "trainer/compute/cpu/gather.h"

#include <algorithm>

#include "trainer/base/check.h"
#include "trainer/compute/kernels/augment_kernels.h"

namespace fl {
namespace {

// `resident`: floats of all images that may be named.
void check_batch(std::size_t resident, std::size_t floats, std::span<const std::int32_t> images,
                 std::span<float> destination) {
  FL_CHECK(destination.size() == images.size() * floats);
  const std::size_t count = resident / floats;
  for (const std::int32_t image : images) FL_CHECK(static_cast<std::size_t>(image) < count);
}

}  // namespace

void gather_images(const ResidentPixels& pixels, TensorShape shape, std::span<const std::int32_t> images,
                   std::span<float> destination) {
  const std::size_t floats = shape.floats();
  check_batch(pixels.data.size() + pixels.guests.size(), floats, images, destination);
  for (std::size_t i = 0; i < images.size(); ++i) {
    const std::size_t at = static_cast<std::size_t>(images[i]) * floats;
    const std::span<const float> image = at < pixels.data.size()
                                             ? pixels.data.subspan(at, floats)
                                             : pixels.guests.subspan(at - pixels.data.size(), floats);
    std::ranges::copy(image, destination.subspan(i * floats, floats).begin());
  }
}

void gather_augmented(const AugmentDraw& draw, std::span<const float> pixels, TensorShape shape,
                      std::span<const std::int32_t> images, std::span<float> destination) {
  const std::size_t floats = shape.floats();
  check_batch(pixels.size(), floats, images, destination);
  const auto count = static_cast<int>(images.size());
#pragma omp parallel for schedule(static)
  for (int i = 0; i < count; ++i) {
    const auto at = static_cast<std::size_t>(i);
    const auto map = kernels::draw_affine_map<float>(draw.spec, draw.seed, draw.update,
                                                     static_cast<std::uint32_t>(draw.first + at), shape.width,
                                                     shape.height);
    const float* image = pixels.data() + static_cast<std::size_t>(images[at]) * floats;
    float* out = destination.data() + at * floats;
    for (int y = 0; y < shape.height; ++y)
      for (int x = 0; x < shape.width; ++x)
        kernels::augment_pixel(map, image, shape.channels, shape.width, shape.height, x, y, out);
  }
}

}  // namespace fl
