// What a person did at the controls: changes are taken back one by one, and a draft becomes a new start.
#include "engine/ui/controls.h"

#include <gtest/gtest.h>

namespace fl {
namespace {

class ControlsTest : public ::testing::Test {
 protected:
  ControlsTest() {
    lesson_.what = "lesson.toml";
    lesson_.trains = true;
    status_.rate = lesson_.run.rate = 0.001;
    status_.optimizer = OptimizerKind::kAdam;
    status_.seed = lesson_.run.seed = 1;
    status_.pace = 20;
    controls_.begin(lesson_, commands_);
  }
  void note(const Command& command, bool held = false) { controls_.note({&command, 1}, status_, held); }
  // What the session is told; none: there was nothing to take back.
  std::vector<Command> take_back() {
    std::vector<Command> commands;
    wishes_ = {};
    if (controls_.take_back(status_, commands, wishes_)) controls_.note(commands, status_, false);
    return commands;
  }

  LessonInfo lesson_;
  Status status_;
  std::vector<Command> commands_;
  Wishes wishes_;
  Controls controls_;
};

using Commands = std::vector<Command>;

TEST_F(ControlsTest, TheLastChangeIsTakenBackFirst) {
  note(command::SetRate{0.1});
  note(command::SetOptimizer{OptimizerKind::kMomentum});
  note(command::SetPace{0});
  note(command::Reset{5});
  note(command::Reset{5});  // rewinds: nothing is changed
  note(command::Play{});
  status_.seed = 5;
  EXPECT_EQ(take_back(), Commands{command::Reset{1}});
  EXPECT_EQ(take_back(), Commands{command::SetPace{20}});
  EXPECT_EQ(take_back(), Commands{command::SetOptimizer{OptimizerKind::kAdam}});
  EXPECT_EQ(take_back(), Commands{command::SetRate{0.001}});
  EXPECT_EQ(take_back(), Commands{}) << "taking back is no change";
}

TEST_F(ControlsTest, ThePlaneAndWhatItShowsAreTakenBack) {
  PlaneChoice pca, three;
  pca.directions = DirectionKind::kPca;
  three.directions = DirectionKind::kThreePoints;
  status_.landscape = {.plane = pca, .surfaces = SurfaceSets::kTrain, .probe_images = 256, .grid = 33};
  note(command::SetPlane{three});
  note(command::SetProbe{64});
  note(command::SetGrid{129});
  note(command::SetGrid{65});
  note(command::SetSurfaces{SurfaceSets::kTrain});  // as it is
  EXPECT_EQ(take_back(), Commands{command::SetGrid{129}});
  EXPECT_EQ(take_back(), Commands{command::SetGrid{33}});
  EXPECT_EQ(take_back(), Commands{command::SetProbe{256}});
  EXPECT_EQ(take_back(), Commands{command::SetPlane{pca}});
  EXPECT_EQ(take_back(), Commands{});
}

TEST_F(ControlsTest, MeasuringCurvatureIsTakenBack) {
  note(command::MeasureCurvature{5});
  EXPECT_EQ(take_back(), Commands{}) << "nothing is trained alone";
  status_.curvature = {.every = 0, .usual = 5, .refusal = {}};
  note(command::MeasureCurvature{5});
  EXPECT_EQ(take_back(), Commands{command::MeasureCurvature{0}});
}

TEST_F(ControlsTest, ASurfaceIsTakenBackWithItsStart) {
  status_.descents = {.surface = "saddle", .formula = {}, .start = {0.5, -1}, .methods = {}};
  note(command::SetStart{{1, 1}});
  status_.descents->start = {1, 1};
  note(command::SetSurface{{}, "x^2 + y^2"});
  status_.descents = {.surface = {}, .formula = "x^2 + y^2", .start = {2, 2}, .methods = {}};
  note(command::SetStart{{0, 3}});
  note(command::SetSurface{"hills"});
  EXPECT_EQ(take_back(), (Commands{command::SetSurface{{}, "x^2 + y^2"}, command::SetStart{{0, 3}}}))
      << "of which the status has not heard yet";
  EXPECT_EQ(take_back(), Commands{(command::SetStart{{2, 2}})});
  EXPECT_EQ(take_back(), (Commands{command::SetSurface{"saddle"}, command::SetStart{{1, 1}}}));
  EXPECT_EQ(take_back(), Commands{(command::SetStart{{0.5, -1}})});
  EXPECT_EQ(take_back(), Commands{});
}

TEST_F(ControlsTest, AStepThatHasNotEndedYetHidesNoChange) {
  note(command::SetRate{0.01});
  note(command::SetRate{0.1});  // the status still says 0.001
  EXPECT_EQ(controls_.in_use(lesson_, status_).rate, 0.1);
  EXPECT_EQ(take_back(), Commands{command::SetRate{0.01}});
  EXPECT_EQ(take_back(), Commands{command::SetRate{0.001}});
}

TEST_F(ControlsTest, ASliderThatIsHeldMakesOneChange) {
  note(command::SetRate{0.5});
  controls_.note({}, status_, true);  // pressed, not moved yet
  note(command::SetRate{0.01}, true);
  note(command::SetRate{0.02}, true);
  note(command::SetRate{0.03}, true);
  controls_.note({}, status_, false);
  note(command::SetRate{0.04}, true);
  EXPECT_EQ(take_back(), Commands{command::SetRate{0.03}});
  EXPECT_EQ(take_back(), Commands{command::SetRate{0.5}});
  EXPECT_EQ(take_back(), Commands{command::SetRate{0.001}});
}

TEST_F(ControlsTest, ADraftChangesNothingUntilItIsStarted) {
  Draft draft;
  draft.set({"train.epochs", "30"});
  draft.set({"train.epochs", "75"});
  controls_.change_draft(draft);
  controls_.change_draft({});
  EXPECT_EQ(take_back(), Commands{});
  EXPECT_EQ(controls_.draft(), draft) << "it was taken back, and is here again";
  note(command::SetRate{0.1});
  controls_.start_again(lesson_, status_, wishes_);
  EXPECT_EQ(wishes_.again, (std::vector<std::string>{"train.epochs=75", "train.rate=0.1"}));
  EXPECT_EQ(controls_.draft(), draft) << "it does not open, perhaps";
}

TEST_F(ControlsTest, AfterAStartItTrainsAsItWasSetAndGoesBack) {
  controls_.change_draft({.settings = {{"train.epochs", "75"}}, .preset = "by-heart"});
  note(command::Reset{4});
  note(command::SetPace{0});
  status_.seed = 4;
  controls_.start_again(lesson_, status_, wishes_);
  lesson_.settings = *wishes_.again;
  lesson_.run.epochs = 75;
  controls_.begin(lesson_, commands_);
  EXPECT_EQ(commands_, (Commands{command::Reset{4}, command::SetPace{0}, command::Play{}}));
  controls_.note(commands_, status_, false);
  EXPECT_EQ(controls_.draft(), Draft());
  EXPECT_EQ(controls_.preset(), "by-heart");
  EXPECT_EQ(controls_.own().epochs, 15);
  EXPECT_EQ(take_back(), Commands{});
  EXPECT_EQ(wishes_.again, std::vector<std::string>{"train.epochs=15"});
  lesson_.settings = *wishes_.again;
  controls_.begin(lesson_, commands_);
  EXPECT_EQ(controls_.preset(), "");
  take_back();
  EXPECT_EQ(wishes_, Wishes()) << "there is nothing before that";
}

TEST_F(ControlsTest, AnotherLessonBeginsAnew) {
  controls_.change_draft({.settings = {{"train.epochs", "75"}}});
  note(command::SetRate{0.1});
  controls_.start_again(lesson_, status_, wishes_);
  lesson_.what = "other.toml";
  lesson_.run.epochs = 9;
  controls_.begin(lesson_, commands_);
  EXPECT_EQ(commands_, Commands{});
  EXPECT_EQ(controls_.draft(), Draft());
  EXPECT_EQ(controls_.own().epochs, 9);
  EXPECT_EQ(take_back(), Commands{});
  EXPECT_EQ(controls_.in_use(lesson_, status_).rate, 0.001);
}

}  // namespace
}  // namespace fl
