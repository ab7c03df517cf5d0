// A timeline played: the same steps at the same second however many pictures are taken, and a film that was
// rehearsed trains to the weights of one that was not.

#include "engine/app/timeline/conductor.h"

#include <gtest/gtest.h>

#include "engine/app/timeline/rehearsal.h"
#include "tests/support/plain_ring.h"
#include "tests/support/small_training.h"
#include "trainer/subjects/descents/descents.h"
#include "trainer/subjects/training_subject.h"

namespace fl {
namespace {

using test::make_training;
using test::params_of;
using test::small_spec;

constexpr auto kAlways = [] { return true; };
constexpr auto kAspect = [](const ViewState&) { return 1.2F; };

struct Played {
  SceneFile scene;
  std::unique_ptr<Session> session;
  std::optional<Conductor> conductor;
  ViewState view;
  std::string failure;
};

Played play(const std::string& timeline, std::unique_ptr<Subject> subject,
            std::optional<double> seconds = {}) {
  Played played;
  auto entries = parse_timeline(toml::parse(timeline), 0);
  EXPECT_TRUE(entries.ok()) << entries.error().message;
  played.scene.timeline = *std::move(entries);
  Lesson lesson{.subject = std::move(subject), .texts = {}, .device = {}, .scene_text = {}, .view = {}};
  auto made = Conductor::make(played.scene, lesson, seconds);
  played.session = std::make_unique<Session>(SessionStart{.subject = std::move(lesson.subject)});
  if (made)
    played.conductor = *std::move(made);
  else
    played.failure = made.error().message;
  return played;
}

std::unique_ptr<Subject> descents(const std::string& phases = "none") {
  return std::make_unique<Descents>(DescentsSpec{
      .surface = "local-minimum", .optimizers = {"gradient-descent", "adam"}, .grid = 17, .phases = phases});
}

std::unique_ptr<Subject> training() {
  RunSpec spec = small_spec();
  spec.threads = 1;
  spec.dropout = 0.3;
  spec.augment = {.flip = true, .rotate = 10, .shift = 0.1};
  return std::make_unique<TrainingSubject>(make_training(spec));
}

constexpr const char* kTraining = R"(
  [[timeline]]
  time = 1
  pace = 2
  [[timeline]]
  epoch = 2
  do = ["rate 0.01", "optimizer momentum"]
  pace = 1
  [[timeline]]
  step = 10
  pace = 5
  camera = {yaw = 10, orbit = 4}
)";

void film(Played& played, double fps) {
  const auto frames = static_cast<int>(played.conductor->timeline().seconds() * fps);
  for (int i = 0; i <= frames; ++i) {
    played.conductor->go_to(i / fps, *played.session, played.view, kAspect);
    played.session->complete_path();
    played.session->work(4);
    played.session->catch_up();
  }
}

std::vector<float> weights(Played& played) {
  return params_of(*played.session->subject().training());
}

TEST(Conductor, MakesTheSameStepsHoweverManyPicturesThereAre) {
  Played few = play(kTraining, training(), 12), many = play(kTraining, training(), 12);
  ASSERT_TRUE(few.conductor && many.conductor) << few.failure;
  film(few, 1);
  film(many, 24);
  EXPECT_GT(few.session->subject().steps(), 10);
  EXPECT_EQ(few.session->subject().steps(), many.session->subject().steps());
  EXPECT_EQ(weights(few), weights(many));
  EXPECT_EQ(few.view.camera, many.view.camera);
  const Training& run = *few.session->subject().training();
  EXPECT_EQ(run.rate(), 0.01);
  // Commands come at their very step.
  const auto steps_per_epoch = static_cast<std::size_t>(run.steps_per_epoch());
  EXPECT_EQ(run.history().steps[2 * steps_per_epoch - 1].rate, small_spec().rate);
  EXPECT_EQ(run.history().steps[2 * steps_per_epoch].rate, 0.01);
}

TEST(Rehearsal, TrainsToTheSameWeightsOnALandscapeThatStays) {
  Played live = play(kTraining, training(), 12), shown = play(kTraining, training(), 12);
  ASSERT_TRUE(live.conductor && shown.conductor) << live.failure;
  film(live, 6);
  rehearse(
      *shown.session, [&] { shown.conductor->rehearse(*shown.session, kAlways); }, kAlways);
  auto& subject = dynamic_cast<TrainingSubject&>(shown.session->subject());
  EXPECT_EQ(subject.steps(), 0);
  EXPECT_EQ(subject.training()->rate(), small_spec().rate);
  EXPECT_EQ(subject.landscape().path().size(), 1u);
  ASSERT_NE(subject.landscape().surface(), nullptr);
  EXPECT_TRUE(subject.landscape().surface()->finished());
  EXPECT_EQ(subject.landscape().plane()->kind, DirectionKind::kPca);
  const Plane plane = *subject.landscape().plane();
  const std::vector<float> heights(subject.landscape().surface()->heights().begin(),
                                   subject.landscape().surface()->heights().end());
  film(shown, 6);
  EXPECT_EQ(weights(shown), weights(live));
  EXPECT_EQ(shown.session->subject().training()->history().steps.back().loss,
            live.session->subject().training()->history().steps.back().loss);
  EXPECT_EQ(subject.landscape().plane()->origin, plane.origin);
  EXPECT_EQ(subject.landscape().plane()->d1, plane.d1);
  EXPECT_TRUE(std::ranges::equal(subject.landscape().surface()->heights(), heights));
  // The whole path lies on it, and the ball at its end is the plane's origin.
  EXPECT_GT(subject.landscape().path().size(), 5u);
  EXPECT_LE(subject.landscape().ball_place(), 1);
  EXPECT_NEAR(subject.landscape().path().back().off_plane, 0, 1e-3);
}

TEST(Rehearsal, AnotherPlaneMayBeChosenAfterwards) {
  Played shown =
      play("[[timeline]]\ntime=0\npace=4\n[[timeline]]\ntime=2\ndo=\"plane random\"", training(), 8);
  ASSERT_TRUE(shown.conductor) << shown.failure;
  rehearse(
      *shown.session, [&] { shown.conductor->rehearse(*shown.session, kAlways); }, kAlways);
  auto& subject = dynamic_cast<TrainingSubject&>(shown.session->subject());
  EXPECT_EQ(subject.landscape().plane()->kind, DirectionKind::kPca);
  film(shown, 6);
  while (shown.session->work(64)) {
  }
  EXPECT_EQ(subject.landscape().plane()->kind, DirectionKind::kRandom);
}

TEST(Conductor, ChangesTheViewAndMovesTheCamera) {
  Played played = play(R"(
    [[timeline]]
    time = 1
    camera = {yaw = 0, pitch = 30, distance = 4}
    show = {theme = "light", fill = "landscape"}
    caption = "Down."
    [[timeline]]
    time = 3
    camera = {yaw = 90}
    card = "End"
  )",
                       descents());
  ASSERT_TRUE(played.conductor) << played.failure;
  const auto go_to = [&](double seconds) {
    played.conductor->go_to(seconds, *played.session, played.view, kAspect);
  };
  go_to(0.5);
  EXPECT_FALSE(played.view.light());
  EXPECT_EQ(played.view.caption, ShownWords{});
  go_to(2);
  EXPECT_TRUE(played.view.light());
  EXPECT_EQ(played.view.filled(), StageFill::kLandscape);
  EXPECT_EQ(played.view.caption, (ShownWords{1, 1}));
  EXPECT_NEAR(played.view.camera.yaw, 3.14159265F / 4, 1e-5);
  EXPECT_FALSE(played.view.framed);
  go_to(4);
  EXPECT_EQ(played.view.card, (ShownWords{1, 1}));
}

TEST(Conductor, PhasesAreMovesAndANewStartBeginsAgain) {
  Played played = play(R"(
    [[timeline]]
    time = 0
    pace = 4
    [[timeline]]
    time = 2
    do = "phases gradient-descent"
    pace = 1
    [[timeline]]
    time = 10
    do = ["phases none", "start -1, 1"]
    pace = 2
  )",
                       descents());
  ASSERT_TRUE(played.conductor) << played.failure;
  Subject& subject = played.session->subject();
  const auto go_to = [&](double seconds) {
    played.conductor->go_to(seconds, *played.session, played.view, kAspect);
  };
  go_to(1.9);
  EXPECT_EQ(subject.steps(), 7);
  go_to(2);
  EXPECT_EQ(subject.steps(), 8);
  const std::int64_t a_step = subject.moves_a_step();
  EXPECT_GT(a_step, 1);
  go_to(2 + static_cast<double>(a_step) - 0.5);
  EXPECT_EQ(subject.steps(), 8);
  go_to(2 + static_cast<double>(a_step));
  EXPECT_EQ(subject.steps(), 9);
  go_to(11);
  EXPECT_EQ(subject.steps(), 2);
  EXPECT_EQ(dynamic_cast<Descents&>(subject).facts().descents->start, (std::array<double, 2>{-1, 1}));
}

TEST(Conductor, NamesTheEntryThatCannotBePlayed) {
  const auto said = [](const std::string& timeline) { return play(timeline, descents()).failure; };
  EXPECT_NE(said("[[timeline]]\ntime=1\ndo=\"rat 1\"")
                .find("line 1: [[timeline]] 1 do: there is no command \"rat\""),
            std::string::npos);
  EXPECT_NE(said("[[timeline]]\ntime=1\nshow={them=\"light\"}").find("show: no view has \"them\""),
            std::string::npos);
  EXPECT_NE(said("[[timeline]]\ntime=1\nshow={camera=1}").find("keys of their own"), std::string::npos);
  EXPECT_NE(said("[[timeline]]\nepoch=1\npace=1").find("this lesson has none"), std::string::npos);
  EXPECT_NE(play("[[timeline]]\ntime=1\ndo=\"image 99\"", training()).failure.find("there is no image 99"),
            std::string::npos);
}

}  // namespace
}  // namespace fl
