#include "trainer/run/report.h"

#include <cmath>

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
  for (const ClassAccuracy& c : accuracy_per_class)
    j["accuracy_per_class"].push_back(
        {{"class", c.name},
         {"accuracy", c.samples > 0 ? Json(static_cast<double>(c.correct) / c.samples) : Json(nullptr)},
         {"correct", c.correct},
         {"samples", c.samples}});
  j["confusion_matrix"] = confusion_matrix;
  j["wrong_images"] = wrong_images;
  j["images_per_second"] = number(images_per_second);
  j["state"] = report_state(state);
  // Names come from files: what is not UTF-8 is replaced rather than refused.
  return j.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace fl
