#pragma once
// Whether threads can be had. Libraries that start their own (OpenMP, software renderers) end the program or wait for
// ever where the system refuses one, so whoever calls them asks first.

#include <string_view>

#include "trainer/base/result.h"

namespace fl {

// Starts as many threads at once as make `wanted` with the one that asks, and ends them. Error: how many there were;
// `advice` is what else helps, an imperative ("set train.threads = 1"), or empty.
Result<void> check_threads(int wanted, std::string_view advice = {});

// From now on this thread, and those that it starts, get less of the processor where others want it, too: for
// work that is waited for while somebody looks at something else. There is no way back. `less`: by how much,
// as nice(1) counts; 5 is a third of what another thread gets.
void let_others_first(int less = 5);

}  // namespace fl
