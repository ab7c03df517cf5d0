#include "trainer/data/edits/save_project.h"

#include <system_error>
#include <utility>

#include "trainer/base/printable.h"

namespace fl {
namespace {

Result<std::vector<std::byte>> sample_of(Original original, const DataSpec& spec) {
  std::vector<std::byte> bytes;
  if (const auto* file = std::get_if<ImageFile>(&original); file != nullptr && !spec.colour_range)
    bytes = file->bytes;
  FL_TRY_LET(image, decode(std::move(original)));
  if (const auto* bitmap = std::get_if<Bitmap>(&*image); bitmap != nullptr && is_tm_jpeg(bytes, *bitmap))
    return bytes;
  return tm_jpeg(picture_of(*image, spec));
}

}  // namespace

Result<void> save_edited_project(const std::filesystem::path& path, const EditedSet& set,
                                 const EditedSource& source, const TmSettings& settings,
                                 const std::stop_token& stop) {
  std::error_code ignored;
  if (std::filesystem::exists(std::filesystem::symlink_status(path, ignored)))
    return error("There is {} already, and nothing is replaced; choose another name.",
                 printable(path.string()));
  std::vector<TmSample> samples;
  samples.reserve(set.images.size());
  for (const auto& [image, class_index] : set.images) {
    if (stop.stop_requested()) return error("{} was not saved: the program ended.", printable(path.string()));
    FL_TRY_LET(original, source.original(image));
    FL_TRY_LET(jpeg, sample_of(*std::move(original), source.spec));
    samples.push_back({class_index, *std::move(jpeg)});
  }
  return write_tm_samples(path, settings, set.classes, std::move(samples));
}

}  // namespace fl
