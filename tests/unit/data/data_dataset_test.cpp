#include <algorithm>
#include <map>
#include <set>

#include <gtest/gtest.h>

#include "tests/unit/data/data_support.h"
#include "trainer/data/dataset.h"

namespace fl {
namespace {

using test::TempFolder;

// Labels are all that a split looks at.
Dataset labelled(const std::vector<int>& counts) {
  Dataset data;
  data.shape = {1, 1, 1};
  for (std::size_t c = 0; c < counts.size(); ++c) {
    data.classes.push_back("class " + std::to_string(c));
    data.labels.insert(data.labels.end(), static_cast<std::size_t>(counts[c]), static_cast<std::int32_t>(c));
  }
  data.pixels.resize(data.labels.size());
  return data;
}

std::string load_error(const DataSpec& spec, const std::filesystem::path& base = {}) {
  const auto data = load_dataset(spec, base, 1);
  return data ? std::string() : data.error().message;
}

TEST(Split, CountsAreTeachableMachines) {
  for (const auto& [images, tests] : std::map<int, int>{{2, 1}, {30, 5}, {80, 12}, {100, 15}, {1000, 150}}) {
    const Dataset data = labelled({images, 30});
    const auto split = split_dataset(data, 0.15, 1);
    ASSERT_TRUE(split.ok()) << split.error().message;
    EXPECT_EQ(std::count_if(split->test.begin(), split->test.end(), [&](int i) { return i < images; }), tests)
        << images;
    EXPECT_EQ(split->test.size(), static_cast<std::size_t>(tests + 5));
    EXPECT_EQ(split->train.size() + split->test.size(), data.size());
  }
}

TEST(Split, EveryImageIsInExactlyOneSet) {
  const auto split = split_dataset(labelled({37, 11, 90}), 0.15, 7);
  ASSERT_TRUE(split.ok());
  std::vector<std::int32_t> all = split->train;
  all.insert(all.end(), split->test.begin(), split->test.end());
  std::sort(all.begin(), all.end());
  ASSERT_EQ(all.size(), 138u);
  for (std::size_t i = 0; i < all.size(); ++i) ASSERT_EQ(all[i], static_cast<std::int32_t>(i));
}

TEST(Split, SeedsDecide) {
  const Dataset data = labelled({30, 30});
  const auto first = split_dataset(data, 0.15, 1), again = split_dataset(data, 0.15, 1),
             other = split_dataset(data, 0.15, 2);
  EXPECT_EQ(first->train, again->train);
  EXPECT_EQ(first->test, again->test);
  EXPECT_NE(first->train, other->train);
  EXPECT_NE(std::set(first->test.begin(), first->test.end()),
            std::set(other->test.begin(), other->test.end()));
}

TEST(Split, TrainingImagesOfTheClassesAreMixed) {
  const auto split = split_dataset(labelled({100, 100}), 0.15, 3);
  ASSERT_TRUE(split.ok());
  const auto first_half = split->train.begin() + 85;
  const auto of_first_class = std::count_if(split->train.begin(), first_half, [](int i) { return i < 100; });
  EXPECT_GT(of_first_class, 25);
  EXPECT_LT(of_first_class, 60);
}

TEST(Split, EveryImageIsTestedUnderSomeSeed) {
  const Dataset data = labelled({10, 10});
  std::set<std::int32_t> tested;
  for (std::uint64_t seed = 0; seed < 100; ++seed) {
    const auto split = split_dataset(data, 0.15, seed);
    tested.insert(split->test.begin(), split->test.end());
  }
  EXPECT_EQ(tested.size(), 20u);
}

TEST(Split, RefusesAClassWithoutTrainingImages) {
  const auto split = split_dataset(labelled({30, 1}), 0.15, 1);
  ASSERT_FALSE(split.ok());
  EXPECT_SAYS(split.error().message, "\"class 1\" has only 1 image, and testing takes it");
  EXPECT_FALSE(split_dataset(labelled({30, 4}), 0.9, 1).ok());
  EXPECT_FALSE(split_dataset(labelled({30, 30}), 1.0, 1).ok());
  EXPECT_FALSE(split_dataset(labelled({30, 30}), -0.1, 1).ok());
  EXPECT_FALSE(split_dataset(labelled({30, 30}), std::numeric_limits<double>::quiet_NaN(), 1).ok());
}

TEST(LoadFolder, ClassesAndImagesAreSorted) {
  const TempFolder folder;
  for (const char* name :
       {"set/b/2.PNG", "set/b/1.jpg", "set/a b/x.jpeg", "set/a b/w.png", "set/.hidden/x.png"}) {
    const bool png = std::string_view(name).find("png") != std::string_view::npos ||
                     std::string_view(name).find("PNG") != std::string_view::npos;
    const Bitmap image = test::test_picture(24, png ? 1 : 3, 1);
    test::spill(folder / name, png ? test::png_of(image) : test::jpeg_of(image));
  }
  test::spill(folder / "set/b/notes.txt", test::bytes_of("not an image"));
  const auto data = load_dataset({.source = "set", .image_size = 12, .channels = 1}, folder.path(), 1);
  ASSERT_TRUE(data.ok()) << data.error().message;
  EXPECT_EQ(data->classes, (std::vector<std::string>{"a b", "b"}));
  EXPECT_EQ(data->names, (std::vector<std::string>{"a b/w.png", "a b/x.jpeg", "b/1.jpg", "b/2.PNG"}));
  EXPECT_EQ(data->labels, (std::vector<std::int32_t>{0, 0, 1, 1}));
  EXPECT_EQ(data->image(3).size(), 144u);
}

TEST(LoadFolder, BrokenImagesAreNamedAndLeftOut) {
  const test::LogCapture log;
  const TempFolder folder;
  auto entries = test::project_entries({"A", "B"}, 3);
  entries[1].bytes.resize(entries[1].bytes.size() / 2);
  entries[4].bytes = test::bytes_of("no image at all");
  test::write_zip(folder / "p.tm", entries);
  const auto data = load_dataset({.source = "p.tm", .image_size = 16}, folder.path(), 1);
  ASSERT_TRUE(data.ok()) << data.error().message;
  EXPECT_EQ(data->skipped, 2);
  EXPECT_EQ(data->names, (std::vector<std::string>{"A-!-0.jpg", "A-!-2.jpg", "B-!-0.jpg", "B-!-2.jpg"}));
  EXPECT_EQ(log.count("A-!-1.jpg"), 1);
  EXPECT_EQ(log.count("B-!-1.jpg"), 1);

  entries[0].bytes = {};
  test::write_zip(folder / "worse.tm", entries);
  const std::string message = load_error({.source = "worse.tm", .image_size = 16}, folder.path());
  EXPECT_SAYS(message, "\"A\"");
  EXPECT_SAYS(message, "1 usable image, 2 unusable");
}

TEST(LoadDataset, OneClassIsRefused) {
  const TempFolder folder;
  test::write_zip(folder / "one.tm", test::project_entries({"only"}, 5));
  EXPECT_SAYS(load_error({.source = "one.tm"}, folder.path()), "has 1 class, but training needs at least two");
  std::filesystem::create_directories(folder / "bare");
  EXPECT_SAYS(load_error({.source = "bare"}, folder.path()), "has no subfolders");
}

TEST(LoadDataset, UnknownSourcesAreRefused) {
  const TempFolder folder;
  test::spill(folder / "slices.zip", test::bytes_of("PK"));
  EXPECT_SAYS(load_error({.source = "absent.tm"}, folder.path()), "There is no file or folder");
  EXPECT_SAYS(load_error({.source = ""}, folder.path()), "data source is empty");
  EXPECT_SAYS(load_error({.source = "slices.zip"}, folder.path()), "damaged or truncated");
}

TEST(LoadDataset, SpecsOutOfRangeAreRefused) {
  EXPECT_SAYS(load_error({.image_size = 7}), "image size 7");
  EXPECT_SAYS(load_error({.image_size = 100'000}), "image size 100000");
  EXPECT_SAYS(load_error({.channels = 2}), "not 2");
  EXPECT_SAYS(load_error({.phantom_counts = {30}}), "phantom counts");
  EXPECT_SAYS(load_error({.phantom_counts = {30, 1}}), "phantom counts");
  EXPECT_SAYS(load_error({.phantom_counts = {30, -5}}), "phantom counts");
  EXPECT_SAYS(load_error({.image_size = 1024, .phantom_counts = {100'000, 100'000}}), "GiB");
}

}  // namespace
}  // namespace fl
