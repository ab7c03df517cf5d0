#pragma once
// Passes over flat parameter arenas.

#include "trainer/base/host_device.h"

namespace fl::kernels {

// One element of o + a d1 + b d2, rounded as written: products, then sums from the left.
template <typename T>
FL_HD inline T slice_point(T origin, T d1, T d2, T a, T b) {
  return origin + a * d1 + b * d2;
}

}  // namespace fl::kernels
