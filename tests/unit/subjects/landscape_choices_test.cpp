// Other planes and other images for the landscape, from the start and while a training goes on.
#include <algorithm>
#include <cmath>
#include <vector>

#include <gtest/gtest.h>

#include "tests/support/small_training.h"
#include "trainer/subjects/landscape/landscape_answer.h"
#include "trainer/subjects/landscape/landscape_tracker.h"
#include "trainer/subjects/training_subject.h"

namespace fl {
namespace {

using test::make_training;
using test::params_of;
using test::small_spec;

constexpr DirectionKind kAllDirections[] = {DirectionKind::kPca, DirectionKind::kRandom,
                                            DirectionKind::kThreePoints, DirectionKind::kOsculating,
                                            DirectionKind::kCurvature};

RunSpec spec_of(const PlaneChoice& plane) {
  RunSpec spec = small_spec();
  spec.threads = 1;  // so small a network gains nothing by two
  spec.landscape.plane = plane;
  return spec;
}

void finish(LandscapeTracker& landscape) {
  while (landscape.work(64)) {
  }
}

// How far a point is from the plane, as a share of its distance from another point.
double off(const Plane& plane, const std::vector<float>& point, const std::vector<float>& other) {
  double away = 0, apart = 0;
  const PlaneCoordinates at = plane.project(point);
  for (std::size_t i = 0; i < point.size(); ++i) {
    const double there = static_cast<double>(plane.origin[i]) + at.a * static_cast<double>(plane.d1[i]) +
                         at.b * static_cast<double>(plane.d2[i]);
    away += (static_cast<double>(point[i]) - there) * (static_cast<double>(point[i]) - there);
    const double step = static_cast<double>(point[i]) - static_cast<double>(other[i]);
    apart += step * step;
  }
  return std::sqrt(away / apart);
}

TEST(LandscapeChoices, ThreePointsLieOnTheirPlane) {
  PlaneChoice choice{.directions = DirectionKind::kThreePoints};
  choice.points = {PathMoment{PathMoment::Kind::kStart, 0}, PathMoment{PathMoment::Kind::kStep, 5},
                   PathMoment{PathMoment::Kind::kNow, 0}};
  auto training = make_training(spec_of(choice));
  LandscapeTracker landscape(*training);
  while (training->step()) landscape.after_steps();
  finish(landscape);
  ASSERT_EQ(landscape.plane()->kind, DirectionKind::kThreePoints);
  const std::vector<Snapshot>& path = landscape.trajectory().snapshots();
  ASSERT_EQ(path[5].step, 5);
  const Plane& plane = *landscape.plane();
  for (const std::size_t i : {std::size_t{0}, std::size_t{5}, path.size() - 1})
    EXPECT_LT(off(plane, path[i].params, path[i == 0 ? 5 : 0].params), 1e-6) << i;
  EXPECT_GT(off(plane, path[9].params, path[0].params), 1e-3) << "others are beside it";
  EXPECT_EQ(plane.origin, path.back().params);
  EXPECT_LT(std::abs(plane.project(path.front().params).b), 1e-6)
      << "the axis a runs through the first and the third";
  EXPECT_GT(plane.project(path[5].params).b, 0);
  for (const PathPoint& point : landscape.path())
    EXPECT_TRUE(point.a > plane.a_min && point.a < plane.a_max && point.b > plane.b_min &&
                point.b < plane.b_max);
  // So what the surface says there is what the weights have.
  EXPECT_NEAR(landscape.path().front().slice_loss, landscape.path().front().real_loss, 1e-4);
  EXPECT_NEAR(landscape.path()[5].slice_loss, landscape.path()[5].real_loss, 1e-4);
}

// However few snapshots there are, the three iterates are consecutive.
TEST(LandscapeChoices, TheLastThreeIteratesLieOnTheOsculatingPlane) {
  RunSpec spec = spec_of({.directions = DirectionKind::kOsculating});
  spec.epochs = 40;
  spec.landscape.snapshots = 8;
  TrainingSubject subject(make_training(spec));
  auto alone = make_training(spec);
  std::vector<std::vector<float>> iterates;
  while (alone->step()) iterates.push_back(params_of(*alone));
  while (subject.advance(100) > 0) {
  }
  while (subject.work(64)) {
  }
  const Plane& plane = *subject.landscape().plane();
  ASSERT_EQ(plane.kind, DirectionKind::kOsculating);
  const std::size_t last = iterates.size() - 1;
  EXPECT_EQ(plane.origin, iterates[last]);
  EXPECT_LT(off(plane, iterates[last - 1], iterates[last]), 1e-5);
  EXPECT_LT(off(plane, iterates[last - 2], iterates[last]), 1e-5);
  EXPECT_GT(off(plane, iterates[last - 4], iterates[last]), 1e-2);
  EXPECT_EQ(params_of(*subject.training()), iterates[last]) << "stopping more often changes no bytes";
}

TEST(LandscapeChoices, NoEvaluationTouchesWhatBatchNormGathered) {
  constexpr SurfaceSets kSets[] = {SurfaceSets::kTrain, SurfaceSets::kTest, SurfaceSets::kBoth};
  for (std::size_t i = 0; i < std::size(kAllDirections); ++i) {
    const DirectionKind directions = kAllDirections[i];
    RunSpec spec = spec_of({.directions = directions});
    spec.network = "ct-resnet";
    spec.epochs = 2;
    spec.landscape.grid = 9;
    spec.landscape.surfaces = kSets[i % std::size(kSets)];
    auto training = make_training(spec);
    LandscapeTracker landscape(*training);
    const auto buffers = [&] {
      std::vector<float> values(training->program().layout().statistic_floats);
      training->program().read_statistics(values);
      return values;
    };
    ASSERT_FALSE(buffers().empty());
    while (training->step()) {
      landscape.after_steps();
      const std::vector<float> before = buffers(), weights = params_of(*training);
      landscape.work(10);
      landscape.catch_up();
      ASSERT_EQ(buffers(), before);
      ASSERT_EQ(params_of(*training), weights);
    }
    const std::vector<float> before = buffers();
    landscape.choose(PlaneChoice{.directions = directions, .anchor = PlaneAnchor::kStart});
    landscape.choose_probe(5);
    landscape.complete_path();
    finish(landscape);
    EXPECT_EQ(buffers(), before);
    EXPECT_EQ(landscape.plane()->kind, directions);
  }
}

TEST(LandscapeChoices, WhatIsShownStaysUntilTheNextHasHeights) {
  auto training = make_training(small_spec());
  LandscapeTracker landscape(*training);
  for (int i = 0; i < 10; ++i) {
    training->step();
    landscape.after_steps();
  }
  finish(landscape);
  const std::uint32_t number = landscape.plane_number();
  const std::uint64_t version = landscape.version();
  landscape.choose(landscape.choice().plane);
  landscape.choose(SurfaceSets::kTrain);
  finish(landscape);
  EXPECT_EQ(landscape.plane_number(), number) << "the same again";
  EXPECT_EQ(landscape.version(), version);

  landscape.choose(PlaneChoice{.directions = DirectionKind::kThreePoints});
  landscape.choose(SurfaceSets::kTest);
  while (landscape.plane_number() == number) {
    ASSERT_TRUE(landscape.surface()->ready());
    ASSERT_FALSE(landscape.of_test());
    ASSERT_NE(landscape.plane()->kind, DirectionKind::kThreePoints);
    ASSERT_TRUE(landscape.work(1));
  }
  EXPECT_EQ(landscape.plane()->kind, DirectionKind::kThreePoints);
  EXPECT_TRUE(landscape.surface()->ready());
  EXPECT_TRUE(landscape.of_test());
  EXPECT_EQ(landscape.probe_images(), training->split().test.size());
  ASSERT_FALSE(landscape.path().empty()) << "the ball is there at once";
  finish(landscape);
  ASSERT_EQ(landscape.path().size(), 11u);
  const std::vector<float> now = params_of(*training);
  for (std::size_t i = 0; i < landscape.path().size(); ++i) {
    training->program().write_params(landscape.trajectory().snapshots()[i].params);
    EXPECT_NEAR(landscape.path()[i].real_loss,
                training->program().evaluate(training->split().test, {}).batch.loss, 1e-5)
        << i;
  }
  training->program().write_params(now);

  landscape.choose(SurfaceSets::kBoth);
  landscape.choose_probe(4);
  finish(landscape);
  EXPECT_FALSE(landscape.of_test());
  EXPECT_EQ(landscape.probe_images(), 4u);
  EXPECT_EQ(landscape.test_probe_images(), std::min<std::size_t>(4, training->split().test.size()));
  ASSERT_NE(landscape.test_surface(), nullptr);
  EXPECT_EQ(landscape.choice(),
            (LandscapeChoice{{.directions = DirectionKind::kThreePoints}, SurfaceSets::kBoth, 4, 17}));
}

TEST(LandscapeChoices, AnotherGridKeepsThePlaneAndWhatIsShownUntilItHasHeights) {
  auto training = make_training(small_spec());
  LandscapeTracker landscape(*training);
  for (int i = 0; i < 10; ++i) {
    training->step();
    landscape.after_steps();
  }
  finish(landscape);
  ASSERT_EQ(landscape.surface()->side(), 17u);
  const float low = landscape.surface()->minimum(), high = landscape.surface()->maximum();
  for (const int side : {33, 9}) {
    const std::uint32_t number = landscape.plane_number(), before = landscape.surface()->side();
    landscape.choose(SurfaceSets::kBoth);
    landscape.choose_grid(side);
    while (landscape.plane_number() == number) {
      ASSERT_EQ(landscape.surface()->side(), before);
      ASSERT_TRUE(landscape.surface()->ready());
      ASSERT_TRUE(landscape.work(1));
    }
    finish(landscape);
    EXPECT_EQ(landscape.choice().grid, side);
    EXPECT_EQ(landscape.surface()->side(), static_cast<std::uint32_t>(side));
    ASSERT_NE(landscape.test_surface(), nullptr);
    EXPECT_EQ(landscape.test_surface()->side(), static_cast<std::uint32_t>(side)) << "both have one grid";
    EXPECT_EQ(landscape.plane()->kind, DirectionKind::kPca);
    EXPECT_NEAR(landscape.surface()->minimum(), low, 0.1f * (high - low)) << "the same landscape";
    EXPECT_NEAR(landscape.surface()->maximum(), high, 0.1f * (high - low));
  }
  // Whoever chose one keeps it, also after a rewind.
  landscape.reset();
  finish(landscape);
  EXPECT_EQ(landscape.surface()->side(), 9u);
}

// At the start no path spans a plane yet: the images change at once, the plane when it can.
TEST(LandscapeChoices, APlaneThatThePathDoesNotHaveYetComesLater) {
  auto training = make_training(small_spec());
  LandscapeTracker landscape(*training);
  finish(landscape);
  landscape.choose(PlaneChoice{.directions = DirectionKind::kOsculating});
  landscape.choose_probe(6);
  finish(landscape);
  EXPECT_EQ(landscape.probe_images(), 6u);
  EXPECT_EQ(landscape.plane()->kind, DirectionKind::kRandom);
  for (int i = 0; i < 2; ++i) {
    training->step();
    landscape.after_steps();
    finish(landscape);
  }
  EXPECT_EQ(landscape.plane()->kind, DirectionKind::kOsculating);
}

TEST(LandscapeChoices, AnAnchorIsWhatThePlaneGoesThrough) {
  std::uint32_t planes[2] = {};
  for (const PlaneAnchor anchor : {PlaneAnchor::kNow, PlaneAnchor::kFollow}) {
    auto training = make_training(spec_of({.directions = DirectionKind::kRandom, .anchor = anchor}));
    LandscapeTracker landscape(*training);
    while (training->step()) {
      landscape.after_steps();
      finish(landscape);
      if (anchor == PlaneAnchor::kNow) continue;
      EXPECT_EQ(landscape.plane()->origin, params_of(*training)) << "the ball is in the middle";
      EXPECT_NEAR(landscape.path().back().real_loss, landscape.path().back().slice_loss, 1e-4);
    }
    planes[anchor == PlaneAnchor::kFollow] = landscape.plane_number();
  }
  EXPECT_GT(planes[1], planes[0]);

  for (const DirectionKind directions : {DirectionKind::kPca, DirectionKind::kRandom}) {
    auto training = make_training(spec_of({.directions = directions, .anchor = PlaneAnchor::kStart}));
    LandscapeTracker landscape(*training);
    const std::vector<float> start = params_of(*training);
    while (training->step()) {
      landscape.after_steps();
      finish(landscape);
    }
    EXPECT_EQ(landscape.plane()->kind, directions);
    EXPECT_LT(off(*landscape.plane(), start, params_of(*training)), 1e-5);
    EXPECT_NEAR(landscape.path().front().real_loss, landscape.path().front().slice_loss, 1e-4);
    if (directions == DirectionKind::kRandom) {
      EXPECT_EQ(landscape.plane_number(), 1u) << "it stays where it is";
    }
  }
}

TEST(LandscapeAnswers, TellTheGridPointAndThePathThere) {
  RunSpec spec = small_spec();
  spec.landscape.grid = 33;
  spec.landscape.error = 0.05;
  spec.landscape.surfaces = SurfaceSets::kBoth;
  auto training = make_training(spec);
  LandscapeTracker landscape(*training);
  while (training->step()) landscape.after_steps();
  finish(landscape);
  const LandscapeView view = landscape.view();
  const Plane& plane = *landscape.plane();
  bool evaluated = false, predicted = false;
  for (std::uint32_t row = 0; row < 33; ++row)
    for (std::uint32_t column = 0; column < 33; ++column) {
      const double a = plane.a_min + column * (plane.a_max - plane.a_min) / 32;
      const double b = plane.b_min + row * (plane.b_max - plane.b_min) / 32;
      // A little beside it: the nearest counts.
      const auto told = answer(view, {std::min(a + 0.01 * (plane.a_max - plane.a_min), plane.a_max), b});
      ASSERT_TRUE(told);
      EXPECT_NEAR(told->a, a, 1e-9);
      EXPECT_NEAR(told->b, b, 1e-9);
      EXPECT_EQ(told->surface.loss, landscape.surface()->heights()[row * 33 + column]);
      const bool exact = landscape.surface()->cells()[row * 33 + column] == kCellEvaluated;
      EXPECT_EQ(told->surface.state == CellState::kEvaluated, exact);
      EXPECT_EQ(told->surface.bound, exact ? 0 : landscape.surface()->error());
      ASSERT_TRUE(told->glass && told->glass->of_test && !told->surface.of_test);
      EXPECT_EQ(told->glass->loss, landscape.test_surface()->heights()[row * 33 + column]);
      evaluated |= exact;
      predicted |= !exact;
    }
  EXPECT_TRUE(evaluated && predicted) << "both kinds were seen";
  const PathPoint ball = landscape.path().back();
  const auto at_ball = answer(view, {ball.a, ball.b});
  ASSERT_TRUE(at_ball && at_ball->on_path);
  EXPECT_EQ(at_ball->on_path->step, ball.step);
  EXPECT_EQ(at_ball->on_path->real_loss, ball.real_loss);
  EXPECT_FALSE(answer(view, {plane.a_min, plane.b_min})->on_path) << "nothing lies in the corner";
  EXPECT_EQ(answer(view, {plane.a_max + 1, 0}), std::nullopt);
  EXPECT_EQ(answer(view, {std::nan(""), 0}), std::nullopt);
  EXPECT_EQ(answer({}, {0, 0}), std::nullopt);
}

}  // namespace
}  // namespace fl
