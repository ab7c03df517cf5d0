// Each rule of findings.h just beyond its thresholds and just short of them, and Wilson's interval.
#include "trainer/subjects/record/findings.h"

#include <cmath>
#include <limits>

#include <gtest/gtest.h>

#include "trainer/subjects/record/interval.h"

namespace fl {
namespace {

using Kind = Finding::Kind;
using Matrix = std::vector<std::vector<int>>;

std::shared_ptr<const TestFigures> test_of(const Matrix& matrix) {
  TestFigures figures;
  figures.confusion_matrix = matrix;
  for (std::size_t c = 0; c < matrix.size(); ++c) {
    ClassAccuracy one{.name = std::string(1, static_cast<char>('A' + c)), .correct = matrix[c][c]};
    for (const int count : matrix[c]) one.samples += count;
    figures.accuracy_per_class.push_back(one);
  }
  return std::make_shared<TestFigures>(std::move(figures));
}

std::shared_ptr<const std::vector<StepRecord>> steps_of(const std::vector<double>& losses) {
  std::vector<StepRecord> steps;
  for (const double loss : losses)
    steps.push_back({.step = static_cast<std::int64_t>(steps.size()) + 1, .loss = loss});
  return std::make_shared<std::vector<StepRecord>>(std::move(steps));
}

struct Losses {
  double training, test;
};
std::shared_ptr<const std::vector<EpochRecord>> epochs_of(const std::vector<Losses>& losses) {
  std::vector<EpochRecord> epochs;
  for (const auto& [training, test] : losses)
    epochs.push_back({.epoch = static_cast<int>(epochs.size()), .loss = training, .test_loss = test});
  return std::make_shared<std::vector<EpochRecord>>(std::move(epochs));
}

// What is found, and the sentence of `kind`: empty where it is not among them.
std::string said(const RunFigures& figures, Kind kind) {
  for (const Finding& one : findings(figures))
    if (one.kind == kind) return one.sentence;
  return "";
}

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

TEST(Findings, NothingIsFoundWhereThereIsNothing) {
  EXPECT_TRUE(findings({}).empty());
  EXPECT_TRUE(findings({.test = test_of({{30, 0}, {0, 30}})}).empty());
}

TEST(Findings, ALossThatIsNotANumberIsAllThereIsToSay) {
  const RunFigures figures{.steps = steps_of({0.7, 0.9, kNan, kNan}), .test = test_of({{3, 0}, {3, 0}})};
  ASSERT_EQ(findings(figures).size(), 1u);
  EXPECT_EQ(said(figures, Kind::kDiverged),
            "The loss is not a number since step 3: the steps were too large. Choose a smaller learning rate "
            "and start "
            "again.");
  EXPECT_EQ(said({.steps = steps_of({kNan, 0.7})}, Kind::kDiverged), "");
}

TEST(Findings, ARateIsTooLargeWhereGuessingWouldCostLess) {
  const auto test = test_of({{30, 0}, {0, 30}});
  const double guessing = std::log(2.0);
  const auto at = [&](double loss, std::size_t steps) {
    return said({.steps = steps_of(std::vector<double>(steps, loss)), .test = test}, Kind::kRateTooLarge);
  };
  EXPECT_EQ(at(1.51 * guessing, 20),
            "The loss is 1, and guessing would cost 0.69: the steps are too large. Try a tenth of the "
            "learning rate.");
  EXPECT_EQ(at(1.49 * guessing, 20), "");
  EXPECT_EQ(at(9, 19), "") << "too few steps to tell";
}

TEST(Findings, NothingLearnedIsNoBetterThanGuessing) {
  const auto guesses = test_of({{16, 14}, {15, 15}}), knows = test_of({{18, 12}, {13, 17}});
  EXPECT_EQ(said({.epochs = epochs_of({{0.700, 1}, {0.695, 1}, {0.690, 1}}), .test = guesses},
                 Kind::kNothingLearned),
            "After 3 epochs it does no better than guessing: it finds 52 % of a class on average, and "
            "guessing finds 50 "
            "%. Try another learning rate, or more epochs.");
  EXPECT_EQ(said({.epochs = epochs_of({{0.700, 1}, {0.695, 1}, {0.680, 1}}), .test = guesses},
                 Kind::kNothingLearned),
            "")
      << "the loss falls";
  EXPECT_EQ(said({.epochs = epochs_of({{0.7, 1}, {0.7, 1}, {0.7, 1}}), .test = knows}, Kind::kNothingLearned),
            "");
  EXPECT_EQ(said({.epochs = epochs_of({{0.7, 1}, {0.7, 1}}), .test = guesses}, Kind::kNothingLearned), "");
}

TEST(Findings, OneClassForAllIsSaid) {
  EXPECT_EQ(said({.test = test_of({{0, 3}, {0, 3}})}, Kind::kOneClass),
            "All 6 test images are called \"B\", whatever they are.");
  EXPECT_EQ(said({.test = test_of({{1, 2}, {0, 3}})}, Kind::kOneClass), "");
  EXPECT_EQ(said({.test = test_of({{0, 1}, {0, 2}})}, Kind::kOneClass), "") << "three images";
  EXPECT_EQ(said({.test = test_of({{0, 0}, {0, 9}})}, Kind::kOneClass), "") << "there is but one";
}

TEST(Findings, AMissedClassIsNotHiddenByTheOthers) {
  EXPECT_EQ(said({.test = test_of({{1, 4}, {0, 95}})}, Kind::kMissedClass),
            "96 % of the test images are right, but it finds only 1 of 5 of \"A\". The larger classes hide "
            "that: look "
            "at each class, or balance them.");
  EXPECT_EQ(said({.test = test_of({{3, 3}, {0, 94}})}, Kind::kMissedClass), "") << "half of it is found";
  EXPECT_EQ(said({.test = test_of({{1, 4}, {22, 73}})}, Kind::kMissedClass), "") << "74 % deceives nobody";
  const auto both = findings({.test = test_of({{0, 5}, {0, 95}})});
  ASSERT_EQ(both.size(), 1u) << "one sentence is enough";
  EXPECT_EQ(both[0].kind, Kind::kMissedClass);
}

TEST(Findings, OverfittingIsATestLossThatRises) {
  std::vector<Losses> losses = {{0.7, 0.7},   {0.6, 0.6},   {0.5, 0.5},   {0.48, 0.52},
                                {0.46, 0.55}, {0.44, 0.57}, {0.44, 0.58}, {0.44, 0.59}};
  const auto test = test_of({{30, 0}, {0, 30}});
  const auto now = [&] { return said({.epochs = epochs_of(losses), .test = test}, Kind::kOverfitting); };
  EXPECT_EQ(
      now(),
      "Since epoch 3 the test loss rises while the training loss falls: it learns its images by heart. Fewer "
      "epochs, more images or augmentation help.");
  losses.back().training = 0.46;
  EXPECT_EQ(now(), "") << "the training loss does not fall";
  losses.back() = {0.44, 0.57};
  EXPECT_EQ(now(), "") << "the last three are not 1.15 times the least";
  losses.back() = {0.44, 0.59};
  losses.erase(losses.begin());
  EXPECT_EQ(now(), "") << "seven epochs";
}

TEST(Findings, FewTestImagesSayLittle) {
  EXPECT_EQ(said({.test = test_of({{4, 1}, {0, 5}})}, Kind::kFewTestImages),
            "With 10 test images the accuracy says little: 9 right may mean 60 to 98 %. Another seed shows "
            "how much it "
            "swings.");
  EXPECT_NE(said({.test = test_of({{24, 1}, {0, 24}})}, Kind::kFewTestImages), "");
  EXPECT_EQ(said({.test = test_of({{25, 0}, {1, 24}})}, Kind::kFewTestImages), "");
}

std::shared_ptr<const SameImages> same_of(std::size_t in_two_classes, std::size_t trained_on) {
  return std::make_shared<SameImages>(SameImages{.in_two_classes = in_two_classes,
                                                 .classes = {0, 1},
                                                 .class_names = {"A", "B"},
                                                 .trained_on = trained_on,
                                                 .test_images = 9,
                                                 .marked = {}});
}

TEST(Findings, AnImageInTwoClasses) {
  EXPECT_EQ(
      said({.same = same_of(1, 0)}, Kind::kInTwoClasses),
      "1 image lies in more than one class, \"A\" and \"B\": nothing can tell its copies apart. Remove it "
      "from the class that is wrong.");
  EXPECT_EQ(
      said({.same = same_of(12, 0)}, Kind::kInTwoClasses),
      "12 images lie in more than one class, such as \"A\" and \"B\": nothing can tell their copies apart. "
      "Remove each from the class that is wrong.");
  EXPECT_EQ(said({.same = same_of(0, 3)}, Kind::kInTwoClasses), "");
  const std::vector<std::string> names = {"class 1", "Normal"};
  EXPECT_EQ(findings({.test = test_of({{30, 0}, {0, 30}}), .same = same_of(1, 0)}, names)
                .front()
                .sentence.find("1 image lies in more than one class, \"class 1\" and \"Normal\""),
            0u);
}

TEST(Findings, ATestImageThatWasTrainedOn) {
  EXPECT_EQ(
      said({.same = same_of(0, 1)}, Kind::kTrainedOn),
      "1 of 9 test images is among the training images, too: the accuracy also counts what was learned by "
      "heart. Remove the copies.");
  EXPECT_EQ(said({.same = same_of(0, 2)}, Kind::kTrainedOn).find("2 of 9 test images are among"), 0u);
  EXPECT_EQ(said({.same = same_of(2, 0)}, Kind::kTrainedOn), "");
}

TEST(Findings, SayWhatTheImbalancedLessonShows) {
  const std::vector<std::string> names = {"class 1", "Normal"};
  const auto found = findings({.test = test_of({{0, 5}, {0, 150}})}, names);
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(found[0].sentence,
            "97 % of the test images are right, but it finds none of 5 of \"class 1\". The larger classes "
            "hide that: look "
            "at each class, or balance them.");
}

TEST(WilsonInterval, IsScipys) {
  // scipy.stats.binomtest(9, 10).proportion_ci(method='wilson'), and the others likewise.
  EXPECT_NEAR(wilson_interval(9, 10).low, 0.5958, 5e-5);
  EXPECT_NEAR(wilson_interval(9, 10).high, 0.9821, 5e-5);
  EXPECT_NEAR(wilson_interval(5, 20).low, 0.1119, 5e-5);
  EXPECT_NEAR(wilson_interval(5, 20).high, 0.4687, 5e-5);
  EXPECT_EQ(wilson_interval(0, 5).low, 0);
  EXPECT_NEAR(wilson_interval(0, 5).high, 0.4345, 5e-5);
  EXPECT_EQ(wilson_interval(5, 5).high, 1);
  EXPECT_EQ(wilson_interval(0, 0).low, 0);
  EXPECT_EQ(wilson_interval(0, 0).high, 1);
}

}  // namespace
}  // namespace fl
