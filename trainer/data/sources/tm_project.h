#pragma once
// Teachable Machine's image projects (.tm): a flat ZIP of "<class>-!-<n>.jpg" entries and a manifest.json
// that holds the training settings. Read in the sources of teachablemachine-community; the manifest's
// publishResults may hold an upload token and is never read.

#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "trainer/base/result.h"
#include "trainer/data/files/file_tree.h"
#include "trainer/data/images/image.h"
#include "trainer/data/sources/class_listing.h"

namespace fl {

// Between the name of a class and the number of an image; the last one, because a class may have it in its
// name.
inline constexpr std::string_view kTmSeparator = "-!-";

// A setting of a manifest that cannot be used, which only matters where nothing overrides it.
struct TmFault {
  std::string key;  // the scene's, in [train]: "epochs"
  Error why;
};

// Defaults are the site's own, for what a manifest leaves out or has wrong.
struct TmSettings {
  int epochs = 50;
  int batch_size = 16;
  double rate = 0.001;
  std::vector<TmFault> faults = {};
};

// The folder of `tree` that a project lies in, with a separator behind it: "" where it is as Teachable
// Machine saves it, "project/" where somebody packed the folder it had been unpacked to. Nothing where there
// is no project.
std::optional<std::string> find_tm_project(const FileTree& tree);

// The settings, also of a project without images. `folder`: from find_tm_project. Errors: a broken manifest,
// a pose or audio project.
Result<TmSettings> read_tm_settings(FileTree& tree, const std::string& folder);

// Classes in the order of their first appearance, images in the archive's order. A class may be called as it
// likes, "Cats/Dogs" as well: entries are not unpacked to disk. Errors: no images (as in a project saved
// before any sample was added).
Result<ClassListing> list_tm_images(const FileTree& tree, const std::string& folder);

struct LabelledImage {
  int class_index = 0;
  Bitmap image;
};

// An image as projects keep it.
struct TmSample {
  int class_index = 0;
  std::vector<std::byte> jpeg;
};

// Cropped and resized to 224 x 224, as JPEG. Errors: as encode_jpeg.
Result<std::vector<std::byte>> tm_jpeg(const Bitmap& image);
// Whether the file is such a one already.
bool is_tm_jpeg(std::span<const std::byte> file, const Bitmap& decoded);

// Writes a project of what it is to hold, class by class in the order given. The same arguments give the same
// bytes. Atomic, as write_file_atomic. Errors: a class without an image (the format knows none), a name that
// no entry can carry, two classes of one name, a place that cannot be written.
Result<void> write_tm_samples(const std::filesystem::path& path, const TmSettings& settings,
                              const std::vector<std::string>& classes, std::vector<TmSample> samples);

// Writes a project that this reader and Teachable Machine open: images are cropped and resized to 224 x 224
// and stored as JPEG. Else as write_tm_samples.
Result<void> write_tm_project(const std::filesystem::path& path, const TmSettings& settings,
                              const std::vector<std::string>& classes,
                              const std::vector<LabelledImage>& images);

// A class of a project and what it is to be called.
struct TmRename {
  std::string from;  // as ClassListing::classes has it
  std::string to;
};

// Writes the project in `tree` again: its images byte for byte and in their order, with `settings` and with
// classes renamed. What belongs to no class goes, and so does whatever else the manifest had, an upload token
// for one. The same arguments give the same bytes. Atomic, as write_file_atomic. Errors: no such class, a
// name that no entry can carry, two classes of one name, an image that cannot be unpacked, a place that
// cannot be written.
Result<void> change_tm_project(const std::filesystem::path& path, FileTree& tree, const std::string& folder,
                               const TmSettings& settings, const std::vector<TmRename>& renames);

}  // namespace fl
