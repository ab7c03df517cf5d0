#include <algorithm>
#include <array>
#include <utility>

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

Result<void> check_samples(const std::vector<std::string>& classes, const std::vector<TmSample>& samples) {
  FL_TRY(check_tm_classes(classes));
  for (std::size_t c = 0; c < classes.size(); ++c)
    if (std::ranges::find(samples, static_cast<int>(c), &TmSample::class_index) == samples.end())
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

}  // namespace

Result<std::vector<std::byte>> tm_jpeg(const Bitmap& image) {
  return encode_jpeg(squared(image));
}

bool is_tm_jpeg(std::span<const std::byte> file, const Bitmap& decoded) {
  constexpr std::array kStart{std::byte{0xFF}, std::byte{0xD8}};
  return decoded.width == kSide && decoded.height == kSide && file.size() > kStart.size() &&
         std::ranges::equal(file.first(kStart.size()), kStart);
}

Result<void> write_tm_samples(const fs::path& path, const TmSettings& settings,
                              const std::vector<std::string>& classes, std::vector<TmSample> samples) {
  for (const TmSample& sample : samples)
    FL_CHECK(sample.class_index >= 0 && static_cast<std::size_t>(sample.class_index) < classes.size());
  const std::string name = printable(path.string());
  if (samples.empty()) return error("There are no images to save in {}; add some first.", name);
  FL_TRY(check_samples(classes, samples));
  std::ranges::stable_sort(samples, {}, &TmSample::class_index);
  std::vector<NewZipEntry> entries;
  entries.reserve(samples.size() + 1);
  std::vector<int> numbers(classes.size());
  for (TmSample& sample : samples) {
    const auto c = static_cast<std::size_t>(sample.class_index);
    entries.push_back({fmt::format("{}-!-{}.jpg", classes[c], numbers[c]++), std::move(sample.jpeg)});
  }
  entries.push_back(tm_manifest(settings));
  FL_TRY_LET(bytes, pack_zip(entries, name));
  return write_file_atomic(path, *bytes);
}

Result<void> write_tm_project(const fs::path& path, const TmSettings& settings,
                              const std::vector<std::string>& classes,
                              const std::vector<LabelledImage>& images) {
  if (!images.empty()) FL_TRY(check_tm_classes(classes));  // before the work
  std::vector<TmSample> samples;
  samples.reserve(images.size());
  for (const LabelledImage& image : images) {
    FL_TRY_LET(jpeg, tm_jpeg(image.image));
    samples.push_back({image.class_index, *std::move(jpeg)});
  }
  return write_tm_samples(path, settings, classes, std::move(samples));
}

}  // namespace fl
