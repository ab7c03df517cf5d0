#include "trainer/session/preview/preview_results.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include <fmt/format.h>

namespace fl {
namespace {

// A field with its own quotes where it needs them.
std::string field(const std::string& text) {
  if (text.find_first_of(",\"\r\n") == std::string::npos) return text;
  std::string quoted = "\"";
  for (const char c : text) quoted += c == '"' ? std::string("\"\"") : std::string(1, c);
  return quoted + "\"";
}

}  // namespace

std::optional<std::size_t> PreviewResults::prediction(std::size_t image) const {
  if (image >= steps.size() || steps[image] < 0) return {};
  const auto own = row(image);
  if (own.empty() || !std::ranges::all_of(own, [](float value) { return std::isfinite(value); })) return {};
  return static_cast<std::size_t>(std::ranges::max_element(own) - own.begin());
}

std::size_t PreviewResults::predicted() const {
  std::size_t count = 0;
  for (std::size_t i = 0; i < images->size(); ++i) count += prediction(i) ? 1 : 0;
  return count;
}

std::size_t PreviewResults::failed() const {
  return static_cast<std::size_t>(
      std::ranges::count_if(*images, [](const PreviewImage& image) { return !image.failure.empty(); }));
}

std::vector<std::size_t> preview_order(const PreviewResults& results, PreviewOrder order) {
  std::vector<std::size_t> all(results.images->size());
  std::iota(all.begin(), all.end(), std::size_t{0});
  if (order == PreviewOrder::kAsGiven) return all;
  std::vector<float> sureness;
  for (const std::size_t image : all) {
    const auto called = results.prediction(image);
    sureness.push_back(called ? results.row(image)[*called] : 2.0f);
  }
  std::ranges::stable_sort(all, {}, [&](std::size_t image) { return sureness[image]; });
  return all;
}

std::string preview_csv(const PreviewResults& results) {
  std::string text = "image,prediction,probability";
  for (const std::string& name : results.classes) text.append(",").append(field(name));
  text += ",step,problem\r\n";
  for (std::size_t i = 0; i < results.images->size(); ++i) {
    const PreviewImage& image = (*results.images)[i];
    text += field(image.name);
    if (const auto called = results.prediction(i)) {
      text += fmt::format(",{},{:.4f}", field(results.classes[*called]), results.row(i)[*called]);
      for (const float probability : results.row(i)) text += fmt::format(",{:.4f}", probability);
      text += fmt::format(",{},", results.steps[i]);
    } else {
      text += std::string(results.classes.size() + 4, ',');
      text += field(!image.failure.empty() ? image.failure
                    : results.steps[i] < 0 ? "It was not looked at yet."
                                           : "The network's outputs are not numbers.");
    }
    text += "\r\n";
  }
  return text;
}

}  // namespace fl
