#pragma once
// The largest eigenvalues of a symmetric matrix of which one knows only what it does to vectors.

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <vector>

#include "trainer/base/linear_algebra.h"

namespace fl {

// product = A direction.
using SymmetricProduct = std::function<void(std::span<const double> direction, std::span<double> product)>;

struct LanczosOptions {
  std::size_t values = 1;   // how many of the largest are asked for
  double tolerance = 1e-3;  // of the largest one
  std::size_t most = 100;   // products at most
  std::uint64_t seed = 1;   // of the vector that it begins with
  // Not enough before the smallest value, too, is within the tolerance of its own size.
  bool smallest = false;
};

struct LargestValues {
  std::vector<double> values;  // descending; fewer than asked for where the matrix has no more
  // No further than this from an eigenvalue lies any of them: the largest residual |A y - value y|.
  double error = 0;
  std::size_t products = 0;
};

struct Eigenpair {
  double value = 0, error = 0;  // as LargestValues
  std::vector<double> vector;   // a unit vector
};

// Lanczos (1950), one product after the other, with every vector made orthogonal to all before, so that none
// comes twice; ends when `error` is within the tolerance of the largest value.
class Lanczos {
 public:
  // `mask`: where it is 0 the matrix has rows and columns of zeros, which are left out. Precondition: some of
  // it is not 0.
  Lanczos(std::span<const std::uint8_t> mask, const LanczosOptions& options);

  // Whose product is wanted next, until it is done.
  [[nodiscard]] std::span<const double> direction() const { return basis_.back(); }
  void take(std::span<const double> product);
  [[nodiscard]] bool done() const { return done_; }
  // A product was not finite: nothing is known.
  [[nodiscard]] bool failed() const { return failed_; }
  [[nodiscard]] const LargestValues& largest() const { return found_; }
  // The largest eigenvalue or the smallest, with its vector. Precondition: done, and not failed.
  [[nodiscard]] Eigenpair end(bool largest) const;

 private:
  // The matrix is tridiagonal between the vectors so far; its eigenvalues ascend.
  [[nodiscard]] SymmetricEigen eigen() const;
  [[nodiscard]] bool enough(const SymmetricEigen& eigen) const;
  [[nodiscard]] double residual(const SymmetricEigen& eigen, std::size_t which) const;

  LanczosOptions options_;
  std::vector<std::vector<double>> basis_;
  std::vector<double> alphas_, betas_, next_;
  double beta_ = 0;  // the next off-diagonal
  LargestValues found_;
  bool done_ = false, failed_ = false;
};

// All of it at once. Nothing where a product is not finite.
std::optional<LargestValues> largest_eigenvalues(std::span<const std::uint8_t> mask,
                                                 const SymmetricProduct& product,
                                                 const LanczosOptions& options);

}  // namespace fl
