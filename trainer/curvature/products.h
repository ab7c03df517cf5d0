#pragma once
// Products of matrices, row by row in memory: in plain loops for any type, and by whoever has faster ones.

#include <cstddef>

namespace fl {

struct ProductShape {
  std::size_t rows = 0, columns = 0, inner = 0;
  bool transposed_a = false, transposed_b = false;
};

// c[rows][columns] += a b; a is [rows][inner], or [inner][rows] where it is transposed, and b in the same
// way.
template <typename T>
using Multiply = void (*)(const ProductShape& shape, const T* a, const T* b, T* c);

// In plain loops, rounded in the order of `inner`.
template <typename T>
void plain_multiply(const ProductShape& shape, const T* a, const T* b, T* c) {
  for (std::size_t i = 0; i < shape.rows; ++i) {
    T* row = c + i * shape.columns;
    for (std::size_t k = 0; k < shape.inner; ++k) {
      const T factor = shape.transposed_a ? a[k * shape.rows + i] : a[i * shape.inner + k];
      if (!shape.transposed_b) {
        const T* other = b + k * shape.columns;
        for (std::size_t j = 0; j < shape.columns; ++j) row[j] += factor * other[j];
      } else {
        for (std::size_t j = 0; j < shape.columns; ++j) row[j] += factor * b[j * shape.inner + k];
      }
    }
  }
}

}  // namespace fl
