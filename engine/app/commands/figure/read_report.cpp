#include "engine/app/commands/figure/read_report.h"

#include <algorithm>
#include <limits>

#include "trainer/base/atomic_file.h"
#include "trainer/base/json.h"
#include "trainer/base/printable.h"

namespace fl {
namespace {

constexpr std::size_t kMaxBytes = std::size_t{256} << 20;
constexpr std::size_t kMostDrawnClasses = 1000;

std::string text_of(const Json& json, const char* key) {
  const Json* value = json.find(key);
  return value != nullptr && value->text() != nullptr ? *value->text() : std::string();
}
std::size_t count_of(const Json& json, const char* key) {
  const Json* value = json.find(key);
  return value != nullptr ? value->whole().value_or(0) : 0;
}
const Json::Array* list_of(const Json& json, const char* key) {
  const Json* value = json.find(key);
  return value != nullptr ? value->array() : nullptr;
}

bool read_epochs(const Json::Array& epochs, ReportedRun& run) {
  const std::pair<const char*, std::vector<double>*> columns[] = {{"loss", &run.loss},
                                                                  {"accuracy", &run.accuracy},
                                                                  {"test_loss", &run.test_loss},
                                                                  {"test_accuracy", &run.test_accuracy}};
  for (const Json& epoch : epochs)
    for (const auto& [key, values] : columns) {
      const Json* value = epoch.find(key);
      if (value == nullptr) return false;
      values->push_back(value->number().value_or(std::numeric_limits<double>::quiet_NaN()));
    }
  return true;
}

bool read_confusion(const Json& report, ConfusionFigure& confusion) {
  const Json::Array* classes = list_of(report, "classes");
  if (classes == nullptr || classes->empty() || classes->size() > kMostDrawnClasses) return false;
  for (const Json& name : *classes) {
    if (name.text() == nullptr) return false;
    confusion.classes.push_back(*name.text());
  }
  const Json::Array* matrix = list_of(report, "confusion_matrix");
  if (matrix == nullptr) return true;  // nothing was predicted
  if (matrix->size() != classes->size()) return false;
  for (const Json& row : *matrix) {
    if (row.array() == nullptr || row.array()->size() != classes->size()) return false;
    std::vector<int>& counts = confusion.counts.emplace_back();
    for (const Json& cell : *row.array()) {
      const auto count = cell.whole();
      if (!count || *count > std::size_t{1} << 30) return false;
      counts.push_back(static_cast<int>(*count));
    }
  }
  return true;
}

}  // namespace

Result<ReportedRun> read_report(const std::filesystem::path& file) {
  FL_TRY_LET(text, read_text_file(file, kMaxBytes));
  const auto json = Json::parse(*text);
  ReportedRun run;
  const Json::Array* epochs = json ? list_of(*json, "epochs") : nullptr;
  if (epochs == nullptr || !read_epochs(*epochs, run) || !read_confusion(*json, run.confusion))
    return error("{} is not the report of a run; name a run folder saved by \"fallline train\".",
                 printable(file.string()));
  run.scene = text_of(*json, "scene");
  run.state = text_of(*json, "state");
  run.train_images = count_of(*json, "train_images");
  run.test_images = count_of(*json, "test_images");
  return run;
}

}  // namespace fl
