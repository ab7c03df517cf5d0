#include "trainer/backbone/tfjs/tfjs_layers.h"

#include <map>

namespace fl {
namespace {

constexpr std::size_t kMaxLayers = 1'000;
constexpr int kMaxDepth = 8;

std::string text_of(const Json& json, const char* key) {
  const Json* found = json.find(key);
  return found != nullptr && found->text() != nullptr ? *found->text() : std::string();
}

const Json::Array* list_of(const Json& json, const char* key) {
  const Json* found = json.find(key);
  return found != nullptr ? found->array() : nullptr;
}

class Flattener {
 public:
  explicit Flattener(const std::string& file) : file_(file) {}

  // Appends `layer` and what is within it. The result: whose output is its output.
  Result<int> add(const Json& layer, const std::vector<int>& inputs, int depth) {
    const std::string kind = text_of(layer, "class_name");
    const Json* config = layer.find("config");
    if (kind.empty() || config == nullptr || depth > kMaxDepth) return senseless();
    note_image_shape(*config);
    if (kind == "Sequential") return add_chain(*config, inputs, depth);
    if (kind == "Model" || kind == "Functional") return add_graph(*config, inputs, depth);
    if (kind == "InputLayer") return inputs.size() == 1 ? Result<int>(inputs.front()) : senseless();
    if (model_.layers.size() >= kMaxLayers)
      return error("{} has more than {} layers, which is the limit; open a smaller model.", file_,
                   kMaxLayers);
    std::string name = text_of(*config, "name");
    model_.layers.push_back({kind, std::move(name), config, inputs});
    return static_cast<int>(model_.layers.size()) - 1;
  }

  TfModel finish(int output) {
    model_.output = output;
    return std::move(model_);
  }

 private:
  [[nodiscard]] Error senseless() const {
    return error("The layers in the model.json of {} make no sense; export the model again.", file_);
  }

  // The first that is said: of the outermost input.
  void note_image_shape(const Json& config) {
    const Json::Array* shape = list_of(config, "batch_input_shape");
    if (shape == nullptr) shape = list_of(config, "batch_shape");
    if (shape == nullptr || shape->size() != 4 || !model_.image_shape.empty()) return;
    for (std::size_t i = 1; i < 4; ++i)
      model_.image_shape.push_back(whole_in(&(*shape)[i], 1, 1 << 20).value_or(0));
  }

  Result<int> add_chain(const Json& config, const std::vector<int>& inputs, int depth) {
    const Json::Array* layers = config.array() != nullptr ? config.array() : list_of(config, "layers");
    if (layers == nullptr || inputs.size() != 1) return senseless();
    int last = inputs.front();
    for (const Json& layer : *layers) {
      FL_TRY_LET(added, add(layer, {last}, depth + 1));
      last = *added;
    }
    return last;
  }

  // "inbound_nodes" is [[[name, node, tensor, {}], ...]]; a layer that is used twice has two nodes.
  Result<std::vector<int>> inputs_of(const Json& layer, const std::map<std::string, int>& outputs) const {
    const Json::Array* nodes = list_of(layer, "inbound_nodes");
    if (nodes == nullptr || nodes->size() != 1 || nodes->front().array() == nullptr) return senseless();
    std::vector<int> inputs;
    for (const Json& from : *nodes->front().array()) {
      FL_TRY_LET(found, named(from, outputs));
      inputs.push_back(*found);
    }
    if (inputs.empty()) return senseless();
    return inputs;
  }

  // Of [name, node, tensor].
  Result<int> named(const Json& place, const std::map<std::string, int>& outputs) const {
    if (place.array() == nullptr || place.array()->size() < 3 || place[0].text() == nullptr)
      return senseless();
    const auto found = outputs.find(*place[0].text());
    if (found == outputs.end() || whole_in(&place[1], 0, 0) != 0 || whole_in(&place[2], 0, 0) != 0)
      return senseless();
    return found->second;
  }

  Result<int> add_graph(const Json& config, const std::vector<int>& inputs, int depth) {
    const Json::Array *layers = list_of(config, "layers"), *ends = list_of(config, "output_layers");
    if (layers == nullptr || layers->empty() || ends == nullptr || ends->empty()) return senseless();
    std::map<std::string, int> outputs;
    for (const Json& layer : *layers) {
      std::vector<int> from = inputs;
      if (text_of(layer, "class_name") != "InputLayer") {
        FL_TRY_LET(found, inputs_of(layer, outputs));
        from = *std::move(found);
      }
      FL_TRY_LET(added, add(layer, from, depth + 1));
      std::string name = text_of(layer, "name");
      if (const Json* own = layer.find("config"); name.empty() && own != nullptr)
        name = text_of(*own, "name");
      if (!outputs.emplace(std::move(name), *added).second) return senseless();
    }
    // One output: [[name, node, tensor]], or that alone.
    return named(ends->front().array() != nullptr ? ends->front() : *config.find("output_layers"), outputs);
  }

  const std::string& file_;
  TfModel model_;
};

}  // namespace

std::optional<int> whole_in(const Json* value, int low, int high) {
  if (value == nullptr) return {};
  const auto whole = value->whole();
  if (!whole || *whole > static_cast<std::uint64_t>(high) || static_cast<int>(*whole) < low) return {};
  return static_cast<int>(*whole);
}

std::string TfLayer::text(const char* key, const char* otherwise) const {
  const Json* found = find(key);
  return found != nullptr && found->text() != nullptr ? *found->text() : otherwise;
}

bool TfLayer::flag(const char* key, bool otherwise) const {
  const Json* found = find(key);
  return found == nullptr ? otherwise : *found == Json(true);
}

std::optional<int> TfLayer::whole(const char* key, int low, int high) const {
  return whole_in(find(key), low, high);
}

std::optional<int> TfLayer::pair(const char* key, int low, int high) const {
  const Json* found = find(key);
  if (found == nullptr || found->array() == nullptr || found->array()->size() != 2) return {};
  const auto first = whole_in(&(*found)[0], low, high);
  return first == whole_in(&(*found)[1], low, high) ? first : std::nullopt;
}

Result<TfModel> read_tf_layers(const Json& topology, const std::string& file) {
  const Json* wrapped = topology.find("model_config");
  Flattener flattener(file);
  FL_TRY_LET(output, flattener.add(wrapped != nullptr ? *wrapped : topology, {TfLayer::kImage}, 0));
  return flattener.finish(*output);
}

}  // namespace fl
