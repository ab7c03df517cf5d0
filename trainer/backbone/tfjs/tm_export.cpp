#include "trainer/backbone/tfjs/tm_export.h"

#include <algorithm>
#include <array>

#include "trainer/backbone/layer_names.h"
#include "trainer/backbone/tfjs/tfjs_network.h"
#include "trainer/backbone/unfreeze.h"
#include "trainer/base/json.h"
#include "trainer/base/printable.h"
#include "trainer/data/files/file_tree.h"
#include "trainer/data/files/folder.h"
#include "trainer/net/param_layout.h"

namespace fl {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMaxModelBytes = std::size_t{8} << 20, kMaxMetadataBytes = std::size_t{1} << 20;

// An export that is being read: where its files lie, and what errors call it.
struct Place {
  FileTree tree;
  std::string folder;  // "a/b/" or empty
  std::string name;
};

// What other downloads of Teachable Machine hold, and its projects.
struct Sibling {
  std::string_view end, what;
};
constexpr std::array kSiblings = {
    Sibling{".tflite", "an export for TensorFlow Lite"},
    Sibling{".h5", "an export for Keras"},
    Sibling{".pb", "an export for TensorFlow"},
    Sibling{"manifest.json", "a project, not a model that was exported from one"},
};

Error no_export(const FileTree& tree, const std::string& name) {
  constexpr const char* kCure =
      "in Teachable Machine, choose Export Model, then Tensorflow.js, then Download";
  for (const Sibling& sibling : kSiblings)
    for (const std::string& path : tree.paths())
      if (path.ends_with(sibling.end)) return error("{} is {}; {}.", name, sibling.what, kCure);
  return error("{} has no {}, so it is no TensorFlow.js export; {}.", name, kTmModelFile, kCure);
}

// The model.json that lies highest.
Result<Place> find_export(const fs::path& given) {
  const fs::path path = given.filename() == kTmModelFile ? given.parent_path() : given;
  std::string name = printable(path.empty() ? "." : path.string());
  FL_TRY_LET(tree, FileTree::open(path.empty() ? fs::path(".") : path));
  std::optional<std::string> folder;
  for (const std::string& entry : tree->paths()) {
    if (!entry.ends_with(kTmModelFile) || is_system_leftover(entry)) continue;
    std::string before = entry.substr(0, entry.size() - kTmModelFile.size());
    if (!before.empty() && !before.ends_with('/') && !before.ends_with('\\')) continue;
    if (!folder || before.size() < folder->size()) folder = std::move(before);
  }
  if (!folder) return no_export(*tree, name);
  return Place{*std::move(tree), *std::move(folder), std::move(name)};
}

Result<std::vector<std::byte>> read_part(Place& place, const std::string& part) {
  const auto found = std::ranges::find(place.tree.paths(), place.folder + part);
  if (found == place.tree.paths().end())
    return error("{} lacks its {}; export or copy the model again.", place.name, printable(part, 80));
  return place.tree.read(static_cast<std::size_t>(found - place.tree.paths().begin()));
}

Result<Json> read_json(Place& place, const std::string& part, std::size_t most) {
  FL_TRY_LET(bytes, read_part(place, part));
  if (bytes->size() > most)
    return error("The {} of {} is {} bytes long, but the limit is {}; export the model again.", part,
                 place.name, bytes->size(), most);
  auto json = Json::parse({reinterpret_cast<const char*>(bytes->data()), bytes->size()});
  if (!json || json->object() == nullptr)
    return error("The {} of {} is not valid JSON; export the model again.", part, place.name);
  return *std::move(json);
}

Result<std::vector<std::string>> read_labels(const Json& metadata, const Place& place) {
  const Json* labels = metadata.find("labels");
  std::vector<std::string> names;
  if (labels != nullptr && labels->array() != nullptr)
    for (const Json& label : *labels->array())
      if (label.text() != nullptr) names.push_back(*label.text());
  if (labels == nullptr || labels->array() == nullptr || names.empty() ||
      names.size() != labels->array()->size())
    return error("The metadata.json of {} has no list of labels; export the model again.", place.name);
  return names;
}

Result<void> check_said(const std::vector<int>& shape, const std::string& name) {
  if (shape.size() == 3) return {};
  return error("The model in {} does not say which images it reads; export the model again.", name);
}

// Errors: images that are not square or not in colour, or too large.
Result<void> check_image(const std::vector<int>& shape, const std::string& name) {
  constexpr int kMost = 4096;
  FL_TRY(check_said(shape, name));
  if (shape[2] == 1)
    return error(
        "{} is an embedded image model, for grey images of {} x {}; in Teachable Machine, train and export a "
        "standard image model.",
        name, shape[1], shape[0]);
  if (shape[0] == shape[1] && shape[0] >= 1 && shape[0] <= kMost && shape[2] == 3) return {};
  return error(
      "The model in {} reads images of {} x {} with {} channels; choose one that reads square images in "
      "colour.",
      name, shape[1], shape[0], shape[2]);
}

Result<void> check_labels(int outputs, std::size_t labels, const std::string& name) {
  if (outputs == static_cast<int>(labels)) return {};
  return error(
      "The model in {} tells {} classes apart, but its metadata.json has {} labels; export the model again.",
      name, outputs, labels);
}

// The parts of an export, read and not yet put together.
struct Parts {
  std::string name;
  Json json;  // which the layers point into
  Json metadata;
  TfModel model;
  std::vector<std::string> labels;
  TfWeights weights;
};

Result<Parts> read_parts(const fs::path& path) {
  FL_TRY_LET(place, find_export(path));
  FL_TRY_LET(json, read_json(*place, std::string(kTmModelFile), kMaxModelBytes));
  Parts parts{place->name, *std::move(json), {}, {}, {}, {}};
  const Json *topology = parts.json.find("modelTopology"), *manifest = parts.json.find("weightsManifest");
  if (topology == nullptr || topology->object() == nullptr || manifest == nullptr)
    return error(
        "The {} of {} has no layers; it is no TensorFlow.js layers model, so export the model again.",
        kTmModelFile, place->name);
  FL_TRY_LET(model, read_tf_layers(*topology, place->name));
  FL_TRY(check_image(model->image_shape, place->name));
  FL_TRY_LET(metadata, read_json(*place, "metadata.json", kMaxMetadataBytes));
  FL_TRY_LET(labels, read_labels(*metadata, *place));
  FL_TRY_LET(weights, read_tf_weights(*manifest, place->name,
                                      [&](const std::string& part) { return read_part(*place, part); }));
  parts.model = *std::move(model);
  parts.metadata = *std::move(metadata);
  parts.labels = *std::move(labels);
  parts.weights = *std::move(weights);
  return parts;
}

}  // namespace

Result<TmExport> read_tm_export(const fs::path& path) {
  FL_TRY_LET(parts, read_parts(path));
  const int side = parts->model.image_shape.front();
  FL_TRY_LET(network, make_tf_network(parts->model, parts->weights, {3, side, side}, parts->name));
  FL_TRY(check_labels(network->above.spec.classes, parts->labels.size(), parts->name));
  network->below.half_range = kTmHalfRange;
  network->below.stages = stages_of(network->below.spec);
  return TmExport{std::move(network->below), std::move(network->above), std::move(parts->labels),
                  std::move(parts->metadata)};
}

Result<ImageModel> read_image_model(const fs::path& path) {
  FL_TRY_LET(parts, read_parts(path));
  const int side = parts->model.image_shape.front();
  FL_TRY_LET(network, make_whole_tf_network(parts->model, parts->weights, {3, side, side}, parts->name));
  FL_TRY(check_labels(network->spec.classes, parts->labels.size(), parts->name));
  network->half_range = kTmHalfRange;
  return ImageModel{*std::move(network), std::move(parts->labels), std::move(parts->metadata)};
}

KnownNetwork whole_network(const TmExport& parts) {
  KnownNetwork whole{parts.backbone.spec, {}, parts.backbone.half_range};
  const int below = static_cast<int>(whole.spec.layers.size());
  whole.spec.name = "of an export";
  whole.spec.classes = parts.head.spec.classes;
  // A layer of the head may be called as one of the backbone's.
  for (LayerSpec layer : parts.head.spec.layers) {
    layer.name = free_layer_name(whole.spec, layer.name);
    for (int* source : {&layer.input, &layer.second})
      if (*source != LayerSpec::kPrevious) *source += below;
    whole.spec.layers.push_back(std::move(layer));
  }
  const ParamLayout layout = ParamLayout::of(whole.spec);
  whole.params.assign(layout.all_floats, 0.0f);
  int first = 0;  // of the part, among all layers
  for (const KnownNetwork* part : {&parts.backbone, &parts.head}) {
    for (const ParamTensor& from : ParamLayout::of(part->spec).tensors) {
      const std::string name = whole.spec.layers[static_cast<std::size_t>(first + from.layer)].name +
                               from.name.substr(from.name.rfind('.'));
      std::copy_n(part->params.begin() + static_cast<std::ptrdiff_t>(from.offset), from.count,
                  whole.params.begin() + static_cast<std::ptrdiff_t>(layout.find(name)->offset));
    }
    first += static_cast<int>(part->spec.layers.size());
  }
  return whole;
}

}  // namespace fl
