#include "trainer/net/init.h"

#include <algorithm>
#include <cmath>

#include "trainer/base/check.h"
#include "trainer/base/linear_algebra.h"
#include "trainer/base/name_list.h"
#include "trainer/base/random.h"

namespace fl {
namespace {

// Fills the weights of one tensor, before the scene's scale.
using Fill = void (*)(const ParamTensor&, RandomStream&, double scale, std::span<float> weights);
using Variance = double (*)(const ParamTensor&);

double he(const ParamTensor& tensor) {
  return 2.0 / tensor.fan_in;
}
double xavier(const ParamTensor& tensor) {
  return 2.0 / (tensor.fan_in + tensor.fan_out);
}
double lecun(const ParamTensor& tensor) {
  return 1.0 / tensor.fan_in;
}

template <Variance kVariance>
void fill_normal(const ParamTensor& tensor, RandomStream& random, double scale, std::span<float> weights) {
  const double sigma = scale * std::sqrt(kVariance(tensor));
  for (float& weight : weights) weight = static_cast<float>(random.normal(0.0, sigma));
}

template <Variance kVariance>
void fill_uniform(const ParamTensor& tensor, RandomStream& random, double scale, std::span<float> weights) {
  const double bound = scale * std::sqrt(3 * kVariance(tensor));  // a uniform variance is bound^2 / 3
  for (float& weight : weights) weight = static_cast<float>(random.uniform(-bound, bound));
}

void fill_truncated(const ParamTensor& tensor, RandomStream& random, double scale, std::span<float> weights) {
  const double sigma = scale * std::sqrt(lecun(tensor));
  for (float& weight : weights) {
    double deviation = random.normal();
    while (std::abs(deviation) > 2) deviation = random.normal();
    weight = static_cast<float>(sigma * deviation);
  }
}

std::vector<double> random_orthonormal_columns(std::size_t rows, std::size_t columns, RandomStream& random) {
  std::vector<double> gaussian(rows * columns);
  for (double& value : gaussian) value = random.normal();
  return orthonormal_columns(gaussian, rows, columns);
}

// Each filter of a depthwise convolution reads a channel of its own: as many maps of one filter.
bool is_depthwise(const ParamTensor& tensor) {
  return tensor.shape.size() == 4 && tensor.shape[1] == 1 && tensor.fan_out == tensor.fan_in;
}

// The filters, as rows, are orthonormal; where there are more of them than one is long, the columns are.
void fill_orthogonal(const ParamTensor& tensor, RandomStream& random, double scale,
                     std::span<float> weights) {
  const std::size_t size = tensor.filter_size();
  const std::size_t rows = is_depthwise(tensor) ? 1 : static_cast<std::size_t>(tensor.filters);
  const bool wide = rows < size;
  for (; !weights.empty(); weights = weights.subspan(rows * size)) {
    const std::vector<double> q = wide ? random_orthonormal_columns(size, rows, random)
                                       : random_orthonormal_columns(rows, size, random);
    for (std::size_t row = 0; row < rows; ++row)
      for (std::size_t at = 0; at < size; ++at)
        weights[row * size + at] = static_cast<float>(scale * q[wide ? row * size + at : at * rows + row]);
  }
}

void fill_zeros(const ParamTensor&, RandomStream&, double, std::span<float> weights) {
  std::ranges::fill(weights, 0.0f);
}

struct Initialisation {
  const char* name;
  Fill fill;
};

constexpr Initialisation kInitialisations[] = {
    {"he", fill_normal<he>},         {"he-uniform", fill_uniform<he>},
    {"xavier", fill_normal<xavier>}, {"xavier-uniform", fill_uniform<xavier>},
    {"lecun", fill_normal<lecun>},   {"lecun-uniform", fill_uniform<lecun>},
    {"orthogonal", fill_orthogonal}, {"tm-truncated", fill_truncated},
    {"zeros", fill_zeros},
};

}  // namespace

const std::vector<std::string>& initialisation_names() {
  static const std::vector<std::string> names = [] {
    std::vector<std::string> all;
    for (const Initialisation& initialisation : kInitialisations) all.emplace_back(initialisation.name);
    return all;
  }();
  return names;
}

Result<void> initialise(const ParamLayout& layout, const std::string& name, double scale, std::uint64_t seed,
                        std::span<float> params) {
  FL_CHECK(params.size() == layout.all_floats);
  const auto found = std::ranges::find(kInitialisations, name, &Initialisation::name);
  if (found == std::end(kInitialisations))
    return error("There is no initialisation called \"{}\"; the choices are {}.", name,
                 name_list(initialisation_names()));
  std::ranges::fill(params, 0.0f);
  for (std::size_t t = 0; t < layout.tensors.size(); ++t) {
    const ParamTensor& tensor = layout.tensors[t];
    const auto values = params.subspan(tensor.offset, tensor.count);
    RandomStream random(seed, StreamId::kInit, static_cast<std::uint32_t>(t));
    if (tensor.kind == ParamKind::kWeight) found->fill(tensor, random, scale, values);
    if (tensor.kind == ParamKind::kScale) std::ranges::fill(values, 1.0f);
  }
  return {};
}

}  // namespace fl
