#include "trainer/curvature/lanczos.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "trainer/base/check.h"
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

}  // namespace

Lanczos::Lanczos(std::span<const std::uint8_t> mask, const LanczosOptions& options)
    : options_(options), basis_{random_start(mask, options.seed)}, next_(mask.size()) {
  const auto size = static_cast<std::size_t>(std::ranges::count_if(mask, [](auto one) { return one != 0; }));
  FL_CHECK(size > 0 && options.values > 0 && options.most > 0);
  options_.most = std::min(size, std::max(options.most, options.values));
}

SymmetricEigen Lanczos::eigen() const {
  const std::size_t k = alphas_.size();
  Vector matrix(k * k);
  for (std::size_t i = 0; i < k; ++i) {
    matrix[i * k + i] = alphas_[i];
    if (i + 1 < k) matrix[i * k + i + 1] = matrix[(i + 1) * k + i] = betas_[i];
  }
  auto eigen = symmetric_eigen(matrix, k);
  FL_CHECK(eigen.has_value());
  return *std::move(eigen);
}

double Lanczos::residual(const SymmetricEigen& eigen, std::size_t which) const {
  const std::size_t k = eigen.values.size();
  return std::abs(beta_ * eigen.vectors[which * k + k - 1]);
}

bool Lanczos::enough(const SymmetricEigen& eigen) const {
  const double scale = std::abs(found_.values.front());
  if (found_.values.size() < options_.values || found_.error > options_.tolerance * scale) return false;
  return !options_.smallest || residual(eigen, 0) <= options_.tolerance * std::abs(eigen.values.front());
}

void Lanczos::take(std::span<const double> product) {
  FL_CHECK(!done_ && product.size() == next_.size());
  std::ranges::copy(product, next_.begin());
  alphas_.push_back(dot(basis_.back(), next_));
  failed_ = done_ = !std::isfinite(alphas_.back());
  if (failed_) return;
  // Twice is enough (Parlett 1998): what the first time leaves is rounding.
  for (int time = 0; time < 2; ++time)
    for (const Vector& before : basis_) add(-dot(before, next_), before, next_);
  beta_ = std::sqrt(dot(next_, next_));
  failed_ = done_ = !std::isfinite(beta_);
  if (failed_) return;
  const SymmetricEigen now = eigen();
  const std::size_t k = now.values.size();
  found_ = {.values = {}, .products = k};
  for (std::size_t i = k; i-- > 0 && found_.values.size() < options_.values;) {
    found_.values.push_back(now.values[i]);
    found_.error = std::max(found_.error, residual(now, i));
  }
  const double scale = std::abs(found_.values.front());
  // What is left is rounding where the vectors span all that the start has a part in.
  done_ = enough(now) || k == options_.most || beta_ <= 1e-12 * std::max(scale, 1e-300);
  if (done_) return;
  for (double& value : next_) value /= beta_;
  basis_.push_back(next_);
  betas_.push_back(beta_);
}

Eigenpair Lanczos::end(bool largest) const {
  FL_CHECK(done_ && !failed_);
  const SymmetricEigen all = eigen();
  const std::size_t k = all.values.size(), which = largest ? k - 1 : 0;
  Eigenpair pair{.value = all.values[which], .error = residual(all, which), .vector = Vector(next_.size())};
  for (std::size_t i = 0; i < k; ++i) add(all.vectors[which * k + i], basis_[i], pair.vector);
  return pair;
}

std::optional<LargestValues> largest_eigenvalues(std::span<const std::uint8_t> mask,
                                                 const SymmetricProduct& product,
                                                 const LanczosOptions& options) {
  Lanczos lanczos(mask, options);
  Vector next(mask.size());
  while (!lanczos.done()) {
    product(lanczos.direction(), next);
    lanczos.take(next);
  }
  return lanczos.failed() ? std::nullopt : std::optional(lanczos.largest());
}

}  // namespace fl
