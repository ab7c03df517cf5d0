// Images in files, folders and archives, one after the other.
#include <gtest/gtest.h>

#include "tests/unit/data_support.h"
#include "trainer/data/image_files.h"

namespace fl {
namespace {

using Names = std::vector<std::string>;

// The names of what is visited; those without bytes begin with "!".
Names visited(const std::filesystem::path& path) {
  Names names;
  const auto done =
      visit_images(path, [&](const std::string& name, const Result<std::vector<std::byte>>& bytes) {
        names.push_back((bytes ? "" : "!") + name);
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
  for (const char* name : {"b.PNG", "a.jpg", "sub/c.jpeg", "notes.txt", ".hidden.png", ".cache/d.png"})
    test::spill(folder / name, png);
  EXPECT_EQ(visited(folder.path()), (Names{"a.jpg", "b.PNG", "sub/c.jpeg"}));
  std::filesystem::create_directory_symlink(folder.path(), folder / "loop");
  EXPECT_EQ(visited(folder.path()).size(), 3u) << "a link to a folder is not followed";
  std::filesystem::create_directories(folder / "empty");
  EXPECT_SAYS(refusal(folder / "empty"), "holds no .jpg, .jpeg or .png");
}

TEST(ImageFiles, ArchivesMayHoldFoldersAndOtherThings) {
  const test::TempFolder folder;
  const auto png = test::png_of(test::test_picture(8, 1, 1));
  test::write_zip(folder / "a.ZIP",
                  {{"ich/2.png", png}, {"ich/1.png", png}, {"__MACOSX/._1.png", png}, {"x.txt", png}});
  EXPECT_EQ(visited(folder / "a.ZIP"), (Names{"ich/2.png", "ich/1.png"}));
  test::write_zip(folder / "p.tm", test::project_entries({"A", "B"}, 1));
  EXPECT_EQ(visited(folder / "p.tm"), (Names{"A-!-0.jpg", "B-!-0.jpg"}));
  test::write_zip(folder / "texts.zip", {{"x.txt", png}});
  EXPECT_SAYS(refusal(folder / "texts.zip"), "texts.zip holds no");
  test::spill(folder / "no.zip", png);
  EXPECT_SAYS(refusal(folder / "no.zip"), "no.zip is not a ZIP file");
}

TEST(ImageFiles, AFileIsTakenAsItIs) {
  const test::TempFolder folder;
  test::spill(folder / "slice", test::bytes_of("whatever"));
  EXPECT_EQ(visited(folder / "slice"), (Names{(folder / "slice").string()}));
  EXPECT_SAYS(refusal(folder / "absent.png"), "There is no file or folder");
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
