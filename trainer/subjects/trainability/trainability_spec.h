#pragma once
// The scene's [trainability] table: one row a key.

#include <cstdint>
#include <optional>
#include <vector>

#include <toml++/toml.h>

#include "trainer/base/result.h"
#include "trainer/scene/key_table.h"
#include "trainer/subjects/trainability/rate_view.h"

namespace fl {

struct TrainabilitySpec {
  std::vector<double> middle = {1.5, 1.5};  // log10: the first layer's rate, the second's
  double span = 9;                          // log10
  std::vector<double> zoom_to{};            // a middle; empty: nowhere
  double zoom_span = 0.01;
  int zoom_steps = 120;
  int side = 256;
  int steps = 500;  // of each training
  std::uint64_t seed = 1;
  int threads = 0;

  [[nodiscard]] RateView whole() const { return {middle[0], middle[1], span}; }
  // Where the zoom ends; where there is none, the same.
  [[nodiscard]] RateView target() const {
    return zoom_to.empty() ? whole() : RateView{zoom_to[0], zoom_to[1], zoom_span};
  }
};

const KeyTable<TrainabilitySpec>& trainability_keys();

// Nothing where the scene has no such table. Errors name line, key, and what would be right; a scene that
// also describes a training or a surface is one, and so is a range that is empty, beyond all rates or finer
// than float64.
Result<std::optional<TrainabilitySpec>> parse_trainability_spec(const toml::table& scene);

}  // namespace fl
