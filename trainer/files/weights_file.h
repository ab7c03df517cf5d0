#pragma once
// weights.safetensors: a trained network that stands on its own. Beside parameters and batch-norm statistics,
// each under its name, its metadata say what to build and what to feed it: the scene's tables for network and
// images, the class names, and the standardisation. No training data are needed to use it.

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "trainer/backbone/tfjs/tm_export.h"
#include "trainer/data/standardise.h"
#include "trainer/files/safetensors.h"
#include "trainer/net/net_spec.h"
#include "trainer/subjects/run_spec.h"
#include "trainer/subjects/training.h"

namespace fl {

inline constexpr const char* kWeightsFile = "weights.safetensors";

struct TrainedNetwork {
  // What the network's input is made by, from images: of a backbone that is not all frozen, what lies below.
  std::optional<KnownNetwork> backbone;
  RunSpec spec;  // used: network, threads, and of [data] image_size, channels, window and colour_range
  std::vector<std::string> classes;
  Standardisation standardisation;  // of the network's input, channel by channel; empty: none
  NetSpec network;
  std::vector<float> params, statistics;  // ParamLayout::of(network)
};

// What goes into that file. `scene_text`: the training's scene, whose [network] table is kept.
Safetensors weights_of(const Training& training, const std::string& scene_text);

// `use` completes "cannot be used ...". Reads the backbone of a head as well, from where its scene says.
// Errors: cannot be read, damaged, weights without what is needed to use them, weights of another network
// than they say, another backbone than the one that the head was trained on.
Result<TrainedNetwork> read_weights(const std::filesystem::path& path, std::string_view use = "to classify");

}  // namespace fl
