#include "trainer/exports/leaving_model.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "trainer/backbone/features_head.h"
#include "trainer/backbone/tfjs/tm_export.h"
#include "trainer/backbone/unfreeze.h"
#include "trainer/base/atomic_file.h"
#include "trainer/base/check.h"
#include "trainer/base/printable.h"
#include "trainer/compute/backend.h"
#include "trainer/data/preprocess.h"
#include "trainer/exports/feeding.h"
#include "trainer/exports/read_export.h"
#include "trainer/files/run_folder.h"
#include "trainer/files/weights_file.h"
#include "trainer/scene/toml_text.h"

namespace fl {
namespace {

namespace fs = std::filesystem;

// Images of Teachable Machine's size are enlarged no further than this before they are shrunk.
constexpr int kMostEnlarged = 4;

// From images of Teachable Machine's size to the network's `side`, where that leaves no rest.
Shrinking shrinking_to(int side) {
  if (side > kTmImageSize) return {};
  const int common = std::gcd(side, kTmImageSize);
  if (side / common > kMostEnlarged) return {};
  return {side / common, kTmImageSize / common};
}

void take_images(LeavingModel& model) {
  const int side = model.network.input.width;
  model.shrinking = shrinking_to(side);
  model.side = model.shrinking.none() ? side : kTmImageSize;
}

// x / half_range - 1, then the standardisation.
PixelScale scale_of(int channels, double half_range, const Standardisation& standardisation) {
  PixelScale scale;
  for (int c = 0; c < channels; ++c) {
    const auto at = static_cast<std::size_t>(c);
    const bool standard = !standardisation.mean.empty();
    const double mean = standard ? static_cast<double>(standardisation.mean[at]) : 0;
    const double factor = standard ? static_cast<double>(standardisation.inverse_deviation[at]) : 1;
    std::array<double, 3> colour{};
    if (channels == 1)
      colour = {0.299, 0.587, 0.114};
    else
      colour[at] = 1;
    for (double& share : colour) share *= factor / half_range;
    scale.colour.push_back(colour);
    scale.offset.push_back((-1 - mean) * factor);
  }
  return scale;
}

Result<LeavingModel> of_export(const fs::path& path) {
  FL_TRY_LET(read, read_image_model(path));
  LeavingModel model{.title = printable(path.stem().string()), .labels = std::move(read->labels)};
  model.network = std::move(read->network.spec);
  model.params = std::move(read->network.params);
  model.scale = scale_of(model.network.input.channels, read->network.half_range, {});
  model.look = look_in(read->metadata);
  take_images(model);
  return model;
}

// The backbone below, where there is one.
LeavingModel of_network(TrainedNetwork trained) {
  LeavingModel model{.labels = std::move(trained.classes)};
  const DataSpec& data = trained.spec.data;
  KnownNetwork own{std::move(trained.network), std::move(trained.params)};
  if (trained.backbone) {
    if (trained.spec.unfreeze > 0) {
      own = joined(*trained.backbone, own);
    } else {
      // The standardisation is of its numbers.
      own = on_plain_features(std::move(own), trained.standardisation);
      own = trained.backbone->spec.outputs.empty()
                ? whole_network({*std::move(trained.backbone), std::move(own), {}})
                : head_on_outputs(*trained.backbone, own);
    }
    trained.standardisation = {};
  }
  model.scale = scale_of(data.channels, own.half_range, trained.standardisation);
  model.network = std::move(own.spec);
  model.params = std::move(own.params);
  model.statistics = std::move(trained.statistics);
  model.look = SliceLook{data.window, data.colour_range};
  take_images(model);
  return model;
}

// A run folder that has no weights says by its scene why.
Error no_weights(const fs::path& folder) {
  const std::string name = printable(folder.string());
  const auto text = read_text_file(folder / kSceneFile, kMaxTomlBytes);
  const auto scene = text ? parse_toml(*text, name) : Result<toml::table>(error("no scene"));
  for (const auto& [table, what] : {std::pair{"two_parameters", "surface of two parameters"},
                                    std::pair{"trainability", "map of learning rates"}})
    if (scene && scene->contains(table))
      return error("The run in {} is a {}, which has no network to export; choose a training.", name, what);
  if (scene)
    return error("The run in {} has no {} yet; \"fallline train --resume {}\" finishes it.", name,
                 kWeightsFile, name);
  return error("{} has no {}; name a run folder saved by \"fallline train\".", name, kWeightsFile);
}

std::string title_of(const fs::path& weights) {
  std::error_code code;
  const fs::path folder = fs::absolute(weights, code).lexically_normal().parent_path();
  return printable(folder.filename().string());
}

}  // namespace

Result<LeavingModel> open_leaving_model(const fs::path& path, fs::path* backbone) {
  std::error_code code;
  fs::path weights = path;
  if (fs::is_directory(path, code)) weights = path / kWeightsFile;
  if (!fs::exists(weights, code) || weights == path) {
    if (is_export(path)) return of_export(path);
    if (weights != path) return no_weights(path);
  }
  FL_TRY_LET(trained, read_weights(weights, "to export"));
  if (backbone != nullptr) *backbone = trained->spec.backbone;
  LeavingModel model = of_network(*std::move(trained));
  model.title = title_of(weights);
  return model;
}

Result<std::vector<float>> probabilities_of(const LeavingModel& model, std::span<const Bitmap> images) {
  FL_TRY_LET(backend, make_cpu_backend(1));
  FL_TRY_LET(program, (*backend)->compile(model.network, 1));
  (*program)->write_params(model.params);
  (*program)->write_statistics(model.statistics);
  const TensorShape in = model.network.input;
  const auto area = static_cast<std::size_t>(in.height) * static_cast<std::size_t>(in.width);
  std::vector<float> inputs;
  for (const Bitmap& image : images) {
    FL_CHECK(image.width == model.side && image.height == model.side && image.channels == 3);
    const ResizedImage small = crop_and_resize(image, in.width);
    for (std::size_t c = 0; c < model.scale.offset.size(); ++c)
      for (std::size_t i = 0; i < area; ++i) {
        double value = model.scale.offset[c];
        for (std::size_t k = 0; k < 3; ++k) value += small.values[k * area + i] * model.scale.colour[c][k];
        inputs.push_back(static_cast<float>(value));
      }
  }
  std::vector<std::int32_t> all(images.size());
  std::iota(all.begin(), all.end(), 0);
  std::vector<float> probabilities(images.size() * model.labels.size());
  (*program)->set_guests(inputs);
  (*program)->evaluate(all, probabilities);
  if (!std::ranges::all_of(probabilities, [](float value) { return std::isfinite(value); }))
    return error(
        "The outputs of {} are not numbers, because its training diverged; train it again with a lower rate.",
        model.title);
  return probabilities;
}

}  // namespace fl
