// Images in files, folders and archives, one after the other.
#include <gtest/gtest.h>

#include "tests/unit/data/data_support.h"
#include "trainer/base/picture_mark.h"
#include "trainer/data/sources/image_files.h"

namespace fl {
namespace {

namespace fs = std::filesystem;
using Names = std::vector<std::string>;

// The names of what is visited; those without bytes begin with "!".
Names visited(const std::filesystem::path& path) {
  Names names;
  const auto done =
      visit_images(path, [&](const std::string& name, const Result<std::vector<std::byte>>& bytes) {
        names.push_back((bytes ? "" : "!") + fs::path(name).lexically_relative(path).string());
        return true;
      });
  EXPECT_TRUE(done.ok()) << done.error().message;
  return names;
}

std::string refusal(const std::filesystem::path& path) {
  const auto done = visit_images(path, [](const auto&, const auto&) { return true; });
  return done ? std::string() : done.error().message;
}

TEST(ImageFiles, FoldersAreVisitedSortedWithTheirSubfolders) {
  const test::TempFolder folder;
  const auto png = test::png_of(test::test_picture(8, 1, 1));
  for (const char* name : {"b.PNG", "a.jpg", "sub/c.jpeg", ".hidden.png", ".cache/d.png", "@eaDir/a.jpg"})
    test::spill(folder / name, png);
  test::spill(folder / "sub/notes.txt", test::bytes_of("words"));
  EXPECT_EQ(visited(folder.path()), (Names{"a.jpg", "b.PNG", "sub/c.jpeg"}));
  std::filesystem::create_directory_symlink(folder.path(), folder / "loop");
  EXPECT_EQ(visited(folder.path()).size(), 3u) << "a link to a folder is not followed";
  std::filesystem::create_directories(folder / "empty");
  EXPECT_SAYS(refusal(folder / "empty"), "holds no images");
}

TEST(ImageFiles, ArchivesMayHoldFoldersAndOtherThings) {
  const test::TempFolder folder;
  const auto png = test::png_of(test::test_picture(8, 1, 1));
  test::write_zip(folder / "a.ZIP", {{"ich/2.png", png},
                                     {"ich/1.png", png},
                                     {"__MACOSX/._1.png", png},
                                     {"x.txt", test::bytes_of("words")},
                                     {"ich\\3.png", png},
                                     {"__MACOSX\\ich\\._3.png", png}});
  EXPECT_EQ(visited(folder / "a.ZIP"), (Names{"ich/2.png", "ich/1.png", "ich/3.png"}));
  test::write_zip(folder / "p.tm", test::project_entries({"A", "B"}, 1));
  EXPECT_EQ(visited(folder / "p.tm"), (Names{"A-!-0.jpg", "B-!-0.jpg"}));
  test::write_zip(folder / "texts.zip", {{"x.txt", test::bytes_of("words")}, {"y.txt", {}}});
  EXPECT_SAYS(refusal(folder / "texts.zip"), "texts.zip holds no images that can be read, only 2 .txt files");
  test::spill(folder / "no.zip", test::bytes_of("words"));
  EXPECT_SAYS(refusal(folder / "no.zip"), "no.zip is a text file");
  test::write_zip(folder / "renamed", {{"1.png", png}});
  EXPECT_EQ(visited(folder / "renamed"), (Names{"1.png"}));
}

TEST(ImageFiles, AFileIsTakenAsItIs) {
  const test::TempFolder folder;
  test::spill(folder / "slice", test::bytes_of("whatever"));
  EXPECT_EQ(visited(folder / "slice"), (Names{"."}));
  EXPECT_SAYS(refusal(folder / "absent.png"), "There is no file or folder");
}

TEST(ImageFiles, ImagesAreCalledByThePathAsGiven) {
  const test::TempFolder folder;
  const auto png = test::png_of(test::test_picture(8, 1, 1));
  for (const char* name : {"one/a.png", "two/a.png"}) test::spill(folder / name, png);
  test::write_zip(folder / "z.zip", {{"in/a.png", png}});
  std::vector<std::string> names;
  for (const char* path : {"one", "two/", "z.zip", "one/a.png"})
    EXPECT_TRUE(visit_images(folder / path, [&](const std::string& name, const auto&) {
                  names.push_back(name);
                  return true;
                }).ok());
  EXPECT_EQ(names, (Names{(folder / "one/a.png").string(), (folder / "two/a.png").string(),
                          (folder / "z.zip/in/a.png").string(), (folder / "one/a.png").string()}));
}

TEST(ImageFiles, WhatIsPassedOverIsCounted) {
  const test::TempFolder folder;
  const auto png = test::png_of(test::test_picture(8, 1, 1)), words = test::bytes_of("words");
  for (const char* name : {"a.dcm", "sub/b.DCM", "notes"}) test::spill(folder / "set" / name, words);
  test::spill(folder / "set/c.png", png);
  test::write_zip(folder / "z.zip",
                  {{"a.dcm", words}, {"b/c.dcm", words}, {"b/d", words}, {"e.png", png}, {"f/", {}}});
  for (const auto& path : {folder / "set", folder / "z.zip"}) {
    const auto counts = visit_images(path, [](const auto&, const auto&) { return true; });
    ASSERT_TRUE(counts.ok()) << counts.error().message;
    EXPECT_EQ(*counts, (EndingCounts{{".dcm", 2}, {"", 1}}));
    EXPECT_EQ(describe(*counts), "2 .dcm files and 1 file without an extension");
  }
}

TEST(ImageFiles, PicturesThatTheProgramDrewAreCountedAndPassedOver) {
  const test::TempFolder folder;
  const auto png = test::png_of(test::test_picture(8, 1, 1));
  auto sheet = png;
  mark_picture(sheet);
  test::spill(folder / "pics/sheet.png", sheet);
  for (const char* name : {"A/1.png", "A/sheet.png", "B/1.png"}) test::spill(folder / "pics" / name, png);
  EXPECT_EQ(visited(folder / "pics"), (Names{"A/1.png", "A/sheet.png", "B/1.png"}));
  test::write_zip(folder / "z.zip", {{"pics/sheet.png", sheet}, {"pics/A/1.png", png}, {"pics/B/1.png", png}});
  EXPECT_EQ(visited(folder / "z.zip"), (Names{"pics/A/1.png", "pics/B/1.png"}));
  // Named by itself, it is what somebody asks about.
  EXPECT_EQ(visited(folder / "pics/sheet.png").size(), 1u);
}

TEST(ImageFiles, AVisitorMayEndTheVisit) {
  const test::TempFolder folder;
  const auto png = test::png_of(test::test_picture(8, 1, 1));
  for (const char* name : {"a.png", "b.png"}) test::spill(folder / name, png);
  test::write_zip(folder / "z.zip", {{"1.png", png}, {"2.png", png}});
  for (const auto& path : {folder.path(), folder / "z.zip"}) {
    int count = 0;
    EXPECT_TRUE(visit_images(path, [&](const auto&, const auto&) { return ++count < 1; }).ok());
    EXPECT_EQ(count, 1) << path;
  }
}

}  // namespace
}  // namespace fl
