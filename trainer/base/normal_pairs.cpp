#include "trainer/base/normal_pairs.h"

#include <bit>
#include <cmath>
#include <numbers>

#include "trainer/base/wide.h"

namespace fl {
namespace {

constexpr double kUnit = 0x1p-24;
// More than the polynomials and the libraries' functions err together, by a factor of 100.
constexpr double kDoubt = 1e-12;

// The natural logarithm of k / 2^24, for k from 1 to 2^24: of the power of two that leaves a factor between
// sqrt(1/2) and sqrt(2), and of the factor by the series of the inverse hyperbolic tangent.
inline double log_of(std::uint32_t k) {
  constexpr std::int32_t kRootOfHalf = 0x3f3504f3;  // a float's bits
  const auto bits =
      std::bit_cast<std::int32_t>(static_cast<float>(static_cast<std::int32_t>(k))) - kRootOfHalf;
  const auto power = static_cast<double>((bits >> 23) - 24);
  const auto factor = static_cast<double>(std::bit_cast<float>((bits & 0x7fffff) + kRootOfHalf));
  const double s = (factor - 1) / (factor + 1), z = s * s;
  double sum = 2.0 / 19;
  sum = sum * z + 2.0 / 17;
  sum = sum * z + 2.0 / 15;
  sum = sum * z + 2.0 / 13;
  sum = sum * z + 2.0 / 11;
  sum = sum * z + 2.0 / 9;
  sum = sum * z + 2.0 / 7;
  sum = sum * z + 2.0 / 5;
  sum = sum * z + 2.0 / 3;
  sum = sum * z + 2.0;
  return power * std::numbers::ln2 + s * sum;
}

// Cosine and sine of j / 2^24 turns: of what is left of the nearest quarter turn, by Taylor's series.
inline void turn_of(std::uint32_t j, double& cosine, double& sine) {
  const auto whole = static_cast<std::int32_t>(j);
  const std::int32_t quarter = (whole + (1 << 21)) >> 22;
  const double x = static_cast<double>(whole - (quarter << 22)) * (std::numbers::pi / (1 << 23)), z = x * x;
  double s = 1.0 / 355687428096000;
  s = s * z - 1.0 / 1307674368000;
  s = s * z + 1.0 / 6227020800;
  s = s * z - 1.0 / 39916800;
  s = s * z + 1.0 / 362880;
  s = s * z - 1.0 / 5040;
  s = s * z + 1.0 / 120;
  s = s * z - 1.0 / 6;
  s = x + x * z * s;
  double c = 1.0 / 20922789888000;
  c = c * z - 1.0 / 87178291200;
  c = c * z + 1.0 / 479001600;
  c = c * z - 1.0 / 3628800;
  c = c * z + 1.0 / 40320;
  c = c * z - 1.0 / 720;
  c = c * z + 1.0 / 24;
  c = c * z - 1.0 / 2;
  c = 1 + z * c;
  const bool odd = (quarter & 1) != 0;
  const double along = odd ? s : c, across = odd ? c : s;
  cosine = ((quarter + 1) & 2) != 0 ? -along : along;
  sine = (quarter & 2) != 0 ? -across : across;
}

FL_WIDE void approximate(const std::uint32_t* radius, const std::uint32_t* angle, std::size_t count,
                         double* first, double* second) {
  for (std::size_t i = 0; i < count; ++i) {
    const double length = std::sqrt(-2.0 * log_of((1u << 24) - radius[i]));
    double cosine = 0, sine = 0;
    turn_of(angle[i], cosine, sine);
    first[i] = length * cosine;
    second[i] = length * sine;
  }
}

inline bool sure(double value) {
  return static_cast<float>(value - kDoubt) == static_cast<float>(value + kDoubt);
}

}  // namespace

NormalPair normal_pair(double for_radius, double for_angle) {
  const double radius = std::sqrt(-2.0 * std::log(1.0 - for_radius));  // 1 - u is never 0
  const double angle = 2.0 * std::numbers::pi * for_angle;
  return {radius * std::cos(angle), radius * std::sin(angle)};
}

void NormalPairs::transform(std::span<float> values) const {
  const std::size_t count = values.size() / 2;
  std::array<double, kMost> first, second;
  approximate(radius.data(), angle.data(), count, first.data(), second.data());
  for (std::size_t i = 0; i < count; ++i) {
    if (!sure(first[i]) || !sure(second[i])) {
      const NormalPair exact = normal_pair(radius[i] * kUnit, angle[i] * kUnit);
      first[i] = exact.first;
      second[i] = exact.second;
    }
    values[2 * i] = static_cast<float>(first[i]);
    values[2 * i + 1] = static_cast<float>(second[i]);
  }
}

}  // namespace fl
