// Where images come from: folders, archives and projects as people have them.
#include <algorithm>

#include <gtest/gtest.h>

#include "tests/unit/data/data_codecs.h"
#include "trainer/base/picture_mark.h"
#include "trainer/data/class_check.h"
#include "trainer/data/dataset.h"
#include "trainer/data/files/folder.h"
#include "trainer/data/sources/image_source.h"

namespace fl {
namespace {

namespace fs = std::filesystem;
using test::Entry;
using test::TempFolder;
using Names = std::vector<std::string>;

const test::Bytes& picture() {
  static const test::Bytes bytes = test::png_of(test::test_picture(16, 1, 3));
  return bytes;
}

// Images of these names; of a name that ends in a /, an empty folder.
void make_files(const fs::path& folder, const Names& names) {
  for (const std::string& name : names)
    if (name.ends_with('/'))
      fs::create_directories(folder / name);
    else
      test::spill(folder / name, lower_extension(name) == ".txt" || lower_extension(name) == ".dcm"
                                     ? test::bytes_of("some notes, and not an image")
                                     : picture());
}

Names with(const Names& a, const Names& b) {
  Names all = a;
  all.insert(all.end(), b.begin(), b.end());
  return all;
}

const Names kTwoClasses = {"A/0.png", "A/1.png", "B/0.png", "B/1.png"};

Result<Dataset> load(const fs::path& path, const DataSpec& spec = {}) {
  DataSpec changed = spec;
  changed.source = path.string();
  changed.image_size = 16;
  return load_dataset(changed, {}, 1);
}

std::string refusal(const fs::path& path, const DataSpec& spec = {}) {
  const auto data = load(path, spec);
  return data ? std::string() : data.error().message;
}

TEST(ClassFolders, LeftoversOfSystemsArePassedOver) {
  const test::LogCapture log;
  const TempFolder folder;
  make_files(folder / "set", with(kTwoClasses, {"__MACOSX/A/0.png", "@eaDir/0.png", "A/@eaDir/0.png",
                                                "A/._0.png", ".DS_Store", "A/.DS_Store", "B/Thumbs.db",
                                                "B/desktop.ini", "System Volume Information/x.png", "._B"}));
  const auto data = load(folder / "set");
  ASSERT_TRUE(data.ok()) << data.error().message;
  EXPECT_EQ(data->classes, (Names{"A", "B"}));
  EXPECT_EQ(data->names, kTwoClasses);
  EXPECT_EQ(log.count(""), 0);
  EXPECT_TRUE(is_system_leftover("__MACOSX\\photos\\._1.png"));
  EXPECT_FALSE(is_system_leftover("a/__MACOSXA/thumbs.dbx/x.png"));
}

TEST(ClassFolders, WhatIsPassedOverIsSaidClassByClass) {
  const test::LogCapture log;
  const TempFolder folder;
  make_files(folder / "set", with(kTwoClasses, {"B/2.dcm", "B/3.DCM", "B/notes.txt", "lonely.png"}));
  ASSERT_TRUE(load(folder / "set").ok());
  EXPECT_EQ(
      log.count("In the class \"B\" of " + (folder / "set").string() + ", 2 .dcm files and 1 .txt file were passed over."), 1);
  EXPECT_EQ(log.count("1 image next to the class folders"), 1);
  EXPECT_EQ(log.count(""), 2);
}

TEST(ClassFolders, AnImageIsKnownByWhatItHolds) {
  const TempFolder folder;
  make_files(folder / "set",
             with(kTwoClasses, {"A/photo", "A/1.dat", "A/1.png~", "A/0.png_original", "B/2.jfif"}));
  const auto data = load(folder / "set");
  ASSERT_TRUE(data.ok()) << data.error().message;
  EXPECT_EQ(data->names,
            (Names{"A/0.png", "A/1.dat", "A/1.png", "A/photo", "B/0.png", "B/1.png", "B/2.jfif"}));
}

TEST(ClassFolders, ImagesInSubfoldersBelongToTheClass) {
  const test::LogCapture log;
  const TempFolder folder;
  make_files(folder / "set", with(kTwoClasses, {"A/more/2.png", "B/x/y/2.png"}));
  const auto data = load(folder / "set");
  ASSERT_TRUE(data.ok()) << data.error().message;
  EXPECT_EQ(data->names, (Names{"A/0.png", "A/1.png", "A/more/2.png", "B/0.png", "B/1.png", "B/x/y/2.png"}));
  EXPECT_EQ(log.count("2 of the 6 images"), 1);
}

TEST(ClassFolders, PicturesThatTheProgramDrewAreNotTrainedOn) {
  test::Bytes drawn = picture();
  mark_picture(drawn);
  ASSERT_TRUE(decode_image(drawn, "drawn").ok());
  for (const bool zip : {false, true}) {
    const test::LogCapture log;
    const TempFolder folder;
    std::vector<test::Entry> entries;
    for (const std::string& name : kTwoClasses) entries.push_back({name, picture()});
    for (const char* name : {"film/", "film/frame-00001.png", "film/frame-00002.png", "A/end.PNG", "sheet.png"})
      entries.push_back({name, std::string_view(name).ends_with('/') ? test::Bytes() : drawn});
    const fs::path set = folder / (zip ? "set.zip" : "set");
    if (zip)
      test::write_zip(set, entries);
    else
      for (const test::Entry& entry : entries)
        if (!entry.bytes.empty()) test::spill(set / entry.name, entry.bytes);
    const auto data = load(set);
    ASSERT_TRUE(data.ok()) << data.error().message;
    EXPECT_EQ(data->names, kTwoClasses);
    EXPECT_EQ(log.count("The folder \"film\" in " + set.string() +
                        " holds only 2 pictures drawn by Fall Line and is not a class."),
              1);
    EXPECT_EQ(log.count(", 1 picture drawn by Fall Line was passed over."), 1);
    EXPECT_EQ(log.count(""), 2);
  }
  const TempFolder film;
  test::spill(film / "frame-00001.png", drawn);
  EXPECT_SAYS(refusal(film.path()), "holds no images that can be read, only 1 picture drawn by Fall Line");
}

TEST(ClassFolders, PartsOfADividedDataSetAreNotClasses) {
  const TempFolder folder;
  for (const auto& [train, test] :
       std::vector<std::pair<std::string, std::string>>{{"train", "test"},
                                                        {"Training", "Testing"},
                                                        {"training_set", "test_set"},
                                                        {"seg_train/seg_train", "seg_test/seg_test"}}) {
    const fs::path set = folder / ("of " + train.substr(0, train.find('/')));
    for (const std::string& name : kTwoClasses) make_files(set, {train + "/" + name, test + "/" + name});
    const std::string advice = "open " + (set / train).string() + ".";
    EXPECT_SAYS(refusal(set), advice);
    const auto data = load(set / train);  // following the advice helps
    ASSERT_TRUE(data.ok()) << data.error().message;
    EXPECT_EQ(data->classes, (Names{"A", "B"}));
  }
  std::vector<Entry> entries;
  for (const std::string& name : kTwoClasses)
    for (const char* part : {"train/", "test/"}) entries.push_back({"set/" + (part + name), picture()});
  test::write_zip(folder / "z.zip", entries);
  EXPECT_SAYS(refusal(folder / "z.zip"), "unpack it and open set/train.");
  // Kaggle's test images have no labels.
  make_files(folder / "kaggle",
             {"train/A/0.png", "train/A/1.png", "train/B/0.png", "train/B/1.png", "test1/0.png"});
  EXPECT_SAYS(refusal(folder / "kaggle"), "open " + (folder / "kaggle/train").string() + ".");
  // Classes may be called so.
  make_files(folder / "eggs", {"tested/0.png", "tested/1.png", "training/0.png", "training/1.png"});
  EXPECT_EQ(refusal(folder / "eggs"), "");
}

TEST(ClassFolders, OneFolderAroundThemIsLookedThrough) {
  const test::LogCapture log;
  const TempFolder folder;
  for (const std::string& name : kTwoClasses) make_files(folder / "set", {"archive/PetImages/" + name});
  const auto data = load(folder / "set");
  ASSERT_TRUE(data.ok()) << data.error().message;
  EXPECT_EQ(data->names, kTwoClasses);
  EXPECT_EQ(log.count("were found further inside, in " + (folder / "set/archive/PetImages").string()), 1);
}

TEST(ClassFolders, LinksAreFollowedAndSaid) {
  const test::LogCapture log;
  const TempFolder folder;
  make_files(folder / "set", kTwoClasses);
  make_files(folder / "elsewhere", {"2.png", "3.png"});
  fs::create_symlink(folder / "elsewhere/2.png", folder / "set/A/2.png");
  fs::create_symlink("0.png", folder / "set/A/3.png");
  fs::create_directory_symlink(folder / "elsewhere", folder / "set/C");
  fs::create_directory_symlink("..", folder / "set/B/loop");
  fs::create_directory_symlink(".", folder / "set/self");
  const auto data = load(folder / "set");
  ASSERT_TRUE(data.ok()) << data.error().message;
  EXPECT_EQ(data->classes, (Names{"A", "B", "C"}));
  EXPECT_EQ(data->size(), 8u);
  EXPECT_EQ(log.count("2 links in " + (folder / "set").string() + " lead outside it;"), 1);
  EXPECT_EQ(log.count("2 links to folders in " + (folder / "set").string() + " were not followed;"), 1);
}

TEST(ClassFolders, WhatIsThereInsteadIsNamed) {
  const TempFolder folder;
  make_files(folder / "flat", {"0.png", "1.png"});
  EXPECT_SAYS(refusal(folder / "flat"), "holds 2 images and no subfolders; make a folder for each class");
  make_files(folder / "dicom", {"A/0.dcm", "A/1.dcm", "B/0.dcm"});
  EXPECT_SAYS(refusal(folder / "dicom"), "holds no images that can be read, only 3 .dcm files");
  for (const char* name : {"A/IM0001", "A/1.2.840.7", "B/IM0002"})
    test::spill(folder / "scans" / name, test::bytes_of(std::string(128, '\0') + "DICM and more"));
  EXPECT_SAYS(refusal(folder / "scans"), "holds no images that can be read, only 3 DICOM files");
  make_files(folder / "empty", {"A/", "B/"});
  EXPECT_SAYS(refusal(folder / "empty"), "has 2 subfolders but no images inside");
  make_files(folder / "half", {"A/0.png", "A/1.png", "B/0.dcm", "B/1.dcm", "C/"});
  EXPECT_SAYS(refusal(folder / "half"),
              "\"B\" (no usable images, 2 .dcm files cannot be read), \"C\" (no usable images)");
  make_files(folder / "downloads", {"sub/"});
  test::write_zip(folder / "downloads/project.tm", test::project_entries({"A", "B"}, 2));
  EXPECT_SAYS(refusal(folder / "downloads"), "open " + (folder / "downloads/project.tm").string());
}

TEST(ClassFolders, NamesThatLookAlikeAreToldApart) {
  const test::LogCapture log;
  const TempFolder folder;
  const Names alike = {"caf\xc3\xa9", "cafe\xcc\x81", "x\xe2\x80\x8b", "x", "n\xe9", "n\xe8", "plain"};
  for (const std::string& name : alike) make_files(folder / "set", {name + "/0.png", name + "/1.png"});
  const auto data = load(folder / "set");
  ASSERT_TRUE(data.ok()) << data.error().message;
  ASSERT_EQ(data->classes.size(), 7u);
  for (std::size_t a = 0; a < 7; ++a)
    for (std::size_t b = a + 1; b < 7; ++b) EXPECT_NE(data->classes[a], data->classes[b]);
  EXPECT_EQ(std::ranges::count(data->classes, "n? (2)"), 1);
  // A name with a zero-width space is shown with "?" in its place, so it is told apart from "x" already.
  EXPECT_EQ(log.count("have names that look the same"), 2);
}

TEST(SmallClasses, AreAllNamedOrLeftOut) {
  const test::LogCapture log;
  const TempFolder folder;
  auto entries = test::project_entries({"A", "B", "C", "D"}, 3);
  std::erase_if(entries, [](const Entry& e) {
    return e.name == "C-!-0.jpg" || e.name == "C-!-1.jpg" || e.name == "D-!-1.jpg" || e.name == "D-!-2.jpg";
  });
  test::write_zip(folder / "p.tm", entries);
  const std::string message = refusal(folder / "p.tm");
  EXPECT_SAYS(message, "\"C\" (1 usable image), \"D\" (1 usable image)");
  EXPECT_SAYS(message, "add samples in Teachable Machine");
  EXPECT_SAYS(message, "--set data.leave_out_small_classes=true");
  const auto data = load(folder / "p.tm", {.leave_out_small_classes = true});  // following the advice helps
  ASSERT_TRUE(data.ok()) << data.error().message;
  EXPECT_EQ(data->classes, (Names{"A", "B"}));
  EXPECT_EQ(data->size(), 6u);
  EXPECT_EQ(data->labels, (std::vector<std::int32_t>{0, 0, 0, 1, 1, 1}));
  EXPECT_EQ(log.count("\"C\" (1 usable image), \"D\""), 1);

  make_files(folder / "set", {"A/0.png", "A/1.png", "B/0.png", "C/0.png"});
  EXPECT_SAYS(refusal(folder / "set"), ": add images.");  // of one class nothing can be learnt
  EXPECT_EQ(refusal(folder / "set", {.leave_out_small_classes = true}), refusal(folder / "set"));
}

TEST(SmallClasses, TheTestFractionDecidesWhatIsSmall) {
  EXPECT_EQ(fewest_images(0.15), 2u);
  EXPECT_EQ(fewest_images(0.6), 3u);
  EXPECT_EQ(fewest_images(0.9), 10u);
  const TempFolder folder;
  make_files(folder / "set", kTwoClasses);
  EXPECT_SAYS(refusal(folder / "set", {.test_fraction = 0.6}), "at least 3");
}

TEST(Archives, AZipOfClassFoldersIsAsTheFolder) {
  const TempFolder folder;
  make_files(folder / "set", {"A/0.png", "A/more/1.png", "A-b/1.png", "A-b/0.png"});
  const auto data = load(folder / "set");
  ASSERT_TRUE(data.ok()) << data.error().message;
  std::vector<Entry> entries;
  for (const char* name : {"A-b/1.png", "A/more/1.png", "A-b/0.png", "A/0.png"})
    entries.push_back({name, picture()});
  for (const std::string prefix : {"", "set/", "./set/", "a\\b\\"}) {
    auto renamed = entries;
    for (Entry& entry : renamed) {
      entry.name = prefix + entry.name;
      if (prefix.find('\\') != std::string::npos) std::ranges::replace(entry.name, '/', '\\');
    }
    renamed.push_back({"__MACOSX/A/._0.png", picture()});
    test::write_zip(folder / "z.zip", renamed);
    const auto zipped = load(folder / "z.zip");
    ASSERT_TRUE(zipped.ok()) << prefix << zipped.error().message;
    EXPECT_EQ(zipped->names, data->names) << prefix;
    EXPECT_EQ(zipped->pixels, data->pixels) << prefix;
  }
}

TEST(Archives, AreKnownByContentWhateverTheirNames) {
  const test::LogCapture log;
  const TempFolder folder;
  const auto entries = test::project_entries({"A", "B"}, 2);
  for (const char* name : {"mixed.Tm", "project.tm.zip", "project", "project.png", "scene.dat"}) {
    test::write_zip(folder / name, entries);
    const auto data = load(folder / name);
    ASSERT_TRUE(data.ok()) << data.error().message;
    EXPECT_EQ(data->names.front(), "A-!-0.jpg") << name;
  }
  for (const Entry& entry : entries) test::spill(folder / "unpacked" / entry.name, entry.bytes);
  const auto source = open_image_source(folder / "unpacked");
  ASSERT_TRUE(source.ok()) << source.error().message;
  EXPECT_EQ(source->listing.classes, (Names{"A", "B"}));
  EXPECT_EQ(source->settings->epochs, 15);

  test::write_zip(folder / "flat.tm", {{"0.png", picture()}, {"1.png", picture()}});
  EXPECT_SAYS(refusal(folder / "flat.tm"), "holds 2 images and no subfolders");
  test::write_zip(folder / "export.tm",
                  {{"model.json", test::bytes_of("{}")}, {"weights.bin", test::bytes_of("x")}});
  EXPECT_SAYS(refusal(folder / "export.tm"), "is an exported model, without the images");
  test::write_zip(folder / "keras.zip",
                  {{"keras_model.h5", test::bytes_of("x")}, {"labels.txt", test::bytes_of("0 A")}});
  EXPECT_SAYS(refusal(folder / "keras.zip"), "is a model that Teachable Machine exported");
  test::write_zip(folder / "drive.zip", {{"x/project.tm", test::slurp(folder / "project")}});
  EXPECT_SAYS(refusal(folder / "drive.zip"), "unpack it and open x/project.tm");
}

TEST(Archives, WhatIsNoneIsNamed) {
  const TempFolder folder;
  const std::vector<std::pair<std::string, std::string>> kinds = {
      {"Rar!\x1a\x07", "is a RAR archive"},
      {"7z\xbc\xaf\x27\x1c", "is a 7-Zip archive"},
      {"\x1f\x8b\x08", "is a gzip archive"},
      {"<!DOCTYPE html>", "is a web page"},
      {"version https://git-lfs.github.com/spec/v1\n", "git lfs pull"},
      {"%PDF-1.7", "is a PDF document"},
      {"", "is an empty file"},
      {"hello", "is a text file"},
      {"\x01\x02\x03\x04\x05\x06\x07", "is an unknown kind of file"},
  };
  for (const auto& [bytes, text] : kinds) {
    test::spill(folder / "x.tm", test::bytes_of(bytes));
    EXPECT_SAYS(refusal(folder / "x.tm"), text);
  }
  test::spill(folder / "x.tm", picture());
  EXPECT_SAYS(refusal(folder / "x.tm"), "is a PNG image");
  test::spill(folder / "x.tm", test::bmp_of(test::test_picture(16, 3, 1), 24));
  EXPECT_SAYS(refusal(folder / "x.tm"), "is a BMP image");
}

TEST(Archives, AFolderPackedAsAProjectIsOne) {
  const TempFolder folder;
  for (const std::string prefix : {"project/", "a/b/", "p\\"}) {
    auto entries = test::project_entries({"A", "B"}, 2);
    for (Entry& entry : entries) entry.name = prefix + entry.name;
    entries.push_back({"__MACOSX/project/._A-!-0.jpg", test::bytes_of("x")});
    entries.push_back({prefix + ".DS_Store", test::bytes_of("x")});
    entries.push_back({prefix + "._A", test::bytes_of("x")});
    test::write_zip(folder / "p.tm", entries);
    const auto source = open_image_source(folder / "p.tm");
    ASSERT_TRUE(source.ok()) << source.error().message;
    EXPECT_EQ(source->listing.classes, (Names{"A", "B"}));
    EXPECT_TRUE(source->listing.notes.empty());
    EXPECT_EQ(source->settings->epochs, 15);
  }
}

// libzip writes UTF-8, so the bytes are put in afterwards.
TEST(Archives, NamesThatAreNotUtf8AreSaid) {
  const TempFolder folder;
  test::write_zip(folder / "p.tm", test::project_entries({"#!#!", "B"}, 2));
  const test::Bytes plain = test::slurp(folder / "p.tm"), marker = test::bytes_of("#!#!");
  const auto classes_with = [&](std::string_view name) {
    test::Bytes file = plain;
    const test::Bytes wanted = test::bytes_of(name);
    for (auto at = file.begin();
         (at = std::search(at, file.end(), marker.begin(), marker.end())) != file.end();)
      std::copy(wanted.begin(), wanted.end(), at);
    test::spill(folder / "odd.tm", file);
    const auto source = open_image_source(folder / "odd.tm");
    EXPECT_TRUE(source.ok()) << source.error().message;
    EXPECT_EQ(source->listing.notes.size(), 1u);
    EXPECT_SAYS(source->listing.notes.at(0), "2 names in");
    return source->listing.classes;
  };
  EXPECT_EQ(classes_with("\x83\x4f\x81\x5b").front(), "グー");  // CP932
  EXPECT_EQ(classes_with("\x83\x5c\x81\x5b").front(), "ソー");  // the second byte is a backslash's
  EXPECT_EQ(classes_with("caf\x82").front(), "café");           // CP437
}

TEST(Bounds, TooManyClassesAreRefusedBeforeAnyImageIsRead) {
  const test::LogCapture log;
  const TempFolder folder;
  std::vector<Entry> entries = {{"manifest.json", test::bytes_of(test::kImageManifest)}};
  for (int i = 0; i < 1001; ++i) entries.push_back({fmt::format("c{}-!-0.jpg", i), test::bytes_of("broken")});
  test::write_zip(folder / "p.tm", entries);
  EXPECT_SAYS(refusal(folder / "p.tm"), "1001 classes, but the limit is 1000");
  EXPECT_EQ(log.count(""), 0) << "no image was looked at";
}

}  // namespace
}  // namespace fl
