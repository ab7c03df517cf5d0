#include <algorithm>

#include "trainer/base/atomic_file.h"
#include "trainer/base/check.h"
#include "trainer/base/printable.h"
#include "trainer/data/files/zip_pack.h"
#include "trainer/data/preprocess.h"
#include "trainer/data/sources/tm_parts.h"
#include "trainer/data/sources/tm_project.h"

namespace fl {
namespace fs = std::filesystem;
namespace {

constexpr int kSide = 224;

Result<void> check_classes(const std::vector<std::string>& classes,
                           const std::vector<LabelledImage>& images) {
  FL_TRY(check_tm_classes(classes));
  for (std::size_t c = 0; c < classes.size(); ++c)
    if (std::none_of(images.begin(), images.end(),
                     [&](const LabelledImage& i) { return i.class_index == static_cast<int>(c); }))
      return error(
          "The class \"{}\" has no images, and a Teachable Machine project cannot keep an empty class; add "
          "an image.",
          classes[c]);
  return {};
}

Bitmap squared(const Bitmap& image) {
  const ImageShape shape{3, kSide, kSide};
  std::vector<float> planes(shape.floats());
  preprocess(image, shape, planes);
  Bitmap square{kSide, kSide, 3, {}};
  const std::size_t area = std::size_t{kSide} * kSide;
  for (std::size_t i = 0; i < area; ++i)
    for (std::size_t c = 0; c < 3; ++c) square.pixels.push_back(to_byte(planes[c * area + i]));
  return square;
}

Result<std::vector<NewZipEntry>> make_entries(const TmSettings& settings,
                                              const std::vector<std::string>& classes,
                                              const std::vector<LabelledImage>& images) {
  std::vector<NewZipEntry> entries;
  entries.reserve(images.size() + 1);
  for (std::size_t c = 0; c < classes.size(); ++c) {
    int number = 0;
    for (const LabelledImage& image : images) {
      if (image.class_index != static_cast<int>(c)) continue;
      FL_TRY_LET(jpeg, encode_jpeg(squared(image.image)));
      entries.push_back({fmt::format("{}-!-{}.jpg", classes[c], number++), *std::move(jpeg)});
    }
  }
  entries.push_back(tm_manifest(settings));
  return entries;
}

}  // namespace

Result<void> write_tm_project(const fs::path& path, const TmSettings& settings,
                              const std::vector<std::string>& classes,
                              const std::vector<LabelledImage>& images) {
  for (const LabelledImage& image : images)
    FL_CHECK(image.class_index >= 0 && static_cast<std::size_t>(image.class_index) < classes.size());
  const std::string name = printable(path.string());
  if (images.empty()) return error("There are no images to save in {}; add some first.", name);
  if (const auto valid = check_classes(classes, images); !valid) return valid;
  FL_TRY_LET(entries, make_entries(settings, classes, images));
  FL_TRY_LET(bytes, pack_zip(*entries, name));
  return write_file_atomic(path, *bytes);
}

}  // namespace fl
