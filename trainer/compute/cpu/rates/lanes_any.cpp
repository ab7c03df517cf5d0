#include "trainer/compute/cpu/rates/lanes.h"

namespace fl::rates {

typedef float Floats __attribute__((vector_size(16)));
typedef double Doubles __attribute__((vector_size(16)));

Team<float> any_floats() {
  return team_of<Floats>();
}
Team<double> any_doubles() {
  return team_of<Doubles>();
}

}  // namespace fl::rates
