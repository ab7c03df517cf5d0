#include "trainer/backbone/phantom_network.h"

#include <algorithm>
#include <cmath>
#include <string>

#include "trainer/base/check.h"
#include "trainer/net/param_layout.h"

namespace fl {
namespace {

class PhantomNetBuilder {
 public:
  explicit PhantomNetBuilder(NetSpec& spec) : spec_(spec) {}

  int add(LayerSpec layer) {
    spec_.layers.push_back(std::move(layer));
    return static_cast<int>(spec_.layers.size()) - 1;
  }
  int normalised(const std::string& name, int input, int channels, int kernel, int stride) {
    add({.kind = LayerKind::kConvolution,
         .name = name,
         .input = input,
         .out_channels = channels,
         .kernel = kernel,
         .stride = stride,
         .padding = kernel / 2,
         .bias = false});
    return add({.kind = LayerKind::kBatchNorm, .name = name + ".norm", .momentum = 0.98});
  }
  int relu(const std::string& name) { return add({.kind = LayerKind::kRelu, .name = name}); }

  int block(const std::string& name, int below, int channels, int stride) {
    normalised(name + ".conv1", below, channels, 3, stride);
    const int middle = relu(name + ".relu1");
    const int branch = normalised(name + ".conv2", middle, channels, 3, 1);
    const int shortcut = stride == 1 ? below : normalised(name + ".shortcut", below, channels, 1, stride);
    add({.kind = LayerKind::kAdd, .name = name + ".add", .input = branch, .second = shortcut});
    return relu(name + ".relu");
  }

 private:
  NetSpec& spec_;
};

struct Stages {
  NetSpec spec;
  int last[3] = {};  // the layer that a stage ends with
};

Stages trunk() {
  Stages stages{{"phantom", {3, kPhantomImageSize, kPhantomImageSize}, 0, {}}, {}};
  PhantomNetBuilder net(stages.spec);
  net.normalised("stem", LayerSpec::kPrevious, 32, 5, 2);
  int below = net.relu("stem.relu");
  int stage = 0;
  for (const int channels : {32, 64, 96}) {
    const std::string name = "stage" + std::to_string(stage + 1);
    below = net.block(name + ".block1", below, channels, 2);
    below = net.block(name + ".block2", below, channels, 1);
    stages.spec.layers.back().output = "stage " + std::to_string(stage + 1);
    stages.last[stage++] = below;
  }
  return stages;
}

void add_answers(PhantomNetBuilder& net, int average, std::vector<int>& layers) {
  for (const auto& [name, units] : {std::pair{"blood", 1}, std::pair{"kinds", 5}, std::pair{"level", 4}})
    layers.push_back(
        net.add({.kind = LayerKind::kDense, .name = name, .input = average, .out_channels = units}));
}

}  // namespace

NetSpec phantom_network() {
  Stages stages = trunk();
  NetSpec& spec = stages.spec;
  PhantomNetBuilder net(spec);
  const auto map = [&](const char* name, int below, int cells) {
    return net.add({.kind = LayerKind::kConvolution,
                    .name = name,
                    .input = below,
                    .out_channels = kPhantomMaps * cells * cells,
                    .kernel = 1});
  };
  std::vector<int> layers = {map("detail", stages.last[1], kDetailCells),
                             map("map", stages.last[2], kMapCells)};
  const int average =
      net.add({.kind = LayerKind::kGlobalAveragePool, .name = "gap", .input = stages.last[2]});
  add_answers(net, average, layers);
  // Most cells of most maps hold no blood, so that their mean loss is small.
  constexpr double kWeights[] = {5, 10, 1, 1, 0.2};
  for (std::size_t i = 0; i < layers.size(); ++i)
    spec.outputs.push_back(
        {layers[i], i + 1 < layers.size() ? LossKind::kSigmoid : LossKind::kSoftmax, kWeights[i]});
  constexpr int kCells = 28 * 28;
  spec.classes = 2 * kPhantomMaps * kCells + 1 + 5 + 4;
  return spec;
}

KnownNetwork fold_norms(const NetSpec& spec, std::span<const float> params,
                        std::span<const float> statistics) {
  FL_CHECK(spec.outputs.empty());
  const ParamLayout layout = ParamLayout::of(spec);
  FL_CHECK(params.size() == layout.all_floats && statistics.size() == layout.statistic_floats);
  KnownNetwork folded{spec, {}};
  folded.spec.layers.clear();
  std::vector<int> now(spec.layers.size());  // where a layer's output comes from
  for (int i = 0; i < static_cast<int>(spec.layers.size()); ++i) {
    LayerSpec layer = spec.layers[static_cast<std::size_t>(i)];
    const std::vector<int> sources = spec.sources(i);
    const auto moved = [&](int source) {
      return source == NetSpec::kImage ? LayerSpec::kPrevious : now[static_cast<std::size_t>(source)];
    };
    int& place = now[static_cast<std::size_t>(i)];
    if (layer.kind == LayerKind::kBatchNorm) {
      place = moved(sources.front());
      FL_CHECK(folded.spec.layers[static_cast<std::size_t>(place)].kind == LayerKind::kConvolution &&
               !folded.spec.layers[static_cast<std::size_t>(place)].bias &&
               spec.readers(sources.front()).size() == 1);
      folded.spec.layers[static_cast<std::size_t>(place)].bias = true;
      continue;
    }
    layer.input = moved(sources.front());
    if (layer.kind == LayerKind::kAdd) layer.second = moved(sources.back());
    place = static_cast<int>(folded.spec.layers.size());
    folded.spec.layers.push_back(std::move(layer));
  }
  const ParamLayout to = ParamLayout::of(folded.spec);
  folded.params.assign(to.all_floats, 0.0f);
  for (const ParamTensor& tensor : layout.tensors)
    if (const ParamTensor* place = to.find(tensor.name))
      std::ranges::copy(params.subspan(tensor.offset, tensor.count),
                        folded.params.begin() + static_cast<std::ptrdiff_t>(place->offset));
  for (int i = 0; i < static_cast<int>(spec.layers.size()); ++i) {
    const LayerSpec& norm = spec.layers[static_cast<std::size_t>(i)];
    if (norm.kind != LayerKind::kBatchNorm) continue;
    const std::string& name = spec.layers[static_cast<std::size_t>(spec.sources(i).front())].name;
    const auto value = [&](std::span<const float> arena, const char* suffix, std::size_t c) {
      return static_cast<double>(arena[layout.find(norm.name + suffix)->offset + c]);
    };
    const ParamTensor &weight = *to.find(name + ".weight"), &bias = *to.find(name + ".bias");
    for (std::size_t c = 0; c < bias.count; ++c) {
      const double factor =
          value(params, ".scale", c) / std::sqrt(value(statistics, ".variance", c) + norm.epsilon);
      for (std::size_t k = 0; k < weight.filter_size(); ++k) {
        float& w = folded.params[weight.offset + c * weight.filter_size() + k];
        w = static_cast<float>(static_cast<double>(w) * factor);
      }
      folded.params[bias.offset + c] =
          static_cast<float>(value(params, ".shift", c) - value(statistics, ".mean", c) * factor);
    }
  }
  return folded;
}

KnownNetwork phantom_backbone(std::span<const float> params, std::span<const float> statistics) {
  const ParamLayout trained = ParamLayout::of(phantom_network());
  FL_CHECK(params.size() == trained.all_floats && statistics.size() == trained.statistic_floats);
  // What of the trained network goes into a part of it.
  const auto taken = [&](const NetSpec& part) {
    const ParamLayout to = ParamLayout::of(part);
    std::vector<float> own(to.all_floats), own_statistics(to.statistic_floats);
    const auto copy = [&](const std::vector<ParamTensor>& tensors, std::span<const float> from,
                          std::vector<float>& arena) {
      for (const ParamTensor& tensor : tensors)
        if (const ParamTensor* source = trained.find(tensor.name))
          std::ranges::copy(from.subspan(source->offset, source->count),
                            arena.begin() + static_cast<std::ptrdiff_t>(tensor.offset));
    };
    copy(to.tensors, params, own);
    copy(to.statistics, statistics, own_statistics);
    return std::pair(std::move(own), std::move(own_statistics));
  };
  NetSpec closed = trunk().spec;  // up to its last average, so that it ends as networks do
  closed.layers.push_back({.kind = LayerKind::kGlobalAveragePool, .name = "stage3.average"});
  closed.classes = 96;
  const auto [own, own_statistics] = taken(closed);
  const KnownNetwork folded = fold_norms(closed, own, own_statistics);

  KnownNetwork backbone{folded.spec, {}};
  NetSpec& spec = backbone.spec;
  spec.layers.pop_back();
  PhantomNetBuilder net(spec);
  std::vector<int> outputs;
  int average = 0;
  for (int stage = 1; stage <= 3; ++stage) {
    const std::string name = "stage" + std::to_string(stage);
    const auto place_of = [&](const char* layer) {
      const auto found = std::ranges::find(spec.layers, name + layer, &LayerSpec::name);
      return static_cast<int>(found - spec.layers.begin());
    };
    const int below = place_of(".block2.relu");
    backbone.stages.push_back(place_of(".block1.conv1"));
    const int side = kPhantomImageSize / 2 >> stage;
    average = net.add({.kind = LayerKind::kGlobalAveragePool, .name = name + ".average", .input = below});
    outputs.push_back(average);
    outputs.push_back(net.add({.kind = LayerKind::kMaxPool,
                               .name = name + ".largest",
                               .input = below,
                               .kernel = side,
                               .stride = side}));
  }
  add_answers(net, average, outputs);
  for (const int layer : outputs) spec.outputs.push_back({layer});
  for (LayerSpec& layer : spec.layers) layer.frozen = true;
  spec.classes = kPhantomFeatures;

  const ParamLayout layout = ParamLayout::of(spec), from = ParamLayout::of(folded.spec);
  backbone.params.assign(layout.all_floats, 0.0f);
  for (const ParamTensor& tensor : layout.tensors) {
    const ParamTensor* in_folded = from.find(tensor.name);
    const std::span<const float> values =
        in_folded != nullptr ? std::span<const float>(folded.params).subspan(in_folded->offset, tensor.count)
                             : params.subspan(trained.find(tensor.name)->offset, tensor.count);
    std::ranges::copy(values, backbone.params.begin() + static_cast<std::ptrdiff_t>(tensor.offset));
  }
  return backbone;
}

}  // namespace fl
