#include "trainer/subjects/race/race_report.h"

#include <cmath>
#include <limits>

#include "trainer/base/json.h"

namespace fl {
namespace {

struct Figure {
  const char* name;
  double RaceResult::*member;
};
constexpr Figure kFigures[] = {{"loss", &RaceResult::loss},
                               {"accuracy", &RaceResult::accuracy},
                               {"test_loss", &RaceResult::test_loss},
                               {"test_accuracy", &RaceResult::test_accuracy}};

std::string quoted(const std::string& field) {
  std::string text(1, '"');
  for (const char c : field) {
    if (c == '"') text += c;
    text += c;
  }
  return text + '"';
}

}  // namespace

RaceResult race_result(const std::string& value, const Training& training) {
  constexpr double kNone = std::numeric_limits<double>::quiet_NaN();
  const auto& epochs = training.history().epochs;
  RaceResult result{.value = value,
                    .state = report_state(training.state()),
                    .epochs = static_cast<int>(epochs.size()),
                    .steps = training.steps(),
                    .loss = kNone,
                    .accuracy = kNone,
                    .test_loss = kNone,
                    .test_accuracy = kNone,
                    .diverged = training.state() == RunState::kDiverged};
  if (epochs.empty()) return result;
  const EpochRecord& last = epochs.back();
  result.loss = last.loss;
  result.accuracy = last.accuracy;
  result.test_loss = last.test_loss;
  result.test_accuracy = last.test_accuracy;
  return result;
}

std::string race_table(const RaceSpec& race, const std::vector<RaceResult>& results) {
  std::string table = fmt::format("run,{},state,diverged,epochs,steps", quoted(race.key));
  for (const Figure& figure : kFigures) table += fmt::format(",{}", figure.name);
  table += "\n";
  for (std::size_t i = 0; i < results.size(); ++i) {
    const RaceResult& one = results[i];
    table += fmt::format("{},{},{},{},{},{}", i + 1, quoted(one.value), one.state, one.diverged, one.epochs,
                         one.steps);
    for (const Figure& figure : kFigures) {
      const double value = one.*figure.member;
      table += std::isfinite(value) ? fmt::format(",{}", value) : ",";
    }
    table += "\n";
  }
  return table;
}

std::string race_json(const std::string& title, const RaceSpec& race,
                      const std::vector<RaceResult>& results) {
  Json::Array runs;
  for (std::size_t i = 0; i < results.size(); ++i) {
    const RaceResult& one = results[i];
    Json::Object run{{"run", static_cast<std::uint64_t>(i + 1)},
                     {"value", one.value},
                     {"state", one.state},
                     {"diverged", one.diverged},
                     {"epochs", one.epochs},
                     {"steps", one.steps}};
    for (const Figure& figure : kFigures) run.push_back({figure.name, Json(one.*figure.member)});
    runs.emplace_back(std::move(run));
  }
  return Json(Json::Object{{"scene", title}, {"race", race.key}, {"runs", std::move(runs)}}).pretty() + "\n";
}

}  // namespace fl
