#include <algorithm>
#include <charconv>
#include <cmath>

#include <fmt/format.h>

#include "trainer/base/counted.h"
#include "trainer/base/number_text.h"
#include "trainer/base/printable.h"
#include "trainer/scene/setting.h"
#include "trainer/subjects/record/report.h"
#include "trainer/subjects/sweep_map/sweep_map.h"

namespace fl {
namespace {

struct Named {
  const char *key, *title;
};
// Where the key alone says too little, or not in what it counts.
constexpr Named kTitles[] = {{kStartAxis, "seed of the start"},
                             {"train.seed", "seed of everything"},
                             {"train.rate", "learning rate"},
                             {"train.batch_size", "batch size, images"},
                             {"train.epochs", "epochs"},
                             {"network.init_scale", "scale of the starting weights"},
                             {"data.image_size", "image size, pixels"}};

std::optional<double> number_of(const std::string& value) {
  double number = 0;
  const char* end = value.data() + value.size();
  const auto [stop, code] = std::from_chars(value.data(), end, number);
  return code == std::errc() && stop == end && std::isfinite(number) ? std::optional(number) : std::nullopt;
}

}  // namespace

std::vector<double> axis_numbers(const Axis& axis) {
  std::vector<double> numbers;
  for (const std::string& value : axis.values)
    if (const auto number = number_of(value)) numbers.push_back(*number);
  if (numbers.size() != axis.values.size()) numbers.clear();
  return numbers;
}

std::string axis_title(const std::string& key) {
  const auto* named = std::ranges::find(kTitles, std::string_view(key),
                                        [](const Named& one) { return std::string_view(one.key); });
  if (named != std::end(kTitles)) return named->title;
  std::string words = key.substr(key.rfind('.') + 1);
  std::ranges::replace(words, '_', ' ');
  return printable(words);
}

std::string axis_value(const std::string& value) {
  if (const auto number = number_of(value)) return rate_text(*number);
  const bool quoted = value.size() >= 2 && value.front() == '"' && value.back() == '"';
  return printable(quoted ? value.substr(1, value.size() - 2) : value);
}

std::string sweep_sentence(const SweepResults& results) {
  std::size_t there = 0, diverged = 0, failed = 0;
  for (const auto& result : results) {
    if (!result) continue;
    ++there;
    diverged += result->state == report_state(RunState::kDiverged) ? 1 : 0;
    failed += result->state == kCellFailed ? 1 : 0;
  }
  std::string words = fmt::format("{} of {}", there, counted(results.size(), "training"));
  if (diverged > 0) words += fmt::format(", {} diverged", diverged);
  if (failed > 0) words += fmt::format(", {} could not be trained", failed);
  return words + ".";
}

std::vector<std::string> cell_words(const SweepPlan& plan, std::size_t cell,
                                    const std::optional<CellResult>& result) {
  std::vector<std::string> words;
  for (std::size_t i = 0; i < plan.axes.size(); ++i)
    words.push_back(fmt::format("{} {}", axis_title(plan.axes[i].key), axis_value(plan.value(cell, i))));
  if (!result) {
    words.emplace_back("not trained yet");
    return words;
  }
  if (result->state == kCellFailed) {
    words.push_back("cannot be trained: " + printable(result->note, 200));
    return words;
  }
  if (result->state == report_state(RunState::kDiverged))
    words.push_back("diverges after " + counted(static_cast<std::size_t>(result->steps), "step"));
  if (std::isfinite(result->test_accuracy))
    words.push_back(fmt::format("test accuracy {:.1f} %", 100 * result->test_accuracy));
  if (std::isfinite(result->loss)) words.push_back("training loss " + number_text(result->loss, 3));
  return words;
}

}  // namespace fl
