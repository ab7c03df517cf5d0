// The only source that is compiled for AVX2; without fused multiply-adds, so that the bytes stay the same.
#include "trainer/compute/cpu/rates/lanes.h"

namespace fl::rates {

typedef float Floats __attribute__((vector_size(32)));
typedef double Doubles __attribute__((vector_size(32)));

Team<float> avx2_floats() {
  return team_of<Floats>();
}
Team<double> avx2_doubles() {
  return team_of<Doubles>();
}

}  // namespace fl::rates
