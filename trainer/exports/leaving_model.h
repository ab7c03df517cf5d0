#pragma once
// A trained network as it leaves: with everything between the bytes of an image and the probabilities, so
// that nothing but the model is needed to use it elsewhere.

#include <array>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "trainer/base/result.h"
#include "trainer/data/images/image.h"
#include "trainer/data/window.h"
#include "trainer/net/net_spec.h"

namespace fl {

// What a model does to the bytes of a pixel: channel c of the network's input is
// red * colour[c][0] + green * colour[c][1] + blue * colour[c][2] + offset[c].
struct PixelScale {
  std::vector<std::array<double, 3>> colour;
  std::vector<double> offset;
};

// How a model shrinks its image before that: every pixel `enlarge` times in both directions, then the mean of
// squares of side `average`. That is the area average, without a rest where the sides have a common divisor.
struct Shrinking {
  int enlarge = 1, average = 1;
  [[nodiscard]] bool none() const { return average == 1; }
};

// What training images went through before they were shrunk, and a model cannot do itself.
struct SliceLook {
  HuWindow window;                      // that slices are taken to have gone through
  std::optional<HuRange> painted = {};  // red
  bool operator==(const SliceLook&) const = default;
};

struct LeavingModel {
  std::string title = {};
  std::vector<std::string> labels = {};
  int side = 0;  // of the square RGB images that it takes, in bytes: 224 where it can shrink those itself
  Shrinking shrinking = {};
  PixelScale scale = {};
  NetSpec network = {};                             // whose outputs are logits
  std::vector<float> params = {}, statistics = {};  // ParamLayout::of(network)
  std::optional<SliceLook> look = {};               // none where nobody says
};

// `path`: a run folder, its weights.safetensors, or an image model in TensorFlow.js form. `backbone`, where
// it is not null, becomes the place of the run's backbone, or stays empty. Errors: as read_weights and
// read_image_model; a run without a network or without weights.
Result<LeavingModel> open_leaving_model(const std::filesystem::path& path,
                                        std::filesystem::path* backbone = nullptr);

// The probabilities of square images of `model.side`, three channels: [image][class]. On the CPU, in the
// arithmetic of training. Errors: a machine without threads; outputs that are not numbers.
Result<std::vector<float>> probabilities_of(const LeavingModel& model, std::span<const Bitmap> images);

}  // namespace fl
