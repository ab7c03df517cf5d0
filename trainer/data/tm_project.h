#pragma once
// Teachable Machine's image projects (.tm): a flat ZIP of "<class>-!-<n>.jpg" entries and a manifest.json
// that holds the training settings. Read in the sources of teachablemachine-community; the manifest's
// publishResults may hold an upload token and is never read.

#include <cstddef>
#include <filesystem>
#include <string>
#include <vector>

#include "trainer/base/result.h"
#include "trainer/data/image.h"

namespace fl {

// Defaults are the site's own, for what a manifest leaves out.
struct TmSettings {
  int epochs = 50;
  int batch_size = 16;
  double rate = 0.001;
};

struct EncodedImage {
  int class_index = 0;           // into TmProject::classes
  std::string name;              // the entry's name
  std::vector<std::byte> bytes;  // still encoded
  std::string damage;            // why it could not be unpacked; empty where it could
};

struct TmProject {
  TmSettings settings;
  std::vector<std::string> classes;  // UTF-8, in order of first appearance
  std::vector<EncodedImage> images;  // in the archive's order
};

// Reads all of it. Errors: what ZipArchive::open refuses, no manifest or a broken one, a pose or audio
// project, settings out of range, no images (as a project saved before any sample was added).
Result<TmProject> read_tm_project(const std::filesystem::path& path);

// The settings alone, also of a project without images. The same errors otherwise.
Result<TmSettings> read_tm_settings(const std::filesystem::path& path);

struct LabelledImage {
  int class_index = 0;
  Bitmap image;
};

// Writes a project that this reader and Teachable Machine open: images are cropped and resized to 224 x 224
// and stored as JPEG, class by class in the order given. The same arguments give the same bytes. Atomic, as
// write_file_atomic. Errors: a class without an image (the format knows none), a name that no entry can
// carry, two classes of one name, a place that cannot be written.
Result<void> write_tm_project(const std::filesystem::path& path, const TmSettings& settings,
                              const std::vector<std::string>& classes,
                              const std::vector<LabelledImage>& images);

}  // namespace fl
