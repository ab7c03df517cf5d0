#include "trainer/data/sources/tm_project.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <unordered_map>

#include "trainer/base/check.h"
#include "trainer/base/json.h"
#include "trainer/base/limits.h"
#include "trainer/base/printable.h"
#include "trainer/data/files/distinct_names.h"
#include "trainer/data/files/folder.h"

namespace fl {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kManifest = "manifest.json";
constexpr std::size_t kMaxManifestBytes = 1u << 20;
constexpr double kMaxProjectRate = 10;

std::string shown_value(const Json& value) {
  if (const auto number = value.number()) return fmt::format("{}", *number);
  if (value.text() != nullptr) return fmt::format("\"{}\"", printable(*value.text(), 40));
  return value.object() != nullptr ? "an object" : value.array() != nullptr ? "a list" : "true or false";
}

// Leaves `setting` alone where the manifest says nothing, or nothing usable: a number in (0, highest].
template <typename Setting>
void read_setting(const Json& appdata, const char* name, const char* key, double highest,
                  const std::string& file, Setting& setting, std::vector<TmFault>& faults) {
  const Json* found = appdata.find(name);
  if (found == nullptr || found->is_null()) return;
  constexpr bool kWhole = std::is_same_v<Setting, int>;
  const double value = found->number().value_or(std::numeric_limits<double>::quiet_NaN());
  if (value > 0 && value <= highest && (!kWhole || value == std::floor(value))) {
    setting = static_cast<Setting>(value);
    return;
  }
  faults.push_back(
      {key, error("In {}, {} is {}, not a {} above 0 and at most {}; choose another with --set train.{}=VALUE, or "
                  "correct it in Teachable Machine.",
                  file, name, shown_value(*found), kWhole ? "whole number" : "number", highest, key)});
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
  FL_TRY(check_type(*manifest, file));
  const Json* found = manifest->find("appdata");
  const Json appdata = found != nullptr ? *found : Json();
  TmSettings settings;
  read_setting(appdata, "trainEpochs", "epochs", kMaxEpochs, file, settings.epochs, settings.faults);
  read_setting(appdata, "trainBatchSize", "batch_size", kMaxBatch, file, settings.batch_size,
               settings.faults);
  read_setting(appdata, "trainLearningRate", "rate", kMaxProjectRate, file, settings.rate, settings.faults);
  return settings;
}

// Entries of an archive that stand for folders.
bool is_folder_entry(const std::string& path) {
  return path.empty() || path.ends_with('/') || path.ends_with('\\');
}

// "a/b/" of "a/b/manifest.json"; nothing where the file is called otherwise.
std::optional<std::string> folder_of_manifest(const std::string& path) {
  if (!path.ends_with(kManifest)) return {};
  const std::string folder(path.begin(), path.end() - kManifest.size());
  if (!folder.empty() && !is_folder_entry(folder)) return {};
  return folder;
}

}  // namespace

std::optional<std::string> find_tm_project(const FileTree& tree) {
  std::optional<std::string> folder;
  for (const std::string& path : tree.paths()) {
    if (is_system_leftover(path)) continue;
    auto found = folder_of_manifest(path);
    if (found && (!folder || found->size() < folder->size())) folder = std::move(found);
  }
  if (!folder) return {};
  bool samples = false, deeper = false;
  for (const std::string& path : tree.paths()) {
    if (is_system_leftover(path) || is_folder_entry(path)) continue;
    if (!path.starts_with(*folder)) return {};
    const std::string_view rest = std::string_view(path).substr(folder->size());
    samples = samples || rest.find(kTmSeparator) != std::string_view::npos;
    deeper = deeper || rest.find_first_of("/\\") != std::string_view::npos;
  }
  if (!samples && deeper) return {};  // folders of images, and a file that happens to be called so
  return folder;
}

Result<TmSettings> read_tm_settings(FileTree& tree, const std::string& folder) {
  const std::string file = printable(tree.place().string());
  const auto found = std::ranges::find(tree.paths(), fmt::format("{}{}", folder, kManifest));
  FL_CHECK(found != tree.paths().end());
  const auto bytes = tree.read(static_cast<std::size_t>(found - tree.paths().begin()));
  if (!bytes)
    return error("Cannot read the {} of {} ({}); copy the file again.", kManifest, file,
                 bytes.error().message);
  if (bytes->size() > kMaxManifestBytes)
    return error(
        "The {} of {} is {} bytes long, but the limit is {}; save the project again in Teachable Machine.",
        kManifest, file, bytes->size(), kMaxManifestBytes);
  return parse_manifest(*bytes, file);
}

Result<ClassListing> list_tm_images(const FileTree& tree, const std::string& folder) {
  const std::string file = printable(tree.place().string());
  ClassListing listing;
  listing.notes = tree.notes();
  std::vector<std::string> names;
  std::unordered_map<std::string, int> indices;
  std::string nameless;
  int nameless_count = 0;
  for (std::size_t i = 0; i < tree.paths().size(); ++i) {
    const std::string& path = tree.paths()[i];
    if (is_system_leftover(path) || is_folder_entry(path) || !path.starts_with(folder)) continue;
    const std::string name = path.substr(folder.size());
    if (name == kManifest) continue;
    // The last separator, because a class name may hold one itself.
    const auto at = name.rfind(kTmSeparator);
    if (at == std::string::npos || at == 0) {
      if (nameless_count++ == 0) nameless = printable(name);
      continue;
    }
    const auto [known, is_new] = indices.try_emplace(name.substr(0, at), static_cast<int>(names.size()));
    if (is_new) names.push_back(known->first);
    listing.images.push_back({known->second, i, printable(name, 1024)});
  }
  if (nameless_count == 1)
    listing.notes.push_back(fmt::format("\"{}\" in {} does not name a class and was passed over.", nameless, file));
  if (nameless_count > 1)
    listing.notes.push_back(
        fmt::format("{} entries in {} do not name a class (the first is \"{}\") and were passed over.",
                    nameless_count, file, nameless));
  if (listing.images.empty())
    return error(
        "{} holds settings but no images; add samples to its classes in Teachable Machine and save it again.",
        file);
  DistinctNames distinct = distinct_names(names, file);
  listing.classes = std::move(distinct.shown);
  listing.notes.insert(listing.notes.end(), distinct.notes.begin(), distinct.notes.end());
  listing.passed_over.resize(listing.classes.size());
  return listing;
}

}  // namespace fl
