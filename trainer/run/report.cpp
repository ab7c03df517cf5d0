#include "trainer/run/report.h"

#include <cmath>
#include <numeric>

#include <nlohmann/json.hpp>

namespace fl {
namespace {

using Json = nlohmann::ordered_json;

Json number(double value) {
  return std::isfinite(value) ? Json(value) : Json(nullptr);
}

}  // namespace

const char* report_state(RunState state) {
  if (state == RunState::kFinished) return "finished";
  if (state == RunState::kDiverged) return "diverged";
  return "stopped";
}

double Report::recall(std::size_t index) const {
  const std::vector<int>& row = confusion_matrix[index];
  const int samples = std::accumulate(row.begin(), row.end(), 0);
  return samples > 0 ? static_cast<double>(row[index]) / samples : std::nan("");
}

double Report::precision(std::size_t index) const {
  int predicted = 0;
  for (const std::vector<int>& row : confusion_matrix) predicted += row[index];
  return predicted > 0 ? static_cast<double>(confusion_matrix[index][index]) / predicted : std::nan("");
}

double Report::balanced_accuracy() const {
  double sum = 0;
  int tested = 0;
  for (std::size_t c = 0; c < confusion_matrix.size(); ++c)
    if (const double found = recall(c); !std::isnan(found)) {
      sum += found;
      ++tested;
    }
  return tested > 0 ? sum / tested : std::nan("");
}

std::string Report::json() const {
  Json j;
  j["scene"] = scene;
  j["seed"] = seed;
  j["device"] = device;
  j["classes"] = classes;
  j["train_images"] = train_images;
  j["test_images"] = test_images;
  j["skipped_images"] = skipped_images;
  j["parameters"] = parameters;
  j["epochs"] = Json::array();
  for (const EpochRecord& e : epochs)
    j["epochs"].push_back({{"epoch", e.epoch},
                           {"loss", number(e.loss)},
                           {"accuracy", number(e.accuracy)},
                           {"test_loss", number(e.test_loss)},
                           {"test_accuracy", number(e.test_accuracy)},
                           {"seconds", number(e.seconds)}});
  j["accuracy_per_class"] = Json::array();
  for (std::size_t i = 0; i < accuracy_per_class.size(); ++i) {
    const ClassAccuracy& c = accuracy_per_class[i];
    j["accuracy_per_class"].push_back({{"class", c.name},
                                       {"accuracy", number(recall(i))},
                                       {"correct", c.correct},
                                       {"samples", c.samples},
                                       {"recall", number(recall(i))},
                                       {"precision", number(precision(i))}});
  }
  j["balanced_accuracy"] = number(balanced_accuracy());
  j["confusion_matrix"] = confusion_matrix;
  j["wrong_images"] = wrong_images;
  j["images_per_second"] = number(images_per_second);
  j["state"] = report_state(state);
  // Names come from files: what is not UTF-8 is replaced rather than refused.
  return j.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace fl
