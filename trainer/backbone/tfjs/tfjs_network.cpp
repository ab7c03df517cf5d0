#include "trainer/backbone/tfjs/tfjs_network.h"

#include <algorithm>

#include "trainer/backbone/network_maker.h"
#include "trainer/base/check.h"
#include "trainer/net/param_layout.h"

namespace fl {
namespace tfjs {
Result<KnownNetwork> NetworkMaker::piece(std::string name, TensorShape input, int begin, int end,
                                         bool frozen) const {
  KnownNetwork known;
  known.spec = {std::move(name), input, made_[size(end) - 1].shape.channels, {}};
  for (int i = begin; i < end; ++i) {
    LayerSpec layer = made_[size(i)].spec;
    for (int* source : {&layer.input, &layer.second})
      *source = *source == i - 1 || *source < begin ? LayerSpec::kPrevious : *source - begin;
    layer.frozen = frozen && !made_[size(i)].weights.empty();
    known.spec.layers.push_back(std::move(layer));
  }
  if (const auto shapes = layer_shapes(known.spec); !shapes)
    return error("{} does not fit together: {}", file_, shapes.error().message);
  const ParamLayout layout = ParamLayout::of(known.spec);
  known.params.assign(layout.all_floats, 0.0f);
  for (const ParamTensor& tensor : layout.tensors) {
    const MadeLayer& from = made_[size(begin + tensor.layer)];
    const std::vector<double>& values = tensor.kind == ParamKind::kWeight ? from.weights : from.bias;
    FL_CHECK(values.size() == tensor.count);
    std::ranges::transform(values, known.params.begin() + static_cast<std::ptrdiff_t>(tensor.offset),
                           [](double value) { return static_cast<float>(value); });
  }
  return known;
}

Result<void> NetworkMaker::check_readers() const {
  std::vector<bool> read(made_.size(), false);
  for (const MadeLayer& made : made_)
    for (const int source :
         {made.spec.input, made.spec.kind == LayerKind::kAdd ? made.spec.second : NetSpec::kImage})
      if (source != NetSpec::kImage) read[size(source)] = true;
  if (std::ranges::count(read, false) != 1 ||
      outputs_[size(model_.output)].layer != static_cast<int>(made_.size()) - 1)
    return error("{} has layers whose output nobody reads; open a model that Teachable Machine exported.",
                 file_);
  return {};
}

Result<KnownNetwork> NetworkMaker::whole() && {
  if (!ended_)
    return error("{} does not end in a softmax, so it tells no classes apart; open an image model.", file_);
  FL_TRY(check_readers());
  return piece("of an export", image_, 0, static_cast<int>(made_.size()), false);
}

Result<CutNetwork> NetworkMaker::cut() && {
  const auto average = std::ranges::find(made_, LayerKind::kGlobalAveragePool,
                                         [](const MadeLayer& made) { return made.spec.kind; });
  const int layers = static_cast<int>(made_.size()), end = static_cast<int>(average - made_.begin()) + 1;
  bool chain = ended_ && end < layers;
  for (int i = end; i < layers; ++i)
    chain = chain && made_[size(i)].spec.input == i - 1 && made_[size(i)].spec.kind != LayerKind::kAdd;
  if (!chain)
    return error(
        "{} is not an image model as Teachable Machine trains them: a network whose maps are averaged, then "
        "dense "
        "layers and a softmax; open one of those.",
        file_);
  FL_TRY(check_readers());
  FL_TRY_LET(below, piece("backbone", image_, 0, end, true));
  FL_TRY_LET(above, piece("head", average->shape, end, layers, false));
  return CutNetwork{*std::move(below), *std::move(above)};
}

}  // namespace tfjs

Result<CutNetwork> make_tf_network(const TfModel& model, const TfWeights& weights, TensorShape image,
                                   const std::string& file) {
  tfjs::NetworkMaker maker(model, weights, image, file);
  FL_TRY(maker.add_all());
  return std::move(maker).cut();
}

Result<KnownNetwork> make_whole_tf_network(const TfModel& model, const TfWeights& weights, TensorShape image,
                                           const std::string& file) {
  tfjs::NetworkMaker maker(model, weights, image, file);
  FL_TRY(maker.add_all());
  return std::move(maker).whole();
}

}  // namespace fl
