#pragma once
// Lists of images by their index in the resident data, on their way to the device, and what comes back for each
// image of a list. The arrays only grow; recorded work that reads them has to be recorded anew then.

#include <algorithm>
#include <span>

#include "trainer/base/check.h"
#include "trainer/compute/cuda/device.h"
#include "trainer/compute/kernels/step_sums.h"

namespace fl::cuda {

class ImageLists {
 public:
  explicit ImageLists(std::size_t classes) : classes_(classes) {}

  // True where the arrays had to grow.
  bool reserve(std::size_t images) {
    if (images <= capacity_) return false;
    capacity_ = std::max(images, 2 * capacity_);
    staged_ = PinnedArray<std::int32_t>(capacity_);
    list_ = DeviceArray<std::int32_t>(capacity_);
    hits_ = DeviceArray<std::int32_t>(capacity_);
    losses_ = DeviceArray<float>(capacity_);
    probabilities_ = DeviceArray<float>(capacity_ * classes_);
    scratch_ = DeviceArray<double>(kernels::sum_scratch(1, capacity_));
    return true;
  }
  // Appends to the list being staged; every index is below `resident`.
  void stage(std::size_t at, std::span<const std::int32_t> images, std::size_t resident) {
    FL_CHECK(at + images.size() <= capacity_);
    for (const std::int32_t image : images) FL_CHECK(image >= 0 && static_cast<std::size_t>(image) < resident);
    std::ranges::copy(images, staged_.data() + at);
  }
  void send(const Stream& stream, std::size_t images) {
    copy_to_device(stream, list_.data(), staged_.data(), images * sizeof(std::int32_t));
  }

  [[nodiscard]] DevicePtr<const std::int32_t> list() const { return list_.data(); }
  [[nodiscard]] DevicePtr<float> losses() const { return losses_.data(); }
  [[nodiscard]] DevicePtr<std::int32_t> hits() const { return hits_.data(); }
  [[nodiscard]] DevicePtr<float> probabilities() const { return probabilities_.data(); }
  [[nodiscard]] DevicePtr<double> scratch() const { return scratch_.data(); }

 private:
  std::size_t classes_;
  std::size_t capacity_ = 0;
  PinnedArray<std::int32_t> staged_;
  DeviceArray<std::int32_t> list_, hits_;
  DeviceArray<float> losses_, probabilities_;
  DeviceArray<double> scratch_;
};

}  // namespace fl::cuda
