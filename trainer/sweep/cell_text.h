#pragma once
// The result of a cell as a line of JSON, and all of them as a table.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "trainer/sweep/sweep_folder.h"

namespace fl {

std::string cell_line(const CellResult& result);
// Nothing where it is not such a line, or has numbers that no training has.
std::optional<CellResult> parse_cell_line(std::string_view line);

// CSV (RFC 4180): cell, a column for each axis, state, epochs, steps, loss, accuracy, test_loss,
// test_accuracy, weights, note. What is no number is an empty field; cells without a result are left out.
std::string sweep_table(const SweepPlan& plan, const std::vector<std::optional<CellResult>>& results);

}  // namespace fl
