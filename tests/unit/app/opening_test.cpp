// An opening says how far it is, ends when nobody waits for it any more, and says what is wrong; of several
// that are asked for the last one arrives.

#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <set>
#include <thread>

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <stdlib.h>

#include "engine/app/loading/loading_words.h"
#include "engine/app/loading/own_folders.h"
#include "engine/app/open_training.h"
#include "engine/app/opening/arrivals.h"
#include "engine/app/studio/rescuing.h"
#include "tests/support/small_export.h"
#include "trainer/base/atomic_file.h"
#include "trainer/base/log.h"

namespace fl {
namespace {

using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

constexpr auto kPrompt = 3s;    // nobody waits longer for the end of something
constexpr int kForever = 9000;  // phantoms of each class: far more than any of these tests waits for

class OpeningTest : public ::testing::Test {
 protected:
  OpeningTest() {
    std::string name = (std::filesystem::temp_directory_path() / "fallline-opening-XXXXXX").string();
    EXPECT_NE(::mkdtemp(name.data()), nullptr);
    folder_ = name;
  }
  ~OpeningTest() override { std::filesystem::remove_all(folder_); }

  std::string scene(const std::string& name, int phantoms) {
    return write(name, fmt::format("title = \"{}\"\n[data]\nphantom_counts = [{}, {}]\nimage_size = 32\n"
                                   "[view]\ntheme = \"light\"\n",
                                   name, phantoms, phantoms));
  }
  std::string write(const std::string& name, const std::string& text) {
    const std::filesystem::path path = folder_ / (name + ".toml");
    std::ofstream(path) << text;
    return path.string();
  }
  [[nodiscard]] const std::filesystem::path& folder() const { return folder_; }

 private:
  std::filesystem::path folder_;
};

template <typename Done>
bool soon(const Done& done, Clock::duration most = 60s) {
  const auto end = Clock::now() + most;
  while (!done()) {
    if (Clock::now() > end) return false;
    std::this_thread::sleep_for(1ms);
  }
  return true;
}

Arrivals::Arrival arrival_of(Arrivals& arrivals) {
  std::optional<Arrivals::Arrival> arrival;
  EXPECT_TRUE(soon([&] { return (arrival = arrivals.take()).has_value(); }));
  if (!arrival) return {Error{"nothing arrived"}, false};
  return *std::move(arrival);
}

TEST_F(OpeningTest, SaysHowFarItIs) {
  Opening opening({.what = scene("some", 150)});
  EXPECT_EQ(opening.news().note.title, "Opening some.toml");
  double share = 0;
  bool counted = false;
  ASSERT_TRUE(soon([&] {
    const LoadingNote note = opening.news().note;
    EXPECT_GE(note.share, share) << note.words;
    share = note.share;
    counted |= note.words.starts_with("Drawing phantoms: ") && note.words.ends_with(" of 300");
    return opening.done();
  }));
  EXPECT_TRUE(counted);
  EXPECT_GT(share, 0.9);
  ASSERT_TRUE(opening.news().view.has_value());
  EXPECT_EQ(opening.news().view->theme, "light");
  auto opened = opening.take();
  ASSERT_TRUE(opened) << opened.error().message;
  EXPECT_EQ(opened->scene.run.title, "some");
  EXPECT_NE(opened->lesson.subject, nullptr);
}

TEST_F(OpeningTest, ABackboneOpensAndIsCancelledWhileItEmbeds) {
  const test::SmallExport parts(test::SmallExport::Dialect::k2020);
  std::filesystem::create_directories(folder() / "model");
  std::ofstream(folder() / "model/model.json") << parts.model;
  std::ofstream(folder() / "model/metadata.json") << parts.metadata;
  ASSERT_TRUE(write_file_atomic(folder() / "model/weights.bin", parts.weights));
  const auto head = [&](const std::string& name, int phantoms) {
    return write(name, fmt::format("[data]\nphantom_counts = [{0}, {0}]\n[network]\nbackbone = \"model\"\n",
                                   phantoms));
  };
  Opening few({.what = head("few", 4)});
  ASSERT_TRUE(soon([&] { return few.done(); }));
  const auto opened = few.take();
  ASSERT_TRUE(opened) << opened.error().message;
  EXPECT_EQ(opened->lesson.texts.layer_names.front(), "input");
  Opening many({.what = head("many", kForever)});
  ASSERT_TRUE(soon([&] { return many.news().note.words.starts_with("Embedding images: 1"); }));
  many.cancel();
  EXPECT_TRUE(soon([&] { return many.done(); }, kPrompt));
  EXPECT_TRUE(many.take().error().cancelled);
}

TEST_F(OpeningTest, ListsAFolderOnce) {
  const auto save = [&](const std::string& name) {
    const Bitmap image{8, 8, 1, std::vector<std::uint8_t>(64, static_cast<std::uint8_t>(name.size()))};
    ASSERT_TRUE(write_file_atomic(folder() / name, *encode_png(8, 8, 1, image.pixels)));
  };
  for (const char* name : {"set/a", "set/b", "other/a", "other/b"}) {
    std::filesystem::create_directories(folder() / name);
    for (int i = 0; i < 3; ++i) save(fmt::format("{}/{}.png", name, i));
  }
  const auto opened = [&](const std::vector<std::string>& overrides) {
    const auto scene = open_scene((folder() / "set").string(), overrides);
    EXPECT_TRUE(scene) << scene.error().message;
    std::set<LoadPhase> phases;
    LoadWatch watch;
    watch.report = [&](const LoadProgress& progress) { phases.insert(progress.phase); };
    const auto training = open_training(*scene, {}, watch, {.thumbnails = true});
    EXPECT_TRUE(training) << training.error().message;
    EXPECT_EQ((*training)->data().size(), 6u);
    EXPECT_EQ((*training)->data().thumbnails.size(), 6u);
    return phases;
  };
  EXPECT_FALSE(opened({}).contains(LoadPhase::kListing));
  EXPECT_TRUE(opened({"data.source=" + (folder() / "other").string()}).contains(LoadPhase::kListing));
}

TEST_F(OpeningTest, KeepsPhantomsWhereItIsTold) {
  const auto pictures = [&] {
    Opening opening({.what = scene("kept", 70), .cache = folder() / "cache"});
    EXPECT_TRUE(soon([&] { return opening.done(); }));
    auto opened = opening.take();
    EXPECT_TRUE(opened) << opened.error().message;
    const Thumbnails& all = opened->lesson.subject->training()->data().thumbnails;
    EXPECT_EQ(all.size(), 140u);
    return std::vector<std::uint8_t>(all.block().begin(), all.block().end());
  };
  const auto drawn = pictures();
  const std::filesystem::directory_iterator kept(folder() / "cache");
  ASSERT_NE(kept, std::filesystem::directory_iterator());
  EXPECT_EQ(kept->path().extension(), ".phantoms");
  EXPECT_EQ(drawn, pictures());
}

TEST_F(OpeningTest, TheCacheIsTheUsersOwn) {
  const std::string before = std::getenv("XDG_CACHE_HOME") == nullptr ? "" : std::getenv("XDG_CACHE_HOME");
  ::setenv("XDG_CACHE_HOME", "/somewhere/else", 1);
  EXPECT_EQ(cache_folder(), "/somewhere/else/fallline");
  ::setenv("XDG_CACHE_HOME", "not/absolute", 1);
  EXPECT_EQ(cache_folder().filename(), "fallline");
  EXPECT_TRUE(cache_folder().is_absolute());
  ::setenv("XDG_CACHE_HOME", before.c_str(), 1);
}

TEST_F(OpeningTest, EndsWhenItIsCancelled) {
  Opening opening({.what = scene("endless", kForever)});
  ASSERT_TRUE(opening.wait_for_scene());
  ASSERT_TRUE(soon([&] { return opening.news().note.share > 0; }));
  EXPECT_FALSE(opening.done());
  opening.cancel();
  ASSERT_TRUE(soon([&] { return opening.done(); }, kPrompt));
  const auto opened = opening.take();
  ASSERT_FALSE(opened);
  EXPECT_TRUE(opened.error().cancelled);
}

TEST_F(OpeningTest, IsNotWaitedForWhenItGoes) {
  auto opening = std::make_unique<Opening>(OpeningRequest{.what = scene("endless", kForever)});
  ASSERT_TRUE(opening->wait_for_scene());
  const auto begun = Clock::now();
  opening.reset();
  EXPECT_LT(Clock::now() - begun, kPrompt);
}

TEST_F(OpeningTest, SaysWhatIsWrong) {
  Opening opening({.what = write("broken", "title = [\n")});
  const auto scene = opening.wait_for_scene();
  ASSERT_FALSE(scene);
  EXPECT_NE(scene.error().message.find("broken.toml, line 1"), std::string::npos) << scene.error().message;
  ASSERT_TRUE(opening.done());
  const auto opened = opening.take();
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().message, scene.error().message);
}

TEST_F(OpeningTest, AsksWhatComesBeforeTheWork) {
  Opening opening(
      {.what = scene("endless", kForever), .place = [](const SceneFile& scene) -> Result<HeldFolder> {
         return error("{} may not be opened.", scene.run.title);
       }});
  ASSERT_TRUE(soon([&] { return opening.done(); }, kPrompt));
  const auto opened = opening.take();
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().message, "endless may not be opened.");
  EXPECT_FALSE(opening.wait_for_scene());
}

TEST_F(OpeningTest, WhatIsThrownIsASentence) {
  Opening opening({.what = scene("endless", kForever),
                   .place = [](const SceneFile&) -> Result<HeldFolder> { throw std::bad_alloc(); }});
  ASSERT_TRUE(soon([&] { return opening.done(); }, kPrompt));
  const auto opened = opening.take();
  ASSERT_FALSE(opened);
  EXPECT_TRUE(opened.error().message.ends_with('.')) << opened.error().message;
}

TEST_F(OpeningTest, TheLastOneArrives) {
  Arrivals arrivals;
  arrivals.await(std::make_unique<Opening>(OpeningRequest{.what = scene("first", kForever)}));
  EXPECT_TRUE(arrivals.on_its_way());
  EXPECT_FALSE(arrivals.take());
  arrivals.open({.what = scene("second", kForever)});
  arrivals.open({.what = scene("third", 12)});
  EXPECT_EQ(arrivals.news().note.title, "Opening third.toml");
  const auto begun = Clock::now();
  const auto arrival = arrival_of(arrivals);
  ASSERT_TRUE(arrival.opened) << arrival.opened.error().message;
  EXPECT_EQ(arrival.opened->scene.run.title, "third");
  EXPECT_FALSE(arrival.first);
  EXPECT_FALSE(arrivals.on_its_way());
  EXPECT_FALSE(arrivals.take()) << "it arrives once";
  const auto line = arrivals.note_turn({Clock::now() - begun});
  ASSERT_TRUE(line);
  EXPECT_TRUE(line->starts_with("opened in ")) << *line;
  EXPECT_FALSE(arrivals.note_turn({Clock::now() - begun})) << "it is said once";
}

TEST_F(OpeningTest, TheFirstIsKnown) {
  Arrivals arrivals;
  arrivals.await(std::make_unique<Opening>(OpeningRequest{.what = write("broken", "title = [\n")}));
  const auto begun = Clock::now();
  const auto arrival = arrival_of(arrivals);
  EXPECT_FALSE(arrival.opened);
  EXPECT_TRUE(arrival.first);
  EXPECT_FALSE(arrivals.note_turn({Clock::now() - begun})) << "nothing was opened";
  // The same file again, dropped.
  arrivals.open({.what = write("broken", "title = [\n")});
  const auto again = arrival_of(arrivals);
  EXPECT_FALSE(again.opened);
  EXPECT_FALSE(again.first);
}

TEST_F(OpeningTest, WhatIsDroppedNeverArrives) {
  Arrivals arrivals;
  arrivals.open({.what = scene("some", 12)});
  arrivals.drop();
  EXPECT_FALSE(arrivals.on_its_way());
  EXPECT_FALSE(soon([&] { return arrivals.take().has_value(); }, 300ms));
}

TEST_F(OpeningTest, LooksTenTimesASecond) {
  Arrivals arrivals;
  arrivals.open({.what = scene("endless", kForever)});
  int news = 0;
  const auto begun = Clock::now();
  EXPECT_FALSE(soon([&] { return static_cast<void>(news += arrivals.look() ? 1 : 0), false; }, 1s));
  const double seconds = std::chrono::duration<double>(Clock::now() - begun).count();
  EXPECT_GE(news, 2);
  EXPECT_LE(news, static_cast<int>(5 * seconds) + 2);
}

TEST(LoadingWords, CountAsPeopleDo) {
  EXPECT_EQ(loading_words({LoadPhase::kReading, 1200, 10000}), "Reading images: 1,200 of 10,000");
  EXPECT_EQ(loading_words({LoadPhase::kLooking, 7, 999}), "Looking for images: 7 of 999");
  EXPECT_EQ(loading_words({LoadPhase::kListing, 1234567, 0}), "Listing files: 1,234,567");
  EXPECT_EQ(loading_words({LoadPhase::kListing, 0, 0}), "Listing files");
  EXPECT_EQ(loading_words({LoadPhase::kEmbedding, 120, 400}), "Embedding images: 120 of 400");
  EXPECT_EQ(loading_words({LoadPhase::kNetwork, 0, 0}), "Preparing the network");
  EXPECT_EQ(loading_words({LoadPhase::kPhantoms, 1000, 2004}), "Drawing phantoms: 1,000 of 2,004");
}

TEST(LoadingWords, NameWhatIsOpened) {
  EXPECT_EQ(opening_title(""), "Opening head-CT phantoms");
  EXPECT_EQ(opening_title("/a/b/brains.tm"), "Opening brains.tm");
  EXPECT_EQ(opening_title("/a/images/"), "Opening images");
  EXPECT_EQ(opening_title("/"), "Opening /");
  EXPECT_EQ(opening_title("a/\x1b[2J.toml"), "Opening ?[2J.toml");
}

TEST(LoadingWords, TheWayHasOneDirection) {
  double last = 0;
  for (const LoadPhase phase : {LoadPhase::kListing, LoadPhase::kLooking, LoadPhase::kComparing,
                                LoadPhase::kEmbedding, LoadPhase::kNetwork})
    for (const std::size_t done : {0u, 40u, 100u}) {
      const double share = loading_share({phase, done, phase == LoadPhase::kListing ? 0u : 100u});
      EXPECT_GE(share, last);
      EXPECT_LE(share, 1);
      last = share;
    }
  EXPECT_GT(last, 0.9);
}

TEST(RescuingTest, SaysOnceWhatBecameOfIt) {
  std::vector<std::string> lines;
  set_log_sink([&lines](LogLevel, std::string_view line) { lines.emplace_back(line); });
  Studio studio{ViewState()};  // without a lesson there is nothing to save
  Rescuing rescuing;
  EXPECT_FALSE(rescuing.came());
  EXPECT_EQ(rescuing.words(true), "");
  rescuing.begin(studio, {});
  rescuing.begin(studio, {});
  EXPECT_TRUE(soon([&] { return rescuing.came(); }));
  EXPECT_EQ(rescuing.words(), "there was nothing to save");
  rescuing.begin(studio, {});
  EXPECT_FALSE(rescuing.came());
  EXPECT_EQ(lines.size(), 1u);
  rescuing.forget();
  EXPECT_EQ(rescuing.words(), "");
  rescuing.begin(studio, {});
  EXPECT_EQ(rescuing.words(true), "there was nothing to save");
  set_log_sink({});
  EXPECT_EQ(lines.size(), 2u);
}

}  // namespace
}  // namespace fl
