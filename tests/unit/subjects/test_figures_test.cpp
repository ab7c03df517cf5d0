// What one evaluation of the test set says, class by class, and which images are named first.
#include "trainer/subjects/record/test_figures.h"

#include <array>
#include <cmath>
#include <vector>

#include <gtest/gtest.h>

namespace fl {
namespace {

Dataset of_labels(std::vector<std::int32_t> labels) {
  Dataset data;
  data.classes = {"a", "b"};
  data.labels = std::move(labels);
  return data;
}

TEST(TestFigures, CountAndNameTheWorstFirst) {
  const Dataset data = of_labels({0, 1, 0, 1, 1});
  constexpr std::array<std::int32_t, 4> kTest{4, 0, 2, 1};  // of b, a, a, b
  const std::vector<float> probabilities{0.6F, 0.4F, 0.1F, 0.9F, 0.8F, 0.2F, 0.7F, 0.3F};
  const TestFigures figures = test_figures(data, kTest, probabilities, 0.9);
  EXPECT_EQ(figures.confusion_matrix, (std::vector<std::vector<int>>{{1, 1}, {2, 0}}));
  EXPECT_EQ(figures.accuracy_per_class[0].name, "a");
  EXPECT_EQ(figures.accuracy_per_class[0].correct, 1);
  EXPECT_EQ(figures.accuracy_per_class[0].samples, 2);
  EXPECT_EQ(figures.accuracy_per_class[1].correct, 0);
  EXPECT_EQ(figures.wrong, (std::vector<std::int32_t>{4, 0, 1}));
  ASSERT_EQ(figures.worst.size(), 3U);
  EXPECT_EQ(figures.worst[0].image, 0);
  EXPECT_EQ(figures.worst[0].truth, 0);
  EXPECT_EQ(figures.worst[0].predicted, 1);
  EXPECT_EQ(figures.worst[0].probabilities, (std::vector<float>{0.1F, 0.9F}));
  EXPECT_EQ(figures.worst[1].image, 1);
  EXPECT_EQ(figures.worst[2].image, 4);
  EXPECT_DOUBLE_EQ(figures.balanced_accuracy(), 0.25);
}

TEST(TestFigures, KeepTheProbabilitiesOfSoManyOnly) {
  constexpr std::size_t kImages = TestFigures::kMostWrong + 10;
  const Dataset data = of_labels(std::vector<std::int32_t>(kImages, 1));
  std::vector<std::int32_t> test;
  std::vector<float> probabilities;
  for (std::size_t i = 0; i < kImages; ++i) {
    test.push_back(static_cast<std::int32_t>(i));
    const float given = 0.4F - 0.0001F * static_cast<float>(i);
    probabilities.insert(probabilities.end(), {1 - given, given});
  }
  const TestFigures figures = test_figures(data, test, probabilities, 1.5);
  EXPECT_EQ(figures.wrong.size(), kImages);
  ASSERT_EQ(figures.worst.size(), TestFigures::kMostWrong);
  EXPECT_EQ(figures.worst.front().image, static_cast<std::int32_t>(kImages - 1));
  EXPECT_EQ(figures.worst.back().image, 10);
}

TEST(TestFigures, HaveNoPredictionsWhereTheLossIsNoNumber) {
  const Dataset data = of_labels({0, 1});
  constexpr std::array<std::int32_t, 2> kTest{0, 1};
  const TestFigures figures = test_figures(data, kTest, {}, std::nan(""));
  EXPECT_FALSE(figures.has_predictions());
  EXPECT_TRUE(figures.worst.empty());
  EXPECT_EQ(figures.accuracy_per_class[1].samples, 1);
  EXPECT_TRUE(std::isnan(figures.recall(0)));
}

}  // namespace
}  // namespace fl
