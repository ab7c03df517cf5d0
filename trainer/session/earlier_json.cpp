#include "trainer/session/earlier_json.h"

#include <array>
#include <cmath>
#include <limits>

namespace fl {
namespace {

constexpr std::size_t kMostSettings = 256, kMostText = 4096;
constexpr std::array kPointNumbers = {&EpochPoint::loss, &EpochPoint::accuracy, &EpochPoint::test_loss,
                                      &EpochPoint::test_accuracy};

std::optional<EpochPoint> point_of(const Json& json) {
  if (json.array() == nullptr || json.array()->size() != kPointNumbers.size()) return std::nullopt;
  EpochPoint point;
  for (std::size_t i = 0; i < kPointNumbers.size(); ++i) {
    const auto number = json[i].number();
    if (!number && !json[i].is_null()) return std::nullopt;
    point.*kPointNumbers[i] = number ? static_cast<float>(*number) : std::nanf("");
  }
  return point;
}

std::optional<Setting> setting_of(const Json& json) {
  if (json.text() == nullptr || json.text()->size() > kMostText) return std::nullopt;
  const std::size_t equals = json.text()->find('=');
  if (equals == std::string::npos) return std::nullopt;
  return Setting{json.text()->substr(0, equals), json.text()->substr(equals + 1)};
}

std::optional<std::uint64_t> whole(const Json& object, const char* key, std::uint64_t low,
                                   std::uint64_t high) {
  const Json* value = object.find(key);
  const auto number = value != nullptr ? value->whole() : std::nullopt;
  return number && *number >= low && *number <= high ? number : std::nullopt;
}

// The values of a list, each read by `read`; nothing where one is none, or there are fewer or more.
template <typename Value>
std::optional<std::vector<Value>> list_of(const Json* json, std::size_t least, std::size_t most,
                                          std::optional<Value> (*read)(const Json&)) {
  const Json::Array* array = json != nullptr ? json->array() : nullptr;
  if (array == nullptr || array->size() < least || array->size() > most) return std::nullopt;
  std::vector<Value> values;
  for (const Json& one : *array) {
    std::optional<Value> value = read(one);
    if (!value) return std::nullopt;
    values.push_back(*std::move(value));
  }
  return values;
}

std::optional<EarlierRun> run_of(const Json& json) {
  constexpr std::uint64_t kMost = std::numeric_limits<std::uint32_t>::max();
  auto settings = list_of<Setting>(json.find("settings"), 0, kMostSettings, setting_of);
  auto points = list_of<EpochPoint>(json.find("points"), 1, kEarlierPoints, point_of);
  const auto seed = whole(json, "seed", 0, std::numeric_limits<std::uint64_t>::max());
  const auto steps = whole(json, "steps_per_epoch", 1, kMost), stride = whole(json, "stride", 1, kMost);
  if (!settings || !points || !seed || !steps || !stride) return std::nullopt;
  EarlierRun run{.settings = *std::move(settings),
                 .seed = *seed,
                 .steps_per_epoch = static_cast<std::uint32_t>(*steps),
                 .stride = static_cast<std::uint32_t>(*stride),
                 .points = *std::move(points)};
  const Json* accuracy = json.find("test_accuracy");
  const auto number = accuracy != nullptr ? accuracy->number() : std::nullopt;
  run.test_accuracy = number ? static_cast<float>(*number) : std::nanf("");
  return run;
}

}  // namespace

Json earlier_json(const EarlierRuns& runs) {
  Json::Array all;
  for (const EarlierRun& run : runs) {
    Json::Array settings, points;
    for (const Setting& one : run.settings) settings.emplace_back(one.text());
    for (const EpochPoint& point : run.points) {
      Json::Array numbers;
      for (const auto number : kPointNumbers) numbers.emplace_back(static_cast<double>(point.*number));
      points.emplace_back(std::move(numbers));
    }
    all.emplace_back(Json::Object{{"settings", std::move(settings)},
                                  {"seed", run.seed},
                                  {"steps_per_epoch", run.steps_per_epoch},
                                  {"stride", run.stride},
                                  {"test_accuracy", static_cast<double>(run.test_accuracy)},
                                  {"points", std::move(points)}});
  }
  return all;
}

std::optional<EarlierRuns> earlier_runs_of(const Json& json) {
  return list_of<EarlierRun>(&json, 0, kEarlierRuns, run_of);
}

}  // namespace fl
