// The table of actions: its keys, and what each does; no window and no device.
#include "engine/ui/actions.h"

#include <cmath>
#include <fstream>
#include <map>
#include <set>
#include <sstream>

#include <GLFW/glfw3.h>
#include <gtest/gtest.h>

#include "engine/ui/panels/panels.h"
#include "engine/ui/panels/preview.h"
#include "engine/ui/run_actions.h"
#include "trainer/base/check.h"
#include "trainer/base/limits.h"

namespace fl {
namespace {

std::string contents(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

class Actions : public ::testing::Test {
 protected:
  Actions() {
    viewer_.watch(view_);
    viewer_.resize({1280, 800}, {.bottom = 80});
  }
  bool press(int key, bool held = false) { return fl::press(key, held, context_); }
  void act(std::string_view name) { action(name).act(context_); }

  Status status_;
  Frame shown_{};
  ViewState view_;
  Viewer viewer_;
  std::string_view panel_;
  std::vector<Command> commands_;
  LessonInfo lesson_;
  Wishes wishes_;
  Controls controls_;
  ActionContext context_{status_, lesson_, shown_, view_, viewer_, panel_, commands_, wishes_, controls_};
};

TEST_F(Actions, TheReadmeHasTheTableOfKeys) {
  std::string table = "| key | |\n|---|---|\n";
  for (const KeyLine& line : key_lines()) table += "| " + line.joined() + " | " + line.help + " |\n";
  const std::string readme = contents(FALLLINE_SOURCE_DIR "/README.md");
  EXPECT_NE(readme.find("\n\n" + table + "\n"), std::string::npos)
      << "The keys in README.md are not those of engine/ui/actions/actions.cpp. Put this in their place:\n"
      << table;
}

TEST_F(Actions, RunsOfARaceAreShownOneAfterTheOther) {
  EXPECT_FALSE(press(GLFW_KEY_Y)) << "there is no race";
  lesson_.raced = {"0.1", "0.2", "0.3"};
  std::vector<std::uint32_t> hidden;
  for (int i = 0; i < 4; ++i) {
    EXPECT_TRUE(press(GLFW_KEY_Y));
    hidden.push_back(view_.hidden_runs);
  }
  EXPECT_EQ(hidden, (std::vector<std::uint32_t>{0b110, 0b101, 0b011, 0}));
  view_.hidden_runs = 0b001;  // somebody hid the first in the table
  EXPECT_TRUE(press(GLFW_KEY_Y));
  EXPECT_EQ(view_.hidden_runs, 0b110u);
}

TEST_F(Actions, MeasuringCurvatureBeginsAndEnds) {
  act("measure-curvature");
  status_.curvature = {.every = 0, .usual = 7, .refusal = "Layer deep has none."};
  act("measure-curvature");
  EXPECT_TRUE(commands_.empty());
  status_.curvature->refusal.clear();
  act("measure-curvature");
  status_.curvature->every = 3;
  act("measure-curvature");
  EXPECT_EQ(commands_, (std::vector<Command>{command::MeasureCurvature{7}, command::MeasureCurvature{0}}));
  lesson_.trains = true;
  act("curves-curvature");
  EXPECT_EQ(view_.curves.kind, CurvesKind::kCurvature);
}

TEST_F(Actions, ARunIsForkedWhereItCanBe) {
  EXPECT_TRUE(press(GLFW_KEY_Q));
  EXPECT_TRUE(press(GLFW_KEY_U));
  act("fork-rate-up");
  EXPECT_EQ(commands_, (std::vector<Command>{command::MakeFork{ForkChange::kRiver},
                                             command::MakeFork{ForkChange::kOrder},
                                             command::MakeFork{ForkChange::kRateUp}}));
  status_.no_fork = "The run is at its end; rewind it, and fork while it trains.";
  EXPECT_TRUE(press(GLFW_KEY_Q));
  EXPECT_EQ(commands_.size(), 3u);
  EXPECT_EQ(wishes_.say, status_.no_fork);
}

TEST_F(Actions, AnotherStepOfTheForksIsChosenAndNoneBeyondTheEnds) {
  EXPECT_FALSE(press(GLFW_KEY_RIGHT_BRACKET)) << "nobody asks";
  shown_.facts.fate = {.count = 2, .chosen = 0};
  shown_.facts.fate.steps[1].step = 24;
  EXPECT_TRUE(press(GLFW_KEY_LEFT_BRACKET));
  EXPECT_TRUE(press(GLFW_KEY_RIGHT_BRACKET));
  shown_.facts.fate.chosen = 1;
  EXPECT_TRUE(press(GLFW_KEY_RIGHT_BRACKET));
  EXPECT_EQ(commands_, (std::vector<Command>{command::ChooseForkStep{0}, command::ChooseForkStep{24},
                                             command::ChooseForkStep{24}}));
  shown_.facts.race.forks = 1;
  EXPECT_FALSE(press(GLFW_KEY_Z)) << "they are the lesson's";
}

TEST_F(Actions, TheCellsOfAFolderAreNotTrainedAgain) {
  lesson_.cells_stay = true;
  EXPECT_TRUE(press(GLFW_KEY_R));
  EXPECT_TRUE(commands_.empty());
  EXPECT_NE(wishes_.say.find("lie in a folder"), std::string::npos);
  lesson_.cells_stay = false;
  EXPECT_TRUE(press(GLFW_KEY_R));
  EXPECT_EQ(commands_.size(), 1u);
}

TEST_F(Actions, ForksThatHaveGoneHideNothing) {
  shown_.facts.race.forks = 1;
  shown_.facts.race.lanes = 3;
  shown_.header.paths[1].color = 1;
  shown_.header.paths[2].color = 2;
  view_.hidden_runs = 0b011;  // the second fork alone
  remove_fork(context_, 2);
  EXPECT_EQ(commands_, (std::vector<Command>{command::RemoveFork{2}}));
  EXPECT_EQ(view_.hidden_runs, 0u) << "nothing is shown any more";
  view_.hidden_runs = 0b101;
  remove_fork(context_, 2);
  EXPECT_EQ(view_.hidden_runs, 0b001u) << "somebody has hidden the run, and sees the other fork";
  view_.hidden_runs = 0b101;
  forget_gone_forks(context_);
  EXPECT_EQ(view_.hidden_runs, 0b101u);
  shown_.facts.race.lanes = 2;
  forget_gone_forks(context_);
  EXPECT_EQ(view_.hidden_runs, 0b001u);
  shown_.facts.race = {};  // a rewind
  forget_gone_forks(context_);
  EXPECT_EQ(view_.hidden_runs, 0u);
  lesson_.raced = {"0.1", "0.2"};
  view_.hidden_runs = 0b10;
  forget_gone_forks(context_);
  EXPECT_EQ(view_.hidden_runs, 0b10u);
}

TEST_F(Actions, ForksAreShownOneAfterTheOtherAndRemoved) {
  EXPECT_FALSE(press(GLFW_KEY_Z)) << "there is none";
  shown_.facts.race.forks = 1;
  shown_.facts.race.lanes = 3;
  shown_.header.paths[1].color = 2;  // the first was removed
  shown_.header.paths[2].color = 3;
  std::vector<std::uint32_t> hidden;
  for (int i = 0; i < 4; ++i) {
    EXPECT_TRUE(press(GLFW_KEY_Y));
    hidden.push_back(view_.hidden_runs);
  }
  EXPECT_EQ(hidden, (std::vector<std::uint32_t>{0b1100, 0b1001, 0b0101, 0}));
  EXPECT_TRUE(press(GLFW_KEY_Z));
  EXPECT_EQ(commands_, (std::vector<Command>{command::RemoveFork{0}}));
}

TEST_F(Actions, NamesAreUniqueAndPlain) {
  std::set<std::string_view> names;
  for (const Action& one : actions()) {
    EXPECT_TRUE(names.insert(one.name).second) << one.name;
    EXPECT_EQ(one.name.find_first_not_of("abcdefghijklmnopqrstuvwxyz-"), std::string_view::npos) << one.name;
  }
  EXPECT_THROW((void)action("fly"), CheckFailure);
}

// Where two actions share a key, the first must be able to leave it to the second.
TEST_F(Actions, OnlyEscapeAndAClickersKeysMeanMoreThanOneThing) {
  std::map<int, int> uses;
  for (const Action& one : actions())
    for (const int key : one.keys) ++uses[key];
  uses.erase(0);
  for (const int key : {GLFW_KEY_ESCAPE, GLFW_KEY_RIGHT, GLFW_KEY_PERIOD}) uses.erase(key);
  for (const auto& [key, count] : uses) EXPECT_EQ(count, 1) << key;
}

TEST_F(Actions, PhasesAreOfTwoParametersOnly) {
  EXPECT_FALSE(press(GLFW_KEY_J));
  status_.descents.emplace();
  EXPECT_TRUE(press(GLFW_KEY_J));
  EXPECT_EQ(commands_, (std::vector<Command>{command::Phase{}}));
}

// A click asks where it meets the surface, once it is sure that no second one follows.
TEST_F(Actions, AClickOnASurfaceOfTwoParametersIsANewStart) {
  WindowInput click;
  click.click = glm::vec2{400, 360};
  viewer_.handle(click, shown_, 0.01);
  viewer_.handle({}, shown_, 1);
  EXPECT_FALSE(viewer_.question()) << "of a network there is none";
  shown_.facts.directions = DirectionKind::kParameters;
  viewer_.handle(click, shown_, 0.01);
  viewer_.handle({}, shown_, 0.1);
  EXPECT_FALSE(viewer_.question());
  viewer_.handle({}, shown_, 0.3);
  ASSERT_TRUE(viewer_.question());
  EXPECT_TRUE(viewer_.question()->start);
  const OrbitCamera before = view_.camera;
  viewer_.answer(viewer_.question()->ray, glm::vec3{0.25f, 0.5f, -0.5f});
  EXPECT_FALSE(viewer_.question());
  EXPECT_EQ(viewer_.take_start(), (glm::vec3{0.25f, 0.5f, -0.5f}));
  EXPECT_FALSE(viewer_.take_start());
  EXPECT_FALSE(viewer_.moving());
  EXPECT_EQ(view_.camera, before);
  // The second of two clicks takes the first one back: they look closer, as ever.
  viewer_.handle(click, shown_, 0.01);
  WindowInput second;
  second.double_click = click.click;
  viewer_.handle(second, shown_, 0.1);
  ASSERT_TRUE(viewer_.question());
  EXPECT_FALSE(viewer_.question()->start);
  // Nothing is there to start on beside it.
  viewer_.answer(viewer_.question()->ray, {});
  viewer_.handle(click, shown_, 0.01);
  viewer_.handle({}, shown_, 1);
  viewer_.answer(viewer_.question()->ray, {});
  EXPECT_FALSE(viewer_.take_start());
}

TEST_F(Actions, TakesAndPicturesAreTheWindows) {
  EXPECT_TRUE(press(GLFW_KEY_F9));
  EXPECT_EQ(wishes_, Wishes{.mark_take = true});
  wishes_ = {};
  EXPECT_TRUE(press(kControl + GLFW_KEY_F9));
  EXPECT_EQ(wishes_, Wishes{.render_take = true});
  wishes_ = {};
  EXPECT_TRUE(press(GLFW_KEY_F12));
  EXPECT_EQ(wishes_, Wishes{.still = true});
  EXPECT_TRUE(commands_.empty());
}

TEST_F(Actions, EachCommandGoesToTheSession) {
  act("train-or-pause");
  status_.playing = true;
  act("train-or-pause");
  act("one-step");
  status_.seed = 7;
  act("reset");
  context_.seed = 9;
  act("reset");
  EXPECT_EQ(commands_, (std::vector<Command>{command::Play{}, command::Pause{}, command::Step{},
                                             command::Reset{7}, command::Reset{9}}));
  commands_.clear();
  status_.state = RunState::kDiverged;
  EXPECT_TRUE(press(GLFW_KEY_SPACE));
  EXPECT_TRUE(commands_.empty());
}

TEST_F(Actions, ANewStartTakesTheNextSeed) {
  status_.seed = 7;
  EXPECT_FALSE(press(kControl + GLFW_KEY_R)) << "nothing is drawn at random";
  lesson_.trains = true;
  EXPECT_TRUE(press(kControl + GLFW_KEY_R));
  status_.seed = static_cast<std::uint64_t>(kMaxSeed);
  EXPECT_TRUE(press(kControl + GLFW_KEY_R));
  EXPECT_EQ(commands_, (std::vector<Command>{command::Reset{8}, command::Reset{0}}));
}

TEST_F(Actions, CtrlZTakesTheLastChangeBack) {
  EXPECT_FALSE(press(kControl + GLFW_KEY_Z)) << "nothing was changed";
  status_.rate = 0.001;
  const Command changed = command::SetRate{0.1};
  controls_.note({&changed, 1}, status_, false);
  EXPECT_FALSE(press(GLFW_KEY_Z));
  EXPECT_TRUE(press(kControl + GLFW_KEY_Z));
  EXPECT_EQ(commands_, std::vector<Command>{command::SetRate{0.001}});
  EXPECT_EQ(tip("undo"), "Takes back the last change of a control (Ctrl+Z)");
}

TEST_F(Actions, ALessonStartsAgainWithTheWorkshopsNextEpochs) {
  EXPECT_FALSE(press(kControl + GLFW_KEY_E)) << "nothing is trained";
  lesson_.trains = true;
  for (const auto& [had, next] : {std::pair(15, "75"), {75, "250"}, {250, "15"}, {40, "75"}}) {
    lesson_.run.epochs = had;
    EXPECT_TRUE(press(kControl + GLFW_KEY_E));
    ASSERT_TRUE(wishes_.again);
    EXPECT_EQ(wishes_.again->front(), std::string("train.epochs=") + next);
  }
}

TEST_F(Actions, ALessonStartsAgainWithTheOtherNetworkWhereThereIsOne) {
  EXPECT_FALSE(press(GLFW_KEY_B));
  EXPECT_FALSE(wishes_.other_network);
  lesson_.trains = true;
  EXPECT_TRUE(press(GLFW_KEY_B));
  EXPECT_TRUE(wishes_.other_network);
  EXPECT_TRUE(commands_.empty());
}

TEST_F(Actions, TheWindowTakesTheWholeScreen) {
  EXPECT_TRUE(press(GLFW_KEY_F11));
  EXPECT_TRUE(wishes_.fullscreen);
}

TEST_F(Actions, WhereTheNetworkLooksIsShownWhereThereAreMaps) {
  EXPECT_FALSE(press(GLFW_KEY_H));
  EXPECT_TRUE(commands_.empty());
  shown_.facts.has_heat = true;
  EXPECT_TRUE(press(GLFW_KEY_H));
  status_.heat = {.on = true, .of = 1};
  EXPECT_TRUE(press(GLFW_KEY_H));
  EXPECT_EQ(commands_,
            (std::vector<Command>{command::ShowHeat{.on = true}, command::ShowHeat{.on = false, .of = 1}}));
}

TEST_F(Actions, DroppedFilesAreThePreviewsOnlyWhereThatIsOpenAndSomethingIsTrained) {
  const std::vector<std::string> dropped = {"scan.png"};
  act("preview");
  EXPECT_EQ(panel_, "preview");
  EXPECT_FALSE(preview_takes(dropped, context_)) << "nothing is trained";
  act("preview");
  EXPECT_FALSE(preview_takes(dropped, context_));
}

TEST_F(Actions, WhatIsShownChangesAndChangesBack) {
  view_.curves.loss_axis = LossAxis::kLinear;
  shown_.facts.curve_loss_max = 1;
  const ViewState before = view_;
  act("height-scale");
  act("loss-axis");
  act("theme");
  act("presenter");
  act("wall");
  EXPECT_TRUE(view_.height.log());
  EXPECT_EQ(view_.curves.loss_axis, LossAxis::kLog);
  EXPECT_TRUE(view_.light());
  EXPECT_TRUE(view_.presenter);
  EXPECT_NE(view_.wall.room, before.wall.room);
  for (const char* name : {"height-scale", "loss-axis", "theme", "presenter", "wall"}) act(name);
  EXPECT_FALSE(view_.height.log());
  EXPECT_EQ(view_.curves.loss_axis, LossAxis::kLinear);
  EXPECT_FALSE(view_.light());
  EXPECT_FALSE(view_.presenter);
  EXPECT_EQ(view_.wall.room, before.wall.room);
}

TEST_F(Actions, TheCurvesAreChosenWhereSomethingIsTrained) {
  EXPECT_FALSE(press(GLFW_KEY_K));
  EXPECT_EQ(view_.curves, CurvesChoice());
  lesson_.trains = true;
  for (const CurvesKind kind : {CurvesKind::kNorms, CurvesKind::kRate, CurvesKind::kClasses,
                                CurvesKind::kCurvature, CurvesKind::kLoss}) {
    EXPECT_TRUE(press(GLFW_KEY_K));
    EXPECT_EQ(view_.curves.kind, kind);
  }
  for (const char* name : kCurvesKinds) {
    act((std::string("curves-") + name).c_str());
    EXPECT_EQ(view_.curves.kind, curves_kind(name));
  }
  act("curves-over");
  EXPECT_TRUE(view_.curves.steps);
  EXPECT_TRUE(press(GLFW_KEY_O));
  EXPECT_FALSE(view_.curves.earlier);
  act("large-curves");
  EXPECT_EQ(view_.filled(), StageFill::kCurves);
  act("large-curves");
  EXPECT_EQ(view_.filled(), StageFill::kNone);
}

TEST_F(Actions, EarlierRunsAreForgottenWhereThereAreSome) {
  EXPECT_FALSE(action("forget-earlier").act(context_));
  status_.figures.earlier = std::make_shared<const EarlierRuns>(1);
  EXPECT_TRUE(action("forget-earlier").act(context_));
  EXPECT_EQ(commands_, std::vector<Command>{command::SetEarlier{}});
}

TEST_F(Actions, AClickerGoesThroughTheCuesAndBlanksThePicture) {
  EXPECT_FALSE(press(GLFW_KEY_PAGE_DOWN));  // there are none
  lesson_.cues = {{Cue::Kind::kWatch, "a"}, {Cue::Kind::kAsk, "b"}};
  EXPECT_FALSE(press(GLFW_KEY_LEFT));
  EXPECT_TRUE(press(GLFW_KEY_PAGE_DOWN));
  EXPECT_EQ(view_.cue, 1u);
  EXPECT_TRUE(press(GLFW_KEY_RIGHT));  // a step: nobody presents
  EXPECT_EQ(view_.cue, 1u);
  EXPECT_EQ(commands_, std::vector<Command>{command::Step{}});
  EXPECT_TRUE(press(GLFW_KEY_F5));
  EXPECT_TRUE(view_.presenter);
  for (int i = 0; i < 3; ++i) EXPECT_TRUE(press(GLFW_KEY_RIGHT));
  EXPECT_EQ(view_.cue, 2u);
  EXPECT_EQ(commands_.size(), 1u);
  EXPECT_TRUE(press(GLFW_KEY_PERIOD));
  EXPECT_TRUE(view_.blank);
  EXPECT_TRUE(press(GLFW_KEY_LEFT));
  EXPECT_FALSE(view_.blank);
  EXPECT_EQ(view_.cue, 1u);
  EXPECT_TRUE(press(GLFW_KEY_PERIOD));
  EXPECT_TRUE(press(GLFW_KEY_ESCAPE));
  EXPECT_FALSE(view_.blank);
  EXPECT_TRUE(view_.presenter);
  EXPECT_TRUE(press(GLFW_KEY_ESCAPE));
  EXPECT_FALSE(view_.presenter);
  EXPECT_EQ(view_.cue, 1u);
  EXPECT_TRUE(press(GLFW_KEY_ESCAPE));
  EXPECT_EQ(view_.cue, 0u);
}

TEST_F(Actions, ColourMapsComeInTurn) {
  const ColorMap* first = view_.colors;
  std::set<const ColorMap*> seen;
  for (std::size_t i = 0; i < color_map_names().size(); ++i) {
    act("colors");
    seen.insert(view_.colors);
  }
  EXPECT_EQ(view_.colors, first);
  EXPECT_EQ(seen.size(), color_map_names().size());
}

TEST_F(Actions, TheCameraTurnsWhileAKeyIsHeld) {
  const OrbitCamera before = view_.camera;
  EXPECT_TRUE(press(GLFW_KEY_A, true));
  EXPECT_TRUE(viewer_.moving());
  EXPECT_TRUE(press(GLFW_KEY_KP_ADD, true));
  EXPECT_FALSE(view_.framed);
  for (int i = 0; i < 100; ++i) viewer_.handle({}, shown_, 0.05);
  EXPECT_NE(view_.camera.eye(), before.eye());
  EXPECT_TRUE(press(GLFW_KEY_HOME));
  EXPECT_TRUE(view_.framed);
  EXPECT_FALSE(press(GLFW_KEY_SPACE, true));
  EXPECT_TRUE(commands_.empty());
}

TEST_F(Actions, OnePartAfterTheOtherFillsThePicture) {
  const ViewState before = view_;
  for (const StageFill part :
       {StageFill::kLandscape, StageFill::kWall, StageFill::kCurves, StageFill::kNone}) {
    EXPECT_TRUE(press(GLFW_KEY_X));
    EXPECT_EQ(view_.filled(), part);
    EXPECT_EQ(view_.parts.draws_landscape(), part == StageFill::kLandscape || part == StageFill::kNone);
  }
  EXPECT_EQ(view_, before);
  press(GLFW_KEY_X);
  press(GLFW_KEY_X);
  EXPECT_TRUE(press(GLFW_KEY_ESCAPE));
  EXPECT_EQ(view_, before) << "Escape goes back";
  view_.parts = {.tiles = false, .bars = false, .paths = true};  // two parameters
  const StageParts descents = view_.parts;
  press(GLFW_KEY_X);
  press(GLFW_KEY_X);
  EXPECT_EQ(view_.filled(), StageFill::kCurves) << "there is no wall";
  press(GLFW_KEY_X);
  EXPECT_EQ(view_.parts, descents);
  shown_.facts.map.images = 12;
  view_ = before;
  press(GLFW_KEY_X);
  act("map");
  EXPECT_EQ(view_.filled(), StageFill::kNone) << "the map needs the others' room";
  EXPECT_EQ(view_.map(), MapPlace::kWall);
}

TEST_F(Actions, APanelBesideTheStageMakesRoomForThePresenter) {
  EXPECT_EQ(panel_width(panel_, 1280, 1), 0);
  EXPECT_TRUE(press(GLFW_KEY_4));
  EXPECT_EQ(panel_, "under-the-hood");
  EXPECT_GT(panel_width(panel_, 1280, 1), 250);
  EXPECT_LE(panel_width(panel_, 481, 1), 0.42f * 481);
  EXPECT_EQ(std::fmod(panel_width(panel_, 481, 1), 2.0f), 0);
  act("presenter");
  EXPECT_EQ(panel_, "");
  EXPECT_TRUE(press(kQuestionMark));
  EXPECT_EQ(panel_width(panel_, 1280, 1), 0) << "it lies over the picture";
}

TEST(WidgetScale, IsTheDisplaysOrThatOfALargePicture) {
  EXPECT_EQ(widget_scale(1, 0), 1) << "minimised";
  EXPECT_EQ(widget_scale(1, 640), 1);
  EXPECT_EQ(widget_scale(1, 1440), 1);
  EXPECT_EQ(widget_scale(1, 2160), 1.75f);
  EXPECT_EQ(widget_scale(2, 2160), 2);
  EXPECT_EQ(widget_scale(2, 720), 2);
}

TEST_F(Actions, EscapeGoesBackOneThingAtATime) {
  view_.presenter = true;
  EXPECT_TRUE(press(GLFW_KEY_E));
  EXPECT_TRUE(press(kQuestionMark));
  EXPECT_EQ(panel_, "keys");
  EXPECT_TRUE(press(GLFW_KEY_ESCAPE));
  EXPECT_EQ(panel_, "");
  ASSERT_TRUE(view_.wall.tile);
  EXPECT_TRUE(press(GLFW_KEY_ESCAPE));
  EXPECT_FALSE(view_.wall.tile);
  EXPECT_TRUE(view_.presenter);
  EXPECT_TRUE(press(GLFW_KEY_ESCAPE));
  EXPECT_FALSE(view_.presenter);
}

TEST_F(Actions, EveryPanelHasAnActionThatOpensAndClosesIt) {
  for (const PanelInfo& panel : panels()) {
    act(panel.name);
    EXPECT_EQ(panel_, panel.name);
    act(panel.name);
    EXPECT_EQ(panel_, "");
  }
}

TEST_F(Actions, WithoutAWallItsKeysMeanNothing) {
  view_.parts.tiles = false;
  for (const int key : {GLFW_KEY_V, GLFW_KEY_E, GLFW_KEY_COMMA, GLFW_KEY_UP}) EXPECT_FALSE(press(key)) << key;
  EXPECT_FALSE(press(GLFW_KEY_Z));
}

TEST_F(Actions, TheMapGoesFromPlaceToPlaceWhereThereIsOne) {
  EXPECT_FALSE(press(GLFW_KEY_I));
  shown_.facts.map.images = 12;
  const StageParts before = view_.parts;
  EXPECT_TRUE(press(GLFW_KEY_I));
  EXPECT_EQ(view_.map(), MapPlace::kWall);
  EXPECT_FALSE(view_.parts.tiles) << "it is in their place";
  EXPECT_FALSE(press(GLFW_KEY_V));
  EXPECT_TRUE(press(GLFW_KEY_I));
  EXPECT_EQ(view_.map(), MapPlace::kStage);
  EXPECT_TRUE(view_.parts.tiles);
  EXPECT_TRUE(press(GLFW_KEY_I));
  EXPECT_EQ(view_.parts, before);
}

TEST_F(Actions, AButtonSaysItsKey) {
  EXPECT_EQ(tip("one-step"), "One step of the optimizer (→)");
  EXPECT_EQ(tip("theme"), "Dark or light theme (T)");
}

}  // namespace
}  // namespace fl
