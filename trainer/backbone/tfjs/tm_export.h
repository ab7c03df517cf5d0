#pragma once
// What Teachable Machine exports of an image model for TensorFlow.js, and "fallline export": model.json,
// weights.bin and metadata.json, in a folder or in a ZIP. The layers become ours, batch norms folded into the
// convolutions before them, and the network is cut before its last dense layers: below is the backbone, which
// only embeds, above the head, which is trained.

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "trainer/base/json.h"
#include "trainer/base/result.h"
#include "trainer/net/net_spec.h"

namespace fl {

// A network with its weights, which lie as ParamLayout::of(spec) says: all_floats of them.
struct KnownNetwork {
  NetSpec spec;
  std::vector<float> params;
  double half_range = 127.5;  // it reads pixels of x / half_range - 1
  // Of a backbone: the first layer of each stage that can be trained (unfreeze.h), from the lowest stage on.
  std::vector<int> stages = {};
};

struct TmExport {
  // Reads [3][side][side], 224 of Teachable Machine's, where the model does not shrink its image first; its
  // half_range is kTmHalfRange; its outputs are the embedding, one "class" a number. All of it is frozen.
  KnownNetwork backbone;
  // Reads the embedding; its outputs are the logits of the labels. Nothing of it is frozen.
  KnownNetwork head;
  std::vector<std::string> labels = {};  // as the file has them
  Json metadata = {};                    // the whole of metadata.json
};

inline constexpr int kTmImageSize = 224;
inline constexpr std::string_view kTmModelFile = "model.json";

// Teachable Machine's pixels are x / 127 - 1, which reaches 1.00787.
inline constexpr double kTmHalfRange = 127;

// `path`: the folder, the ZIP, or the model.json in a folder. Errors: no such export, and which other one it
// is, where it is one; parts that are missing, cut, too large or do not fit together; layers that are not
// known here; other images than square ones in colour; no dense layers behind the others.
Result<TmExport> read_tm_export(const std::filesystem::path& path);

// An image model in one piece.
struct ImageModel {
  KnownNetwork network;  // reads [3][side][side], its half_range is kTmHalfRange; its outputs are the logits
  std::vector<std::string> labels;  // as the file has them
  Json metadata;                    // the whole of metadata.json
};

// Any image model in that form, with any layers that are known here. Errors: as read_tm_export, less the last
// of these.
Result<ImageModel> read_image_model(const std::filesystem::path& path);

// Backbone and head in one; the logits are the head's. The backbone stays frozen.
KnownNetwork whole_network(const TmExport& parts);

}  // namespace fl
