// A loading says how far it is, in order and to the end, and ends where it is told to, wherever that is.
#include <algorithm>
#include <atomic>
#include <set>
#include <thread>

#include <gtest/gtest.h>

#include "tests/unit/data/data_support.h"
#include "trainer/data/dataset.h"
#include "trainer/data/phantom/phantom.h"

namespace fl {
namespace {

namespace fs = std::filesystem;

// Keeps what is reported; asks for the end at report `stop_at`, from 0.
class Recorder {
 public:
  explicit Recorder(std::size_t stop_at = ~std::size_t{0}) : stop_at_(stop_at) {}

  LoadWatch watch() {
    return {.stop = source_.get_token(), .report = [this](const LoadProgress& progress) {
              EXPECT_EQ(std::this_thread::get_id(), thread_);
              EXPECT_FALSE(source_.stop_requested()) << "nothing is reported of a loading that ends";
              if (reports.size() == stop_at_) source_.request_stop();
              reports.push_back(progress);
            }};
  }
  // Of one phase, in order.
  [[nodiscard]] std::vector<std::size_t> done(LoadPhase phase) const {
    std::vector<std::size_t> all;
    for (const LoadProgress& report : reports)
      if (report.phase == phase) all.push_back(report.done);
    return all;
  }

  std::vector<LoadProgress> reports;

 private:
  std::size_t stop_at_;
  std::stop_source source_;
  std::thread::id thread_ = std::this_thread::get_id();
};

void expect_rises_to(const std::vector<std::size_t>& done, std::size_t all) {
  ASSERT_FALSE(done.empty());
  EXPECT_TRUE(std::ranges::is_sorted(done));
  EXPECT_EQ(done.front(), 0u);
  EXPECT_EQ(done.back(), all);
}

// Two classes of four images, and a file that is none, which is remarked on.
void fill_set(const fs::path& set) {
  for (const char* name : {"a", "b"})
    for (int i = 0; i < 4; ++i)
      test::spill(set / name / fmt::format("{}.jpg", i),
                  test::jpeg_of(test::test_picture(24, 1, static_cast<unsigned>(i))));
  test::spill(set / "a/notes.txt", test::bytes_of("not an image"));
}

TEST(LoadWatch, PhantomsAreCounted) {
  const DataSpec spec{.image_size = 16, .phantom_counts = {5, 8}};
  Recorder recorder;
  const auto watched = load_dataset(spec, {}, 3, recorder.watch()), plain = load_dataset(spec, {}, 3);
  ASSERT_TRUE(watched.ok() && plain.ok());
  EXPECT_EQ(watched->pixels, plain->pixels);
  EXPECT_EQ(watched->names, plain->names);
  expect_rises_to(recorder.done(LoadPhase::kPhantoms), 13);
  for (const LoadProgress& report : recorder.reports) EXPECT_EQ(report.all, 13u);
}

TEST(LoadWatch, FilesAreListedLookedAtAndRead) {
  const test::LogCapture log;
  const test::TempFolder folder;
  fill_set(folder / "set");
  test::write_zip(folder / "p.tm", test::project_entries({"A", "B"}, 6));
  const struct {
    const char* source;
    std::set<LoadPhase> phases;
    std::size_t images;
  } cases[] = {{"set", {LoadPhase::kListing, LoadPhase::kLooking, LoadPhase::kReading}, 8},
               {"p.tm", {LoadPhase::kListing, LoadPhase::kReading}, 12}};
  for (const auto& [source, phases, images] : cases) {
    const DataSpec spec{.source = source, .image_size = 16};
    Recorder recorder;
    const auto watched = load_dataset(spec, folder.path(), 1, recorder.watch()),
               plain = load_dataset(spec, folder.path(), 1);
    ASSERT_TRUE(watched.ok() && plain.ok()) << source;
    EXPECT_EQ(watched->pixels, plain->pixels) << source;
    std::set<LoadPhase> seen;
    LoadPhase last = LoadPhase::kListing;
    for (const LoadProgress& report : recorder.reports) {
      EXPECT_GE(report.phase, last) << "one phase after the other";
      last = report.phase;
      seen.insert(report.phase);
      if (report.phase == LoadPhase::kReading) {
        EXPECT_EQ(report.all, images);
      }
    }
    EXPECT_EQ(seen, phases) << source;
    expect_rises_to(recorder.done(LoadPhase::kReading), images);
  }
}

// At every single place where it may end: one error, told apart from all others, not a word in the log, no
// file changed.
TEST(LoadWatch, EndsWhereverItIsTold) {
  const test::TempFolder folder;
  fill_set(folder / "set");
  test::write_zip(folder / "p.tm", test::project_entries({"A", "B"}, 3));
  const auto files = [&folder] {
    std::set<std::string> all;
    for (const auto& entry : fs::recursive_directory_iterator(folder.path()))
      all.insert(entry.path().string());
    return all;
  };
  const std::set<std::string> before = files();
  for (const char* source : {"set", "p.tm", "phantom"}) {
    const DataSpec spec{.source = source, .image_size = 16, .phantom_counts = {4, 4}};
    std::size_t reports = 0;
    {
      const test::LogCapture log;
      Recorder whole;
      ASSERT_TRUE(load_dataset(spec, folder.path(), 1, whole.watch()).ok());
      reports = whole.reports.size();
      EXPECT_EQ(log.count("passed over"), std::string_view(source) == "set" ? 1 : 0);
    }
    // How many phantoms this thread makes itself is chance; the first report and the last are not.
    const bool chance = std::string_view(source) == "phantom";
    for (std::size_t stop_at = 0; stop_at < (chance ? std::size_t{1} : reports); ++stop_at) {
      const test::LogCapture log;
      Recorder recorder(stop_at);
      const auto data = load_dataset(spec, folder.path(), 1, recorder.watch());
      ASSERT_FALSE(data.ok()) << source << ", report " << stop_at;
      EXPECT_TRUE(data.error().cancelled);
      EXPECT_SAYS(data.error().message, "stopped before it was complete");
      EXPECT_EQ(recorder.reports.size(), stop_at + 1);
      EXPECT_EQ(log.count(""), 0) << source << ", report " << stop_at;
    }
  }
  EXPECT_EQ(files(), before);
  EXPECT_FALSE(load_dataset({.source = "absent"}, folder.path(), 1).error().cancelled);
}

TEST(LoadWatch, WhatIsDroppedBeforeItBeginsReportsNothing) {
  const test::TempFolder folder;
  fill_set(folder / "set");
  std::stop_source source;
  source.request_stop();
  for (const char* what : {"set", "phantom"}) {
    const auto data =
        load_dataset({.source = what, .image_size = 16}, folder.path(), 1,
                     {.stop = source.get_token(), .report = [](const LoadProgress&) { FAIL(); }});
    ASSERT_FALSE(data.ok());
    EXPECT_TRUE(data.error().cancelled);
  }
}

// A hundred thousand phantoms would take minutes.
TEST(LoadWatch, AnotherThreadEndsIt) {
  std::stop_source source;
  std::atomic<std::size_t> made{0};
  const LoadWatch watch{.stop = source.get_token(), .report = [&](const LoadProgress& progress) {
                          made = progress.done;
                          made.notify_all();
                        }};
  std::thread other([&] {
    made.wait(0);
    source.request_stop();
  });
  const auto data = load_dataset({.image_size = 16, .phantom_counts = {50'000, 50'000}}, {}, 1, watch);
  other.join();
  ASSERT_FALSE(data.ok());
  EXPECT_TRUE(data.error().cancelled);
  EXPECT_LT(made, 50'000u);
}

TEST(LoadWatch, APhantomIsMadeWholeOrNotAtAll) {
  std::stop_source source;
  const auto whole = make_phantom(1, PhantomClass::kNormal, 2, 32, source.get_token());
  ASSERT_TRUE(whole.has_value());
  EXPECT_EQ(whole->slice.hounsfield, make_phantom(1, PhantomClass::kNormal, 2, 32).slice.hounsfield);
  source.request_stop();
  EXPECT_FALSE(make_phantom(1, PhantomClass::kNormal, 2, 32, source.get_token()).has_value());
}

}  // namespace
}  // namespace fl
