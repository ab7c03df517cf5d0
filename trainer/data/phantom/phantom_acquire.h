#pragma once
// What the scanner does to the ideal image: the point spread, bone's beam hardening, and noise whose grain
// has a size of its own (quantum noise is coloured by the reconstruction filter).

#include <stop_token>

#include "trainer/base/random.h"
#include "trainer/data/phantom/phantom.h"

namespace fl {

struct Acquisition {
  double blur = 0.8;     // sigma of the point spread, mm
  double hardening = 4;  // rise next to bone, HU
  double noise = 4;      // standard deviation over the field, HU; a fifth more in the middle
  double grain = 0.8;    // sigma of the noise's correlation, mm
};

Acquisition draw_acquisition(RandomStream& random);

// Applies it in place. Noise is drawn pixel by pixel from `random`. False, and the slice is spoilt, where
// `stop` is requested meanwhile: a large slice takes a tenth of a second.
bool acquire(HuSlice& slice, const Acquisition& acquisition, RandomStream& random,
             const std::stop_token& stop = {});

}  // namespace fl
