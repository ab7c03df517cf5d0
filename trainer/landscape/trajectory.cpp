#include "trainer/landscape/trajectory.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "trainer/base/check.h"
#include "trainer/base/linear_algebra.h"

namespace fl {
namespace {

// In lanes, so that it is vectorised; each instruction set adds in the same order. A snapshot takes one such
// product with each of the others, which on one lane is a fifth of a training's time.
[[gnu::always_inline]] inline double dot_in_lanes(const double* x, const float* y, std::size_t count) {
  constexpr std::size_t kLanes = 16;
  double sums[kLanes] = {};
  std::size_t i = 0;
  for (; i + kLanes <= count; i += kLanes)
    for (std::size_t lane = 0; lane < kLanes; ++lane)
      sums[lane] += x[i + lane] * static_cast<double>(y[i + lane]);
  double sum = 0;
  for (const double lane : sums) sum += lane;
  for (; i < count; ++i) sum += x[i] * static_cast<double>(y[i]);
  return sum;
}

#if defined(__x86_64__)
[[gnu::target("avx2")]] double dot_avx2(const double* x, const float* y, std::size_t count) {
  return dot_in_lanes(x, y, count);
}
#endif

double dot(const std::vector<double>& x, const std::vector<float>& y) {
#if defined(__x86_64__)
  if (__builtin_cpu_supports("avx2")) return dot_avx2(x.data(), y.data(), x.size());
#endif
  return dot_in_lanes(x.data(), y.data(), x.size());
}

double dot(const std::vector<float>& x, const std::vector<float>& y) {
  double sum = 0;
  for (std::size_t i = 0; i < x.size(); ++i) sum += static_cast<double>(x[i]) * static_cast<double>(y[i]);
  return sum;
}

// The centre and the half-width that hold [low, high] with a margin of a quarter on each side.
struct Extent {
  double low = 0, high = 0;
  void include(double value) {
    low = std::min(low, value);
    high = std::max(high, value);
  }
  [[nodiscard]] double centre() const { return (low + high) / 2; }
  [[nodiscard]] double half() const { return (high - low) / 2; }
};

}  // namespace

Trajectory::Trajectory(std::size_t capacity) : capacity_(capacity) {
  FL_CHECK(capacity >= 8);
}

void Trajectory::clear() {
  snapshots_.clear();
  gram_.clear();
  spacing_ = 0;
  newest_provisional_ = false;
}

bool Trajectory::newest_stays() const {
  if (newest_provisional_) return false;
  if (snapshots_.size() < 2) return true;
  return snapshots_.back().arc_length - snapshots_[snapshots_.size() - 2].arc_length >= spacing_;
}

void Trajectory::add(Snapshot snapshot, bool keep) {
  if (!snapshots_.empty() && !newest_stays()) {
    snapshots_.pop_back();
    gram_.resize(std::min(gram_.size(), snapshots_.size()));
  }
  fill_gram();
  newest_provisional_ = !keep;
  snapshots_.push_back(std::move(snapshot));
  if (snapshots_.size() > capacity_) thin();
}

void Trajectory::fill_gram() const {
  for (std::size_t i = gram_.size(); i < snapshots_.size(); ++i) {
    // <theta_i - theta_0, theta_j> - <theta_i - theta_0, theta_0>
    const std::vector<float>& start = snapshots_.front().params;
    const std::vector<float>& own = snapshots_[i].params;
    std::vector<double> walked(own.size());
    for (std::size_t p = 0; p < own.size(); ++p)
      walked[p] = static_cast<double>(own[p]) - static_cast<double>(start[p]);
    const double of_start = dot(walked, start);
    std::vector<double>& row = gram_.emplace_back();
    for (std::size_t j = 0; j <= i; ++j) row.push_back(dot(walked, snapshots_[j].params) - of_start);
  }
}

void Trajectory::thin() {
  fill_gram();
  const double total = snapshots_.back().arc_length - snapshots_.front().arc_length;
  spacing_ = std::max(2 * spacing_, 2 * total / static_cast<double>(capacity_));
  std::vector<std::size_t> keep = {0};
  for (std::size_t i = 1; i + 1 < snapshots_.size(); ++i)
    if (snapshots_[i].arc_length - snapshots_[keep.back()].arc_length >= spacing_) keep.push_back(i);
  keep.push_back(snapshots_.size() - 1);
  for (std::size_t i = 0; i < keep.size(); ++i) {
    if (keep[i] == i) continue;
    snapshots_[i] = std::move(snapshots_[keep[i]]);
    std::vector<double> row;
    for (std::size_t j = 0; j <= i; ++j) row.push_back(gram_[keep[i]][keep[j]]);
    gram_[i] = std::move(row);
  }
  snapshots_.resize(keep.size());
  gram_.resize(keep.size());
}

std::optional<Plane> Trajectory::principal_plane(const Plane* previous) const {
  const std::size_t count = snapshots_.size();
  if (count < 3) return std::nullopt;
  fill_gram();
  const std::size_t m = count - 1;  // rows theta_i - theta_n, the newest itself would be a row of zeros
  const auto g = [this](std::size_t i, std::size_t j) { return i >= j ? gram_[i][j] : gram_[j][i]; };

  std::vector<double> k(m * m), walk(m * m);
  double trace = 0, walk_trace = 0;
  for (std::size_t i = 0; i < m; ++i)
    for (std::size_t j = 0; j < m; ++j) k[j * m + i] = g(i, j) - g(i, m) - g(j, m) + g(m, m);
  // The null: a random walk in many dimensions with the very same step lengths. Its steps are orthogonal,
  // so <theta_i - theta_n, theta_j - theta_n> is the sum of the squared steps that both still have ahead.
  std::vector<double> ahead(count, 0.0);
  for (std::size_t i = m; i-- > 0;) ahead[i] = ahead[i + 1] + g(i + 1, i + 1) - 2 * g(i + 1, i) + g(i, i);
  for (std::size_t i = 0; i < m; ++i)
    for (std::size_t j = 0; j < m; ++j) walk[j * m + i] = ahead[std::max(i, j)];
  for (std::size_t i = 0; i < m; ++i) {
    trace += k[i * m + i];
    walk_trace += walk[i * m + i];
  }

  const auto axes = symmetric_eigen(k, m);
  if (!axes || !(trace > 0)) return std::nullopt;
  const double lambda1 = axes->values[m - 1], lambda2 = axes->values[m - 2];
  // On a perfectly straight path a second axis does not exist.
  if (!(lambda2 > 1e-10 * lambda1)) return std::nullopt;
  const auto null_values = symmetric_eigenvalues(walk, m);
  if (!null_values) return std::nullopt;

  Plane plane;
  plane.kind = DirectionKind::kPca;
  plane.origin = snapshots_.back().params;
  plane.explained1 = lambda1 / trace;
  plane.explained2 = lambda2 / trace;
  plane.null1 = (*null_values)[m - 1] / walk_trace;
  plane.null2 = (*null_values)[m - 2] / walk_trace;

  std::array<Extent, 2> extents;
  for (std::size_t axis = 0; axis < 2; ++axis) {
    std::vector<float>& direction = axis == 0 ? plane.d1 : plane.d2;
    const auto u = std::span<const double>(axes->vectors).subspan((m - 1 - axis) * m, m);
    std::vector<double> sum(plane.origin.size(), 0.0);
    for (std::size_t i = 0; i < m; ++i) {
      const double weight = u[i];
      const std::vector<float>& row = snapshots_[i].params;
      for (std::size_t p = 0; p < sum.size(); ++p)
        sum[p] += weight * (static_cast<double>(row[p]) - static_cast<double>(plane.origin[p]));
    }
    double norm = 0;
    for (const double value : sum) norm += value * value;
    double sign = 1 / std::sqrt(norm);
    direction.resize(sum.size());
    for (std::size_t p = 0; p < sum.size(); ++p) direction[p] = static_cast<float>(sum[p] * sign);
    // An eigenvector has no sign of its own: keep the one the viewer already knows, else let the start of
    // the path lie on the negative side, so that training runs towards larger values.
    const std::vector<float>* known = previous == nullptr || previous->kind != DirectionKind::kPca ? nullptr
                                      : axis == 0 ? &previous->d1
                                                  : &previous->d2;
    const double towards = known != nullptr ? dot(direction, *known) : -u[0];
    if (towards < 0) {
      sign = -1;
      for (float& value : direction) value = -value;
    } else {
      sign = 1;
    }
    // Coordinates of row i along an eigenvector are u_i sqrt(lambda).
    const double root = std::sqrt(axis == 0 ? lambda1 : lambda2);
    for (std::size_t i = 0; i < m; ++i) extents[axis].include(sign * u[i] * root);
  }
  const double half = 1.5 * std::max(extents[0].half(), extents[1].half());
  plane.a_min = extents[0].centre() - half;
  plane.a_max = extents[0].centre() + half;
  plane.b_min = extents[1].centre() - half;
  plane.b_max = extents[1].centre() + half;
  return plane;
}

}  // namespace fl
