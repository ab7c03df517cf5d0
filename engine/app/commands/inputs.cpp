#include "engine/app/commands/inputs.h"

#include <algorithm>

#include <sys/stat.h>

#include "trainer/base/atomic_file.h"
#include "trainer/base/json.h"
#include "trainer/files/run_folder.h"

namespace fl {
namespace fs = std::filesystem;
namespace {

constexpr std::size_t kMaxReportBytes = std::size_t{256} << 20;

// Where it lies, or will, with no link on the way.
fs::path place_of(const fs::path& path) {
  std::error_code code;
  const fs::path target = link_target(path);
  const fs::path place = fs::weakly_canonical(fs::absolute(target, code), code);
  return code ? target : place;
}

}  // namespace

std::optional<Inputs::Id> Inputs::id_of(const fs::path& path) {
  struct stat info {};
  if (::stat(path.c_str(), &info) != 0) return std::nullopt;
  return Id{info.st_dev, info.st_ino};
}

Inputs::Inputs(const std::string& argument, const SceneFile& scene) {
  add_scene(argument, scene);
}

void Inputs::add_scene(const std::string& argument, const SceneFile& scene) {
  std::error_code code;
  if (!argument.empty() && fs::is_regular_file(argument, code)) add_file(argument, "the file to open");
  if (!scene.trains() || !scene.run.data.reads_files()) return;
  const std::string& source = scene.run.data.source;
  if (fs::is_directory(source, code))
    add_images(source);
  else
    add_file(source, "the file with the images");
}

void Inputs::add_file(const fs::path& path, std::string what) {
  files_.push_back({place_of(path), id_of(path), std::move(what)});
}

void Inputs::add_images(const fs::path& folder) {
  const fs::path images = place_of(folder);
  std::error_code code;
  if (const auto id = id_of(folder)) folders_.emplace(*id, images);
  for (fs::directory_iterator entry(folder, code); !code && entry != fs::directory_iterator(); entry.increment(code)) {
    std::error_code ignored;
    if (entry->is_directory(ignored))
      if (const auto id = id_of(entry->path())) folders_.emplace(*id, images);
  }
}

void Inputs::add_run(const fs::path& folder) {
  for (const RunFile& file : run_files()) add_file(folder / file.name, "a file of the run itself");
}

Result<void> Inputs::check(const fs::path& output, std::string_view option) const {
  if (is_standard_output(output)) return {};
  const fs::path place = place_of(output);
  const auto id = id_of(output);
  for (const File& file : files_)
    if (file.path == place || (id && id == file.id))
      return error("{} is {} and must not be overwritten; choose another name with {}.", output.string(), file.what, option);
  for (fs::path folder = place;; folder = folder.parent_path()) {
    const auto above = id_of(folder);
    if (const auto found = above ? folders_.find(*above) : folders_.end(); found != folders_.end()) {
      fs::path outside = found->second;
      outside += "-results";
      outside += place.extension();
      return error(
          "{} would lie among the images in {}; choose a place outside that folder, for example {} {}.",
          output.string(), found->second.string(), option, outside.string());
    }
    if (folder == folder.parent_path()) return {};
  }
}

Result<void> check_new_file(const fs::path& path, bool replace) {
  std::error_code code;
  if (!replace && fs::is_regular_file(path, code) && fs::file_size(path, code) > 0)
    return error("{} already exists; choose a new name with -o, or replace it with --replace.", path.string());
  return check_writable(path);
}

Result<void> check_report_place(const fs::path& path, const Inputs& inputs, const std::vector<std::string>& keys,
                                std::string_view maker) {
  if (auto free = inputs.check(path, "--json"); !free) return free;
  std::error_code code;
  if (!is_standard_output(path) && fs::is_regular_file(path, code) && fs::file_size(path, code) > 0) {
    const auto text = read_text_file(path, kMaxReportBytes);
    const auto json = text ? Json::parse(*text) : std::nullopt;
    const auto has = [&](const std::string& key) { return json->find(key) != nullptr; };
    if (!json || !std::ranges::all_of(keys, has))
      return error("{} already exists and is not a report from \"{}\"; choose another name with --json.", path.string(),
                   maker);
  }
  return check_writable(path);
}

}  // namespace fl
