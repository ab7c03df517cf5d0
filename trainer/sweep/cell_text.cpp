#include "trainer/sweep/cell_text.h"

#include <cmath>

namespace fl {
namespace {

// In the order of the table's columns.
struct Figure {
  const char* name;
  double CellResult::*member;
  bool share;  // of a whole
};
constexpr Figure kFigures[] = {{"loss", &CellResult::loss, false},
                               {"accuracy", &CellResult::accuracy, true},
                               {"test_loss", &CellResult::test_loss, false},
                               {"test_accuracy", &CellResult::test_accuracy, true}};
constexpr std::uint64_t kMostImages = 100'000'000, kMostSteps = 1'000'000'000'000;

std::string quoted(const std::string& field) {
  if (field.find_first_of(",\"\r\n") == std::string::npos) return field;
  std::string text(1, '"');
  for (const char c : field) {
    if (c == '"') text += c;
    text += c;
  }
  text += '"';
  return text;
}

std::string number_field(double value) {
  return std::isfinite(value) ? fmt::format("{}", value) : std::string();
}

}  // namespace

std::string cell_line(const CellResult& result) {
  Json::Object object{
      {"cell", result.cell}, {"state", result.state}, {"epochs", result.epochs}, {"steps", result.steps}};
  for (const Figure& figure : kFigures) object.push_back({figure.name, Json(result.*figure.member)});
  object.push_back({"test_images", result.test_images});
  object.push_back({"weights", result.weights});
  object.push_back({"note", result.note});
  return Json(std::move(object)).line();
}

std::optional<CellResult> parse_cell_line(std::string_view line) {
  const auto json = Json::parse(line);
  if (!json || json->object() == nullptr) return std::nullopt;
  CellResult result;
  const auto whole = [&](const char* key) -> std::optional<std::uint64_t> {
    const Json* value = json->find(key);
    return value != nullptr ? value->whole() : std::nullopt;
  };
  const auto text = [&](const char* key) -> const std::string* {
    const Json* value = json->find(key);
    return value != nullptr ? value->text() : nullptr;
  };
  const auto cell = whole("cell"), epochs = whole("epochs"), steps = whole("steps");
  const std::string *state = text("state"), *weights = text("weights"), *note = text("note");
  const std::uint64_t tested = whole("test_images").value_or(0);  // earlier versions did not say it
  if (!cell || !epochs || !steps || *epochs > kMostImages || *steps > kMostSteps || tested > kMostImages ||
      state == nullptr || weights == nullptr || note == nullptr)
    return std::nullopt;
  result.cell = *cell;
  result.epochs = static_cast<int>(*epochs);
  result.steps = static_cast<std::int64_t>(*steps);
  result.test_images = tested;
  result.state = *state;
  result.weights = *weights;
  result.note = *note;
  for (const Figure& figure : kFigures) {
    const Json* value = json->find(figure.name);
    if (value == nullptr) return std::nullopt;
    const double number = value->number().value_or(CellResult::kNone);
    if (figure.share && (number < 0 || number > 1)) return std::nullopt;
    result.*figure.member = number;
  }
  return result;
}

std::string sweep_table(const SweepPlan& plan, const std::vector<std::optional<CellResult>>& results) {
  std::string table = "cell";
  for (const Axis& axis : plan.axes) table += fmt::format(",{}", quoted(axis.key));
  table += ",state,epochs,steps";
  for (const Figure& figure : kFigures) table += fmt::format(",{}", figure.name);
  table += ",weights,note\n";
  for (const auto& result : results) {
    if (!result) continue;
    table += fmt::format("{}", result->cell);
    for (std::size_t i = 0; i < plan.axes.size(); ++i)
      table += fmt::format(",{}", quoted(plan.value(result->cell, i)));
    table += fmt::format(",{},{},{}", result->state, result->epochs, result->steps);
    for (const Figure& figure : kFigures) table += fmt::format(",{}", number_field((*result).*figure.member));
    table += fmt::format(",{},{}\n", result->weights, quoted(result->note));
  }
  return table;
}

}  // namespace fl
