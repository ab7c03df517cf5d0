// What a person changes of a set is a draft over it, and becomes a project of its own.
#include <algorithm>
#include <filesystem>

#include <gtest/gtest.h>

#include "tests/unit/data/data_support.h"
#include "trainer/data/dataset.h"
#include "trainer/data/edits/edits.h"
#include "trainer/data/edits/save_project.h"
#include "trainer/data/sources/image_source.h"

namespace fl {
namespace {

using Images = std::vector<std::size_t>;
using Labels = std::vector<std::int32_t>;

Edits draft() {
  return {{"A", "B", "C"}, {0, 0, 0, 1, 1, 1, 2, 2}};
}

TEST(Edits, AreADraftOverTheSet) {
  Edits edits = draft();
  EXPECT_TRUE(edits.empty());
  EXPECT_EQ(edits.words(), "");
  ASSERT_TRUE(edits.rename(1, "Bleeding").ok());
  edits.move(Images{0, 1}, 2);
  edits.remove(Images{4});
  EXPECT_EQ(edits.classes(), (std::vector<std::string>{"A", "Bleeding", "C"}));
  EXPECT_EQ(edits.labels(), (Labels{2, 2, 0, 1, Edits::kRemoved, 1, 2, 2}));
  EXPECT_EQ(edits.words(), "1 class renamed, 2 images moved, 1 image removed");
  edits.move(Images{0, 4}, 0);
  EXPECT_EQ(edits.words(), "1 class renamed, 2 images moved")
      << "one is where it was, one is back in another";
}

TEST(Edits, AreUndoneOneByOne) {
  Edits edits = draft();
  edits.move(Images{0, 1}, 2);
  edits.move(Images{0}, 2);  // it is there
  ASSERT_TRUE(edits.rename(0, "X").ok());
  ASSERT_TRUE(edits.rename(0, "X").ok());  // it is called that
  edits.remove(Images{0, 3});
  edits.undo();
  EXPECT_EQ(edits.labels(), (Labels{2, 2, 0, 1, 1, 1, 2, 2}));
  edits.undo();
  EXPECT_EQ(edits.classes().front(), "A");
  edits.undo();
  EXPECT_TRUE(edits.empty());
  EXPECT_EQ(edits.labels(), draft().labels());
  edits.undo();
  ASSERT_TRUE(edits.rename(2, "X").ok());
  edits.remove(Images{5});
  edits.clear();
  EXPECT_TRUE(edits.empty());
  EXPECT_EQ(edits.classes(), draft().classes());
}

TEST(Edits, RefuseANameThatAProjectCannotHave) {
  Edits edits = draft();
  EXPECT_SAYS(edits.rename(0, "B").error().message, "Another class is called \"B\"");
  EXPECT_SAYS(edits.rename(0, "").error().message, "cannot be a class");
  EXPECT_TRUE(edits.empty());
}

TEST(Edits, AnEmptyClassGoesAndTwoMustStay) {
  Edits edits = draft();
  edits.remove(Images{0, 1, 2});
  const auto set = edits.result(2);
  ASSERT_TRUE(set.ok()) << set.error().message;
  EXPECT_EQ(set->classes, (std::vector<std::string>{"B", "C"}));
  ASSERT_EQ(set->images.size(), 5u);
  EXPECT_EQ(set->images.front().image, 3u);
  EXPECT_EQ(set->images.front().class_index, 0);
  EXPECT_EQ(set->images.back().class_index, 1);
  edits.remove(Images{6});
  EXPECT_SAYS(edits.result(2).error().message, "\"C\" has only 1 image left, and it needs 2");
  edits.remove(Images{7});
  EXPECT_SAYS(edits.result(2).error().message, "Only the class \"B\" is left, and training needs two");
  edits.remove(Images{3, 4, 5});
  EXPECT_SAYS(edits.result(2).error().message, "No class is left");
  edits.undo();
  edits.undo();
  edits.undo();
  EXPECT_TRUE(edits.result(2).ok()) << "nothing is lost";
}

class SaveEdited : public testing::Test {
 protected:
  [[nodiscard]] Dataset load(const std::string& source) const {
    DataSpec spec = spec_;
    spec.source = source;
    auto data = load_dataset(spec, folder_.path(), 3);
    EXPECT_TRUE(data.ok()) << data.error().message;
    return *std::move(data);
  }
  [[nodiscard]] Result<void> save(const Dataset& data, const Edits& edits, const std::string& name) const {
    FL_TRY_LET(set, edits.result(2));
    return save_edited_project(folder_ / name, *set, {data.original, spec_}, {7, 8, 0.25});
  }
  // The files of a project by their names, without its manifest.
  [[nodiscard]] std::vector<std::pair<std::string, test::Bytes>> samples(const std::string& name) const {
    auto source = open_image_source(folder_ / name);
    EXPECT_TRUE(source.ok()) << source.error().message;
    std::vector<std::pair<std::string, test::Bytes>> all;
    for (const ListedImage& image : source->listing.images)
      all.emplace_back(image.name, *source->tree.read(image.file));
    return all;
  }
  test::TempFolder folder_;
  DataSpec spec_{.image_size = 16, .standardise = false};
};

TEST_F(SaveEdited, ImagesOfAProjectStayAsTheyAre) {
  std::vector<test::Entry> entries;
  for (int i = 0; i < 6; ++i)
    entries.push_back(
        {fmt::format("{}-!-{}.jpg", i < 3 ? "A" : "B", i),
         test::jpeg_of(test::test_picture(i == 5 ? 100 : 224, 3, 7 + static_cast<unsigned>(i)))});
  entries.push_back({"manifest.json", test::bytes_of(test::kImageManifest)});
  test::write_zip(folder_ / "p.tm", entries);
  const test::Bytes before = test::slurp(folder_ / "p.tm");
  const Dataset data = load("p.tm");
  Edits edits(data.classes, data.labels);
  ASSERT_TRUE(edits.rename(0, "Alpha").ok());
  edits.move(Images{0}, 1);
  const auto saved = save(data, edits, "edited.tm");
  ASSERT_TRUE(saved.ok()) << saved.error().message;
  EXPECT_EQ(test::slurp(folder_ / "p.tm"), before);
  const auto written = samples("edited.tm");
  ASSERT_EQ(written.size(), 6u);
  EXPECT_EQ(written[0].first, "Alpha-!-0.jpg");
  EXPECT_EQ(written[0].second, entries[1].bytes);
  EXPECT_EQ(written[2].first, "B-!-0.jpg");
  EXPECT_EQ(written[2].second, entries[0].bytes) << "moved";
  EXPECT_NE(written[5].second, entries[5].bytes) << "another size becomes a project's";
  auto source = open_image_source(folder_ / "edited.tm");
  EXPECT_EQ(source->settings->epochs, 7);
  EXPECT_EQ(source->settings->batch_size, 8);
  EXPECT_DOUBLE_EQ(source->settings->rate, 0.25);
  EXPECT_EQ(load("edited.tm").classes, (std::vector<std::string>{"Alpha", "B"}));
}

TEST_F(SaveEdited, NothingIsReplaced) {
  test::write_zip(folder_ / "p.tm", test::project_entries({"a", "b"}, 3));
  const Dataset data = load("p.tm");
  const test::Bytes before = test::slurp(folder_ / "p.tm");
  EXPECT_SAYS(save(data, {data.classes, data.labels}, "p.tm").error().message, "nothing is replaced");
  EXPECT_EQ(test::slurp(folder_ / "p.tm"), before);
  EXPECT_FALSE(save(data, {data.classes, data.labels}, "no/such/folder.tm").ok());
  std::filesystem::remove(folder_ / "p.tm");
  EXPECT_TRUE(save(data, {data.classes, data.labels}, "q.tm").ok()) << "an open archive outlives its name";
}

TEST_F(SaveEdited, PhantomsAsTheirWindowShowsThem) {
  spec_.phantom_counts = {3, 3};
  const Dataset data = load(kPhantomSource);
  Edits edits(data.classes, data.labels);
  edits.remove(Images{5});
  ASSERT_TRUE(save(data, edits, "phantoms.tm").ok());
  const Dataset again = load("phantoms.tm");
  EXPECT_EQ(again.classes, data.classes);
  EXPECT_EQ(again.size(), 5u);
  EXPECT_EQ(again.shape.channels, 1) << "grey, though JPEG has three channels";
}

}  // namespace
}  // namespace fl
