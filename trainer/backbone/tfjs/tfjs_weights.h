#pragma once
// The weights of a TensorFlow.js model: tensors of floats that lie one after the other in files which its
// manifest names. They are asked for by name; their order means nothing.

#include <cstddef>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "trainer/base/json.h"
#include "trainer/base/result.h"

namespace fl {

struct TfTensor {
  std::vector<int> shape;
  std::vector<float> values;  // row-major
};

using TfWeights = std::map<std::string, TfTensor, std::less<>>;

// The most that a model may have; Teachable Machine's have half a million.
inline constexpr std::size_t kMaxTfNumbers = 50'000'000;

// `manifest`: "weightsManifest" of a model.json; `read` gives the bytes of a file by the name that it has
// there. `file`: what errors call the model. Errors: a manifest that makes no sense, numbers that are not
// floats of 32 bits, more of them than the limit, files of another size than their tensors, values that are
// not finite; those of `read`.
Result<TfWeights> read_tf_weights(
    const Json& manifest, const std::string& file,
    const std::function<Result<std::vector<std::byte>>(const std::string&)>& read);

}  // namespace fl
