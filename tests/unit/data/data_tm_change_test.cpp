// A project that is saved again with other settings and names: its images are the same bytes in the same
// order.
#include <algorithm>

#include <gtest/gtest.h>

#include "tests/unit/data/data_support.h"
#include "trainer/data/sources/image_source.h"
#include "trainer/data/sources/tm_project.h"

namespace fl {
namespace {

using test::Bytes;
using test::Entry;

class ChangeTmProject : public testing::Test {
 protected:
  // Names with a separator, a slash, an accent, right-to-left writing and a picture.
  std::vector<Entry> entries_ =
      test::project_entries({"a-!-b", "Cats/Dogs", "\u00e9t\u00e9", "\u0645\u0643", "\U0001F600"}, 2);

  Result<void> change(const TmSettings& settings, const std::vector<TmRename>& renames) {
    test::write_zip(folder_ / "old.tm", entries_);
    auto tree = FileTree::open(folder_ / "old.tm").value();
    return change_tm_project(folder_ / "new.tm", tree, find_tm_project(tree).value(), settings, renames);
  }
  // What a project holds: names of entries, and the bytes of each, without the manifest.
  static std::vector<std::pair<std::string, Bytes>> contents(const std::filesystem::path& path) {
    auto tree = FileTree::open(path).value();
    std::vector<std::pair<std::string, Bytes>> all;
    for (std::size_t i = 0; i + 1 < tree.paths().size(); ++i)
      all.emplace_back(tree.paths()[i], tree.read(i).value());
    EXPECT_EQ(tree.paths().back(), "manifest.json");
    return all;
  }
  std::string refusal(const std::vector<TmRename>& renames) {
    const auto changed = change({}, renames);
    EXPECT_FALSE(changed.ok());
    EXPECT_FALSE(std::filesystem::exists(folder_ / "new.tm"));
    return changed.ok() ? "" : changed.error().message;
  }

  test::TempFolder folder_;
};

TEST_F(ChangeTmProject, ImagesStayAsTheyAre) {
  ASSERT_TRUE(change({77, 8, 2e-5}, {}).ok());
  EXPECT_EQ(contents(folder_ / "new.tm"), contents(folder_ / "old.tm"));
  const auto opened = open_image_source(folder_ / "new.tm");
  ASSERT_TRUE(opened.ok()) << opened.error().message;
  EXPECT_EQ(opened->settings->epochs, 77);
  EXPECT_EQ(opened->settings->batch_size, 8);
  EXPECT_DOUBLE_EQ(opened->settings->rate, 2e-5);
  EXPECT_EQ(opened->listing.classes, open_image_source(folder_ / "old.tm")->listing.classes);
  const Bytes bytes = test::slurp(folder_ / "new.tm");
  const std::string text(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  EXPECT_EQ(text.find("secret-token"), std::string::npos) << "an upload token is passed on";
  ASSERT_TRUE(change({77, 8, 2e-5}, {}).ok());
  EXPECT_EQ(test::slurp(folder_ / "new.tm"), bytes);
}

TEST_F(ChangeTmProject, ClassesAreRenamed) {
  ASSERT_TRUE(change({}, {{"a-!-b", "Cats/Dogs"}, {"Cats/Dogs", "a-!-b"}, {"\u0645\u0643", "x = y"}}).ok());
  const auto opened = open_image_source(folder_ / "new.tm");
  ASSERT_TRUE(opened.ok()) << opened.error().message;
  EXPECT_EQ(opened->listing.classes,
            (std::vector<std::string>{"Cats/Dogs", "a-!-b", "\u00e9t\u00e9", "x = y", "\U0001F600"}));
  const auto before = contents(folder_ / "old.tm"), after = contents(folder_ / "new.tm");
  ASSERT_EQ(before.size(), after.size());
  for (std::size_t i = 0; i < before.size(); ++i) EXPECT_EQ(before[i].second, after[i].second) << i;
  EXPECT_EQ(after[1].first, "Cats/Dogs-!-1.jpg");
}

// Packed with the folder it lay in, and with what systems leave behind.
TEST_F(ChangeTmProject, WhatIsNotTheProjectsGoes) {
  for (Entry& entry : entries_) entry.name = "project/" + entry.name;
  entries_.insert(entries_.begin(), {"__MACOSX/project/._manifest.json", test::bytes_of("x")});
  entries_.push_back({"project/notes.txt", test::bytes_of("x")});
  ASSERT_TRUE(change({}, {}).ok());
  const auto after = contents(folder_ / "new.tm");
  ASSERT_EQ(after.size(), 10u);
  EXPECT_EQ(after.front().first, "a-!-b-!-0.jpg");
}

TEST_F(ChangeTmProject, NamesThatCannotBe) {
  EXPECT_SAYS(refusal({{"nobody", "x"}}), "has no class \"nobody\"; its classes are a-!-b, Cats/Dogs");
  EXPECT_SAYS(refusal({{"Cats/Dogs", "a-!-b"}}), "Two classes would be called \"a-!-b\"");
  EXPECT_SAYS(refusal({{"Cats/Dogs", "x"}, {"a-!-b", "x"}}), "Two classes would be called \"x\"");
  EXPECT_SAYS(refusal({{"Cats/Dogs", "x"}, {"Cats/Dogs", "y"}}), "renamed twice");
  EXPECT_SAYS(refusal({{"Cats/Dogs", ""}}), "cannot be a class");
  EXPECT_SAYS(refusal({{"Cats/Dogs", "a\nb"}}), "without control characters");
  EXPECT_SAYS(refusal({{"Cats/Dogs", "._a"}}), "systems leave files of such names behind");
}

TEST_F(ChangeTmProject, AnImageThatCannotBeUnpackedIsNamed) {
  test::write_zip(folder_ / "old.tm", entries_);
  Bytes zip = test::slurp(folder_ / "old.tm");
  test::lie_about_size(zip, "Cats/Dogs-!-1.jpg", 7);
  test::spill(folder_ / "old.tm", zip);
  auto tree = FileTree::open(folder_ / "old.tm").value();
  const auto changed = change_tm_project(folder_ / "new.tm", tree, "", {}, {});
  ASSERT_FALSE(changed.ok());
  EXPECT_SAYS(changed.error().message, "Cats/Dogs-!-1.jpg");
}

}  // namespace
}  // namespace fl
