#pragma once
// A trained network that tells what images show. What it does to an image, and the numbers that come out, are
// the very ones of its training's own evaluation.

#include <cstddef>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "trainer/backbone/embedding.h"
#include "trainer/compute/evaluator.h"
#include "trainer/data/prepare.h"
#include "trainer/files/weights_file.h"

namespace fl {

class Classifier {
 public:
  // `run`: a run folder, a weights.safetensors itself, or a model in TensorFlow.js form. Errors: as
  // read_weights and read_export.
  static Result<Classifier> open(const std::filesystem::path& run);

  [[nodiscard]] const std::vector<std::string>& classes() const { return trained_.classes; }
  // Floats of one input: the pixels of an image, with a backbone as without.
  [[nodiscard]] std::size_t input_floats() const {
    return embedder_ ? embedder_->image().floats() : trained_.network.input.floats();
  }

  // Makes the input of an image file; `name` is what the error calls it, `remarks` takes what is worth saying
  // of it. Errors: as prepare_input.
  Result<void> prepare(std::span<const std::byte> file, std::string_view name, std::span<float> input,
                       ImageRemarks* remarks = nullptr) const;
  // inputs [image][input_floats()], probabilities [image][class]. An image's numbers do not depend on those
  // it is classified with. Error: what comes out is not a number, as after a training that diverged; the
  // probabilities then mean nothing.
  Result<void> classify(std::span<const float> inputs, std::span<float> probabilities);

 private:
  Classifier(std::string name, TrainedNetwork trained, std::unique_ptr<Evaluator> network,
             std::optional<Embedder> embedder);

  std::string name_;  // of the run, for errors
  TrainedNetwork trained_;
  std::unique_ptr<Evaluator> network_;
  std::optional<Embedder> embedder_;  // of the backbone, where the network is a head
};

}  // namespace fl
