#include <algorithm>
#include <cstring>

#include <gtest/gtest.h>
#include <zip.h>

#include "tests/unit/data/data_support.h"
#include "trainer/base/json.h"
#include "trainer/data/dataset.h"
#include "trainer/data/files/zip_archive.h"
#include "trainer/data/sources/image_source.h"
#include "trainer/data/sources/tm_project.h"

namespace fl {
namespace {

using test::Bytes;
using test::TempFolder;

const std::vector<std::string> kClasses = {"Hématome é", "A b"};

std::vector<LabelledImage> pictures(int per_class) {
  std::vector<LabelledImage> images;
  for (int i = 0; i < per_class; ++i)
    for (const int c : {1, 0})  // mixed, as a dataset may hand them over
      images.push_back({c, test::test_picture(64, 3, static_cast<unsigned>(2 * i + c))});
  return images;
}

std::string refusal(const std::vector<std::string>& classes, const std::vector<LabelledImage>& images) {
  const TempFolder folder;
  const auto saved = write_tm_project(folder / "p.tm", {}, classes, images);
  EXPECT_TRUE(saved.ok() || std::filesystem::is_empty(folder.path()));
  return saved ? std::string() : saved.error().message;
}

TEST(WriteTmProject, ItsOwnReaderReadsItBack) {
  const TempFolder folder;
  const auto saved = write_tm_project(folder / "p.tm", {15, 32, 5e-5}, kClasses, pictures(3));
  ASSERT_TRUE(saved.ok()) << saved.error().message;
  auto project = open_image_source(folder / "p.tm");
  ASSERT_TRUE(project.ok()) << project.error().message;
  EXPECT_EQ(project->listing.classes, kClasses);
  EXPECT_EQ(project->settings->epochs, 15);
  EXPECT_EQ(project->settings->batch_size, 32);
  EXPECT_DOUBLE_EQ(project->settings->rate, 5e-5);
  std::vector<std::string> names;
  for (const ListedImage& image : project->listing.images) names.push_back(image.name);
  EXPECT_EQ(names, (std::vector<std::string>{"Hématome é-!-0.jpg", "Hématome é-!-1.jpg", "Hématome é-!-2.jpg",
                                             "A b-!-0.jpg", "A b-!-1.jpg", "A b-!-2.jpg"}));
  // The pixels survive JPEG, class by class in the order given.
  for (std::size_t i = 0; i < 3; ++i) {
    const auto image = decode_image(*project->tree.read(project->listing.images[3 + i].file), "image");
    ASSERT_TRUE(image.ok());
    ASSERT_EQ(image->width, 224);
    ASSERT_EQ(image->height, 224);
    ASSERT_EQ(image->channels, 3);
    const Bitmap source = test::test_picture(64, 3, static_cast<unsigned>(2 * i + 1));
    for (const int at : {20, 100, 200}) {
      const auto big = static_cast<std::size_t>((at * 224 + at) * 3);
      const auto small = static_cast<std::size_t>((at * 64 / 224 * 64 + at * 64 / 224) * 3);
      for (std::size_t c = 0; c < 3; ++c) EXPECT_NEAR(image->pixels[big + c], source.pixels[small + c], 20);
    }
  }
}

// What Teachable Machine's own files are like, byte for byte where it matters.
TEST(WriteTmProject, TheFormatIsTeachableMachines) {
  const TempFolder folder;
  ASSERT_TRUE(write_tm_project(folder / "p.tm", {15, 16, 1e-3}, kClasses, pictures(2)).ok());
  zip_t* archive = zip_open((folder / "p.tm").c_str(), ZIP_RDONLY | ZIP_CHECKCONS, nullptr);
  ASSERT_NE(archive, nullptr);
  const zip_int64_t entries = zip_get_num_entries(archive, 0);
  ASSERT_EQ(entries, 5);
  for (zip_int64_t i = 0; i < entries; ++i) {
    zip_stat_t stat;
    ASSERT_EQ(zip_stat_index(archive, static_cast<zip_uint64_t>(i), 0, &stat), 0);
    EXPECT_EQ(stat.comp_method, ZIP_CM_STORE) << stat.name;
    EXPECT_EQ(std::strcmp(stat.name, "manifest.json") == 0, i == entries - 1) << "the manifest comes last";
  }
  zip_discard(archive);

  const Bytes file = test::slurp(folder / "p.tm");
  const auto flags_of = [&](const char* name) {
    const Bytes wanted = test::bytes_of(name);
    const auto at = std::search(file.begin(), file.end(), wanted.begin(), wanted.end());
    return std::to_integer<int>(*(at - 30 + 7)) << 8 | std::to_integer<int>(*(at - 30 + 6));
  };
  EXPECT_EQ(flags_of("Hématome é-!-0.jpg") & 0x800, 0x800);
  EXPECT_EQ(flags_of("A b-!-0.jpg") & 0x800, 0);

  const std::string text(reinterpret_cast<const char*>(file.data()), file.size());
  const auto start = text.find("{\"type\"");
  const auto manifest = Json::parse(text.substr(start, text.find("}}", start) + 2 - start));
  EXPECT_EQ(manifest,
            Json::parse(R"({"type":"image","version":"2.4.4","appdata":{"publishResults":{},)"
                                  R"("trainEpochs":15,"trainBatchSize":16,"trainLearningRate":0.001}})"));

  // Baseline JPEG: its frame header is SOF0.
  auto project = open_image_source(folder / "p.tm");
  const Bytes jpeg = *project->tree.read(project->listing.images.front().file);
  std::size_t at = 2;
  while (std::to_integer<int>(jpeg[at + 1]) != 0xC0 && std::to_integer<int>(jpeg[at + 1]) != 0xDA)
    at += 2 + (std::to_integer<std::size_t>(jpeg[at + 2]) << 8 | std::to_integer<std::size_t>(jpeg[at + 3]));
  EXPECT_EQ(std::to_integer<int>(jpeg[at + 1]), 0xC0);
}

TEST(WriteTmProject, EqualProjectsAreEqualBytes) {
  const TempFolder folder;
  ASSERT_TRUE(write_tm_project(folder / "a.tm", {}, kClasses, pictures(2)).ok());
  ASSERT_TRUE(write_tm_project(folder / "b.tm", {}, kClasses, pictures(2)).ok());
  EXPECT_EQ(test::slurp(folder / "a.tm"), test::slurp(folder / "b.tm"));
}

TEST(WriteTmProject, AFailureLeavesTheOldFileAlone) {
  const TempFolder folder;
  test::spill(folder / "p.tm", test::bytes_of("old"));
  EXPECT_FALSE(write_tm_project(folder / "p.tm", {}, {"A", "B"}, {{0, test::test_picture(8, 1, 1)}}).ok());
  EXPECT_EQ(test::slurp(folder / "p.tm"), test::bytes_of("old"));
  const auto nowhere = write_tm_project(folder / "no/such/p.tm", {}, kClasses, pictures(1));
  ASSERT_FALSE(nowhere.ok());
  EXPECT_SAYS(nowhere.error().message, "Cannot write");
  ASSERT_TRUE(write_tm_project(folder / "p.tm", {}, kClasses, pictures(1)).ok());
  EXPECT_TRUE(open_image_source(folder / "p.tm").ok());
  for (const auto& entry : std::filesystem::directory_iterator(folder.path()))
    EXPECT_EQ(entry.path().filename(), "p.tm");  // nothing is left beside
}

TEST(WriteTmProject, WhatTheFormatCannotHoldIsRefused) {
  EXPECT_SAYS(refusal({"A", "B"}, {}), "no images to save");
  EXPECT_SAYS(refusal({"A", "B"}, {{0, test::test_picture(8, 1, 1)}}), "\"B\" has no image");
  for (const char* name : {"", "a\x1b[2J"})
    EXPECT_SAYS(refusal({name}, {{0, test::test_picture(8, 1, 1)}}), "cannot be a class");
  EXPECT_SAYS(refusal({"A", "A"}, pictures(1)), "Two classes are called \"A\"");
}

TEST(EncodeJpeg, IsCloseAndTheSameEachTime) {
  for (const int channels : {1, 3}) {
    const Bitmap source = test::test_picture(50, channels, 3);
    const auto jpeg = encode_jpeg(source), again = encode_jpeg(source);
    ASSERT_TRUE(jpeg.ok() && again.ok());
    EXPECT_EQ(*jpeg, *again);
    const auto decoded = decode_image(*jpeg, "image");
    ASSERT_TRUE(decoded.ok());
    ASSERT_EQ(decoded->channels, channels);
    double worst = 0;
    for (std::size_t i = 0; i < source.pixels.size(); ++i)
      worst = std::max(worst, std::abs(1.0 * source.pixels[i] - decoded->pixels[i]));
    EXPECT_LT(worst, 12);
  }
  EXPECT_FALSE(encode_jpeg(Bitmap{0, 5, 1, {}}).ok());
}

}  // namespace
}  // namespace fl
