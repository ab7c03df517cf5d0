#pragma once
// The factorisations that the trainer needs, by Eigen, whose templates are compiled here and nowhere
// else: they take longer than the rest of a folder. Matrices are column-major: element (row, column) is at
// [column * rows + row].

#include <cstddef>
#include <optional>
#include <span>
#include <vector>

namespace fl {

struct SymmetricEigen {
  std::vector<double> values;   // ascending
  std::vector<double> vectors;  // [value][row], each of length 1; its sign means nothing
};

// Of a symmetric matrix [size][size]; nothing where it is not finite. Precondition: size >= 1.
std::optional<SymmetricEigen> symmetric_eigen(std::span<const double> matrix, std::size_t size);

// Its values only, ascending, as above: the vectors are most of the work.
std::optional<std::vector<double>> symmetric_eigenvalues(std::span<const double> matrix, std::size_t size);

// The Q [columns][rows] of a matrix of full rank, its columns signed by the diagonal of R: without that, Q
// depends on the convention of the factorisation and is not uniform over the orthogonal matrices where the
// matrix is Gaussian (Mezzadri 2007). Precondition: rows >= columns >= 1.
std::vector<double> orthonormal_columns(std::span<const double> matrix, std::size_t rows,
                                        std::size_t columns);

// Of a matrix [size][size] that need not be symmetric; nothing where it is singular, or so nearly that the
// result is not finite. Precondition: size >= 1.
std::optional<std::vector<double>> inverse(std::span<const double> matrix, std::size_t size);

}  // namespace fl
