#pragma once
// What a figure takes of a run's report.json.

#include <filesystem>
#include <string>
#include <vector>

#include "engine/figures/confusion_figure.h"
#include "trainer/base/result.h"

namespace fl {

struct ReportedRun {
  std::string scene, state;
  std::size_t train_images = 0, test_images = 0;
  // [epoch]; not a number where the report says null.
  std::vector<double> loss, accuracy, test_loss, test_accuracy;
  ConfusionFigure confusion;  // no counts where nothing was predicted
};

// Errors: it is not such a report.
Result<ReportedRun> read_report(const std::filesystem::path& file);

}  // namespace fl
