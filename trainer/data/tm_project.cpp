#include "trainer/data/tm_project.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <unordered_map>
#include <unordered_set>

#include "trainer/base/json.h"
#include "trainer/base/log.h"
#include "trainer/base/printable.h"
#include "trainer/data/dataset.h"
#include "trainer/data/zip_archive.h"

namespace fl {
namespace {

namespace fs = std::filesystem;

constexpr const char* kManifest = "manifest.json";
constexpr std::string_view kSeparator = "-!-";
constexpr std::size_t kMaxManifestBytes = 1u << 20;
constexpr double kMaxEpochs = 100'000;
constexpr double kMaxBatch = 4096;
constexpr double kMaxRate = 10;

// `fallback` where the manifest says nothing. Errors: not a number, or outside (0, highest].
Result<double> read_setting(const Json& appdata, const char* key, double fallback, double highest, bool whole,
                            const std::string& file) {
  const Json* found = appdata.find(key);
  if (found == nullptr || found->is_null()) return fallback;
  const double value = found->number().value_or(std::numeric_limits<double>::quiet_NaN());
  if (!(value > 0 && value <= highest) || (whole && value != std::floor(value)))
    return error("In {}, {} of {} is not a {} above 0 and at most {}; correct it in Teachable Machine.",
                 kManifest, key, file, whole ? "whole number" : "number", highest);
  return value;
}

Result<void> check_type(const Json& manifest, const std::string& file) {
  const Json* type = manifest.find("type");
  if (type == nullptr || type->text() == nullptr)
    return error(
        "The {} of {} does not say what kind of project it is; save the project again in Teachable Machine.",
        kManifest, file);
  const std::string& kind = *type->text();
  if (kind == "image") return {};
  return error("{} is a Teachable Machine project of type \"{}\"; only image projects can be opened.", file,
               printable(kind, 40));
}

Result<TmSettings> parse_manifest(const std::vector<std::byte>& bytes, const std::string& file) {
  const auto* text = reinterpret_cast<const char*>(bytes.data());
  const auto manifest = Json::parse({text, bytes.size()});
  if (!manifest || manifest->object() == nullptr)
    return error("The {} of {} is not valid JSON; save the project again in Teachable Machine.", kManifest,
                 file);
  if (const auto type = check_type(*manifest, file); !type) return type.error();
  const Json* found = manifest->find("appdata");
  const Json appdata = found != nullptr ? *found : Json();
  const TmSettings defaults;
  const auto epochs = read_setting(appdata, "trainEpochs", defaults.epochs, kMaxEpochs, true, file);
  if (!epochs) return epochs.error();
  const auto batch = read_setting(appdata, "trainBatchSize", defaults.batch_size, kMaxBatch, true, file);
  if (!batch) return batch.error();
  const auto rate = read_setting(appdata, "trainLearningRate", defaults.rate, kMaxRate, false, file);
  if (!rate) return rate.error();
  return TmSettings{static_cast<int>(*epochs), static_cast<int>(*batch), *rate};
}

Result<TmSettings> read_settings(ZipArchive& archive, const std::string& file) {
  const auto& entries = archive.entries();
  const auto found =
      std::find_if(entries.begin(), entries.end(), [](const ZipEntry& e) { return e.name == kManifest; });
  if (found == entries.end())
    return error(
        "{} has no {}, so it is not a Teachable Machine project; choose a file saved with \"Download "
        "project as file\".",
        file, kManifest);
  if (found->size > kMaxManifestBytes)
    return error(
        "The {} of {} is {} bytes long, more than the {} it may have; save the project again in Teachable "
        "Machine.",
        kManifest, file, found->size, kMaxManifestBytes);
  const auto bytes = archive.read(static_cast<std::size_t>(found - entries.begin()));
  if (!bytes)
    return error("Cannot read the {} of {} ({}); copy the file again.", kManifest, file,
                 bytes.error().message);
  return parse_manifest(*bytes, file);
}

// Known by their names alone, before an image is unpacked.
std::size_t count_classes(const std::vector<ZipEntry>& entries) {
  std::unordered_set<std::string_view> classes;
  for (const ZipEntry& entry : entries) {
    const auto at = entry.name.rfind(kSeparator);
    if (at != std::string::npos && at != 0) classes.insert(std::string_view(entry.name).substr(0, at));
  }
  return classes.size();
}

}  // namespace

Result<TmSettings> read_tm_settings(const fs::path& path) {
  auto archive = ZipArchive::open(path);
  if (!archive) return archive.error();
  return read_settings(*archive, printable(path.string()));
}

Result<TmProject> read_tm_project(const fs::path& path) {
  auto archive = ZipArchive::open(path);
  if (!archive) return archive.error();
  const std::string file = printable(path.string());
  const auto settings = read_settings(*archive, file);
  if (!settings) return settings.error();

  if (auto few = check_class_count(count_classes(archive->entries()), file); !few) return few.error();

  TmProject project;
  project.settings = *settings;
  std::unordered_map<std::string, int> class_indices;
  int nameless = 0;
  for (std::size_t i = 0; i < archive->entries().size(); ++i) {
    const std::string& name = archive->entries()[i].name;
    if (name == kManifest) continue;
    // The last separator, because a class name may hold one itself.
    const auto at = name.rfind(kSeparator);
    if (at == std::string::npos || at == 0) {
      if (nameless++ == 0) log_warning("{}: \"{}\" names no class and is passed over.", file, name);
      continue;
    }
    const auto [known, is_new] =
        class_indices.try_emplace(name.substr(0, at), static_cast<int>(project.classes.size()));
    if (is_new) project.classes.push_back(known->first);
    auto bytes = archive->read(i);
    EncodedImage image{.class_index = known->second, .name = name, .bytes = {}, .damage = {}};
    if (bytes)
      image.bytes = std::move(*bytes);
    else
      image.damage = bytes.error().message;
    project.images.push_back(std::move(image));
  }
  if (nameless > 1) log_warning("{}: so are {} more entries.", file, nameless - 1);
  if (project.images.empty())
    return error(
        "{} holds settings but no images; add samples to its classes in Teachable Machine and save it again.",
        file);
  return project;
}

}  // namespace fl
