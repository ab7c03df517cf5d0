#pragma once
// A TensorFlow.js model's layers as layers of ours with their weights.

#include <string>
#include <vector>

#include "trainer/backbone/tfjs/tfjs_layers.h"
#include "trainer/backbone/tfjs/tfjs_weights.h"
#include "trainer/backbone/tfjs/tm_export.h"

namespace fl {

// A network in two pieces: the head above is its last dense layers, in a chain.
struct CutNetwork {
  KnownNetwork below, above;
};

// Batch norms are folded into what they follow; a softmax at the end is left out, because ours follows the
// logits. `image`: what the network reads. `file`: what errors call the model. Errors: layers that are
// unknown here or used in a way that is, weights that are missing or of another shape, sizes over the limits,
// no dense layers behind others, no softmax at the end.
Result<CutNetwork> make_tf_network(const TfModel& model, const TfWeights& weights, TensorShape image,
                                   const std::string& file);

// The same in one piece, without the last of these errors but the softmax: any network whose layers are known
// here. Its input is smaller than `image` where the model begins with shrinking that.
Result<KnownNetwork> make_whole_tf_network(const TfModel& model, const TfWeights& weights, TensorShape image,
                                           const std::string& file);

}  // namespace fl
