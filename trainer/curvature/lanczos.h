#pragma once
// The largest eigenvalues of a symmetric matrix of which one knows only what it does to vectors.

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <vector>

namespace fl {

// product = A direction.
using SymmetricProduct = std::function<void(std::span<const double> direction, std::span<double> product)>;

struct LanczosOptions {
  std::size_t values = 1;   // how many are asked for
  double tolerance = 1e-3;  // of the largest one
  std::size_t most = 100;   // products at most
  std::uint64_t seed = 1;   // of the vector that it begins with
};

struct LargestValues {
  std::vector<double> values;  // descending; fewer than asked for where the matrix has no more
  // No further than this from an eigenvalue lies any of them: the largest residual |A y - value y|.
  double error = 0;
  std::size_t products = 0;
};

// Lanczos (1950) with every vector made orthogonal to all before, so that none comes twice; ends when `error`
// is within the tolerance of the largest value. `mask`: where it is 0 the matrix has rows and columns of
// zeros, which are left out. Nothing where a product is not finite. Precondition: some of `mask` is not 0.
std::optional<LargestValues> largest_eigenvalues(std::span<const std::uint8_t> mask,
                                                 const SymmetricProduct& product,
                                                 const LanczosOptions& options);

}  // namespace fl
