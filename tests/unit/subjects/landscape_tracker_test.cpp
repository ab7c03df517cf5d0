// The landscape beside a training: its planes, its surfaces, and what its path says.
#include "trainer/subjects/landscape/landscape_tracker.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include <gtest/gtest.h>

#include "tests/support/plain_ring.h"
#include "tests/support/small_training.h"
#include "trainer/subjects/frame_writer.h"

namespace fl {
namespace {

using test::make_training;
using test::params_of;
using test::PlainRing;
using test::small_spec;

TEST(LandscapeTracker, ZeroWeightsHaveALandscapeToo) {
  RunSpec spec = small_spec();
  spec.init = "zeros";
  auto training = make_training(spec);
  LandscapeTracker landscape(*training);
  while (landscape.work(64)) {
  }
  EXPECT_TRUE(landscape.surface()->finished());
  EXPECT_GT(landscape.surface()->maximum(), landscape.surface()->minimum());
}

TEST(LandscapeTracker, TheTestSetsSurfaceLiesOverTheSamePlane) {
  RunSpec spec = small_spec();
  spec.landscape.surfaces = SurfaceSets::kBoth;
  auto training = make_training(spec);
  ASSERT_FALSE(training->split().test.empty());
  LandscapeTracker landscape(*training);
  EXPECT_EQ(landscape.test_surface(), nullptr);
  while (training->step()) {
    landscape.after_steps();
    landscape.work(20);
  }
  while (landscape.work(64)) {
  }
  EXPECT_EQ(landscape.points_left(), 0u);
  ASSERT_NE(landscape.test_surface(), nullptr);
  EXPECT_TRUE(landscape.surface()->finished() && landscape.test_surface()->finished());
  // The middle cell of both, by hand.
  const Plane& p = *landscape.plane();
  const auto a = static_cast<float>((p.a_min + p.a_max) / 2), b = static_cast<float>((p.b_min + p.b_max) / 2);
  std::vector<float> moved(p.origin.size());
  for (std::size_t k = 0; k < moved.size(); ++k) moved[k] = p.origin[k] + a * p.d1[k] + b * p.d2[k];
  training->program().write_params(moved);
  const auto loss = [&](std::span<const std::int32_t> set) { return training->program().evaluate(set, {}).batch.loss; };
  EXPECT_NEAR(landscape.test_surface()->heights()[8 * 17 + 8], loss(training->split().test), 1e-4);
  EXPECT_NEAR(landscape.surface()->heights()[8 * 17 + 8], loss(training->split().train), 1e-4);

  FrameWriter writer(*training, landscape);
  PlainRing ring(writer.capacity());
  ASSERT_TRUE(writer.publish(ring, RunState::kFinished, 0));
  const auto read = ring.read();
  ASSERT_TRUE(read);
  EXPECT_EQ(read->facts.test_evaluated, landscape.test_surface()->evaluated());
  EXPECT_EQ(read->slot.test_heights()[8 * 17 + 8], landscape.test_surface()->heights()[8 * 17 + 8]);
}

TEST(LandscapeTracker, RefinesInTheScaleThatIsDrawn) {
  RunSpec spec = small_spec();
  spec.landscape.grid = 33;
  spec.landscape.error = 0.05;
  auto training = make_training(spec);
  LandscapeTracker landscape(*training);
  const auto finish = [&] {
    while (landscape.work(64)) {
    }
    EXPECT_TRUE(landscape.surface()->finished());
  };
  const auto error = [&](LossScale scale) { return landscape.surface()->error(scale); };
  landscape.choose(LossScale::kLinear);
  finish();
  EXPECT_LE(error(LossScale::kLinear), spec.landscape.error);
  const std::uint32_t before = landscape.surface()->evaluated();
  landscape.choose(LossScale::kLog);
  finish();
  EXPECT_LE(error(LossScale::kLog), spec.landscape.error);
  EXPECT_GE(landscape.surface()->evaluated(), before);
  EXPECT_LT(landscape.surface()->evaluated(), 33u * 33u);
}

// A path that grows fast wants a new plane all the time; the viewer must still get to see surfaces, but none that
// the ball has left.
TEST(LandscapeTracker, EveryPlaneIsShownUntilItIsGoodEnoughOrTheBallHasLeft) {
  RunSpec spec = small_spec();
  spec.epochs = 40;
  auto training = make_training(spec);
  LandscapeTracker landscape(*training);
  std::uint32_t frame = landscape.plane_number(), planes = 0;
  bool good = false;
  while (training->step()) {
    landscape.after_steps();
    for (int point = 0; point < 12; ++point) {
      const Plane& p = *landscape.plane();
      const PathPoint& ball = landscape.path().back();
      const bool inside = ball.a >= p.a_min && ball.a <= p.a_max && ball.b >= p.b_min && ball.b <= p.b_max;
      good |= landscape.surface()->good_enough() || (!inside && landscape.surface()->ready());
      landscape.work(1);
      if (landscape.plane_number() == frame) continue;
      EXPECT_TRUE(good || planes == 0) << "plane " << frame << " was replaced too early, at step " << training->steps();
      EXPECT_TRUE(landscape.surface()->ready()) << "a new plane comes with a height everywhere";
      frame = landscape.plane_number();
      ++planes;
      good = false;
    }
  }
  EXPECT_GE(planes, 2u);
}

// One snapshot in fifteen steps.
RunSpec few_snapshots() {
  RunSpec spec = small_spec();
  spec.epochs = 40;
  spec.landscape.snapshots = 8;
  return spec;
}

TEST(LandscapeTracker, CatchesUpBetweenSnapshots) {
  auto training = make_training(few_snapshots());
  LandscapeTracker landscape(*training);
  for (int i = 0; i < 4; ++i) {
    training->step();
    landscape.after_steps();
  }
  EXPECT_EQ(landscape.path().back().step, 0);
  landscape.catch_up();
  ASSERT_EQ(landscape.path().size(), 2u);
  EXPECT_EQ(landscape.path().back().step, 4);
  for (int i = 0; i < 3; ++i) {
    training->step();
    landscape.after_steps();
  }
  landscape.catch_up();
  ASSERT_EQ(landscape.path().size(), 2u) << "what was only for now is replaced";
  EXPECT_EQ(landscape.path().back().step, 7);
  EXPECT_NEAR(landscape.path().back().real_loss,
              training->program().evaluate(training->split().train, {}).batch.loss, 1e-6);
}

// A snapshot costs nothing but its copy until its loss is asked for; then it is that of an evaluation at
// once.
TEST(LandscapeTracker, LossesOfSnapshotsThatWaitedAreThoseOfTheirWeights) {
  auto at_once = make_training(small_spec()), later = make_training(small_spec());
  LandscapeTracker prompt(*at_once), waiting(*later);
  for (int i = 0; i < 6; ++i) {
    at_once->step();
    prompt.after_steps();
    prompt.catch_up();
    later->step();
    waiting.after_steps();
  }
  EXPECT_EQ(waiting.path().size(), 1u) << "only the start is known";
  EXPECT_GT(waiting.points_left(), prompt.points_left());
  waiting.complete_path();
  ASSERT_EQ(waiting.path().size(), prompt.path().size());
  for (std::size_t i = 0; i < prompt.path().size(); ++i) {
    EXPECT_EQ(waiting.path()[i].step, prompt.path()[i].step);
    EXPECT_EQ(waiting.path()[i].real_loss, prompt.path()[i].real_loss) << i;
    EXPECT_EQ(waiting.path()[i].a, prompt.path()[i].a) << i;
  }
}

// A snapshot whose loss waits takes the place of one that stood for a moment; the ball stays where that was.
TEST(LandscapeTracker, TheBallStaysUntilANewerOneIsKnown) {
  auto training = make_training(few_snapshots());
  LandscapeTracker landscape(*training);
  const auto train_to = [&](std::int64_t steps) {
    while (training->steps() < steps && training->step()) landscape.after_steps();
  };
  train_to(7);
  landscape.catch_up();
  EXPECT_EQ(landscape.path().back().step, 7);
  train_to(16);  // over a snapshot, which takes the place of that at 7
  EXPECT_EQ(landscape.path().back().step, 7);
  landscape.catch_up();
  EXPECT_EQ(landscape.path().back().step, 16);
  landscape.complete_path();
  ASSERT_EQ(landscape.path().size(), 3u);
  EXPECT_EQ(landscape.path()[1].step, 15);
}

TEST(LandscapeTracker, SliceLossesArePredictedUntilTheyAreEvaluated) {
  RunSpec spec = small_spec();
  spec.landscape.grid = 33;
  spec.landscape.error = 0.02;
  auto training = make_training(spec);
  LandscapeTracker landscape(*training);
  while (!landscape.surface()->ready()) landscape.work(1);
  ASSERT_FALSE(landscape.surface()->finished());
  const PathPoint ball = landscape.path().back();
  EXPECT_EQ(ball.slice_loss, static_cast<float>(landscape.surface()->predicted(ball.a, ball.b).value()));
  while (landscape.work(64)) {
  }
  EXPECT_TRUE(landscape.surface()->finished());
  // The random plane goes through the start, and the ball is there.
  EXPECT_NEAR(landscape.path().back().slice_loss, landscape.path().back().real_loss, 1e-6);
  EXPECT_EQ(landscape.points_left(), 0u);
}

TEST(LandscapeTracker, LargeNetworksKeepFewerSnapshots) {
  LandscapeSpec landscape;
  EXPECT_EQ(landscape.path_megabytes, 256);
  EXPECT_EQ(kept_snapshots(landscape, 60'000), 192u) << "46 MB";
  EXPECT_EQ(kept_snapshots(landscape, 1'000'000), 64u);
  EXPECT_EQ(kept_snapshots(landscape, 50'000'000), 8u) << "a plane needs some";
  landscape.snapshots = 20;
  EXPECT_EQ(kept_snapshots(landscape, 1'000'000), 20u);

  RunSpec spec = small_spec();
  auto training = make_training(spec);
  const std::size_t floats = training->program().layout().floats;
  spec.landscape.path_megabytes = static_cast<double>(10 * floats * sizeof(float)) / 1e6;
  training = make_training(spec);
  LandscapeTracker tracker(*training);
  while (training->step()) tracker.after_steps();
  EXPECT_LE(tracker.trajectory().snapshots().size(), 10u);
  EXPECT_EQ(tracker.trajectory().snapshots().front().step, 0);
  EXPECT_EQ(tracker.trajectory().snapshots().back().step, training->steps());
  EXPECT_NE(tracker.trajectory().principal_plane(nullptr), std::nullopt);
}

TEST(LandscapeTracker, SurfaceAndPathTellTheTruth) {
  auto training = make_training(small_spec());
  LandscapeTracker landscape(*training);
  ASSERT_NE(landscape.surface(), nullptr);
  EXPECT_EQ(landscape.plane()->kind, DirectionKind::kRandom);
  while (training->step()) {
    landscape.after_steps();
    landscape.work(20);
  }
  while (landscape.work(64)) {
  }
  ASSERT_TRUE(landscape.surface()->finished());
  EXPECT_EQ(landscape.plane()->kind, DirectionKind::kPca);
  const auto& path = landscape.path();
  ASSERT_EQ(path.size(), 19u);  // the start and 18 steps
  const auto trained = params_of(*training);
  EXPECT_NEAR(path.back().off_plane, 0, 1e-3) << "the plane goes through the newest weights";

  // Real and slice losses against evaluations by hand.
  std::vector<std::int32_t> probe = training->split().train;
  for (const std::size_t i : {std::size_t{0}, path.size() / 2, path.size() - 1}) {
    training->program().write_params(landscape.trajectory().snapshots()[i].params);
    EXPECT_NEAR(path[i].real_loss, training->program().evaluate(probe, {}).batch.loss, 1e-5) << i;
    std::vector<float> moved(trained.size());
    const Plane& p = *landscape.plane();
    for (std::size_t k = 0; k < moved.size(); ++k)
      moved[k] = p.origin[k] + path[i].a * p.d1[k] + path[i].b * p.d2[k];
    training->program().write_params(moved);
    EXPECT_NEAR(path[i].slice_loss, training->program().evaluate(probe, {}).batch.loss, 1e-4) << i;
  }
  // One cell of the grid likewise: column 3, row 13.
  const Plane& p = *landscape.plane();
  const double a = p.a_min + (p.a_max - p.a_min) * 3 / 16, b = p.b_min + (p.b_max - p.b_min) * 13 / 16;
  std::vector<float> moved(trained.size());
  for (std::size_t k = 0; k < moved.size(); ++k)
    moved[k] =
        static_cast<float>(p.origin[k] + a * static_cast<double>(p.d1[k]) + b * static_cast<double>(p.d2[k]));
  training->program().write_params(moved);
  EXPECT_NEAR(landscape.surface()->heights()[13 * 17 + 3], training->program().evaluate(probe, {}).batch.loss,
              1e-4);
}

TEST(LandscapeTracker, WatchingChangesNothing) {
  auto watched = make_training(small_spec()), alone = make_training(small_spec());
  LandscapeTracker landscape(*watched);
  FrameWriter writer(*watched, landscape);
  PlainRing ring(writer.capacity());
  while (watched->step()) {
    landscape.after_steps();
    landscape.work(7);
    writer.publish(ring, RunState::kTraining, 1);
  }
  while (alone->step()) {
  }
  EXPECT_EQ(params_of(*watched), params_of(*alone));
  EXPECT_EQ(watched->history().csv(), alone->history().csv());
}

}  // namespace
}  // namespace fl
