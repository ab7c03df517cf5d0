#pragma once
// The Hessian of a network's mean loss over some images, as what it does to vectors: it is too large to be
// written down.

#include <cstdint>
#include <span>
#include <vector>

#include "trainer/curvature/tangent_net.h"

namespace fl {

// A loss at one place of the space of weights. What it names is copied.
struct LossAt {
  std::span<const float> params, statistics;  // ParamLayout::all_floats, statistic_floats
  std::span<const float> images;              // [image][input]
  std::span<const std::int32_t> labels;       // one for each image, at least one
};

// In T, float or double; vectors are in double all the same.
template <typename T>
class Hessian {
 public:
  // Precondition: check_tangents(spec) has no error.
  Hessian(const NetSpec& spec, Multiply<T> products, const LossAt& at);

  // ParamLayout::floats. Padding between tensors belongs to nothing: a product is 0 there.
  [[nodiscard]] std::size_t size() const { return lanes_.front().net.layout().floats; }
  // product = H direction; all of them size() long. Returns the loss; `gradient`, where it is not empty, gets
  // its gradient.
  double multiply(std::span<const double> direction, std::span<double> product,
                  std::span<double> gradient = {});

 private:
  // A share of the images, and what comes of it. The shares are the same on any machine, and so is their sum.
  struct Lane {
    TangentNet<T> net;
    std::size_t begin = 0, end = 0;
    std::vector<T> product, gradient;
    double loss = 0;
  };
  void run(Lane& lane);

  std::vector<Lane> lanes_;
  std::vector<T> params_, statistics_, images_;
  std::vector<std::int32_t> labels_;
  std::vector<T> direction_;
};

extern template class Hessian<float>;
extern template class Hessian<double>;

// Products in float by oneDNN, those of Hessian<float>.
void fast_multiply(const ProductShape& shape, const float* a, const float* b, float* c);

}  // namespace fl
