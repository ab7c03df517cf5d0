#include "trainer/data/sources/image_source.h"

#include <algorithm>
#include <array>
#include <set>

#include "trainer/base/printable.h"
#include "trainer/data/dataset.h"
#include "trainer/data/files/folder.h"

namespace fl {
namespace fs = std::filesystem;
namespace {

// Asked in turn.
constexpr std::array kKinds = {
    SourceKind{find_tm_project,
               [](FileTree& tree, const std::string& folder) { return list_tm_images(tree, folder); },
               read_tm_settings},
};

// What people give who have the model at hand instead of its images. Errors: that is what `tree` holds.
Result<void> check_no_model(const FileTree& tree) {
  std::set<std::string> names;
  for (std::size_t i = 0; i < tree.paths().size(); ++i) {
    const fs::path path = tree.clean_path(i);
    names.insert(path.filename().string());
    if (lower_extension(path) == ".tflite" || path.filename() == "keras_model.h5" ||
        path.filename() == "saved_model.pb")
      names.insert("a model");
  }
  const std::string name = printable(tree.place().string());
  if (names.contains("model.json") && names.contains("weights.bin"))
    return error(
        "{} is an exported model, without the images it was trained on; \"fallline classify\" uses it as it is, "
        "and a lesson that names it as [network] backbone trains on it. To train with its images, choose a file "
        "saved with \"Download project as file\".",
        name);
  if (names.contains("a model"))
    return error(
        "{} is a model that Teachable Machine exported, without the images it was trained on; choose a file "
        "saved with \"Download project as file\".",
        name);
  if (names.contains("weights.safetensors") && names.contains("scene.toml"))
    return error(
        "{} is the folder of a run and holds no images; open its scene.toml to train the same again, or "
        "\"fallline train --resume\" to continue it.",
        name);
  return {};
}

// Samples as in a project, and nothing that says they are one. Errors: that is what `tree` holds.
Result<void> check_manifest_present(const FileTree& tree) {
  const bool samples = std::ranges::any_of(tree.paths(), [](const std::string& path) {
    return !is_system_leftover(path) && path.find("-!-") != std::string::npos;
  });
  if (!samples) return {};
  return error(
      "{} has no manifest.json, though it holds samples as a Teachable Machine project does; choose a file "
      "saved with \"Download project as file\".",
      printable(tree.place().string()));
}

Result<ClassListing> list_classes(FileTree& tree, const LoadWatch& watch) {
  auto listing = list_class_folders(tree, watch);
  if (listing || listing.error().cancelled) return listing;
  // There is nothing to train on: say what there is instead.
  FL_TRY(check_no_model(tree));
  FL_TRY(check_manifest_present(tree));
  return listing;
}

}  // namespace

std::optional<FoundKind> find_kind(const FileTree& tree) {
  for (const SourceKind& kind : kKinds)
    if (auto folder = kind.find(tree)) return FoundKind{&kind, *std::move(folder)};
  return {};
}

Result<ImageSource> open_image_source(const fs::path& path, const LoadWatch& watch) {
  FL_TRY_LET(tree, FileTree::open(path, watch));
  ImageSource source{.tree = *std::move(tree), .listing = {}, .settings = {}};
  const auto found = find_kind(source.tree);
  if (found && found->kind->settings != nullptr) {
    FL_TRY_LET(settings, found->kind->settings(source.tree, found->folder));
    source.settings = *std::move(settings);
  }
  FL_TRY_LET(listing,
             found ? found->kind->list(source.tree, found->folder) : list_classes(source.tree, watch));
  source.listing = *std::move(listing);
  FL_TRY(check_class_count(source.listing.classes.size(), printable(path.string())));
  return source;
}

}  // namespace fl
