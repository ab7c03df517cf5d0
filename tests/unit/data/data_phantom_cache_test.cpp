// Phantoms that were drawn before are read again only where drawing would give the same, and a cache that
// does not work is none.

#include <cstring>
#include <filesystem>
#include <future>

#include <gtest/gtest.h>

#include "tests/unit/data/data_support.h"
#include "trainer/base/background.h"
#include "trainer/base/checksum.h"
#include "trainer/data/phantom/phantom_cache.h"

namespace fl {
namespace {

namespace fs = std::filesystem;

class PhantomCacheTest : public ::testing::Test {
 protected:
  struct Loaded {
    Dataset data;
    bool read = false;  // not drawn
  };
  [[nodiscard]] Loaded load(const LoadOptions& options) const {
    int reports = 0;
    LoadWatch watch;
    watch.report = [&reports](const LoadProgress&) { ++reports; };
    auto data = load_dataset(spec_, {}, seed_, watch, options);
    EXPECT_TRUE(data.ok()) << data.error().message;
    return {*std::move(data), reports == 2};
  }
  [[nodiscard]] Loaded load() const { return load({.thumbnails = true, .cache = folder()}); }
  [[nodiscard]] fs::path folder() const { return temp_ / "cache/deep"; }
  [[nodiscard]] std::vector<fs::path> files() const {
    std::vector<fs::path> all;
    std::error_code code;
    for (const auto& entry : fs::directory_iterator(folder(), code)) all.push_back(entry.path());
    return all;
  }

  test::TempFolder temp_;
  DataSpec spec_{.image_size = 8, .phantom_counts = {66, 62}};
  std::uint64_t seed_ = 5;
};

void expect_same(const Dataset& a, const Dataset& b) {
  EXPECT_EQ(a.pixels, b.pixels);
  EXPECT_EQ(a.labels, b.labels);
  EXPECT_EQ(a.names, b.names);
  EXPECT_EQ(a.classes, b.classes);
  EXPECT_EQ(a.colour, b.colour);
  EXPECT_TRUE(a.shape == b.shape);
  EXPECT_TRUE(std::ranges::equal(a.thumbnails.block(), b.thumbnails.block()));
  EXPECT_TRUE(std::ranges::equal(a.thumbnails.sizes(), b.thumbnails.sizes()));
}

TEST_F(PhantomCacheTest, GivesWhatWasDrawn) {
  const Loaded drawn = load(), again = load();
  EXPECT_FALSE(drawn.read);
  EXPECT_TRUE(again.read);
  expect_same(drawn.data, again.data);
  ASSERT_EQ(files().size(), 1u);
  // What is asked for and not kept is drawn.
  const Loaded units = load({.hounsfield = true, .cache = folder()});
  EXPECT_FALSE(units.read);
  EXPECT_EQ(units.data.pixels, drawn.data.pixels);
  EXPECT_EQ(files().size(), 1u);
}

TEST_F(PhantomCacheTest, EveryNumberCounts) {
  static_cast<void>(load());
  spec_.window.level += 1e-9;
  EXPECT_FALSE(load().read);
  spec_.colour_range = HuRange{50, 90};
  EXPECT_FALSE(load().read);
  spec_.phantom_counts = {67, 62};
  EXPECT_FALSE(load().read);
  ++seed_;
  EXPECT_FALSE(load().read);
  EXPECT_FALSE(load({.cache = folder()}).read);
  EXPECT_TRUE(load().read);
  EXPECT_EQ(files().size(), 6u);
}

TEST_F(PhantomCacheTest, WhatIsDamagedOrDrawnOtherwiseIsDrawnAgain) {
  const Loaded drawn = load();
  const fs::path file = files().at(0);
  const test::Bytes whole = test::slurp(file);
  test::Bytes changed = whole;
  changed[changed.size() / 2] ^= std::byte{1};
  test::Bytes endless = whole;  // a part that claims to be longer than the file
  endless[6] = std::byte{1};
  for (const test::Bytes& bytes :
       {changed, endless, test::Bytes(whole.begin(), whole.end() - 9), test::Bytes()}) {
    test::spill(file, bytes);
    const Loaded again = load();
    EXPECT_FALSE(again.read);
    expect_same(drawn.data, again.data);
    EXPECT_EQ(test::slurp(file), whole);  // mended
  }
  // A file without a fault, of a program that drew the first phantom a little otherwise.
  float value = drawn.data.pixels[33];
  const auto pattern = std::as_bytes(std::span(drawn.data.pixels).subspan(33, 8));
  const auto found = std::ranges::search(whole, pattern);
  ASSERT_FALSE(found.empty());
  test::Bytes other = whole;
  value = std::nextafter(value, 2.0f);
  std::memcpy(other.data() + (found.begin() - whole.begin()), &value, sizeof value);
  // The part that holds it: its length, its bytes, their checksum.
  std::uint64_t size = 0, sum = 0;
  std::size_t at = 0;
  for (const auto place = static_cast<std::size_t>(found.begin() - whole.begin()); at + size <= place;) {
    at += at == 0 ? sizeof size : size + sizeof sum + sizeof size;
    std::memcpy(&size, other.data() + at - sizeof size, sizeof size);
  }
  sum = checksum(std::span(other).subspan(at, size));
  std::memcpy(other.data() + at + size, &sum, sizeof sum);
  test::spill(file, other);
  EXPECT_FALSE(load().read);
}

TEST_F(PhantomCacheTest, WhereItCannotBeWrittenThereIsNone) {
  test::spill(temp_ / "cache", test::bytes_of("a file, where the folder should be"));
  const test::LogCapture log;
  const Loaded first = load(), second = load();
  EXPECT_FALSE(first.read || second.read);
  expect_same(first.data, second.data);
  EXPECT_EQ(log.count(""), 0);
}

// Whoever waits for the set does not wait for the disk, and the file holds what was drawn, whatever becomes
// of the set meanwhile.
TEST_F(PhantomCacheTest, IsFilledInTheBackground) {
  std::promise<void> go;
  Dataset drawn;
  {
    Background background(std::chrono::seconds(20));
    background.add([gone = go.get_future().share()](const std::stop_token&) { gone.wait(); });
    Loaded loaded = load({.thumbnails = true, .cache = folder(), .background = &background});
    EXPECT_FALSE(loaded.read);
    EXPECT_TRUE(files().empty());
    drawn = loaded.data;
    loaded.data.pixels.assign(loaded.data.pixels.size(), 0.5f);
    go.set_value();
  }
  ASSERT_EQ(files().size(), 1u);
  const Loaded again = load();
  EXPECT_TRUE(again.read);
  expect_same(drawn, again.data);
}

TEST_F(PhantomCacheTest, KeepsWhatWasUsedLastWithinItsBound) {
  fs::create_directories(folder());
  const auto now = fs::file_time_type::clock::now();
  for (int hours = 1; hours <= 3; ++hours) {
    const fs::path path = folder() / (std::to_string(hours) + ".phantoms");
    test::spill(path, {});
    fs::resize_file(path, KeptSet::kMostBytes / 2 - (1u << 20));
    fs::last_write_time(path, now - std::chrono::hours(hours));
  }
  test::spill(folder() / "other.txt", test::bytes_of("not ours"));
  test::spill(folder() / "x.phantoms.0123456789abcdef.part", test::bytes_of("half of one"));
  const Loaded drawn = load();
  EXPECT_TRUE(fs::exists(folder() / "1.phantoms"));
  EXPECT_FALSE(fs::exists(folder() / "3.phantoms"));
  EXPECT_TRUE(fs::exists(folder() / "other.txt"));
  EXPECT_FALSE(fs::exists(folder() / "x.phantoms.0123456789abcdef.part"));
  EXPECT_TRUE(load().read);
}

TEST_F(PhantomCacheTest, SmallSetsAreNotKept) {
  spec_.phantom_counts = {20, 30};
  static_cast<void>(load());
  EXPECT_TRUE(files().empty());
}

}  // namespace
}  // namespace fl
