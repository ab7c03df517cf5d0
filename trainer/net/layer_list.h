#pragma once
// A network given layer by layer, as a scene lists it:
//
//   [network]
//   layers = [
//     {kind = "convolution", channels = 16},
//     {kind = "relu", output = "edges"},
//     {kind = "global-average-pool"},
//     {kind = "dense"},
//   ]
//
// A layer reads the one before it, or the earlier one that `from` names. The kinds and
// their keys: layer_kinds.h.

#include <string>
#include <vector>

#include <toml++/toml.h>

#include "trainer/net/net_spec.h"

namespace fl {

inline constexpr std::size_t kMaxListedLayers = 200;
inline constexpr std::size_t kMaxListedParameters = 50'000'000;
// Numbers that the layers of one image hold together.
inline constexpr std::size_t kMaxListedValues = 50'000'000;

// Reads the list, names what has no name and marks what the feature wall shows where the list does not: each
// ReLU behind a layer with weights, and the global average. A dense layer at the end may have no number of
// units yet: 0. Errors, with the line: unknown kinds and keys, impossible values, names that are taken or
// that no earlier layer has, layers that nobody reads.
Result<std::vector<LayerSpec>> parse_layers(const std::vector<const toml::table*>& list);

// Such a list of layers that parse_layers() made.
toml::array write_layers(const std::vector<LayerSpec>& layers);

// The listed network for these images; its last dense layer gets the classes. Errors: those of
// layer_shapes(), networks beyond the limits above, and such as have weights and train none.
Result<NetSpec> listed_network(std::vector<LayerSpec> layers, TensorShape input, int classes);

}  // namespace fl
