#include "trainer/subjects/network/network_choice.h"

#include <algorithm>
#include <filesystem>
#include <utility>
#include <vector>

#include "trainer/backbone/transfer.h"
#include "trainer/base/printable.h"

namespace fl {
namespace {

constexpr const char* kOfScratchNetworks[] = {"name", "skip", "blocks", "dropout", "layers"};
// Of heads on our own backbone: tests/bench/head_choices chose it, on phantoms.
constexpr double kHeadStart = 0.5;
// Of networks from scratch on a project's images: docs/backbone.md says where they come from.
constexpr int kScratchSize = 112;
constexpr double kScratchRate = 1e-3;  // at the least
const AugmentSpec kScratchChanges{.flip = true, .rotate = 10, .shift = 0.05};
constexpr const char* kOfPixels[] = {"image_size", "channels", "standardise"};

toml::table& table_of(toml::table& scene, const char* name) {
  if (!scene[name].is_table()) scene.insert_or_assign(name, toml::table{});
  return *scene[name].as_table();
}

// The first key that no head on the program's own backbone can have.
std::optional<std::string> asks_for_scratch(const toml::table& scene) {
  for (const char* key : kOfScratchNetworks)
    if (scene["network"][key]) return fmt::format("network.{}", key);
  const DataSpec wanted = for_backbone({}, kPhantomBackbone);
  const auto differs = [&](const char* key, auto value) {
    const auto said = scene["data"][key];
    return said && said.template value<decltype(value)>() != value;
  };
  const bool other[] = {differs("image_size", std::int64_t{wanted.image_size}),
                        differs("channels", std::int64_t{wanted.channels}),
                        differs("standardise", wanted.standardise)};
  for (std::size_t i = 0; i < std::size(kOfPixels); ++i)
    if (other[i]) return fmt::format("data.{}", kOfPixels[i]);
  if (scene["train"]["augment"]) return "train.augment";
  return {};
}

// What it leaves open of a head on our own backbone.
void suit_head(toml::table& scene) {
  table_of(scene, "train").insert("mirror", true);
  toml::table& network = table_of(scene, "network");
  if (!network["init"]) network.insert("init_scale", kHeadStart);
}

// What the scene leaves open of the images of a network from scratch.
void suit_scratch(toml::table& scene) {
  table_of(scene, "data").insert("image_size", kScratchSize);
  table_of(scene, "train")
      .insert("augment", toml::table{{"flip", kScratchChanges.flip},
                                     {"rotate", kScratchChanges.rotate},
                                     {"shift", kScratchChanges.shift}});
}

}  // namespace

void choose_network(toml::table& scene, NetworkChoice choice) {
  toml::table& network = table_of(scene, "network");
  if (network["init"].value_or(std::string()) == kExportedInit) network.erase("init");
  if (choice == NetworkChoice::kScratch) {
    if (network["backbone"].value_or(std::string(kNoBackbone)) != kNoBackbone) network.erase("init_scale");
    network.insert_or_assign("backbone", kNoBackbone);
    for (const char* key : {"head", "unfreeze"}) network.erase(key);
    for (const char* key : {"backbone_rate", "mirror"}) table_of(scene, "train").erase(key);
    return;
  }
  network.insert_or_assign("backbone", kPhantomBackbone);
  for (const char* key : kOfScratchNetworks) network.erase(key);
  for (const char* key : kOfPixels) table_of(scene, "data").erase(key);
  table_of(scene, "train").erase("augment");
}

std::optional<std::string> complete_with_project(toml::table& scene, const TmSettings& settings) {
  std::optional<std::string> why;
  if (!scene["network"]["backbone"]) {
    why = asks_for_scratch(scene);
    table_of(scene, "network").insert("backbone", why ? kNoBackbone : kPhantomBackbone);
  }
  toml::table& train = table_of(scene, "train");
  const auto put = [&](const char* key, auto value) {
    if (std::ranges::find(settings.faults, key, &TmFault::key) == settings.faults.end())
      train.insert(key, value);
  };
  put("epochs", settings.epochs);
  put("batch_size", settings.batch_size);
  const std::string backbone = scene["network"]["backbone"].value_or(std::string());
  const bool scratch = backbone == kNoBackbone;
  put("rate", scratch ? std::max(settings.rate, kScratchRate) : settings.rate);
  train.insert("shuffle", "once");
  if (scratch && !scene["network"]["name"] && !scene["network"]["layers"]) suit_scratch(scene);
  if (is_phantom_backbone(backbone) && !scene["network"]["unfreeze"]) suit_head(scene);
  return why;
}

std::string network_words(const toml::table& scene, const RunSpec& run) {
  if (!scene["network"]["backbone"]) return {};
  if (run.backbone.empty()) return "from scratch";
  if (run.backbone == kPhantomBackbone) return "transfer: phantom backbone";
  return "transfer: " + printable(std::filesystem::path(run.backbone).filename().string());
}

}  // namespace fl
