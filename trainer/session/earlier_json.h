#pragma once
// Earlier runs in session files: [{"settings": ["train.rate=0.01", ...], "seed": 1, "steps_per_epoch": 8,
// "stride": 1, "points": [[loss, accuracy, test loss, test accuracy], ...]}, ...], the newest first; null for
// what is not a number.

#include <optional>

#include "trainer/base/json.h"
#include "trainer/subjects/record/earlier_runs.h"

namespace fl {

[[nodiscard]] Json earlier_json(const EarlierRuns& runs);
// Nothing where it is none, or holds more than the curves show.
[[nodiscard]] std::optional<EarlierRuns> earlier_runs_of(const Json& json);

}  // namespace fl
