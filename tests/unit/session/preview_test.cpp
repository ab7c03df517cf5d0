// Many images from outside, looked at while a session trains: what is said of each, in what order and as CSV,
// and that the training does not notice.
#include "trainer/session/preview/preview.h"

#include <cmath>
#include <filesystem>

#include <gtest/gtest.h>

#include "tests/support/plain_ring.h"
#include "tests/support/small_training.h"
#include "tests/unit/data/data_support.h"
#include "trainer/session/session.h"
#include "trainer/subjects/training_subject.h"

namespace fl {
namespace {

namespace fs = std::filesystem;
using test::make_training;
using test::PlainRing;
using test::small_spec;

class Previews : public ::testing::Test {
 protected:
  Previews() {
    fs::create_directory(folder_ / "images");
    for (unsigned i = 0; i < 11; ++i) test::spill(folder_ / ("images/" + name(i)), file(i));
    test::spill(folder_ / "images/4-broken.png", test::bytes_of("no image"));
    test::spill(folder_ / "images/notes.txt", test::bytes_of("notes"));
  }
  static std::string name(unsigned i) { return fmt::format("{}.png", 100 + i); }
  static test::Bytes file(unsigned i) { return test::png_of(test::test_picture(30, 1, i)); }

  void open(SessionStart start) {
    start.subject = std::make_unique<TrainingSubject>(make_training(small_spec()));
    session_ = std::make_unique<Session>(std::move(start));
    ring_ = std::make_unique<PlainRing>(session_->subject().capacity());
    session_->start(*ring_);
  }
  // Waits, twenty seconds at most, for results of which this is so.
  template <typename F>
  std::shared_ptr<const PreviewResults> wait_for(F condition) {
    for (int i = 0; i < 4000; ++i) {
      (void)ring_->read();
      session_->preview()->watch();
      if (auto results = session_->status()->preview; results && condition(*results)) return results;
      std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
    ADD_FAILURE() << "it did not come";
    return session_->status()->preview;
  }
  static bool complete(const PreviewResults& r) {
    return !r.reading && !r.images->empty() && r.predicted() + r.failed() == r.images->size();
  }
  // What the training itself says of a file.
  std::vector<float> judged(unsigned i) {
    Training& training = *session_->subject().training();
    const auto pixels = training.prepare(file(i), "image").value();
    std::vector<float> probabilities(2);
    training.judge(training.program_input(pixels), probabilities);
    return probabilities;
  }

  test::TempFolder folder_;
  std::unique_ptr<PlainRing> ring_;
  std::unique_ptr<Session> session_;
};

TEST_F(Previews, SayOfEachImageWhatTheNetworkSaysAndWhatIsWrongWithIt) {
  open({});
  session_->preview()->open({folder_ / "images", folder_ / "images" / name(0), folder_ / "missing"});
  const auto results = wait_for(complete);
  session_->stop();
  ASSERT_EQ(results->images->size(), 13U);  // in the order of their names, then the one alone
  EXPECT_EQ(results->failed(), 1U);
  EXPECT_EQ(results->predicted(), 12U);
  EXPECT_NE(results->note.find("missing"), std::string::npos) << results->note;
  unsigned i = 0;
  for (std::size_t k = 0; k < 12; ++k) {
    const PreviewImage& image = (*results->images)[k];
    if (!image.failure.empty()) {
      EXPECT_NE(image.name.find("4-broken.png"), std::string::npos);
      EXPECT_NE(image.failure.find("4-broken.png"), std::string::npos) << image.failure;
      EXPECT_FALSE(results->prediction(k));
      continue;
    }
    EXPECT_NE(image.name.find(name(i)), std::string::npos) << image.name;
    EXPECT_TRUE(std::ranges::equal(results->row(k), judged(i))) << i;
    EXPECT_EQ(results->steps[k], 0);
    ++i;
  }
}

TEST_F(Previews, FollowTheWeightsWhileSomebodyWatches) {
  open({});
  session_->preview()->open({folder_ / "images"});
  const auto first = wait_for(complete);
  session_->post(command::Step{3});
  const auto later = wait_for([](const PreviewResults& r) { return std::ranges::count(r.steps, 3) == 11; });
  session_->stop();
  EXPECT_NE(first->probabilities[0], later->probabilities[0]);
  EXPECT_TRUE(std::ranges::equal(later->row(0), judged(0)));
}

TEST_F(Previews, ChangeNothingThatIsTrainedAndTheImageThatIsShownStays) {
  open({.subject = {}, .playing = true});
  session_->preview()->open({folder_ / "images"});
  session_->preview()->show(0);
  (void)wait_for(complete);
  session_->preview()->show(2);
  (void)wait_for([&](const PreviewResults& r) { return r.shown == 2; });
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(20);
  while (session_->status()->state != RunState::kFinished && std::chrono::steady_clock::now() < deadline) {
    (void)ring_->read();
    session_->preview()->watch();
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  // The last picture is of this very image.
  bool found = false;
  while (!found && std::chrono::steady_clock::now() < deadline) {
    const auto frame = ring_->read();
    found = frame && frame->header.image_label == kNoLabel && frame->facts.step == 18;
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  session_->stop();
  ASSERT_TRUE(session_->publish(*ring_));
  const auto frame = ring_->read();
  const Training& training = *session_->subject().training();
  const auto pixels = training.prepare(file(2), "image").value();
  EXPECT_TRUE(std::ranges::equal(frame->slot.features().first(pixels.size()), pixels));
  EXPECT_EQ(frame->header.probabilities[1], judged(2)[1]);
  auto alone = make_training(small_spec());
  while (alone->step()) continue;
  EXPECT_EQ(test::params_of(training), test::params_of(*alone));
}

TEST_F(Previews, AnotherOpeningReplacesTheOneBefore) {
  open({});
  session_->preview()->open({folder_ / "images"});
  session_->preview()->open({folder_ / "images" / name(3)});
  const auto results = wait_for(complete);
  session_->stop();
  ASSERT_EQ(results->images->size(), 1U);
  EXPECT_TRUE(std::ranges::equal(results->row(0), judged(3)));
}

TEST_F(Previews, AreSavedAndReplaceNothing) {
  open({});
  session_->preview()->save(folder_ / "early.csv");
  (void)wait_for([](const PreviewResults& r) { return r.save_failed; });
  session_->preview()->open({folder_ / "images"});
  const auto results = wait_for(complete);
  session_->preview()->save(folder_ / "rows.csv");
  const auto saved = wait_for([](const PreviewResults& r) { return !r.saved.empty() && !r.save_failed; });
  EXPECT_NE(saved->saved.find("12 rows"), std::string::npos) << saved->saved;
  session_->preview()->save(folder_ / "rows.csv");
  (void)wait_for([](const PreviewResults& r) { return r.saved.find("rows-2.csv") != std::string::npos; });
  EXPECT_TRUE(fs::exists(folder_ / "rows-2.csv"));
  session_->preview()->save(folder_ / "missing/rows.csv");
  const auto failed = wait_for([](const PreviewResults& r) { return r.save_failed; });
  EXPECT_NE(failed->saved.find("missing"), std::string::npos) << failed->saved;
  session_->stop();
  const auto bytes = test::slurp(folder_ / "rows.csv");
  EXPECT_EQ(std::string(reinterpret_cast<const char*>(bytes.data()), bytes.size()), preview_csv(*results));
  EXPECT_FALSE(fs::exists(folder_ / "early.csv"));
}

PreviewResults some_results() {
  PreviewResults results;
  results.classes = {"still", "a \"bleed\", fresh"};
  results.images = std::make_shared<const std::vector<PreviewImage>>(
      std::vector<PreviewImage>{{"a.png"}, {"b, c.png", "It is no image."}, {"d.png"}, {"e.png"}, {"f.png"}});
  results.probabilities = {0.9F, 0.1F, NAN, NAN, 0.375F, 0.625F, NAN, NAN, NAN, NAN};
  results.steps = {7, -1, 7, -1, 7};
  return results;
}

TEST(PreviewResults, HaveTheLeastSureFirst) {
  EXPECT_EQ(preview_order(some_results(), PreviewOrder::kLeastSure),
            (std::vector<std::size_t>{2, 0, 1, 3, 4}));
  EXPECT_EQ(preview_order(some_results(), PreviewOrder::kAsGiven), (std::vector<std::size_t>{0, 1, 2, 3, 4}));
}

TEST(PreviewResults, AreRowsOfCsv) {
  EXPECT_EQ(preview_csv(some_results()),
            "image,prediction,probability,still,\"a \"\"bleed\"\", fresh\",step,problem\r\n"
            "a.png,still,0.9000,0.9000,0.1000,7,\r\n"
            "\"b, c.png\",,,,,,It is no image.\r\n"
            "d.png,\"a \"\"bleed\"\", fresh\",0.6250,0.3750,0.6250,7,\r\n"
            "e.png,,,,,,It was not looked at yet.\r\n"
            "f.png,,,,,,The network's outputs are not numbers.\r\n");
}

}  // namespace
}  // namespace fl
