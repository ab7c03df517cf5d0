// What the window offers at its start: lessons as their files describe themselves, what was opened before,
// and what a browser of files finds.
#include <fstream>

#include <gtest/gtest.h>

#include "engine/app/start/recent.h"
#include "engine/app/start/shelf.h"
#include "engine/ui/panels/start/browser.h"
#include "tests/unit/data/data_support.h"

namespace fl {
namespace {

using test::TempFolder;

class Start : public ::testing::Test {
 protected:
  std::filesystem::path write(const std::string& name, const std::string& text) {
    std::ofstream(folder_.path() / name) << text;
    return folder_.path() / name;
  }
  TempFolder folder_;
};

TEST_F(Start, ALessonSaysWhatItIsAndWhatToWatch) {
  write("2-b.toml",
        "# Lesson 2: a title. Thirty of these,\n# ten of those.\n#\n# Watch the ball.\n#\n# And more.\n\n"
        "title = \"2: b\"\n[data]\nphantom_counts = [30, 10]\n[train]\nepochs = 4\n");
  write("2-b-longer.toml", "title = \"no comment\"\n[two_parameters]\nsteps = 5\n");
  write("broken.toml", "title = [\n");
  write("notes.txt", "no lesson");
  const std::vector<ShelfLesson> shelf = read_shelf(folder_.path());
  ASSERT_EQ(shelf.size(), 2u);
  EXPECT_EQ(shelf[0], (ShelfLesson{.path = (folder_.path() / "2-b.toml").string(),
                                   .title = "2: b",
                                   .about = "Thirty of these, ten of those.",
                                   .watch = "Watch the ball.",
                                   .length = "40 images, 4 epochs"}));
  EXPECT_EQ(shelf[1].about, "");
  EXPECT_EQ(shelf[1].length, "5 steps");
}

TEST_F(Start, APictureThatCannotBeShownIsLeftOut) {
  write("a.toml", "title = \"a\"\n[two_parameters]\nsteps = 5\n");
  write("a.jpg", "no picture");
  const std::vector<ShelfLesson> shelf = read_shelf(folder_.path(), folder_.path());
  ASSERT_EQ(shelf.size(), 1u);
  EXPECT_EQ(shelf[0].picture, nullptr);
}

TEST_F(Start, TheLessonsOfTheProgramAllDescribeThemselves) {
  const std::vector<ShelfLesson> shelf =
      read_shelf(FALLLINE_SOURCE_DIR "/scenes", FALLLINE_SOURCE_DIR "/assets/lessons");
  EXPECT_GE(shelf.size(), 11u);
  EXPECT_LE(shelf.size(), kCovers) << "the panel has room for so many pictures";
  std::uintmax_t bytes = 0;
  for (const auto& file : std::filesystem::directory_iterator(FALLLINE_SOURCE_DIR "/assets/lessons"))
    bytes += file.file_size();
  EXPECT_LE(bytes, 600'000u);
  for (const ShelfLesson& one : shelf) {
    EXPECT_FALSE(one.title.empty()) << one.path;
    EXPECT_FALSE(one.about.empty()) << one.path;
    EXPECT_FALSE(one.watch.empty()) << one.path;
    EXPECT_FALSE(one.length.empty()) << one.path;
    ASSERT_NE(one.picture, nullptr) << one.path << ": assets/lessons/draw.sh draws it";
    EXPECT_EQ(one.picture->width, kCoverWidth);
    EXPECT_EQ(one.picture->height, kCoverHeight);
  }
}

TEST_F(Start, WhatWasOpenedIsRememberedTheNewestFirst) {
  const auto file = folder_.path() / "new" / "recent.json";
  EXPECT_TRUE(read_recent(file).empty());
  const std::string a = write("a.tm", "").string(), b = write("b.tm", "").string();
  note_recent(file, {.what = a, .title = "A"});
  note_recent(file, {.what = b, .settings = {"train.epochs=3"}, .title = "B"});
  note_recent(file, {.what = a, .settings = {"train.seed=2"}, .title = "A"});
  EXPECT_EQ(read_recent(file),
            (std::vector<RecentLesson>{{a, {"train.seed=2"}, "A"}, {b, {"train.epochs=3"}, "B"}}));
  std::filesystem::remove(b);
  EXPECT_EQ(read_recent(file).size(), 1u);
  note_recent(file, {.what = ""});  // phantoms have no name
  EXPECT_EQ(read_recent(file).size(), 1u);
  for (int i = 0; i < 20; ++i) note_recent(file, {.what = write(std::to_string(i), "").string()});
  EXPECT_EQ(read_recent(file).size(), kMostRecent);
}

TEST_F(Start, WhatIsNoneOfOursIsNoList) {
  const auto file = write("recent.json", "{\"what\": 3}");
  EXPECT_TRUE(read_recent(file).empty());
  write("recent.json",
        "[3, {\"what\": 4}, {\"title\": \"x\"}, {\"what\": \"/\", \"settings\": [1, \"a=1\"]}]");
  EXPECT_EQ(read_recent(file), (std::vector<RecentLesson>{{"/", {"a=1"}, ""}}));
  write("recent.json", "[");
  EXPECT_TRUE(read_recent(file).empty());
}

TEST_F(Start, ABrowserShowsFoldersAndWhatCanBeOpened) {
  std::filesystem::create_directory(folder_.path() / "zoo");
  for (const char* name : {"b.TM", "a.zip", "C.toml", "x.txt", ".hidden.tm"}) write(name, "");
  const BrowserListing listing = list_folder(folder_.path());
  EXPECT_TRUE(listing.error.empty());
  std::vector<std::string> names;
  for (const BrowserEntry& one : listing.entries) names.push_back(one.name);
  EXPECT_EQ(names, (std::vector<std::string>{"zoo", "a.zip", "b.TM", "C.toml"}));
  EXPECT_TRUE(listing.entries[0].folder);
  EXPECT_EQ(listing.others, 1);
  EXPECT_EQ(list_folder(folder_.path(), 2).entries.size(), 2u);
  EXPECT_NE(list_folder(folder_.path() / "gone").error.find("cannot be listed"), std::string::npos);
  EXPECT_NE(list_folder(folder_.path() / "x.txt").error.find("cannot be listed"), std::string::npos);
}

}  // namespace
}  // namespace fl
