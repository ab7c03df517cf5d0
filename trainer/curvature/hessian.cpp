#include "trainer/curvature/hessian.h"

#include <algorithm>
#include <thread>

#include "trainer/base/check.h"
#include "trainer/compute/cpu/sgemm.h"

namespace fl {
namespace {

constexpr std::size_t kLanes = 8;
// So that what they leave between the layers stays near the core.
constexpr std::size_t kImagesAtOnce = 2;

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
    : params_(copy_of<T>(at.params)),
      statistics_(copy_of<T>(at.statistics)),
      images_(copy_of<T>(at.images)),
      labels_(at.labels.begin(), at.labels.end()) {
  const std::size_t count = labels_.size();
  FL_CHECK(count > 0);
  TangentNet<T> net(spec, products);
  const std::size_t lanes = net.images_together() ? 1 : std::min(kLanes, count), floats = net.layout().floats;
  for (std::size_t lane = 0; lane < lanes; ++lane)
    lanes_.push_back({net, count * lane / lanes, count * (lane + 1) / lanes, std::vector<T>(floats),
                      std::vector<T>(floats)});
  direction_.resize(floats);
}

template <typename T>
void Hessian<T>::run(Lane& lane) {
  const std::size_t count = labels_.size(), floats = images_.size() / count;
  const std::size_t chunk = lane.net.images_together() ? count : kImagesAtOnce;
  std::ranges::fill(lane.product, T(0));
  std::ranges::fill(lane.gradient, T(0));
  lane.loss = 0;
  for (std::size_t first = lane.begin; first < lane.end; first += chunk) {
    const std::size_t own = std::min(chunk, lane.end - first);
    const auto images = std::span<const T>(images_).subspan(first * floats, own * floats);
    const auto labels = std::span<const std::int32_t>(labels_).subspan(first, own);
    lane.loss += lane.net.add(params_, statistics_, direction_, images, labels, T(1) / static_cast<T>(count),
                              lane.gradient, lane.product);
  }
}

template <typename T>
double Hessian<T>::multiply(std::span<const double> direction, std::span<double> product,
                            std::span<double> gradient) {
  FL_CHECK(direction.size() == size() && product.size() == size());
  std::ranges::transform(direction, direction_.begin(), [](double value) { return static_cast<T>(value); });
  {
    const std::size_t threads =
        std::clamp<std::size_t>(std::thread::hardware_concurrency(), 1, lanes_.size());
    std::vector<std::jthread> others;
    const auto work = [&](std::size_t first) {
      for (std::size_t lane = first; lane < lanes_.size(); lane += threads) run(lanes_[lane]);
    };
    for (std::size_t thread = 1; thread < threads; ++thread) others.emplace_back(work, thread);
    work(0);
  }
  std::ranges::fill(product, 0.0);
  std::ranges::fill(gradient, 0.0);
  double loss = 0;
  for (const Lane& lane : lanes_) {
    loss += lane.loss;
    for (std::size_t i = 0; i < size(); ++i) product[i] += static_cast<double>(lane.product[i]);
    for (std::size_t i = 0; i < gradient.size(); ++i) gradient[i] += static_cast<double>(lane.gradient[i]);
  }
  return loss;
}

template class Hessian<float>;
template class Hessian<double>;

}  // namespace fl
