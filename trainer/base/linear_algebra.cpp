#include "trainer/base/linear_algebra.h"

#include <Eigen/Eigenvalues>
#include <Eigen/LU>
#include <Eigen/QR>

#include "trainer/base/check.h"

namespace fl {

using Eigen::Index;
using Eigen::MatrixXd;

namespace {

using Solver = Eigen::SelfAdjointEigenSolver<MatrixXd>;

// `options`: Eigen's.
Solver solve(std::span<const double> matrix, std::size_t size, int options) {
  FL_CHECK(size >= 1 && matrix.size() == size * size);
  const auto n = static_cast<Index>(size);
  return Solver(Eigen::Map<const MatrixXd>(matrix.data(), n, n), options);
}

std::vector<double> values_of(const Solver& solver) {
  const auto& values = solver.eigenvalues();
  return {values.data(), values.data() + values.size()};
}

}  // namespace

std::optional<SymmetricEigen> symmetric_eigen(std::span<const double> matrix, std::size_t size) {
  const Solver solver = solve(matrix, size, Eigen::ComputeEigenvectors);
  if (solver.info() != Eigen::Success) return std::nullopt;
  const auto& vectors = solver.eigenvectors();
  return SymmetricEigen{values_of(solver), {vectors.data(), vectors.data() + vectors.size()}};
}

std::optional<std::vector<double>> symmetric_eigenvalues(std::span<const double> matrix, std::size_t size) {
  const Solver solver = solve(matrix, size, Eigen::EigenvaluesOnly);
  if (solver.info() != Eigen::Success) return std::nullopt;
  return values_of(solver);
}

std::vector<double> orthonormal_columns(std::span<const double> matrix, std::size_t rows,
                                        std::size_t columns) {
  FL_CHECK(rows >= columns && columns >= 1 && matrix.size() == rows * columns);
  const auto height = static_cast<Index>(rows), width = static_cast<Index>(columns);
  const Eigen::HouseholderQR<MatrixXd> qr(Eigen::Map<const MatrixXd>(matrix.data(), height, width));
  std::vector<double> result(matrix.size());
  Eigen::Map<MatrixXd> q(result.data(), height, width);
  q = qr.householderQ() * MatrixXd::Identity(height, width);
  for (Index column = 0; column < width; ++column)
    if (qr.matrixQR()(column, column) < 0) q.col(column) = -q.col(column);
  return result;
}

std::optional<std::vector<double>> inverse(std::span<const double> matrix, std::size_t size) {
  FL_CHECK(size >= 1 && matrix.size() == size * size);
  const auto n = static_cast<Index>(size);
  std::vector<double> result(matrix.size());
  Eigen::Map<MatrixXd> inverted(result.data(), n, n);
  inverted = Eigen::Map<const MatrixXd>(matrix.data(), n, n).partialPivLu().inverse();
  if (!inverted.allFinite()) return std::nullopt;
  return result;
}

}  // namespace fl
