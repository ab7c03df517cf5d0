// make_bad_files FOLDER: projects and images that are wrong in one way each, for bad_input.sh. Whatever the
// bytes of a file can get wrong is made here, because it takes a zip and a JPEG writer; what its name or
// place can, by the script.
#include <algorithm>
#include <cstdio>

#include "tests/unit/data/data_support.h"
#include "trainer/base/check.h"

namespace fl {
namespace {

namespace fs = std::filesystem;
using test::Bytes;
using test::bytes_of;
using test::Entry;

std::vector<Entry> good_project() {
  return test::project_entries({"A", "B"}, 4);
}

void project_with(const fs::path& path, const std::vector<Entry>& more) {
  auto entries = good_project();
  entries.insert(entries.begin(), more.begin(), more.end());
  test::write_zip(path, entries);
}

void project_with_manifest(const fs::path& path, std::string_view manifest) {
  auto entries = good_project();
  entries.back().bytes = bytes_of(manifest);
  test::write_zip(path, entries);
}

void replace_all(Bytes& file, std::string_view from, std::string_view to) {
  FL_CHECK(from.size() == to.size());
  const Bytes old = bytes_of(from), fresh = bytes_of(to);
  int count = 0;
  for (auto at = file.begin(); (at = std::search(at, file.end(), old.begin(), old.end())) != file.end();
       ++count)
    std::copy(fresh.begin(), fresh.end(), at);
  FL_CHECK_MSG(count > 0, "{} is not in the file", from);
}

void make_projects(const fs::path& folder) {
  test::write_zip(folder / "good.tm", good_project());
  const Bytes good = test::slurp(folder / "good.tm");
  for (const std::size_t percent : {1, 50, 90, 99})
    test::spill(folder / ("cut" + std::to_string(percent) + ".tm"),
                std::span(good).first(good.size() * percent / 100));

  project_with(folder / "bomb-declared.tm", {{"A-!-9.jpg", Bytes(std::size_t{64} << 20), true}});
  std::vector<Entry> many;
  for (int i = 10; i < 40; ++i)
    many.push_back({"A-!-" + std::to_string(i) + ".jpg", Bytes(std::size_t{4} << 20), true});
  project_with(folder / "bomb-many.tm", many);
  many.clear();
  for (int i = 0; i < 30'000; ++i) many.push_back({"A-!-x" + std::to_string(i) + ".jpg", {}});
  project_with(folder / "thousands.tm", many);
  project_with(folder / "bomb-lying.tm", {{"A-!-9.jpg", Bytes(std::size_t{30} << 20), true}});
  Bytes lying = test::slurp(folder / "bomb-lying.tm");
  test::lie_about_size(lying, "A-!-9.jpg", 1000);
  test::spill(folder / "bomb-lying.tm", lying);
  lying = good;
  test::lie_about_size(lying, "A-!-0.jpg", 0xFFFFFFF0u);
  test::spill(folder / "lying-huge.tm", lying);

  project_with(folder / "parent.tm", {{"../A-!-9.jpg", bytes_of("x")}});
  project_with(folder / "absolute.tm", {{"/tmp/A-!-9.jpg", bytes_of("x")}});
  auto entries = good_project();
  entries.pop_back();
  test::write_zip(folder / "no-manifest.tm", entries);
  project_with_manifest(folder / "manifest-broken.tm", R"({"type":"image")");
  project_with_manifest(folder / "manifest-deep.tm", std::string(500'000, '['));
  project_with_manifest(folder / "manifest-nan.tm", R"({"type":"image","appdata":{"trainEpochs":-1e999}})");
  project_with_manifest(folder / "pose.tm", R"({"type":"pose"})");
  project_with_manifest(folder / "audio.tm", R"({"type":"audio"})");
  test::write_zip(folder / "manifest-only.tm", {{"manifest.json", bytes_of(test::kImageManifest)}});
  project_with_manifest(folder / "epochs0.tm", R"({"type":"image","appdata":{"trainEpochs":0}})");
  entries = test::project_entries({"A", "Cats/Dogs"}, 4);
  entries.push_back({"B-!-0.jpg", test::jpeg_of(test::test_picture(32, 3, 1))});
  test::write_zip(folder / "small.tm", entries);
  entries = test::project_entries({"A"}, 4);
  entries.push_back({"B-!-0.jpg", test::jpeg_of(test::test_picture(32, 3, 1))});
  test::write_zip(folder / "one-image.tm", entries);
  Bytes steering = good;
  test::write_zip(folder / "escape.tm", test::project_entries({"A#[31m", "B"}, 4));
  steering = test::slurp(folder / "escape.tm");
  replace_all(steering, "A#[31m", "A\x1b[31m");
  test::spill(folder / "escape.tm", steering);
}

// A grey PNG of side x side black pixels: a thousandth of its size once packed.
Bytes flat_png(int side) {
  return test::png_of(
      {side, side, 1,
       std::vector<std::uint8_t>(static_cast<std::size_t>(side) * static_cast<std::size_t>(side))});
}

// Four good images a class, and `bad` among them under A/bad.EXTENSION.
void make_folder_with(const fs::path& folder, const std::string& extension, const Bytes& bad) {
  for (const char* name : {"A", "B"})
    for (unsigned i = 0; i < 4; ++i)
      test::spill(folder / name / (std::to_string(i) + ".png"), test::png_of(test::test_picture(32, 1, i)));
  test::spill(folder / "A" / ("bad." + extension), bad);
}

void make_folders(const fs::path& folder) {
  const Bytes jpeg = test::jpeg_of(test::test_picture(64, 3, 1));
  make_folder_with(folder / "cut-jpeg", "jpg",
                   {jpeg.begin(), jpeg.begin() + static_cast<std::ptrdiff_t>(jpeg.size() / 2)});
  make_folder_with(folder / "huge-jpeg", "jpg", test::with_jpeg_size(jpeg, 60000, 60000));
  make_folder_with(folder / "empty-jpeg", "jpg", {});
  const Bytes flat = flat_png(4000);
  make_folder_with(folder / "png-large", "png", flat);
  make_folder_with(folder / "png-bomb", "png", test::with_png_size(flat, 0x7FFFFFFF, 0x7FFFFFFF));
  for (const char* name : {"A", "B"})
    for (int i = 0; i < 100; ++i)
      test::spill(folder / "all-broken" / name / (std::to_string(i) + ".jpg"), bytes_of("no image"));
}

}  // namespace
}  // namespace fl

int main(int argc, char** argv) {
  if (argc != 2) {
    std::fputs("Usage: make_bad_files FOLDER\n", stderr);
    return 2;
  }
  fl::make_projects(argv[1]);
  fl::make_folders(argv[1]);
  return 0;
}
