// Copies of an image are told by their pixels, whatever they are called, and what was left out is kept.
#include <algorithm>

#include <gtest/gtest.h>

#include "tests/unit/data/data_support.h"
#include "trainer/data/dataset.h"
#include "trainer/data/same_images.h"

namespace fl {
namespace {

Dataset set_of(std::vector<std::int32_t> labels, std::vector<std::uint64_t> contents) {
  Dataset data;
  data.classes = {"A", "B", "C"};
  data.labels = std::move(labels);
  data.contents = std::move(contents);
  return data;
}

TEST(SameImages, NoneWhereAllDiffer) {
  const SameImages same = same_images(set_of({0, 0, 1, 1}, {1, 2, 3, 4}), {{0, 2}, {1, 3}});
  EXPECT_EQ(same.in_two_classes, 0u);
  EXPECT_EQ(same.trained_on, 0u);
  EXPECT_EQ(same.test_images, 2u);
  EXPECT_TRUE(same.marked.empty());
  EXPECT_EQ(same_images(set_of({0, 0}, {}), {{0}, {1}}).trained_on, 0u) << "nobody looked";
}

TEST(SameImages, CopiesWithinTheTrainingImagesOfAClassHurtNobody) {
  const SameImages same = same_images(set_of({0, 0, 1, 1}, {1, 1, 3, 4}), {{0, 1, 2}, {3}});
  EXPECT_EQ(same.in_two_classes + same.trained_on, 0u);
}

TEST(SameImages, InTwoClasses) {
  const SameImages same =
      same_images(set_of({0, 2, 1, 2, 2, 0}, {9, 5, 5, 5, 1, 1}), {{0, 1, 2, 3, 4, 5}, {}});
  EXPECT_EQ(same.in_two_classes, 2u);
  EXPECT_EQ(same.class_names, (std::array<std::string, 2>{"C", "B"})) << "of the first that has a copy";
  EXPECT_EQ(same.marked, (std::vector<bool>{false, true, true, true, true, true}));
}

TEST(SameImages, TestedAndTrainedOn) {
  const SameImages same = same_images(set_of({0, 0, 0, 0, 1}, {7, 7, 7, 2, 3}), {{0, 4}, {1, 2, 3}});
  EXPECT_EQ(same.in_two_classes, 0u);
  EXPECT_EQ(same.trained_on, 2u);
  EXPECT_EQ(same.test_images, 3u);
  EXPECT_EQ(same.marked, (std::vector<bool>{true, true, true, false, false}));
}

TEST(SameImages, AreToldByTheirPixels) {
  const test::TempFolder folder;
  auto entries = test::project_entries({"a", "b"}, 4);
  entries.insert(entries.begin() + 1, {"b-!-77.jpg", entries.front().bytes});
  entries.insert(entries.begin(), {"a-!-99.jpg", test::bytes_of("no image")});
  test::write_zip(folder / "p.tm", entries);
  const auto data = load_dataset({.source = "p.tm", .image_size = 16}, folder.path(), 1);
  ASSERT_TRUE(data.ok()) << data.error().message;
  ASSERT_EQ(data->contents.size(), data->size());
  EXPECT_EQ(same_images(*data, {}).in_two_classes, 1u);
  ASSERT_EQ(data->left_out.size(), 1u);
  EXPECT_SAYS(data->left_out.front(), "a-!-99.jpg");
}

}  // namespace
}  // namespace fl
