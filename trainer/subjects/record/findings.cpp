#include "trainer/subjects/record/findings.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <optional>
#include <span>

#include <fmt/format.h>

#include "trainer/base/check.h"
#include "trainer/base/counted.h"
#include "trainer/subjects/record/interval.h"

namespace fl {
namespace {

using Kind = Finding::Kind;

constexpr std::size_t kSomeSteps = 20, kSomeEpochs = 3, kManyEpochs = 8;
constexpr double kWorseThanGuessing = 1.5, kFallenLittle = 0.98, kAboveGuessing = 0.05;
constexpr int kFewestForOneClass = 4, kFewTestImages = 50;
constexpr double kGoodAccuracy = 0.75, kFound = 0.5;
constexpr double kRisen = 1.15, kFallen = 0.9;

// Of a test set that says something: how many images, and how many of them are called what they are.
struct Counts {
  int images = 0, right = 0;
};

Counts count(const TestFigures& test) {
  Counts counts;
  for (const ClassAccuracy& one : test.accuracy_per_class) {
    counts.images += one.samples;
    counts.right += one.correct;
  }
  return counts;
}

double percent(double share) {
  return std::round(100 * share);
}

double median_loss(std::span<const StepRecord> steps) {
  std::vector<double> losses;
  for (const StepRecord& step : steps) losses.push_back(step.loss);
  const auto middle = losses.begin() + static_cast<std::ptrdiff_t>(losses.size() / 2);
  std::ranges::nth_element(losses, middle);
  return *middle;
}

double mean_test_loss(std::span<const EpochRecord> epochs) {
  return std::accumulate(epochs.begin(), epochs.end(), 0.0,
                         [](double sum, const EpochRecord& epoch) { return sum + epoch.test_loss; }) /
         static_cast<double>(epochs.size());
}

std::optional<std::string> diverged(std::span<const StepRecord> steps) {
  if (steps.empty() || std::isfinite(steps.back().loss)) return std::nullopt;
  return fmt::format(
      "The loss is not a number since step {}: the steps were too large. Choose a smaller learning rate and "
      "start again.",
      std::ranges::find_if_not(steps, [](const StepRecord& step) { return std::isfinite(step.loss); })->step);
}

std::optional<std::string> rate_too_large(std::span<const StepRecord> steps, std::size_t classes) {
  if (steps.size() < kSomeSteps || classes < 2) return std::nullopt;
  const double guessing = std::log(static_cast<double>(classes)), loss = median_loss(steps.last(kSomeSteps));
  if (!(loss >= kWorseThanGuessing * guessing)) return std::nullopt;
  return fmt::format(
      "The loss is {:.2g}, and guessing would cost {:.2g}: the steps are too large. Try a tenth of the "
      "learning "
      "rate.",
      loss, guessing);
}

std::optional<std::string> nothing_learned(std::span<const EpochRecord> epochs, const TestFigures* test) {
  if (epochs.size() < kSomeEpochs || !(epochs.back().loss > kFallenLittle * epochs.front().loss))
    return std::nullopt;
  if (test == nullptr || test->accuracy_per_class.empty()) return std::nullopt;
  const double guessing = 1 / static_cast<double>(test->accuracy_per_class.size()),
               balanced = test->balanced_accuracy();
  if (!(balanced < guessing + kAboveGuessing)) return std::nullopt;
  return fmt::format(
      "After {} it does no better than guessing: it finds {:.0f} % of a class on average, and guessing finds "
      "{:.0f} "
      "%. Try another learning rate, or more epochs.",
      counted(epochs.size(), "epoch"), percent(balanced), percent(guessing));
}

std::optional<std::string> one_class(const TestFigures& test, std::span<const std::string> names,
                                     const Counts& all) {
  const auto present = std::ranges::count_if(test.accuracy_per_class,
                                             [](const ClassAccuracy& one) { return one.samples > 0; });
  if (all.images < kFewestForOneClass || present < 2 || !test.has_predictions()) return std::nullopt;
  for (std::size_t called = 0; called < test.accuracy_per_class.size(); ++called) {
    int so = 0;
    for (const std::vector<int>& row : test.confusion_matrix) so += row[called];
    if (so == all.images)
      return fmt::format("All {} test images are called \"{}\", whatever they are.", all.images,
                         names[called]);
  }
  return std::nullopt;
}

std::optional<std::string> missed_class(const TestFigures& test, std::span<const std::string> names,
                                        const Counts& all) {
  if (all.images == 0 || all.right < kGoodAccuracy * all.images) return std::nullopt;
  const ClassAccuracy* worst = nullptr;
  const auto share = [](const ClassAccuracy& one) { return static_cast<double>(one.correct) / one.samples; };
  for (const ClassAccuracy& one : test.accuracy_per_class)
    if (one.samples > 0 && (worst == nullptr || share(one) < share(*worst))) worst = &one;
  if (worst == nullptr || share(*worst) >= kFound) return std::nullopt;
  return fmt::format(
      "{:.0f} % of the test images are right, but it finds {} of {} of \"{}\". The larger classes hide that: "
      "look at each class, or balance them.",
      percent(static_cast<double>(all.right) / all.images),
      worst->correct == 0 ? "none" : fmt::format("only {}", worst->correct), worst->samples,
      names[static_cast<std::size_t>(worst - test.accuracy_per_class.data())]);
}

std::optional<std::string> overfitting(std::span<const EpochRecord> epochs) {
  if (epochs.size() < kManyEpochs) return std::nullopt;
  const auto lower = [](const EpochRecord& a, const EpochRecord& b) { return a.test_loss < b.test_loss; };
  const auto least = std::ranges::min_element(epochs, lower);
  if (epochs.end() - least <= static_cast<std::ptrdiff_t>(kSomeEpochs)) return std::nullopt;
  if (!(mean_test_loss(epochs.last(kSomeEpochs)) >= kRisen * least->test_loss)) return std::nullopt;
  if (!(epochs.back().loss <= kFallen * least->loss)) return std::nullopt;
  return fmt::format(
      "Since epoch {} the test loss rises while the training loss falls: it learns its images by heart. "
      "Fewer "
      "epochs, more images or augmentation help.",
      least->epoch + 1);
}

std::optional<std::string> in_two_classes(const SameImages& same, std::span<const std::string> names) {
  if (same.in_two_classes == 0) return std::nullopt;
  const auto name = [&](std::size_t i) {
    return same.classes[i] < names.size() ? names[same.classes[i]] : same.class_names[i];
  };
  const bool one = same.in_two_classes == 1;
  return fmt::format(
      "{} in more than one class{} \"{}\" and \"{}\": nothing can tell {} apart. Remove {} from the class "
      "that "
      "is wrong.",
      one ? "1 image lies" : fmt::format("{} images lie", same.in_two_classes), one ? "," : ", such as",
      name(0), name(1), one ? "its copies" : "their copies", one ? "it" : "each");
}

std::optional<std::string> trained_on(const SameImages& same) {
  if (same.trained_on == 0) return std::nullopt;
  const bool one = same.trained_on == 1;
  return fmt::format(
      "{} of {} {} among the training images, too: the accuracy also counts what was learned by heart. "
      "Remove "
      "the copies.",
      same.trained_on, counted(same.test_images, "test image"), one ? "is" : "are");
}

std::optional<std::string> few_test_images(const Counts& all) {
  if (all.images == 0 || all.images >= kFewTestImages) return std::nullopt;
  const Interval sure = wilson_interval(all.right, all.images);
  return fmt::format(
      "With {} the accuracy says little: {} right may mean {:.0f} to {:.0f} %. Another seed shows how much "
      "it "
      "swings.",
      counted(static_cast<std::size_t>(all.images), "test image"), all.right, percent(sure.low),
      percent(sure.high));
}

}  // namespace

std::vector<Finding> findings(const RunFigures& figures, std::span<const std::string> names) {
  std::vector<Finding> found;
  const auto add = [&found](Kind kind, std::optional<std::string> sentence) {
    if (sentence) found.push_back({kind, *std::move(sentence)});
    return !found.empty() && found.back().kind == kind;
  };
  const TestFigures* test = figures.test.get();
  std::vector<std::string> own;
  if (figures.steps) {
    if (add(Kind::kDiverged, diverged(*figures.steps))) return found;
    if (test != nullptr)
      add(Kind::kRateTooLarge, rate_too_large(*figures.steps, test->accuracy_per_class.size()));
  }
  if (figures.epochs) add(Kind::kNothingLearned, nothing_learned(*figures.epochs, test));
  if (test != nullptr) {
    const Counts all = count(*test);
    if (names.empty()) {
      for (const ClassAccuracy& one : test->accuracy_per_class) own.push_back(one.name);
      names = own;
    }
    FL_CHECK(names.size() == test->accuracy_per_class.size());
    if (!add(Kind::kMissedClass, missed_class(*test, names, all)))
      add(Kind::kOneClass, one_class(*test, names, all));
    if (figures.epochs) add(Kind::kOverfitting, overfitting(*figures.epochs));
  }
  if (figures.same) {
    add(Kind::kInTwoClasses, in_two_classes(*figures.same, names));
    add(Kind::kTrainedOn, trained_on(*figures.same));
  }
  if (test != nullptr) add(Kind::kFewTestImages, few_test_images(count(*test)));
  return found;
}

}  // namespace fl
