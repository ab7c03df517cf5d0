#include "trainer/files/weights_file.h"

#include <algorithm>
#include <cmath>
#include <sstream>

#include "trainer/backbone/unfreeze.h"
#include "trainer/base/check.h"
#include "trainer/base/counted.h"
#include "trainer/base/json.h"
#include "trainer/base/printable.h"
#include "trainer/data/data_keys.h"
#include "trainer/files/open_backbone.h"
#include "trainer/scene/scene_path.h"
#include "trainer/scene/toml_text.h"
#include "trainer/subjects/network/unfrozen.h"

namespace fl {
namespace fs = std::filesystem;
namespace {

constexpr const char* kWeightsFormat = "fall-line-weights";
constexpr const char* kWeightsVersion = "1";

// The tables that decide what the network is and what it is fed, the images' part written out in full: a file
// must not change its meaning with the defaults of a later version.
std::string feeding_scene(const RunSpec& spec, const std::string& scene_text) {
  std::vector<std::string> kept{"window", "colour_range"};
  if (spec.backbone.empty()) kept.insert(kept.end(), {"image_size", "channels"});  // else it says so itself
  toml::table images = data_keys().write(spec.data, kept);
  toml::table scene{{"data", std::move(images)}, {"train", toml::table{{"threads", spec.threads}}}};
  const toml::table whole = parse_toml(scene_text, "the scene").value();  // the program's own text
  if (const toml::table* network = whole["network"].as_table()) scene.insert_or_assign("network", *network);
  std::ostringstream out;
  out << scene;
  return out.str();
}

Result<std::string> text_of(const Safetensors& file, const char* key) {
  const auto found = file.metadata.find(key);
  if (found == file.metadata.end()) return error("its metadata has no \"{}\"", key);
  return found->second;
}

Result<RunSpec> read_scene(const Safetensors& file) {
  FL_TRY_LET(text, text_of(file, "scene"));
  FL_TRY_LET(scene, parse_toml(*text, "its scene"));
  auto spec = parse_run_spec(*scene, RunSpec{});
  if (!spec) return error("its scene cannot be used: {}", spec.error().message);
  spec->backbone = path_in_scene(spec->backbone).string();
  suit_export(*spec);
  return spec;
}

Result<Json::Array> read_list(const Safetensors& file, const char* key) {
  FL_TRY_LET(text, text_of(file, key));
  const auto list = Json::parse(*text);
  if (!list || list->array() == nullptr) return error("its \"{}\" is not a list", key);
  return *list->array();
}

Result<std::vector<std::string>> read_class_names(const Safetensors& file) {
  FL_TRY_LET(list, read_list(file, "classes"));
  std::vector<std::string> classes;
  for (const Json& name : *list) {
    if (name.text() == nullptr) return error("its class names are not text");
    classes.push_back(printable(*name.text()));
  }
  if (classes.size() < 2 || classes.size() > kMaxClasses)
    return error("it has {}, and a network has 2 to {}", counted(classes.size(), "class"), kMaxClasses);
  return classes;
}

// One number a channel, or none at all.
Result<std::vector<float>> read_channels(const Safetensors& file, const char* key, std::string_view of,
                                         int channels) {
  FL_TRY_LET(list, read_list(file, key));
  std::vector<float> values;
  for (const Json& number : *list) {
    values.push_back(static_cast<float>(number.number().value_or(std::nan(""))));
    if (!std::isfinite(values.back())) return error("its \"{}\" holds something that is not a number", key);
  }
  if (!values.empty() && values.size() != static_cast<std::size_t>(channels))
    return error("its \"{}\" holds {} for {} of {}", key, counted(values.size(), "number"), of,
                 counted(channels, "channel"));
  return values;
}

// `of`: what has these channels.
Result<Standardisation> read_standardisation(const Safetensors& file, std::string_view of, int channels) {
  FL_TRY_LET(mean, read_channels(file, "mean", of, channels));
  FL_TRY_LET(inverse, read_channels(file, "inverse_deviation", of, channels));
  if (mean->size() != inverse->size())
    return error("its \"mean\" and \"inverse_deviation\" differ in length");
  return Standardisation{std::move(*mean), std::move(*inverse)};
}

// Of weights and layers, as text.
std::string mark_of(std::uint64_t checksum) {
  return fmt::format("{:016x}", checksum);
}

Result<KnownNetwork> read_backbone(const std::string& path) {
  auto backbone = open_backbone(path);
  if (!backbone)
    return error("its network is a head on a backbone that cannot be read: {}", backbone.error().message);
  return backbone;
}

// Errors are reasons.
Result<TrainedNetwork> network_in(const Safetensors& file) {
  TrainedNetwork trained;
  FL_TRY(file.check_format(kWeightsFormat, kWeightsVersion));
  FL_TRY_LET(spec, read_scene(file));
  trained.spec = std::move(*spec);
  FL_TRY_LET(classes, read_class_names(file));
  trained.classes = std::move(*classes);
  const DataSpec& data = trained.spec.data;
  if (data.channels == kAutoChannels)
    return error("its scene does not say how many channels its images have");
  TensorShape input = data.shape();
  std::optional<KnownNetwork> above;  // what is trained of the backbone
  if (!trained.spec.backbone.empty()) {
    FL_TRY_LET(mark, text_of(file, "backbone"));
    FL_TRY_LET(backbone, read_backbone(trained.spec.backbone));
    FL_TRY_LET(cut, cut_backbone(*std::move(backbone), trained.spec.unfreeze));
    if (mark_of(network_checksum(cut->below)) != *mark)
      return error("its network is a head that was trained on another backbone than {} is now",
                   printable(trained.spec.backbone));
    trained.backbone = std::move(cut->below);
    above = std::move(cut->above);
    input = {trained.backbone->spec.classes, 1, 1};
  }
  FL_TRY_LET(standardisation,
             read_standardisation(file, trained.backbone ? "embeddings" : "images", input.channels));
  trained.standardisation = std::move(*standardisation);
  const auto class_count = static_cast<int>(trained.classes.size());
  if (above) {
    const Standardisation none = no_standardisation(above->spec.classes);
    trained.network = Unfrozen(trained.spec, *std::move(above), none, class_count).network();
  } else {
    FL_TRY_LET(network, network_of(trained.spec, input, class_count));
    trained.network = std::move(*network);
  }
  const ParamLayout layout = ParamLayout::of(trained.network);
  trained.params.resize(layout.all_floats);
  trained.statistics.resize(layout.statistic_floats);
  FL_TRY(file.read_arena(layout.tensors, trained.params));
  FL_TRY(file.read_arena(layout.statistics, trained.statistics));
  const auto finite = [](float value) { return std::isfinite(value); };
  if (!std::ranges::all_of(trained.params, finite) || !std::ranges::all_of(trained.statistics, finite))
    return error("some of its weights are not numbers, because the training diverged");
  return trained;
}

}  // namespace

Safetensors weights_of(const Training& training, const std::string& scene_text) {
  const ParamLayout& layout = training.program().layout();
  std::vector<float> params(layout.all_floats), statistics(layout.statistic_floats);
  training.program().read_params(params);
  training.program().read_statistics(statistics);
  Safetensors file;
  file.metadata = {{"format", kWeightsFormat},
                   {"version", kWeightsVersion},
                   {"scene", feeding_scene(training.spec(), scene_text)},
                   {"classes", Json::list(training.data().classes).line()},
                   {"mean", Json::list(training.standardisation().mean).line()},
                   {"inverse_deviation", Json::list(training.standardisation().inverse_deviation).line()}};
  if (const Embedder* embedder = training.embedder())
    file.metadata["backbone"] = mark_of(embedder->network());
  file.add_arena(layout.tensors, params);
  file.add_arena(layout.statistics, statistics);
  return file;
}

Result<TrainedNetwork> read_weights(const fs::path& path, std::string_view use) {
  FL_TRY_LET(file, read_safetensors(path));
  auto trained = network_in(*file);
  if (trained) return trained;
  std::string_view reason = trained.error().message;  // some are whole sentences
  if (reason.ends_with('.')) reason.remove_suffix(1);
  return error("{} cannot be used {}: {}; use the weights of a run saved by \"fallline train\".",
               path.string(), use, reason);
}

}  // namespace fl
