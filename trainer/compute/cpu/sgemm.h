#pragma once
// Products of matrices in float, by oneDNN.

#include <cstddef>

namespace fl {

struct SgemmShape {
  std::size_t rows = 0, columns = 0, inner = 0;
  bool transposed_a = false, transposed_b = false;
};

// c[rows][columns] += a b; a is [rows][inner], or [inner][rows] where it is transposed, b likewise. On
// one thread, the caller's. Precondition: none of the three is 0.
void add_product(const SgemmShape& shape, const float* a, const float* b, float* c);

}  // namespace fl
