#pragma once
// The run in three numbers, large: step, loss and rate.

#include <vector>

#include "engine/pass/label.h"
#include "engine/pass/pass.h"

namespace fl {

void append_run_numbers(const PassContext& context, const Rect& panel, std::vector<ScreenLabel>& labels_out);

}  // namespace fl
