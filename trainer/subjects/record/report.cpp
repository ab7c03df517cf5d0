#include "trainer/subjects/record/report.h"

#include "trainer/base/json.h"

namespace fl {

const char* report_state(RunState state) {
  if (state == RunState::kFinished) return "finished";
  if (state == RunState::kDiverged) return "diverged";
  return "stopped";
}

std::string Report::json() const {
  Json::Array per_epoch, per_class, matrix;
  for (const EpochRecord& e : epochs)
    per_epoch.emplace_back(Json::Object{{"epoch", e.epoch},
                                        {"loss", e.loss},
                                        {"accuracy", e.accuracy},
                                        {"test_loss", e.test_loss},
                                        {"test_accuracy", e.test_accuracy},
                                        {"seconds", e.seconds}});
  for (std::size_t i = 0; i < accuracy_per_class.size(); ++i) {
    const ClassAccuracy& c = accuracy_per_class[i];
    per_class.emplace_back(Json::Object{{"class", c.name},
                                        {"accuracy", recall(i)},
                                        {"correct", has_predictions() ? Json(c.correct) : Json()},
                                        {"samples", c.samples},
                                        {"recall", recall(i)},
                                        {"precision", precision(i)}});
  }
  for (const std::vector<int>& row : confusion_matrix) matrix.push_back(Json::list(row));
  Json::Object report{{"scene", scene},
                      {"seed", seed},
                      {"device", device},
                      {"classes", Json::list(classes)},
                      {"train_images", train_images},
                      {"test_images", test_images},
                      {"skipped_images", skipped_images},
                      {"parameters", parameters},
                      {"epochs", std::move(per_epoch)},
                      {"accuracy_per_class", std::move(per_class)},
                      {"balanced_accuracy", balanced_accuracy()},
                      {"confusion_matrix", has_predictions() ? Json(std::move(matrix)) : Json()},
                      {"wrong_images", has_predictions() ? Json::list(wrong_images) : Json()},
                      {"images_per_second", images_per_second},
                      {"state", report_state(state)}};
  Json::Array measured;
  for (const CurvatureRecord& c : curvatures)
    measured.emplace_back(Json::Object{{"step", c.step},
                                       {"largest", c.largest},
                                       {"batch_sharpness", c.batch_sharpness},
                                       {"sharpness", c.sharpness},
                                       {"limit", c.limit}});
  if (!measured.empty()) report.push_back({"curvature", std::move(measured)});
  Json::Array told;
  for (const LineRecord& line : lines)
    told.emplace_back(Json::Object{{"fork_step", line.fork_step},
                                   {"step", line.step},
                                   {"ridge", line.ridge},
                                   {"losses", Json::list(line.losses)}});
  if (!told.empty()) report.push_back({"forks", std::move(told)});
  return Json(std::move(report)).pretty() + "\n";
}

}  // namespace fl
