#include "trainer/subjects/fate/fate_steps.h"

#include <algorithm>

#include <fmt/format.h>

#include "trainer/seam/fate_facts.h"

namespace fl {

KeyType<std::vector<int>> fork_steps() {
  return {[](const KeyPlace& place) -> Result<std::vector<int>> {
            const toml::array* list = place.node.as_array();
            const auto expected =
                fmt::format("a list of 1 to {} whole numbers from 0 to {}, like [0, 20, 40]", kMostForkSteps,
                            kMostForkStep);
            if (list == nullptr || list->empty() || list->size() > kMostForkSteps)
              return place.must_be(expected);
            std::vector<int> steps;
            for (const toml::node& element : *list) {
              const auto value = element.value_exact<std::int64_t>();
              if (!value || *value < 0 || *value > kMostForkStep) return place.must_be(expected);
              steps.push_back(static_cast<int>(*value));
            }
            std::ranges::sort(steps);
            if (const auto twice = std::ranges::adjacent_find(steps); twice != steps.end())
              return place.says(fmt::format(" has step {} twice; name each step once.", *twice));
            return steps;
          },
          [](toml::table& table, const std::string& key, const std::vector<int>& steps) {
            if (steps.empty()) return;
            toml::array list;
            for (const int step : steps) list.push_back(step);
            table.insert_or_assign(key, std::move(list));
          },
          "list of whole numbers", fmt::format("1 to {}, 0 to {}, each once", kMostForkSteps, kMostForkStep)};
}

Result<void> check_fork_steps(const std::vector<int>& steps, std::int64_t total_steps) {
  if (steps.empty() || steps.back() < total_steps) return {};
  return error(
      "[train] fork_steps has step {}, but the run is over after {}; name steps before that, or make it longer "
      "with train.epochs.",
      steps.back(), total_steps);
}

}  // namespace fl
