// The curvature beside a training: of its own weights at the steps it says, without a trace in them, in the
// slot, the checkpoint and the run's files; and the plane of the largest and the smallest curvature.
#include "trainer/subjects/curvature/live_curvature.h"

#include <cmath>
#include <filesystem>

#include <gtest/gtest.h>
#include <unistd.h>

#include "tests/support/plain_ring.h"
#include "tests/support/small_training.h"
#include "trainer/base/json.h"
#include "trainer/files/checkpoint.h"
#include "trainer/subjects/curvature/run_curvature.h"
#include "trainer/subjects/training_subject.h"

namespace fl {
namespace {

using test::make_training;
using test::params_of;
using test::PlainRing;
using test::small_spec;

RunSpec measured_spec() {
  RunSpec spec = small_spec();
  spec.landscape.curvature = 5;
  spec.landscape.curvature_images = 1000;
  return spec;
}

std::vector<std::int64_t> steps_of(const std::vector<CurvatureRecord>& records) {
  std::vector<std::int64_t> steps;
  for (const CurvatureRecord& one : records) steps.push_back(one.step);
  return steps;
}

// 6 epochs of 3 steps.
const std::vector<std::int64_t> kSteps = {0, 5, 10, 15, 18};

TEST(LiveCurvature, IsOfItsStepsAndLeavesTheTrainingAsItIs) {
  TrainingSubject subject(make_training(measured_spec()));
  auto alone = make_training(small_spec());
  std::vector<RunCurvature> wanted;
  for (const std::int64_t step : kSteps) {
    while (alone->steps() < step) ASSERT_TRUE(alone->step());
    wanted.push_back(*measure_curvature(*alone, {.images = 1000, .values = 1, .tolerance = 0.01}));
  }
  while (subject.advance(100) > 0) {
  }
  subject.complete_path();
  EXPECT_EQ(params_of(*subject.training()), params_of(*alone));
  const auto& found = subject.training()->history().curvatures;
  ASSERT_EQ(steps_of(found), kSteps);
  EXPECT_TRUE(std::isnan(found[0].sharpness)) << "Adam has nothing to divide by yet";
  for (std::size_t i = 0; i < found.size(); ++i) {
    EXPECT_EQ(found[i].largest, wanted[i].values.front()) << found[i].step;
    EXPECT_EQ(found[i].batch_sharpness, wanted[i].batch_sharpness) << found[i].step;
    EXPECT_EQ(found[i].limit, wanted[i].limit->sharpness) << found[i].step;
    if (i > 0) {
      EXPECT_EQ(found[i].sharpness, wanted[i].sharpness) << found[i].step;
    }
  }
}

TEST(LiveCurvature, ComesWithTheSurfacesWork) {
  RunSpec spec = measured_spec();
  spec.landscape.grid = 9;
  TrainingSubject subject(make_training(spec));
  while (subject.advance(1) > 0) subject.work(2);
  while (subject.work(64)) {
  }
  EXPECT_EQ(steps_of(subject.training()->history().curvatures), kSteps);
}

TEST(LiveCurvature, GivesUpEverySecondMomentWhereItFallsBehind) {
  RunSpec spec = measured_spec();
  spec.landscape.curvature = 1;
  TrainingSubject subject(make_training(spec));
  while (subject.advance(1) > 0) {
  }
  subject.complete_path();
  const std::vector<std::int64_t> steps = steps_of(subject.training()->history().curvatures);
  EXPECT_LE(steps.size(), LiveCurvature::kMostWaiting);
  EXPECT_GE(steps.size(), LiveCurvature::kMostWaiting / 2);
  EXPECT_EQ(steps.front(), 0);
  EXPECT_EQ(steps.back(), 18);
}

TEST(LiveCurvature, BeginsAndEndsAtACommand) {
  TrainingSubject subject(make_training(small_spec()));
  ASSERT_TRUE(subject.facts().curvature);
  EXPECT_EQ(subject.facts().curvature->every, 0);
  EXPECT_EQ(subject.facts().curvature->usual, 1) << "18 steps are few";
  for (int i = 0; i < 4; ++i) subject.advance(1);
  subject.complete_path();
  EXPECT_TRUE(subject.training()->history().curvatures.empty());
  subject.apply(command::MeasureCurvature{3});
  EXPECT_EQ(subject.facts().curvature->every, 3);
  while (subject.steps() < 9 && subject.advance(9 - subject.steps()) > 0) {
  }
  subject.complete_path();
  EXPECT_EQ(steps_of(subject.training()->history().curvatures), (std::vector<std::int64_t>{4, 6, 9}));
  subject.apply(command::MeasureCurvature{0});
  while (subject.advance(100) > 0) {
  }
  subject.complete_path();
  EXPECT_EQ(subject.training()->history().curvatures.size(), 3U);
  subject.apply(command::Reset{1});
  EXPECT_TRUE(subject.training()->history().curvatures.empty());
}

TEST(LiveCurvature, IsInTheSlot) {
  RunSpec spec = measured_spec();
  spec.optimizer = optimizer_info(OptimizerKind::kMomentum).defaults;
  TrainingSubject subject(make_training(spec));
  PlainRing ring(subject.capacity());
  while (subject.advance(100) > 0) {
  }
  subject.complete_path();
  ASSERT_TRUE(subject.publish(ring, subject.state(), 0));
  const auto frame = *ring.read();
  const auto& records = subject.training()->history().curvatures;
  const CurvatureFacts& facts = frame.facts.curvature;
  ASSERT_EQ(facts.count, kSteps.size());
  for (std::size_t i = 0; i < kSteps.size(); ++i) {
    const CurvaturePoint& point = frame.slot.curvatures()[i];
    EXPECT_EQ(point.step, static_cast<float>(kSteps[i]));
    EXPECT_EQ(point.sharpness, static_cast<float>(records[i].largest));
    EXPECT_EQ(point.batch_sharpness, static_cast<float>(records[i].batch_sharpness));
    EXPECT_EQ(point.limit, static_cast<float>(3.8 / subject.training()->rate()));
  }
  EXPECT_EQ(facts.last.step, 18);
  EXPECT_EQ(facts.values.most, static_cast<float>(3.8 / subject.training()->rate()));
  EXPECT_EQ(std::string(facts.limit_rule.data()), "3.8 / rate");
  EXPECT_EQ(facts.preconditioned, 0U);
  EXPECT_EQ(facts.measuring, 1U);
}

TEST(LiveCurvature, StaysInCheckpointReportAndTable) {
  TrainingSubject subject(make_training(measured_spec()));
  Training& training = *subject.training();
  EXPECT_TRUE(training.history().curvature_csv().empty());
  EXPECT_EQ(training.report().json().find("curvature"), std::string::npos);
  while (training.steps() < 12 && subject.advance(100) > 0) {
  }
  subject.complete_path();
  const auto records = training.history().curvatures;
  ASSERT_GE(records.size(), 3U);
  const auto path =
      std::filesystem::temp_directory_path() / fmt::format("fallline-curvature-{}.safetensors", ::getpid());
  ASSERT_TRUE(write_checkpoint(path, training).ok());
  auto other = make_training(measured_spec());
  ASSERT_TRUE(restore_checkpoint(*read_checkpoint(path), path, *other).ok());
  std::filesystem::remove(path);
  EXPECT_EQ(other->history().curvature_csv(), training.history().curvature_csv());
  EXPECT_EQ(training.history().curvature_csv().substr(0, 45),
            "step,largest,batch_sharpness,sharpness,limit\n");
  const Json report = *Json::parse(training.report().json());
  ASSERT_NE(report.find("curvature"), nullptr);
  ASSERT_EQ(report["curvature"].array()->size(), records.size());
  EXPECT_EQ((*report["curvature"].array())[1]["largest"], Json(records[1].largest));
  EXPECT_EQ((*report["curvature"].array())[0]["sharpness"], Json()) << "none is null";
}

TEST(LiveCurvature, OfANetworkWithoutAWayToItIsASentence) {
  RunSpec spec = measured_spec();
  spec.layers = {{.kind = LayerKind::kDepthwise, .name = "deep", .kernel = 3, .padding = 1, .output = "deep"},
                 {.kind = LayerKind::kGlobalAveragePool, .name = "mean"},
                 {.kind = LayerKind::kDense, .name = "dense", .out_channels = 2}};
  TrainingSubject subject(make_training(spec));
  EXPECT_NE(subject.facts().curvature->refusal.find("deep"), std::string::npos);
  subject.apply(command::MeasureCurvature{1});
  EXPECT_EQ(subject.facts().curvature->every, 0);
  EXPECT_EQ(subject.capacity().curvature_points, 0U);
  const PlaneChoice before = subject.facts().landscape->plane;
  subject.apply(command::SetPlane{{.directions = DirectionKind::kCurvature}});
  EXPECT_EQ(subject.facts().landscape->plane, before) << "nor is there a plane of it";
}

double along(const std::vector<float>& direction, const std::vector<double>& product) {
  double sum = 0;
  for (std::size_t i = 0; i < direction.size(); ++i) sum += static_cast<double>(direction[i]) * product[i];
  return sum;
}

// Its two directions bend the loss as it says, and no other bends it more.
TEST(CurvaturePlane, BendsUpAndDownWhereItIsLaid) {
  RunSpec spec = small_spec();
  spec.landscape.plane = {.directions = DirectionKind::kCurvature};
  spec.landscape.grid = 9;
  auto training = make_training(spec);
  const std::size_t images = training->split().train.size();
  LandscapeTracker landscape(*training);
  while (training->step()) {
    landscape.after_steps();
    landscape.work(2);
  }
  while (landscape.work(64)) {
  }
  const Plane& plane = *landscape.plane();
  ASSERT_EQ(plane.kind, DirectionKind::kCurvature);
  EXPECT_EQ(plane.origin, params_of(*training));
  EXPECT_GT(plane.curvature1, 0);
  EXPECT_LT(plane.curvature2, 0) << "a network that is not at a minimum";
  const CurvatureProbe probe = CurvatureProbe::of(*training, training->split().train, images);
  const CurvatureMoment now = CurvatureMoment::of(*training);
  Hessian<float> hessian(training->program().spec(), fast_multiply,
                         {now.params, now.statistics, probe.images, probe.labels});
  for (const bool first : {true, false}) {
    const std::vector<float>& direction = first ? plane.d1 : plane.d2;
    const double curvature = first ? plane.curvature1 : plane.curvature2;
    std::vector<double> product(hessian.size());
    const std::vector<double> wide(direction.begin(), direction.end());
    hessian.multiply(wide, product);
    EXPECT_NEAR(along(direction, product), curvature, 1e-3 * std::abs(curvature));
  }
  const RunCurvature found = *measure_curvature(*training, {.images = 1000});
  EXPECT_NEAR(plane.curvature1, found.values.front(), 0.05 * found.values.front());
  // So the surface does, from its middle.
  const Surface& surface = *landscape.surface();
  const std::uint32_t side = surface.side(), middle = side / 2;
  const auto height = [&](std::uint32_t row, std::uint32_t column) {
    return surface.heights()[row * side + column];
  };
  EXPECT_GT(height(middle, 0) + height(middle, side - 1), 2 * height(middle, middle));
  float lowest = height(middle, middle);
  for (std::uint32_t row = 0; row < side; ++row) lowest = std::min(lowest, height(row, middle));
  EXPECT_LT(lowest, height(middle, middle));
}

}  // namespace
}  // namespace fl
