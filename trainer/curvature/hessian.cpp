#include "trainer/curvature/hessian.h"

#include <algorithm>

#include "trainer/base/check.h"
#include "trainer/compute/cpu/sgemm.h"

namespace fl {
namespace {

// So that what they leave between the layers stays near the core.
constexpr std::size_t kImagesAtOnce = 4;

template <typename T>
std::vector<T> copy_of(std::span<const float> values) {
  return {values.begin(), values.end()};
}

}  // namespace

void fast_multiply(const ProductShape& shape, const float* a, const float* b, float* c) {
  add_product({shape.rows, shape.columns, shape.inner, shape.transposed_a, shape.transposed_b}, a, b, c);
}

template <typename T>
Hessian<T>::Hessian(const NetSpec& spec, Multiply<T> products, const LossAt& at)
    : net_(spec, products),
      params_(copy_of<T>(at.params)),
      statistics_(copy_of<T>(at.statistics)),
      images_(copy_of<T>(at.images)),
      labels_(at.labels.begin(), at.labels.end()),
      direction_(size()),
      product_(size()),
      gradient_(size()) {
  FL_CHECK(!labels_.empty());
}

template <typename T>
double Hessian<T>::multiply(std::span<const double> direction, std::span<double> product,
                            std::span<double> gradient) {
  FL_CHECK(direction.size() == size() && product.size() == size());
  std::ranges::transform(direction, direction_.begin(), [](double value) { return static_cast<T>(value); });
  std::ranges::fill(product, 0.0);
  std::ranges::fill(gradient, 0.0);
  const std::size_t count = labels_.size(), floats = images_.size() / count;
  const std::size_t chunk = net_.images_together() ? count : kImagesAtOnce;
  double loss = 0;
  for (std::size_t first = 0; first < count; first += chunk) {
    const std::size_t own = std::min(chunk, count - first);
    std::ranges::fill(product_, T(0));
    std::ranges::fill(gradient_, T(0));
    loss += net_.add(params_, statistics_, direction_,
                     std::span<const T>(images_).subspan(first * floats, own * floats),
                     std::span<const std::int32_t>(labels_).subspan(first, own), T(1) / static_cast<T>(count),
                     gradient_, product_);
    for (std::size_t i = 0; i < size(); ++i) product[i] += static_cast<double>(product_[i]);
    for (std::size_t i = 0; i < gradient.size(); ++i) gradient[i] += static_cast<double>(gradient_[i]);
  }
  return loss;
}

template class Hessian<float>;
template class Hessian<double>;

}  // namespace fl
