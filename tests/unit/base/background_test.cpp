// Work that nobody waits for, and files that can be made again.
#include "trainer/base/background.h"

#include <atomic>
#include <filesystem>
#include <future>
#include <stdexcept>
#include <vector>

#include <gtest/gtest.h>

#include "trainer/base/atomic_file.h"

namespace fl {
namespace {

using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

TEST(Background, DoesOneAfterTheOtherAndIsDoneAtTheEnd) {
  std::vector<int> done;
  std::promise<void> go;
  const auto begun = Clock::now();
  {
    Background background;
    background.add([&, gone = go.get_future().share()](const std::stop_token&) { gone.wait(); });
    for (int i = 0; i < 5; ++i)
      background.add([&done, i](const std::stop_token&) {
        done.push_back(i);
        if (i == 2) throw std::runtime_error("of one piece of work");
      });
    EXPECT_TRUE(done.empty()) << "nobody waits for it";
    go.set_value();
  }
  EXPECT_EQ(done, (std::vector{0, 1, 2, 3, 4}));
  EXPECT_LT(Clock::now() - begun, 900ms) << "nor is the patience waited for";
  const Background idle;
}

TEST(Background, GivesUpWhatTakesTooLong) {
  std::atomic<bool> stopped = false, next = false;
  const auto begun = Clock::now();
  {
    Background background(50ms);
    background.add([&](const std::stop_token& stop) {
      while (!stop.stop_requested()) std::this_thread::sleep_for(1ms);
      stopped = true;
    });
    background.add([&](const std::stop_token&) { next = true; });
  }
  EXPECT_TRUE(stopped);
  EXPECT_FALSE(next);
  EXPECT_GE(Clock::now() - begun, 50ms);
  EXPECT_LT(Clock::now() - begun, 10s);
}

TEST(CacheFile, IsWholeOrIsNot) {
  namespace fs = std::filesystem;
  const fs::path folder = fs::temp_directory_path() / ("fallline-cache-file-" + std::to_string(::getpid()));
  fs::create_directories(folder);
  const std::vector<std::byte> bytes(3'000'001, std::byte{7});
  ASSERT_TRUE(write_cache_file(folder / "a", bytes, {}).ok());
  EXPECT_EQ(read_file(folder / "a", bytes.size()).value(), bytes);
  std::stop_source stop;
  stop.request_stop();
  const auto given_up = write_cache_file(folder / "a", std::span(bytes).first(5), stop.get_token());
  ASSERT_FALSE(given_up.ok());
  EXPECT_EQ(given_up.error().message, (folder / "a").string() + " was not written to its end.");
  EXPECT_EQ(read_file(folder / "a", bytes.size()).value(), bytes) << "the one before stays";
  EXPECT_EQ(std::distance(fs::directory_iterator(folder), fs::directory_iterator()), 1) << "nothing is left";
  EXPECT_FALSE(write_cache_file(folder / "no/folder", bytes, {}).ok());
  fs::remove_all(folder);
}

}  // namespace
}  // namespace fl
