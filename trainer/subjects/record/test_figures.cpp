#include "trainer/subjects/record/test_figures.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "trainer/base/check.h"
#include "trainer/seam/frame_header.h"

namespace fl {
namespace {

std::int32_t largest(std::span<const float> values) {
  return static_cast<std::int32_t>(std::ranges::max_element(values) - values.begin());
}

// The worst of `wrong`, which are rows of `probabilities`; of equals the first stay first.
std::vector<WrongImage> worst_of(std::vector<std::size_t> wrong, const Dataset& data,
                                 std::span<const std::int32_t> test, std::span<const float> probabilities) {
  const std::size_t classes = data.classes.size();
  const auto truth = [&](std::size_t row) { return data.labels[static_cast<std::size_t>(test[row])]; };
  const auto given = [&](std::size_t row) {
    return probabilities[row * classes + static_cast<std::size_t>(truth(row))];
  };
  std::ranges::stable_sort(wrong, {}, given);
  wrong.resize(std::min(wrong.size(), TestFigures::kMostWrong));
  std::vector<WrongImage> worst;
  for (const std::size_t row : wrong) {
    const auto values = probabilities.subspan(row * classes, classes);
    worst.push_back({.image = test[row],
                     .truth = truth(row),
                     .predicted = largest(values),
                     .probabilities = {values.begin(), values.end()}});
  }
  return worst;
}

}  // namespace

std::vector<float> class_accuracies(const Dataset& data, std::span<const std::int32_t> test,
                                    std::span<const float> probabilities, double loss) {
  const std::size_t classes = data.classes.size();
  std::vector<float> accuracies(std::min<std::size_t>(classes, kFrameMaxClasses), std::nanf(""));
  if (!std::isfinite(loss)) return accuracies;
  std::vector<int> correct(classes), samples(classes);
  for (std::size_t i = 0; i < test.size(); ++i) {
    const std::int32_t truth = data.labels[static_cast<std::size_t>(test[i])];
    ++samples[static_cast<std::size_t>(truth)];
    if (largest(probabilities.subspan(i * classes, classes)) == truth)
      ++correct[static_cast<std::size_t>(truth)];
  }
  for (std::size_t c = 0; c < accuracies.size(); ++c)
    if (samples[c] > 0) accuracies[c] = static_cast<float>(correct[c]) / static_cast<float>(samples[c]);
  return accuracies;
}

TestFigures test_figures(const Dataset& data, std::span<const std::int32_t> test,
                         std::span<const float> probabilities, double loss) {
  TestFigures figures;
  const std::size_t classes = data.classes.size();
  for (const std::string& name : data.classes) figures.accuracy_per_class.push_back({.name = name});
  const auto label = [&](std::int32_t image) {
    return static_cast<std::size_t>(data.labels[static_cast<std::size_t>(image)]);
  };
  for (const std::int32_t image : test) ++figures.accuracy_per_class[label(image)].samples;
  if (!std::isfinite(loss)) return figures;
  FL_CHECK(probabilities.size() == test.size() * classes);
  figures.confusion_matrix.assign(classes, std::vector<int>(classes, 0));
  std::vector<std::size_t> wrong;
  for (std::size_t i = 0; i < test.size(); ++i) {
    const auto row = probabilities.subspan(i * classes, classes);
    const auto predicted = static_cast<std::size_t>(std::ranges::max_element(row) - row.begin());
    const std::size_t truth = label(test[i]);
    ++figures.confusion_matrix[truth][predicted];
    if (predicted == truth) continue;
    figures.wrong.push_back(test[i]);
    wrong.push_back(i);
  }
  for (std::size_t c = 0; c < classes; ++c)
    figures.accuracy_per_class[c].correct = figures.confusion_matrix[c][c];
  figures.worst = worst_of(std::move(wrong), data, test, probabilities);
  return figures;
}

double TestFigures::recall(std::size_t index) const {
  if (!has_predictions()) return std::nan("");
  const std::vector<int>& row = confusion_matrix[index];
  const int samples = std::accumulate(row.begin(), row.end(), 0);
  return samples > 0 ? static_cast<double>(row[index]) / samples : std::nan("");
}

double TestFigures::precision(std::size_t index) const {
  if (!has_predictions()) return std::nan("");
  int predicted = 0;
  for (const std::vector<int>& row : confusion_matrix) predicted += row[index];
  return predicted > 0 ? static_cast<double>(confusion_matrix[index][index]) / predicted : std::nan("");
}

double TestFigures::balanced_accuracy() const {
  double sum = 0;
  int tested = 0;
  for (std::size_t c = 0; c < confusion_matrix.size(); ++c)
    if (const double found = recall(c); !std::isnan(found)) {
      sum += found;
      ++tested;
    }
  return tested > 0 ? sum / tested : std::nan("");
}

}  // namespace fl
