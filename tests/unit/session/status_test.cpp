// What a session says of a run while it goes on: the figures are the run's own, whole and of one moment.
#include "trainer/session/status.h"

#include <chrono>
#include <cmath>
#include <thread>

#include <gtest/gtest.h>

#include "tests/support/plain_ring.h"
#include "tests/support/small_training.h"
#include "trainer/session/session.h"
#include "trainer/subjects/descents/descents.h"
#include "trainer/subjects/training_subject.h"

namespace fl {
namespace {

using test::make_training;
using test::PlainRing;
using test::small_spec;

class StatusOf : public ::testing::Test {
 protected:
  void open(const RunSpec& spec) {
    session_ = std::make_unique<Session>(
        SessionStart{.subject = std::make_unique<TrainingSubject>(make_training(spec))});
    ring_ = std::make_unique<PlainRing>(session_->subject().capacity());
  }
  std::shared_ptr<const Status> after(std::int64_t steps) {
    for (std::int64_t made = 0; made < steps;) {
      const std::int64_t some = session_->advance(steps - made);
      if (some == 0) break;
      made += some;
    }
    EXPECT_TRUE(session_->publish(*ring_));
    (void)ring_->read();
    return session_->status();
  }
  [[nodiscard]] Training& training() { return *session_->subject().training(); }

  std::unique_ptr<Session> session_;
  std::unique_ptr<PlainRing> ring_;
};

TEST_F(StatusOf, ATrainingBeginsWithoutFigures) {
  open(small_spec());
  const auto status = after(0);
  EXPECT_FALSE(status->figures.steps);
  EXPECT_FALSE(status->figures.epochs);
  EXPECT_FALSE(status->figures.test);
  EXPECT_FALSE(status->messages);
}

TEST_F(StatusOf, ATrainingHasTheNewestStepsAndAllEpochs) {
  open(small_spec());
  const auto status = after(7);  // three steps an epoch
  const History& history = training().history();
  ASSERT_TRUE(status->figures.steps && status->figures.epochs);
  ASSERT_EQ(status->figures.steps->size(), 7U);
  const StepRecord &last = status->figures.steps->back(), &known = history.steps.back();
  EXPECT_EQ(last.step, 7);
  EXPECT_EQ(last.loss, known.loss);
  EXPECT_EQ(last.accuracy, known.accuracy);
  EXPECT_EQ(last.rate, known.rate);
  EXPECT_GT(last.gradient_norm, 0);
  EXPECT_EQ(last.gradient_norm, known.gradient_norm);
  EXPECT_EQ(last.update_norm, known.update_norm);
  ASSERT_EQ(status->figures.epochs->size(), 2U);
  EXPECT_EQ(status->figures.epochs->back().test_loss, history.epochs.back().test_loss);
  EXPECT_EQ(status->epoch, 2);
  const auto later = after(0);
  EXPECT_EQ(later->figures.steps, status->figures.steps) << "nothing has happened: the same, not a copy";
  EXPECT_EQ(later->figures.test, status->figures.test);
}

TEST_F(StatusOf, TheStepsAreBounded) {
  RunSpec spec = test::linear_spec();
  spec.epochs = 400;
  open(spec);
  const auto status = after(static_cast<std::int64_t>(RunFigures::kMostSteps) + 5);
  ASSERT_EQ(status->figures.steps->size(), RunFigures::kMostSteps);
  EXPECT_EQ(status->figures.steps->front().step, 6);
}

TEST_F(StatusOf, TheTestSetsFiguresAreThoseOfTheReport) {
  open(small_spec());
  const auto status = after(18);
  ASSERT_TRUE(status->figures.test);
  const TestFigures& test = *status->figures.test;
  EXPECT_EQ(test.step, 18);
  const Report report = training().report();
  EXPECT_EQ(test.confusion_matrix, report.confusion_matrix);
  ASSERT_EQ(test.accuracy_per_class.size(), report.accuracy_per_class.size());
  for (std::size_t c = 0; c < test.accuracy_per_class.size(); ++c)
    EXPECT_EQ(test.recall(c), report.recall(c));
  ASSERT_EQ(test.wrong.size(), report.wrong_images.size());
  // They are what a second evaluation of the same weights gives, which nobody made.
  std::vector<float> again(training().split().test.size() * 2);
  (void)training().program().evaluate(training().split().test, again);
  for (const WrongImage& wrong : test.worst) {
    const auto place =
        std::ranges::find(training().split().test, wrong.image) - training().split().test.begin();
    const std::span row = std::span(again).subspan(static_cast<std::size_t>(place) * 2, 2);
    EXPECT_TRUE(std::ranges::equal(row, wrong.probabilities)) << wrong.image;
  }
}

TEST_F(StatusOf, AFreshStartForgetsThem) {
  open(small_spec());
  ASSERT_TRUE(after(7)->figures.test);
  session_->apply(command::Reset{3});
  const auto status = after(0);
  EXPECT_FALSE(status->figures.steps);
  EXPECT_FALSE(status->figures.epochs);
  EXPECT_FALSE(status->figures.test);
  ASSERT_TRUE(status->messages);
  ASSERT_EQ(status->messages->size(), 1U);
  EXPECT_EQ(status->messages->front().step, 7);
  EXPECT_EQ(status->messages->front().text, "reset 3");
  // Seven steps again: the figures of the other start are not taken for these.
  const auto again = after(7);
  EXPECT_EQ(again->figures.steps->back().loss, training().history().steps.back().loss);
}

TEST_F(StatusOf, TheGridSaysHowFineItIs) {
  open(small_spec());
  session_->advance(1);
  while (session_->work(64)) {
  }
  const auto status = after(0);
  EXPECT_EQ(status->grid_cells, 17U * 17U);
  EXPECT_GE(status->grid_evaluated, 49U);
  EXPECT_LE(status->grid_evaluated, 17U * 17U);
}

TEST(Status, ASliderLeavesOneMessage) {
  Session session({.subject = std::make_unique<Descents>(DescentsSpec{})});
  session.apply(command::SetRate{0.01});
  session.apply(command::SetRate{0.02});
  session.apply(command::Step{});
  session.apply(command::SetRate{0.03});
  const auto status = session.status();
  std::vector<std::string> texts;
  for (const SessionMessage& message : *status->messages) texts.push_back(message.text);
  EXPECT_EQ(texts, (std::vector<std::string>{"rate 0.02", "step", "rate 0.03"}));
}

TEST(Status, MessagesAreBounded) {
  Session session({.subject = std::make_unique<Descents>(DescentsSpec{})});
  for (std::size_t i = 0; i < Status::kMostMessages + 3; ++i) session.apply(command::Reset{i});
  const auto status = session.status();
  ASSERT_EQ(status->messages->size(), Status::kMostMessages);
  EXPECT_EQ(status->messages->front().text, "reset 3");
  EXPECT_EQ(status->grid_evaluated, status->grid_cells);
  EXPECT_FALSE(status->figures.steps) << "nothing is trained";
}

TEST_F(StatusOf, APlaceThatSomebodyLooksAtIsTold) {
  open(small_spec());
  while (session_->work(64)) {
  }
  EXPECT_FALSE(after(0)->at_place) << "nobody asks";
  session_->look_at(LandscapePlace{0, 0});
  const auto told = after(0)->at_place;
  ASSERT_TRUE(told);
  EXPECT_EQ(told->a, 0);
  ASSERT_TRUE(told->on_path) << "the start is the middle of the first plane";
  EXPECT_EQ(told->on_path->step, 0);
  session_->look_at(LandscapePlace{1e9, 0});
  EXPECT_FALSE(after(0)->at_place) << "outside";
  session_->look_at({});
  EXPECT_FALSE(after(0)->at_place);
  EXPECT_FALSE(after(0)->messages) << "looking is no command";
  EXPECT_TRUE(session_->file().events.empty());
}

// A session that has nothing to do answers all the same.
TEST_F(StatusOf, ALiveSessionAnswersAtOnce) {
  open(small_spec());
  session_->start(*ring_);
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(20);
  const auto wait_for = [&](const auto& condition) {
    while (!condition(*session_->status()) && std::chrono::steady_clock::now() < deadline)
      std::this_thread::sleep_for(std::chrono::milliseconds(2));
    return condition(*session_->status());
  };
  session_->look_at(LandscapePlace{0.5, -0.5});
  EXPECT_TRUE(wait_for([](const Status& s) { return s.at_place && std::abs(s.at_place->a - 0.5) < 0.1; }));
  session_->look_at({});
  EXPECT_TRUE(wait_for([](const Status& s) { return !s.at_place; }));
  session_->stop();
}

TEST_F(StatusOf, TheChosenPlaneIsSaidAsSoonAsItIsAskedFor) {
  open(small_spec());
  ASSERT_TRUE(session_->status()->landscape);
  EXPECT_EQ(*session_->status()->landscape, (LandscapeChoice{{}, SurfaceSets::kTrain, 256, 17}));
  const PlaneChoice plane{.directions = DirectionKind::kOsculating};
  session_->post(command::SetPlane{plane});
  session_->post(command::SetSurfaces{SurfaceSets::kBoth});
  session_->post(command::SetProbe{7});
  session_->post(command::SetGrid{65});
  EXPECT_EQ(*session_->status()->landscape, (LandscapeChoice{plane, SurfaceSets::kBoth, 7, 65}));
  Session descents({.subject = std::make_unique<Descents>(DescentsSpec{})});
  EXPECT_FALSE(descents.status()->landscape) << "two parameters are all there is";
}

}  // namespace
}  // namespace fl
