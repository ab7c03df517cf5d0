// Schedules at the corners: the first step, the end of the warm-up, the last step.
#include "trainer/optim/schedule.h"

#include <cmath>
#include <numbers>

#include <gtest/gtest.h>

namespace fl {
namespace {

constexpr std::int64_t kPerEpoch = 7, kTotal = 70;

double rate(const ScheduleSpec& schedule, std::int64_t step, double base = 0.5) {
  return scheduled_rate(schedule, base, {step, kTotal, kPerEpoch});
}

TEST(Schedule, ConstantIsTheBaseRateExactly) {
  for (const std::int64_t step : {0, 1, 35, 69}) EXPECT_EQ(rate({}, step, 1e-3), 1e-3);
}

TEST(Schedule, StepFallsAfterEveryNEpochs) {
  const ScheduleSpec schedule{.kind = ScheduleKind::kStep, .step_epochs = 3, .step_factor = 0.5};
  EXPECT_EQ(rate(schedule, 0), 0.5);
  EXPECT_EQ(rate(schedule, 20), 0.5);
  EXPECT_EQ(rate(schedule, 21), 0.25);
  EXPECT_EQ(rate(schedule, 41), 0.25);
  EXPECT_EQ(rate(schedule, 42), 0.125);
  EXPECT_EQ(rate(schedule, 69), 0.0625);
}

TEST(Schedule, CosineBeginsAtTheBaseHalvesInTheMiddleAndStopsShortOfZero) {
  const ScheduleSpec schedule{.kind = ScheduleKind::kCosine};
  EXPECT_EQ(rate(schedule, 0), 0.5);
  EXPECT_NEAR(rate(schedule, 35), 0.25, 1e-15);
  const double last = 0.25 * (1 + std::cos(std::numbers::pi * 69 / 70));
  EXPECT_NEAR(rate(schedule, 69), last, 1e-15);
  EXPECT_GT(last, 0);
  for (std::int64_t step = 1; step < kTotal; ++step)
    EXPECT_LT(rate(schedule, step), rate(schedule, step - 1));
  EXPECT_NEAR(rate(schedule, 70), 0, 1e-15) << "beyond the end it stays at zero";
  EXPECT_NEAR(rate(schedule, 1000), 0, 1e-15);
}

TEST(Schedule, WarmUpGrowsInEqualPartsToTheBaseAtItsLastStep) {
  const ScheduleSpec schedule{.warmup_epochs = 2};
  EXPECT_NEAR(rate(schedule, 0), 0.5 / 14, 1e-15);
  EXPECT_NEAR(rate(schedule, 6), 0.25, 1e-15);
  EXPECT_EQ(rate(schedule, 13), 0.5);
  EXPECT_EQ(rate(schedule, 14), 0.5);
}

TEST(Schedule, WarmUpJoinsAnyOther) {
  const ScheduleSpec cosine{.kind = ScheduleKind::kCosine, .warmup_epochs = 1};
  EXPECT_NEAR(rate(cosine, 0), 0.5 / 7, 1e-15);
  EXPECT_EQ(rate(cosine, 6), 0.5);
  EXPECT_EQ(rate(cosine, 7), 0.5) << "the cosine begins when the warm-up has ended";
  EXPECT_NEAR(rate(cosine, 69), 0.25 * (1 + std::cos(std::numbers::pi * 62 / 63)), 1e-15);
  const ScheduleSpec step{
      .kind = ScheduleKind::kStep, .warmup_epochs = 2, .step_epochs = 1, .step_factor = 0.1};
  EXPECT_NEAR(rate(step, 13), 0.05, 1e-15) << "a step schedule counts the warm-up's epochs too";
}

TEST(Schedule, WarmUpMayBePartOfAnEpochOrLongerThanTheTraining) {
  EXPECT_NEAR(rate({.warmup_epochs = 0.5}, 0), 0.5 / 4, 1e-15);  // 3.5 steps, rounded
  EXPECT_EQ(rate({.warmup_epochs = 0.01}, 0), 0.5);
  const ScheduleSpec longer{.kind = ScheduleKind::kCosine, .warmup_epochs = 20};
  EXPECT_NEAR(rate(longer, 69), 0.25, 1e-15);
  for (std::int64_t at = 0; at < kTotal; ++at) EXPECT_TRUE(std::isfinite(rate(longer, at)));
}

TEST(Schedule, IsAMultipleOfTheBaseRate) {
  const ScheduleSpec schedule{.kind = ScheduleKind::kCosine, .warmup_epochs = 1.5};
  for (std::int64_t at = 0; at < kTotal; ++at)
    EXPECT_NEAR(rate(schedule, at, 2.0), 4 * rate(schedule, at, 0.5), 1e-14);
}

TEST(Schedule, HasNames) {
  for (const std::string& name : schedule_names())
    EXPECT_EQ(schedule_name(schedule_by_name(name).value()), name);
  EXPECT_NE(schedule_by_name("cosin").error().message.find("constant, step and cosine"), std::string::npos);
}

}  // namespace
}  // namespace fl
