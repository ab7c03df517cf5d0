#include "trainer/base/linear_algebra.h"

#include <Eigen/Eigenvalues>
#include <Eigen/QR>

#include "trainer/base/check.h"

namespace fl {

using Eigen::Index;
using Eigen::MatrixXd;

std::optional<SymmetricEigen> symmetric_eigen(std::span<const double> matrix, std::size_t size) {
  FL_CHECK(size >= 1 && matrix.size() == size * size);
  const auto n = static_cast<Index>(size);
  const Eigen::SelfAdjointEigenSolver<MatrixXd> solver(Eigen::Map<const MatrixXd>(matrix.data(), n, n));
  if (solver.info() != Eigen::Success) return std::nullopt;
  const auto& values = solver.eigenvalues();
  const auto& vectors = solver.eigenvectors();
  return SymmetricEigen{{values.data(), values.data() + n}, {vectors.data(), vectors.data() + n * n}};
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

}  // namespace fl
