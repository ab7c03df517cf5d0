// The map of learning rates as a subject, and its table in a scene.
#include "trainer/subjects/trainability/trainability.h"

#include <sstream>

#include <gtest/gtest.h>

#include "tests/support/plain_ring.h"
#include "trainer/compute/backend_choice.h"
#include "trainer/session/session.h"

namespace fl {
namespace {

TrainabilitySpec small(int zoom_steps = 0) {
  TrainabilitySpec spec;
  spec.side = 32;
  spec.steps = 20;
  spec.threads = 1;
  if (zoom_steps > 0) {
    spec.zoom_to = {1, 2};
    spec.zoom_span = 0.5;
    spec.zoom_steps = zoom_steps;
  }
  return spec;
}

std::unique_ptr<Trainability> open(const TrainabilitySpec& spec, int threads = 1) {
  auto backend = make_cpu_backend(threads);
  return std::make_unique<Trainability>(spec,
                                        (*backend)->rate_runs(make_rate_task(spec.seed, spec.steps)).value());
}

void finish(Subject& subject) {
  while (subject.work(2)) {
  }
}

std::string why(const std::string& scene) {
  const auto spec = parse_trainability_spec(toml::parse(scene));
  return spec ? std::string() : spec.error().message;
}

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

TEST(Trainability, FillsInSlicesThatCanBeLeftAtAnyTime) {
  const auto subject = open(small());
  EXPECT_TRUE(subject->over()) << "there is nowhere to zoom to";
  EXPECT_TRUE(subject->work(2));
  EXPECT_LE(subject->map().known(), 16u) << "some milliseconds of work";
  finish(*subject);
  EXPECT_EQ(subject->points_left(), 0u);
  EXPECT_EQ(subject->map().known(), 32u * 32);
}

TEST(Trainability, IsTheSameMapOnAnyNumberOfThreads) {
  const auto one = open(small()), three = open(small(), 3);
  finish(*one);
  finish(*three);
  EXPECT_EQ(rate_map_csv(one->map(), 20), rate_map_csv(three->map(), 20));
}

TEST(Trainability, ZoomsStepByStepAndRewinds) {
  const auto subject = open(small(4));
  EXPECT_EQ(subject->state(), RunState::kReady);
  EXPECT_EQ(subject->advance(10), 4);
  EXPECT_EQ(subject->map().view(), (RateView{1, 2, 0.5}));
  EXPECT_EQ(subject->state(), RunState::kFinished);
  subject->apply(command::Reset{1});
  EXPECT_EQ(subject->map().view(), small(4).whole());
  EXPECT_EQ(subject->steps(), 0);
}

TEST(Trainability, PublishesShadesAndSaysWhatLiesThere) {
  const auto subject = open(small());
  test::PlainRing ring(subject->capacity());
  ASSERT_TRUE(subject->publish(ring, RunState::kReady, 0));
  auto frame = ring.read();
  EXPECT_EQ(frame->facts.rate_map.side, 32u);
  EXPECT_EQ(frame->slot.rate_map()[5], RateMap::kUnknown);
  finish(*subject);
  ASSERT_TRUE(subject->publish(ring, RunState::kReady, 0));
  frame = ring.read();
  EXPECT_EQ(frame->facts.rate_map.known, 32u * 32);
  EXPECT_FALSE(frame->facts.rate_map.in_double);
  const auto low = subject->rates_at(0, -2), high = subject->rates_at(0, 5.9);
  ASSERT_TRUE(low && high);
  EXPECT_EQ(low->run.trained, 1u);
  EXPECT_EQ(high->run.trained, 0u);
  // Row 0 is the lowest: blue below, red above.
  EXPECT_LT(frame->slot.rate_map()[3 * 32 + 10], 0);
  EXPECT_GT(frame->slot.rate_map()[31 * 32 + 10], 0);
  EXPECT_FALSE(subject->rates_at(0, 6.1)) << "beside the map";
}

TEST(Trainability, TellsAPixelInWords) {
  RateAnswer answer{.first = -1,
                    .second = 2,
                    .known = true,
                    .run = {.loss = 0.25f, .steps = 500, .trained = 1},
                    .steps = 500};
  EXPECT_EQ(rate_answer_words(answer),
            (std::vector<std::string>{"rates 0.1 and 100", "trains: loss 0.25 of the first"}));
  answer.run = {.steps = 7, .trained = 0};
  EXPECT_EQ(rate_answer_words(answer)[1], "diverges after 7 steps");
  answer.run = {.loss = 3, .steps = 500, .trained = 0};
  EXPECT_EQ(rate_answer_words(answer)[1], "does not come down: loss 3 of the first");
  answer.known = false;
  EXPECT_EQ(rate_answer_words(answer)[1], "not trained yet");
}

TEST(Trainability, IsSavedAsRows) {
  const auto subject = open(small());
  finish(*subject);
  std::istringstream rows(rate_map_csv(subject->map(), 20));
  std::string row;
  std::getline(rows, row);
  EXPECT_EQ(row, "log10_first,log10_second,outcome,steps,loss");
  std::size_t count = 0, trained = 0;
  while (std::getline(rows, row)) {
    ++count;
    trained += has(row, ",trained,20,") ? 1 : 0;
  }
  EXPECT_EQ(count, 32u * 32);
  EXPECT_EQ(trained, subject->map().trained());
  EXPECT_EQ(rate_map_sentence(subject->map()),
            std::to_string(trained) + " of 1024 pairs of learning rates train.");
}

TEST(Trainability, OfASessionObeysItsCommands) {
  Session session({.subject = open(small(4))});
  session.apply(command::ShowRates{{0.5, 1.5}, 0.25});
  EXPECT_EQ(session.status()->rates->view, (RateView{0.5, 1.5, 0.25}));
  EXPECT_EQ(session.status()->rates->whole.span, 9);
  session.apply(command::ShowRates{{0.5, 1.5}, 0});
  EXPECT_EQ(session.status()->rates->view.span, least_span(32)) << "the end of float64";
}

TEST(TrainabilityScene, SaysWhatIsWrongWithARange) {
  EXPECT_EQ(why("[trainability]\n"), "");
  EXPECT_TRUE(has(why("[trainability]\nspan = 0.0"), "is empty")) << why("[trainability]\nspan = 0.0");
  EXPECT_TRUE(has(why("[trainability]\nspan = -2.0"), "must be a number"));
  EXPECT_NE(why("[trainability]\nspan = inf"), "");
  EXPECT_NE(why("[trainability]\nspan = nan"), "");
  EXPECT_NE(why("[trainability]\nmiddle = [nan, 1]"), "");
  const std::string fine = why("[trainability]\nspan = 1e-14");
  EXPECT_TRUE(has(fine, "line 2") && has(fine, "finer than float64") && has(fine, "1.1e-12")) << fine;
  // What the sentence advises helps.
  EXPECT_EQ(why("[trainability]\nspan = 1.1e-12"), "");
  EXPECT_TRUE(has(why("[trainability]\nmiddle = [11.5, 0]"), "leaves 1e-9 to 1e12"));
  EXPECT_TRUE(has(why("[trainability]\nzoom_to = [1, 1]\nzoom_span = 1e-15"), "zoom_span"));
  EXPECT_TRUE(has(why("[trainability]\n[train]\nepochs = 3"), "do not go together"));
}

}  // namespace
}  // namespace fl
