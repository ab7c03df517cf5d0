#include "trainer/curvature/lanczos.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "trainer/base/check.h"
#include "trainer/base/linear_algebra.h"
#include "trainer/base/random.h"

namespace fl {
namespace {

using Vector = std::vector<double>;

constexpr std::uint32_t kStartStream = 1'000'000;  // beyond those of a plane's directions

double dot(std::span<const double> a, std::span<const double> b) {
  return std::inner_product(a.begin(), a.end(), b.begin(), 0.0);
}

void add(double factor, std::span<const double> from, std::span<double> to) {
  for (std::size_t i = 0; i < to.size(); ++i) to[i] += factor * from[i];
}

Vector random_start(std::span<const std::uint8_t> mask, std::uint64_t seed) {
  RandomStream random(seed, StreamId::kLandscape, kStartStream);
  Vector start(mask.size());
  for (std::size_t i = 0; i < mask.size(); ++i)
    if (mask[i] != 0) start[i] = random.normal();
  const double length = std::sqrt(dot(start, start));
  for (double& value : start) value /= length;
  return start;
}

// Of the tridiagonal matrix that A is between the vectors so far, whose next off-diagonal is `beta`.
LargestValues values_of(std::span<const double> alphas, std::span<const double> betas, double beta,
                        std::size_t wanted) {
  const std::size_t k = alphas.size();
  Vector matrix(k * k);
  for (std::size_t i = 0; i < k; ++i) {
    matrix[i * k + i] = alphas[i];
    if (i + 1 < k) matrix[i * k + i + 1] = matrix[(i + 1) * k + i] = betas[i];
  }
  const auto eigen = symmetric_eigen(matrix, k);
  FL_CHECK(eigen.has_value());
  LargestValues largest{.values = {}, .products = k};
  for (std::size_t i = k; i-- > 0 && largest.values.size() < wanted;) {
    largest.values.push_back(eigen->values[i]);
    largest.error = std::max(largest.error, std::abs(beta * eigen->vectors[i * k + k - 1]));
  }
  return largest;
}

}  // namespace

std::optional<LargestValues> largest_eigenvalues(std::span<const std::uint8_t> mask,
                                                 const SymmetricProduct& product,
                                                 const LanczosOptions& options) {
  const auto size = static_cast<std::size_t>(std::ranges::count_if(mask, [](auto one) { return one != 0; }));
  FL_CHECK(size > 0 && options.values > 0 && options.most > 0);
  const std::size_t most = std::min(size, std::max(options.most, options.values));
  std::vector<Vector> basis{random_start(mask, options.seed)};
  Vector alphas, betas, next(mask.size());
  for (;;) {
    product(basis.back(), next);
    alphas.push_back(dot(basis.back(), next));
    if (!std::isfinite(alphas.back())) return std::nullopt;
    // Twice is enough (Parlett 1998): what the first time leaves is rounding.
    for (int time = 0; time < 2; ++time)
      for (const Vector& before : basis) add(-dot(before, next), before, next);
    const double beta = std::sqrt(dot(next, next));
    if (!std::isfinite(beta)) return std::nullopt;
    const LargestValues found = values_of(alphas, betas, beta, options.values);
    const double scale = std::abs(found.values.front());
    const bool enough = found.values.size() == options.values && found.error <= options.tolerance * scale;
    // What is left is rounding where the vectors span all that the start has a part in.
    if (enough || alphas.size() == most || beta <= 1e-12 * std::max(scale, 1e-300)) return found;
    for (double& value : next) value /= beta;
    basis.push_back(next);
    betas.push_back(beta);
  }
}

}  // namespace fl
