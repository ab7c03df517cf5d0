#include "engine/app/commands/data_command.h"

#include <algorithm>
#include <set>

#include "engine/app/commands/output_folder.h"
#include "engine/app/interrupt.h"
#include "engine/app/scene_file.h"
#include "trainer/base/atomic_file.h"
#include "trainer/base/counted.h"
#include "trainer/base/log.h"
#include "trainer/base/picture_mark.h"
#include "trainer/base/printable.h"
#include "trainer/data/contact_sheet.h"
#include "trainer/data/files/folder.h"
#include "trainer/data/sources/tm_project.h"

namespace fl {
namespace fs = std::filesystem;
namespace {

constexpr int kProjectSide = 224;  // what a Teachable Machine project holds

bool is_project(const fs::path& path) {
  return lower_extension(path) == ".tm";
}

// A class or image name as a file name: what a shell or another system trips over becomes a hyphen.
std::string file_name(const std::string& name) {
  std::string clean;
  for (const char c : name) {
    const bool plain = std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || (c & 0x80) != 0;
    if (plain)
      clean += c;
    else if (!clean.empty() && clean.back() != '-')
      clean += '-';
  }
  while (!clean.empty() && clean.back() == '-') clean.pop_back();
  return clean.empty() ? "unnamed" : printable(clean, 100);
}

// One folder name a class; two classes whose names become the same get a number.
std::vector<std::string> folder_names(const std::vector<std::string>& classes) {
  std::vector<std::string> names;
  std::set<std::string> taken;
  for (const std::string& name : classes) {
    std::string folder = file_name(name);
    for (int n = 2; !taken.insert(folder).second; ++n) folder = fmt::format("{}-{}", file_name(name), n);
    names.push_back(folder);
  }
  return names;
}

Result<void> save_png(const fs::path& path, const Bitmap& image, bool training_image = true) {
  FL_TRY_LET(png, encode_png(image.width, image.height, image.channels, image.pixels));
  if (!training_image) mark_picture(*png);
  return write_file_atomic(path, *png);
}

// Pictures of an earlier run among those of this one would be data that nobody asked for.
Result<void> check_empty(const fs::path& folder) {
  std::error_code code;
  if (!fs::exists(folder, code) || !fs::is_directory(folder, code) || fs::is_empty(folder, code)) return {};
  return error("The folder {} is not empty; choose a new one with -o.", printable(folder.string()));
}

// The folder was empty: all of these are ours.
void remove_saved(const std::vector<std::string>& folders, const fs::path& out) {
  std::error_code ignored;
  fs::remove(out / kContactSheetFile, ignored);
  for (const std::string& folder : folders) fs::remove_all(out / folder, ignored);
}

Result<void> save_images(const Dataset& data, const std::vector<std::string>& folders, const fs::path& out) {
  if (auto saved = save_png(out / kContactSheetFile, contact_sheet(data), false); !saved) return saved;
  for (const std::string& folder : folders)
    if (auto made = make_folder(out / folder); !made) return made;
  std::vector<int> numbers(folders.size());
  for (std::size_t i = 0; i < data.size(); ++i) {
    if (interrupted())
      return error("Interrupted after {} of {} images; those saved so far are kept.", i, data.size());
    const auto c = static_cast<std::size_t>(data.labels[i]);
    const std::string name = fmt::format("{:05}-{}.png", numbers[c]++, file_name(data.names[i]));
    if (auto saved = save_png(out / folders[c] / name, image_of(data, i)); !saved) return saved;
  }
  return {};
}

Result<void> save_folder(const Dataset& data, const fs::path& out) {
  const std::vector<std::string> folders = folder_names(data.classes);
  auto saved = save_images(data, folders, out);
  if (!saved && !interrupted()) remove_saved(folders, out);
  return saved;
}

Result<void> save_project(const Dataset& data, const RunSpec& run, const fs::path& out) {
  std::vector<LabelledImage> images;
  images.reserve(data.size());
  for (std::size_t i = 0; i < data.size(); ++i) images.push_back({data.labels[i], image_of(data, i)});
  return write_tm_project(out, {run.epochs, run.batch_size, run.rate}, data.classes, images);
}

}  // namespace

Result<void> run_data(const DataOptions& options) {
  FL_TRY_LET(scene, open_scene(options.scene, options.overrides));
  if (!scene->trains())
    return error("{} is a {} and has no images; give a scene with a [data] table.", scene->run.title,
                 scene->descents ? "surface of two parameters" : "map of learning rates");
  DataSpec spec = scene->run.data;
  if (options.phantoms > 0) {
    if (spec.reads_files())
      return error("--phantom takes the place of its images: leave out {} or --phantom.",
                   printable(spec.source));
    spec.source = kPhantomSource;
    spec.phantom_counts = {options.phantoms, options.phantoms};
  }
  const bool project = is_project(options.out);
  if (project) spec.image_size = kProjectSide;
  // Before the work, not after it.
  if (auto free = Inputs(options.scene, *scene).check(options.out, "-o"); !free) return free;
  if (auto usable = project ? check_new_file(options.out, options.replace) : check_empty(options.out); !usable) return usable;
  FL_TRY_LET(folder, project ? OutputFolder::make({}) : OutputFolder::make_own(options.out));
  catch_interrupt();
  FL_TRY_LET(data, load_dataset(spec, scene->base, scene->run.seed, {}, {.listed = scene->images}));
  const auto saved = project ? save_project(*data, scene->run, options.out) : save_folder(*data, options.out);
  if (!saved) return saved;
  log_info("{}", data->colour);
  for (std::size_t c = 0; c < data->classes.size(); ++c)
    fmt::print(
        "  {}: {}\n", data->classes[c],
        counted(std::count(data->labels.begin(), data->labels.end(), static_cast<std::int32_t>(c)), "image"));
  if (data->skipped > 0) fmt::print("  left out: {}\n", counted(data->skipped, "broken image"));
  fmt::print("Saved in {}\n", printable(options.out.string()));
  return {};
}

}  // namespace fl
