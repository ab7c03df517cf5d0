#include <algorithm>

#include <gtest/gtest.h>

#include "tests/unit/data/data_support.h"
#include "trainer/data/dataset.h"
#include "trainer/data/files/zip_archive.h"
#include "trainer/data/sources/image_source.h"
#include "trainer/data/sources/tm_project.h"

namespace fl {
namespace {

using test::Bytes;
using test::Entry;
using test::TempFolder;

// The error of reading a project of these entries; empty where it was accepted.
std::string refusal(const std::vector<Entry>& entries) {
  const TempFolder folder;
  test::write_zip(folder / "project.tm", entries);
  const auto project = open_image_source(folder / "project.tm");
  return project ? std::string() : project.error().message;
}

std::string refusal_of_manifest(std::string_view manifest) {
  auto entries = test::project_entries({"A", "B"}, 2);
  entries.back().bytes = test::bytes_of(manifest);
  return refusal(entries);
}

TEST(TmProject, ReadsSettingsClassesAndImages) {
  const TempFolder folder;
  // A name that holds the separator, an accent, and an order that is not the alphabet's.
  const std::vector<std::string> classes = {"Z-!-odd", "Hématome é", "A b"};
  test::write_zip(folder / "p.tm", test::project_entries(classes, 3));
  auto project = open_image_source(folder / "p.tm");
  ASSERT_TRUE(project.ok()) << project.error().message;
  EXPECT_EQ(project->listing.classes, classes);
  EXPECT_EQ(project->settings->epochs, 15);
  EXPECT_EQ(project->settings->batch_size, 32);
  EXPECT_DOUBLE_EQ(project->settings->rate, 0.002);
  ASSERT_EQ(project->listing.images.size(), 9u);
  for (std::size_t i = 0; i < 9; ++i)
    EXPECT_EQ(project->listing.images[i].class_index, static_cast<int>(i / 3));
  EXPECT_EQ(project->listing.images[4].name, "Hématome é-!-1.jpg");
  const auto bytes = project->tree.read(project->listing.images[4].file);
  ASSERT_TRUE(bytes.ok());
  EXPECT_EQ(*bytes, test::jpeg_of(test::test_picture(64, 3, 4)));
}

TEST(TmProject, AbsentSettingsAreTheSitesDefaults) {
  const TempFolder folder;
  auto entries = test::project_entries({"A", "B"}, 2);
  entries.back().bytes = test::bytes_of(R"({"type":"image"})");
  test::write_zip(folder / "p.tm", entries);
  const auto project = open_image_source(folder / "p.tm");
  ASSERT_TRUE(project.ok()) << project.error().message;
  const auto& settings = project->settings;
  EXPECT_EQ(settings->epochs, 50);
  EXPECT_EQ(settings->batch_size, 16);
  EXPECT_DOUBLE_EQ(settings->rate, 0.001);
}

TEST(TmProject, ManifestAloneIsRefusedForTraining) {
  EXPECT_SAYS(refusal({{"manifest.json", test::bytes_of(test::kImageManifest)}}), "no images");
}

TEST(TmProject, OtherKindsOfProjectAreRefused) {
  EXPECT_SAYS(refusal_of_manifest(R"({"type":"pose"})"), "of type \"pose\"; only image projects");
  EXPECT_SAYS(refusal_of_manifest(R"({"type":"audio"})"), "of type \"audio\"; only image projects");
  EXPECT_SAYS(refusal_of_manifest(R"({"version":"2.4.4"})"), "what kind of project");
}

TEST(TmProject, BrokenManifestsAreRefused) {
  EXPECT_SAYS(refusal_of_manifest("{\"type\":\"image\""), "not valid JSON");
  EXPECT_SAYS(refusal_of_manifest("[]"), "not valid JSON");
  EXPECT_SAYS(refusal_of_manifest(std::string(100'000, '[')), "not valid JSON");
  for (const char* setting :
       {R"("trainEpochs":0)", R"("trainEpochs":2.5)", R"("trainEpochs":1e9)", R"("trainEpochs":"many")",
        R"("trainBatchSize":-1)", R"("trainBatchSize":1e300)", R"("trainLearningRate":0)",
        R"("trainLearningRate":11)", R"("trainLearningRate":[])"}) {
    const std::string key = std::string(setting).substr(1, std::string(setting).find('"', 1) - 1);
    const TempFolder folder;
    auto entries = test::project_entries({"A", "B"}, 2);
    entries.back().bytes = test::bytes_of(fmt::format(R"({{"type":"image","appdata":{{{}}}}})", setting));
    test::write_zip(folder / "p.tm", entries);
    const auto project = open_image_source(folder / "p.tm");
    ASSERT_TRUE(project.ok()) << project.error().message;
    ASSERT_EQ(project->settings->faults.size(), 1u) << setting;
    EXPECT_SAYS(project->settings->faults[0].why.message, key);
    EXPECT_SAYS(project->settings->faults[0].why.message, "--set train." + project->settings->faults[0].key);
  }
}

TEST(TmProject, AFaultySettingShowsItsValue) {
  const TempFolder folder;
  auto entries = test::project_entries({"A", "B"}, 2);
  entries.back().bytes =
      test::bytes_of(R"({"type":"image","appdata":{"trainEpochs":0,"trainBatchSize":"ten"}})");
  test::write_zip(folder / "p.tm", entries);
  const auto project = open_image_source(folder / "p.tm");
  ASSERT_TRUE(project.ok()) << project.error().message;
  ASSERT_EQ(project->settings->faults.size(), 2u);
  EXPECT_SAYS(project->settings->faults[0].why.message, "trainEpochs is 0,");
  EXPECT_SAYS(project->settings->faults[1].why.message, "trainBatchSize is \"ten\",");
}

TEST(TmProject, NoManifestIsRefused) {
  auto entries = test::project_entries({"A", "B"}, 2);
  entries.pop_back();
  EXPECT_SAYS(refusal(entries), "has no manifest.json");
}

// Entries are never unpacked to disk: a class may be called as it likes.
TEST(TmProject, ClassNamesMayLookLikePaths) {
  const TempFolder folder;
  const std::vector<std::string> classes = {"Cats/Dogs", "w/o mask", "A\\B", "<b>x</b>",
                                            "../up",     ".NET",     "C:"};
  auto entries = test::project_entries(classes, 2);
  entries.insert(entries.begin(), {"Cats/", {}});  // JSZip adds such an entry for every slash
  test::write_zip(folder / "p.tm", entries);
  const auto project = open_image_source(folder / "p.tm");
  ASSERT_TRUE(project.ok()) << project.error().message;
  EXPECT_EQ(project->listing.classes, classes);
  EXPECT_EQ(project->listing.images.size(), 14u);
  EXPECT_TRUE(project->listing.notes.empty());
}

TEST(TmProject, BombsAreRefusedBeforeUnpacking) {
  auto one = test::project_entries({"A", "B"}, 2);
  one.push_back({"A-!-9.jpg", Bytes(ZipArchive::kMaxEntryBytes + 1), true});
  EXPECT_SAYS(refusal(one), "the limit for an image is");

  auto many = test::project_entries({"A", "B"}, 2);
  for (int i = 10; i < 13; ++i)
    many.push_back({fmt::format("A-!-{}.jpg", i), Bytes(std::size_t{8} << 20), true});
  EXPECT_SAYS(refusal(many), "unpacks to more than");
}

// The headers tell less than there is: what is unpacked is bounded by what they tell.
TEST(TmProject, EntriesLongerThanTheySayAreLeftOut) {
  const test::LogCapture log;
  const TempFolder folder;
  auto entries = test::project_entries({"A", "B"}, 3);
  entries.insert(entries.begin(), {"A-!-9.jpg", Bytes(std::size_t{8} << 20), true});
  test::write_zip(folder / "p.tm", entries);
  Bytes file = test::slurp(folder / "p.tm");
  test::lie_about_size(file, "A-!-9.jpg", 1000);
  test::spill(folder / "p.tm", file);
  const auto data = load_dataset({.source = "p.tm", .image_size = 16}, folder.path(), 1);
  ASSERT_TRUE(data.ok()) << data.error().message;
  EXPECT_EQ(data->size(), 6u);
  EXPECT_EQ(data->skipped, 1);
  EXPECT_EQ(log.count("A-!-9.jpg cannot be unpacked (it is longer than the archive says)"), 1);
}

TEST(TmProject, ThousandsOfBrokenEntriesAreNotThousandsOfLines) {
  const test::LogCapture log;
  const TempFolder folder;
  auto entries = test::project_entries({"A", "B"}, 3);
  for (int i = 0; i < 3000; ++i) entries.push_back({fmt::format("A-!-x{}.jpg", i), {}});
  for (int i = 0; i < 3000; ++i) entries.push_back({fmt::format("nameless{}.jpg", i), {}});
  test::write_zip(folder / "p.tm", entries);
  const auto data = load_dataset({.source = "p.tm", .image_size = 16}, folder.path(), 1);
  ASSERT_TRUE(data.ok()) << data.error().message;
  EXPECT_EQ(data->skipped, 3000);
  EXPECT_EQ(log.count("Left out: A-!-x"), 20);
  EXPECT_EQ(log.count("2980 more broken images"), 1);
  EXPECT_EQ(log.count("3000 entries in"), 1);
  EXPECT_EQ(log.count("nameless"), 1);
  EXPECT_LT(log.count(""), 30);
}

TEST(TmProject, FilesThatAreNoZipAreRefused) {
  const TempFolder folder;
  test::spill(folder / "text.tm", test::bytes_of("Just some text, long enough to be read as one."));
  test::spill(folder / "empty.tm", {});
  EXPECT_SAYS(open_image_source(folder / "text.tm").error().message, "is a text file, not a Teachable");
  EXPECT_SAYS(open_image_source(folder / "empty.tm").error().message, "is an empty file");
  EXPECT_SAYS(open_image_source(folder / "absent.tm").error().message, "There is no file");
}

TEST(TmProject, EveryTruncationIsAnError) {
  const TempFolder folder;
  test::write_zip(folder / "whole.tm", test::project_entries({"A", "B"}, 2));
  const Bytes whole = test::slurp(folder / "whole.tm");
  for (std::size_t length = 2; length < whole.size(); length += 97) {
    test::spill(folder / "part.tm", std::span(whole).first(length));
    const auto project = open_image_source(folder / "part.tm");
    ASSERT_FALSE(project.ok()) << length << " of " << whole.size();
    EXPECT_SAYS(project.error().message, "damaged or truncated");
  }
}

TEST(TmProject, FlippedBytesNeverBreakTheReader) {
  const test::LogCapture log;
  const TempFolder folder;
  test::write_zip(folder / "whole.tm", test::project_entries({"A", "B"}, 2));
  const Bytes whole = test::slurp(folder / "whole.tm");
  int refused = 0;
  for (std::size_t at = whole.size() / 2; at < whole.size(); at += 5) {
    Bytes broken = whole;
    broken[at] ^= std::byte{0xA5};
    test::spill(folder / "broken.tm", broken);
    const auto project = open_image_source(folder / "broken.tm");
    refused += !project.ok();
    if (project) {
      EXPECT_LE(project->listing.images.size(), 4u);
    }
  }
  EXPECT_GT(refused, 5);  // the central directory and the manifest lie in that half
}

TEST(TmProject, DamagedEntryIsSkippedByItsChecksum) {
  const test::LogCapture log;
  const TempFolder folder;
  auto entries = test::project_entries({"A", "B"}, 3);
  test::write_zip(folder / "p.tm", entries);
  Bytes file = test::slurp(folder / "p.tm");
  const Bytes& victim = entries[1].bytes;
  const auto at = std::search(file.begin(), file.end(), victim.begin(), victim.end());
  ASSERT_NE(at, file.end());
  *(at + static_cast<std::ptrdiff_t>(victim.size() / 2)) ^= std::byte{1};
  test::spill(folder / "p.tm", file);
  const auto data =
      load_dataset({.source = "p.tm", .image_size = 16, .phantom_counts = {}}, folder.path(), 1);
  ASSERT_TRUE(data.ok()) << data.error().message;
  EXPECT_EQ(data->size(), 5u);
  EXPECT_EQ(data->skipped, 1);
  EXPECT_GE(log.count("A-!-1.jpg"), 1);
}

// libzip does not write such names, so they are put in afterwards.
TEST(TmProject, NamesCannotSteerATerminal) {
  const TempFolder folder;
  test::write_zip(folder / "p.tm", test::project_entries({"A#[2J", "B"}, 2));
  const Bytes harmless = test::slurp(folder / "p.tm"), marker = test::bytes_of("A#[2J");
  for (const char control : {'\x1b', '\t', '\n', '\x7f'}) {
    Bytes file = harmless;
    int replaced = 0;
    for (auto at = file.begin();
         (at = std::search(at, file.end(), marker.begin(), marker.end())) != file.end(); ++replaced)
      at[1] = static_cast<std::byte>(control);
    ASSERT_EQ(replaced, 4);  // two entries, each named in its header and in the directory
    test::spill(folder / "p.tm", file);
    const auto project = open_image_source(folder / "p.tm");
    ASSERT_TRUE(project.ok()) << project.error().message;
    for (const char c : project->listing.classes.front())
      EXPECT_TRUE(static_cast<unsigned char>(c) >= 0x20 && c != 0x7F);
    EXPECT_NE(project->listing.classes.front().find("[2J"), std::string::npos);
  }
}

TEST(TmProject, TheUploadTokenNeverShows) {
  test::LogCapture log;
  std::string manifest(test::kImageManifest);
  manifest.replace(manifest.find("\"image\""), 7, "\"pose\"");
  EXPECT_EQ(refusal_of_manifest(manifest).find("secret-token"), std::string::npos);
  manifest.pop_back();
  EXPECT_EQ(refusal_of_manifest(manifest).find("secret-token"), std::string::npos);
  EXPECT_EQ(log.count("secret-token"), 0);
}

class RealProject : public ::testing::Test {
 protected:
  void SetUp() override {
    if (test::real_data_folder().empty())
      GTEST_SKIP() << "The real test files are not here; set FALLLINE_TEST_DATA to their folder.";
  }
};

TEST_F(RealProject, ExperimentOne) {
  const auto path = test::real_data_folder() / "exp_1.tm";
  const auto project = open_image_source(path);
  ASSERT_TRUE(project.ok()) << project.error().message;
  EXPECT_EQ(project->settings->epochs, 15);
  EXPECT_EQ(project->settings->batch_size, 16);
  EXPECT_DOUBLE_EQ(project->settings->rate, 5e-5);

  const auto data = load_dataset({.source = path.string(), .image_size = 64}, {}, 1);
  ASSERT_TRUE(data.ok()) << data.error().message;
  EXPECT_EQ(data->classes, (std::vector<std::string>{"Hemorrhage", "Normal"}));
  EXPECT_EQ(std::count(data->labels.begin(), data->labels.end(), 0), 30);
  EXPECT_EQ(std::count(data->labels.begin(), data->labels.end(), 1), 30);
  EXPECT_EQ(data->skipped, 0);
  EXPECT_EQ(data->pixels.size(), 60u * 64 * 64);
  EXPECT_EQ(data->names.front(), "Hemorrhage-!-0.jpg");
  const auto [low, high] = std::minmax_element(data->pixels.begin(), data->pixels.end());
  EXPECT_GE(*low, -1.0f);
  EXPECT_LE(*high, 1.0f);
  EXPECT_LT(*low, -0.95f);  // air is black and bone white on every slice of this kind
  EXPECT_GT(*high, 0.8f);
}

TEST_F(RealProject, ExperimentFiveInColour) {
  const auto data =
      load_dataset({.source = "exp_5.tm", .image_size = 32, .channels = 3}, test::real_data_folder(), 1);
  ASSERT_TRUE(data.ok()) << data.error().message;
  EXPECT_EQ(data->classes, (std::vector<std::string>{"Normal", "Hemorrhage"}));
  EXPECT_EQ(std::count(data->labels.begin(), data->labels.end(), 0), 80);
  EXPECT_EQ(std::count(data->labels.begin(), data->labels.end(), 1), 80);
  const auto source = open_image_source(test::real_data_folder() / "exp_5.tm");
  ASSERT_TRUE(source.ok());
  EXPECT_EQ(source->settings->epochs, 80);
  // Its slices are coloured: red and blue planes differ.
  double difference = 0;
  for (std::size_t i = 0; i < data->size(); ++i)
    for (std::size_t p = 0; p < 1024; ++p)
      difference += std::abs(data->image(i)[p] - data->image(i)[2048 + p]);
  EXPECT_GT(difference, 100.0);
}

TEST_F(RealProject, SlicesOutsideAProjectDecode) {
  auto archive = ZipArchive::open(test::real_data_folder() / "ich.zip");
  ASSERT_TRUE(archive.ok()) << archive.error().message;
  ASSERT_EQ(archive->entries().size(), 8u);
  for (std::size_t i = 0; i < 8; ++i) {
    const auto bytes = archive->read(i);
    ASSERT_TRUE(bytes.ok());
    const auto image = decode_image(*bytes, archive->entries()[i].name);
    ASSERT_TRUE(image.ok()) << image.error().message;
    EXPECT_EQ(image->width, 512);
    EXPECT_EQ(image->channels, 1);
  }
}

}  // namespace
}  // namespace fl
