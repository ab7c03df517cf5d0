// A data set that keeps numbers in place of pixels makes them a few images at a time, and finds them again.

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <future>
#include <numeric>

#include <gtest/gtest.h>

#include "tests/unit/data/data_support.h"
#include "trainer/base/background.h"
#include "trainer/data/dataset.h"
#include "trainer/data/digest_cache.h"
#include "trainer/data/image_digest.h"
#include "trainer/data/kept_set.h"

namespace fl {
namespace {

namespace fs = std::filesystem;

// The sum of an image's pixels, and its first.
class Sums final : public ImageDigest {
 public:
  explicit Sums(std::size_t floats) : floats_(floats) {}
  [[nodiscard]] TensorShape shape() const override { return {2, 1, 1}; }
  [[nodiscard]] std::size_t batch() const override { return 5; }
  [[nodiscard]] std::uint64_t checksum() const override { return version; }
  void digest(std::span<const float> pixels, std::span<float> out) override {
    ASSERT_EQ(pixels.size() / floats_ * 2, out.size());
    most = std::max(most, pixels.size() / floats_);
    images += pixels.size() / floats_;
    for (; !pixels.empty(); pixels = pixels.subspan(floats_), out = out.subspan(2)) {
      out[0] = std::accumulate(pixels.begin(), pixels.begin() + static_cast<std::ptrdiff_t>(floats_), 0.0f);
      out[1] = pixels.front();
    }
  }
  std::uint64_t version = 1;
  std::size_t most = 0, images = 0;  // of one call, of all

 private:
  std::size_t floats_;
};

class Digest : public testing::Test {
 protected:
  Digest() {
    auto entries = test::project_entries({"a", "b"}, 9);
    // One broken, one about which there is something to say.
    entries.insert(entries.begin() + 3, {"a-!-99.jpg", test::bytes_of("no image")});
    entries.insert(entries.begin() + 12,
                   {"b-!-98.jpg", test::jpeg_of({12, 12, 1, std::vector<std::uint8_t>(144, 60)})});
    entries_ = entries;
    write();
  }
  void write() const { test::write_zip(folder_ / "p.tm", entries_); }
  [[nodiscard]] Dataset load(LoadOptions options) const {
    auto data = load_dataset(spec_, folder_.path(), 3, {}, options);
    EXPECT_TRUE(data.ok()) << data.error().message;
    return *std::move(data);
  }
  [[nodiscard]] fs::path cache() const { return folder_ / "cache"; }

  // Whether `digested` is made of the images of `plain`, and still knows them.
  void expect_made_of(const Dataset& plain, const Dataset& digested) {
    EXPECT_EQ(digested.shape, (TensorShape{2, 1, 1}));
    EXPECT_EQ(digested.classes, plain.classes);
    EXPECT_EQ(digested.names, plain.names);
    EXPECT_EQ(digested.labels, plain.labels);
    EXPECT_EQ(digested.skipped, plain.skipped);
    EXPECT_EQ(digested.left_out, plain.left_out);
    EXPECT_EQ(digested.contents, plain.contents);
    EXPECT_EQ(digested.colour, plain.colour);
    ASSERT_EQ(digested.pixels.size(), 2 * plain.size());
    std::vector<float> expected(2), pixels(plain.shape.floats());
    for (std::size_t i = 0; i < plain.size(); ++i) {
      const auto image = plain.image(i);
      Sums(plain.shape.floats()).digest(image, expected);
      EXPECT_TRUE(std::ranges::equal(digested.image(i), expected)) << i;
      ASSERT_TRUE(digested.read_again(i, pixels).ok()) << i;
      EXPECT_TRUE(std::ranges::equal(pixels, image)) << i;
    }
  }

  test::TempFolder folder_;
  std::vector<test::Entry> entries_;
  DataSpec spec_{.source = "p.tm", .image_size = 8, .channels = 3, .standardise = false};
  Sums sums_{spec_.shape().floats()};
};

TEST_F(Digest, IsMadeOfAFewImagesAtATime) {
  const Dataset plain = load({});
  ASSERT_EQ(plain.size(), 19u);
  EXPECT_FALSE(plain.read_again);
  const Dataset digested = load({.thumbnails = true, .digest = &sums_});
  expect_made_of(plain, digested);
  EXPECT_EQ(sums_.most, 5u);
  EXPECT_EQ(sums_.images, 19u);
  EXPECT_EQ(digested.thumbnails.size(), 19u);
}

TEST_F(Digest, OfPhantoms) {
  spec_.source = kPhantomSource;
  spec_.phantom_counts = {70, 61};
  const Dataset plain = load({});
  const Dataset digested = load({.digest = &sums_, .cache = cache()});
  expect_made_of(plain, digested);
  EXPECT_EQ(sums_.most, 5u);
  const std::size_t made = std::exchange(sums_.images, 0);
  expect_made_of(plain, load({.digest = &sums_, .cache = cache()}));
  EXPECT_LT(sums_.images, made / 4) << "kept, and some drawn once more";
  sums_.version = 2;
  sums_.images = 0;
  expect_made_of(plain, load({.digest = &sums_, .cache = cache()}));
  EXPECT_EQ(sums_.images, made);
}

TEST_F(Digest, LeavesOutSmallClasses) {
  for (int i = 0; i < 30; ++i) {
    const bool small = i == 17;
    entries_.insert(entries_.begin() + i, {fmt::format("{}-!-{}.jpg", small ? "small" : "c", 100 + i),
                                           test::jpeg_of(test::test_picture(10 + i, 3, 50))});
  }
  write();
  spec_.leave_out_small_classes = true;
  const Dataset plain = load({});
  ASSERT_EQ(plain.classes.size(), 3u);
  expect_made_of(plain, load({.digest = &sums_}));
}

TEST_F(Digest, IsKeptByContent) {
  const Dataset plain = load({});
  const auto loaded = [&](std::size_t expected, const char* what) {
    SCOPED_TRACE(what);
    sums_.images = 0;
    const test::LogCapture log;
    const Dataset data = load({.digest = &sums_, .cache = cache()});
    EXPECT_EQ(sums_.images, expected);
    EXPECT_EQ(log.count("a-!-99.jpg"), 1) << "what is broken is said each time";
    EXPECT_EQ(log.count("b-!-98.jpg"), 1);
    return data;
  };
  expect_made_of(plain, loaded(19, "first"));
  const Dataset again = loaded(0, "again");
  expect_made_of(plain, again);
  EXPECT_EQ(again.thumbnails.size(), 19u);
  sums_.version = 2;
  (void)loaded(19, "another digest");
  spec_.colour_range = HuRange{40, 80};
  (void)loaded(19, "painted");
  spec_.colour_range.reset();
  (void)loaded(0, "as at first");
  entries_[5].bytes = test::jpeg_of(test::test_picture(20, 3, 77));
  write();
  const Dataset other = load({});
  expect_made_of(other, loaded(19, "another image"));
  for (const auto& entry : fs::directory_iterator(cache())) {
    auto bytes = test::slurp(entry.path());
    bytes[bytes.size() / 2] ^= std::byte{1};
    test::spill(entry.path(), bytes);
  }
  expect_made_of(other, loaded(19, "damaged"));
  expect_made_of(other, loaded(0, "written anew"));
}

// [image][channel][y][x], each row reversed.
std::vector<float> mirrored(std::span<const float> image, int width) {
  std::vector<float> pixels(image.begin(), image.end());
  for (auto row = pixels.begin(); row != pixels.end(); row += width) std::reverse(row, row + width);
  return pixels;
}

TEST_F(Digest, OfMirroredImages) {
  for (const char* source : {"p.tm", kPhantomSource}) {
    SCOPED_TRACE(source);
    spec_.source = source;
    spec_.phantom_counts = {70, 61};
    const Dataset plain = load({}), unasked = load({.digest = &sums_, .cache = cache()});
    EXPECT_TRUE(unasked.mirrored.empty());
    for (int start = 0; start < 2; ++start) {
      const Dataset both = load({.digest = &sums_, .mirrored = true, .cache = cache()});
      EXPECT_EQ(both.pixels, unasked.pixels);
      ASSERT_EQ(both.mirrored.size(), both.pixels.size());
      std::vector<float> expected(2);
      for (std::size_t i = 0; i < plain.size(); ++i) {
        Sums(plain.shape.floats()).digest(mirrored(plain.image(i), plain.shape.width), expected);
        EXPECT_EQ(both.mirrored[2 * i], expected[0]) << i;
        EXPECT_EQ(both.mirrored[2 * i + 1], expected[1]) << i;
      }
    }
  }
}

TEST_F(Digest, OfMirroredImagesWithoutSmallClasses) {
  entries_.insert(entries_.begin() + 2, {"small-!-0.jpg", test::jpeg_of(test::test_picture(10, 3, 50))});
  write();
  spec_.leave_out_small_classes = true;
  const Dataset plain = load({}), both = load({.digest = &sums_, .mirrored = true});
  ASSERT_EQ(both.mirrored.size(), 2 * plain.size());
  for (std::size_t i = 0; i < plain.size(); ++i)
    EXPECT_EQ(both.mirrored[2 * i + 1], mirrored(plain.image(i), plain.shape.width).front()) << i;
}

// Many numbers of an image, all of them its first pixel.
class Large final : public ImageDigest {
 public:
  explicit Large(std::size_t numbers) : numbers_(numbers) {}
  [[nodiscard]] TensorShape shape() const override { return {static_cast<int>(numbers_), 1, 1}; }
  [[nodiscard]] std::size_t batch() const override { return 1; }
  [[nodiscard]] std::uint64_t checksum() const override { return 7; }
  void digest(std::span<const float> pixels, std::span<float> out) override {
    ++images;
    std::ranges::fill(out, pixels.front());
  }
  std::size_t images = 0;

 private:
  std::size_t numbers_;
};

// What is too large to be copied for the background is written at once, and found again.
TEST_F(Digest, ALargeSetIsKept) {
  Large large(2'000'000);
  ASSERT_GT(19 * large.shape().floats() * sizeof(float), KeptSet::kMostCopiedBytes);
  Background background(std::chrono::seconds(20));
  std::promise<void> go;
  background.add([gone = go.get_future().share()](const std::stop_token&) { gone.wait(); });
  const LoadOptions options{.digest = &large, .cache = cache(), .background = &background};
  const Dataset first = load(options);
  EXPECT_EQ(large.images, 19u);
  ASSERT_TRUE(fs::exists(cache()));
  const Dataset again = load(options);
  EXPECT_EQ(large.images, 19u);
  EXPECT_EQ(again.pixels, first.pixels);
  EXPECT_EQ(again.names, first.names);
  EXPECT_EQ(again.thumbnails.size(), 19u);
  go.set_value();
}

// The log says so, and nothing of it takes memory.
TEST_F(Digest, ATooLargeSetIsNotKept) {
  Large large(16'000'000);
  ImageSource source = open_image_source(folder_ / "p.tm").value();
  const test::LogCapture log;
  const auto opened = DigestCache::open(spec_, source, {}, {.digest = &large, .cache = cache()});
  ASSERT_TRUE(opened.ok());
  EXPECT_FALSE(opened->keeps());
  EXPECT_EQ(log.count("20 images takes 1.3 GB, more than the 1.1 GB that are kept of a set"), 1);
}

TEST_F(Digest, EndsWhereItIsStopped) {
  std::stop_source stop;
  std::size_t embedded = 0;
  const LoadWatch watch{.stop = stop.get_token(), .report = [&](const LoadProgress& progress) {
                          if (progress.phase != LoadPhase::kEmbedding) return;
                          EXPECT_EQ(progress.all, 20u);
                          embedded = progress.done;
                          if (progress.done == 7) stop.request_stop();
                        }};
  const auto stopped = load_dataset(spec_, folder_.path(), 3, watch, {.digest = &sums_, .cache = cache()});
  ASSERT_FALSE(stopped.ok());
  EXPECT_TRUE(stopped.error().cancelled);
  EXPECT_EQ(embedded, 7u);
  EXPECT_FALSE(fs::exists(cache())) << "half a set is not kept";
}

TEST_F(Digest, AnImageThatIsGone) {
  const Dataset digested = load({.digest = &sums_});
  fs::resize_file(folder_ / "p.tm", 100);
  std::vector<float> pixels(spec_.shape().floats());
  const auto read = digested.read_again(0, pixels);
  ASSERT_FALSE(read.ok());
  EXPECT_SAYS(read.error().message, "a-!-0.jpg");
}

}  // namespace
}  // namespace fl
