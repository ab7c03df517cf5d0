#pragma once
// What a trainability map says of itself, for whoever watches.

#include <cstddef>
#include <cstdint>

#include "trainer/subjects/trainability/rate_view.h"

namespace fl {

struct RateMapFacts {
  RateView view;            // that is shown
  RateView whole;           // that it began with
  std::uint32_t side = 0;   // pixels
  std::size_t known = 0;    // pixels
  std::size_t trained = 0;  // of those
  bool operator==(const RateMapFacts&) const = default;
};

// Of the pixel at a place that somebody asked about.
struct RateAnswer {
  double first = 0, second = 0;  // log10 of the rates in its middle
  bool known = false;            // else the run means nothing
  RateRun run{};
  int steps = 0;  // of a whole training
};

}  // namespace fl
