#pragma once
// The kinds of layers: one row each, with its keys, its shape and its parameters.

#include <string>
#include <vector>

#include "trainer/net/net_spec.h"
#include "trainer/net/param_layout.h"
#include "trainer/scene/key_table.h"

namespace fl {

// A layer as the scene has it, with the names that stand for others.
struct ListedLayer {
  LayerSpec layer;
  std::string kind, from, with;
};

// Their names are what follows the layer's: ".weight". Set: name, kind, shape, fan_in, fan_out.
struct LayerTensors {
  std::vector<ParamTensor> trained = {};
  std::vector<ParamTensor> statistics = {};
};

struct ListedKind {
  std::string name;  // in a scene
  std::string stem;  // of a layer's own name: conv1, conv2
  KeyTable<ListedLayer> keys;
  // Of what comes out. `second`: the other summand. Errors: numbers or inputs that do not fit.
  Result<TensorShape> (*shape)(const LayerSpec& layer, TensorShape in, TensorShape second);
  LayerTensors (*tensors)(const LayerSpec& layer, TensorShape in);
  // Images have height and width, be they 1; what a dense layer gives is a row of numbers, and so is what any
  // other layer makes of one.
  bool reads_rows = true;  // else images alone
  bool makes_rows = false;

  [[nodiscard]] LayerKind kind() const { return keys.preset().layer.kind; }
};

// Those that a scene may list.
const std::vector<ListedKind>& listed_kinds();
// Any kind's; kPart's has no keys of its own.
const ListedKind& listed_kind(LayerKind kind);
const std::vector<std::string>& layer_kind_names();

// Bytes of a layer's name and of its output's.
inline constexpr std::size_t kLongestLayerName = 40;

// The keys of a layer, for people: those of all kinds, then those of each.
std::vector<TableText> layer_tables();

}  // namespace fl
