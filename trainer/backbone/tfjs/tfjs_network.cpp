#include "trainer/backbone/tfjs/tfjs_network.h"

#include <algorithm>

#include "trainer/backbone/network_maker.h"
#include "trainer/base/check.h"
#include "trainer/net/param_layout.h"

namespace fl {
namespace tfjs {
Result<KnownNetwork> NetworkMaker::piece(std::string name, TensorShape input, int begin, int end, bool frozen,
                                         const std::vector<int>& outputs) const {
  KnownNetwork known;
  const TensorShape last = made_[size(end) - 1].shape;
  known.spec = {std::move(name), input, last.channels, {}};
  const bool plain = outputs.empty() || (outputs == std::vector{end - 1} && last.height * last.width == 1);
  if (!plain) {
    known.spec.classes = 0;
    for (const int output : outputs) {
      known.spec.outputs.push_back({output - begin});
      known.spec.classes += static_cast<int>(shape_of(output).floats());
    }
  }
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

Error NetworkMaker::no_classes() const {
  return error("{} does not end in a softmax, so it tells no classes apart; open an image model.", file_);
}

Result<KnownNetwork> NetworkMaker::whole() && {
  if (!ended_) return no_classes();
  FL_TRY(check_readers());
  return piece("of an export", image_, 0, static_cast<int>(made_.size()), false, {});
}

Result<CutNetwork> NetworkMaker::cut() && {
  if (!ended_) return no_classes();
  FL_TRY(check_readers());
  const auto head = find_head();
  if (!head)
    return error(
        "{} has no head to cut off: dense layers on what the others make of an image; open a model that "
        "Teachable Machine or \"fallline export\" has saved.",
        file_);
  const int layers = static_cast<int>(made_.size());
  FL_TRY_LET(below, piece("backbone", image_, 0, head->begin, true, head->sources));
  const TensorShape embedding =
      head->sources.size() == 1 ? shape_of(head->sources.front()) : TensorShape{below->spec.classes, 1, 1};
  if (head->parts.size() > 1) join(head->parts, head->first - 1);
  FL_TRY_LET(above, piece("head", embedding, head->parts.size() > 1 ? head->first - 1 : head->first, layers,
                          false, {}));
  return CutNetwork{*std::move(below), *std::move(above)};
}

// The last layers: dense ones and what is between them, each reading the one before. Below they read one
// layer; or there lie the parts of a dense layer that reads several, and their sums.
std::optional<NetworkMaker::Head> NetworkMaker::find_head() const {
  const auto kind = [&](int layer) { return made_[size(layer)].spec.kind; };
  const int layers = static_cast<int>(made_.size());
  int first = layers;
  const auto read_next = [&](int layer) {  // by the chain so far
    return first == layers || made_[size(first)].spec.input == layer;
  };
  const auto in_head = [](LayerKind k) {
    return k == LayerKind::kDense || k == LayerKind::kRelu || k == LayerKind::kRelu6;
  };
  while (first > 0 && in_head(kind(first - 1)) && read_next(first - 1)) --first;
  if (first > 0 && kind(first - 1) == LayerKind::kAdd && read_next(first - 1))
    if (auto head = head_of_parts(first)) return head;
  while (first < layers && kind(first) != LayerKind::kDense) ++first;
  if (first == layers || first == 0) return {};
  return Head{.begin = first, .first = first, .parts = {first}, .sources = {made_[size(first)].spec.input}};
}

// `first`: the layer behind the last sum.
std::optional<NetworkMaker::Head> NetworkMaker::head_of_parts(int first) const {
  Head head{.begin = first, .first = first, .parts = {}, .sources = {}};
  for (std::vector<int> open{first - 1}; !open.empty();) {
    const int layer = open.back();
    open.pop_back();
    const LayerSpec& spec = layer == NetSpec::kImage ? LayerSpec{} : made_[size(layer)].spec;
    if (layer != NetSpec::kImage && spec.kind == LayerKind::kAdd)
      open.insert(open.end(), {spec.input, spec.second});
    else if (layer != NetSpec::kImage && spec.kind == LayerKind::kDense)
      head.parts.push_back(layer);
    else
      return {};
    head.begin = std::min(head.begin, layer);
  }
  std::ranges::sort(head.parts, {}, [&](int part) { return made_[size(part)].spec.input; });
  for (const int part : head.parts) {
    const int source = made_[size(part)].spec.input;
    if (source >= head.begin || source == NetSpec::kImage ||
        (!head.sources.empty() && head.sources.back() == source))
      return {};
    head.sources.push_back(source);
  }
  // Nothing else lies among them.
  const bool alone = 2 * static_cast<int>(head.parts.size()) - 1 == first - head.begin;
  return alone ? std::optional(std::move(head)) : std::nullopt;
}

// One dense layer on all that these read, in place of `place`.
void NetworkMaker::join(const std::vector<int>& parts, int place) {
  MadeLayer whole = made_[size(parts.front())];
  const std::size_t units = size(whole.spec.out_channels);
  whole.weights.clear();
  whole.bias.clear();
  for (const int part : parts) {
    const std::vector<double>& bias = made_[size(part)].bias;
    if (!bias.empty()) whole.bias.resize(units);
    for (std::size_t unit = 0; unit < bias.size(); ++unit) whole.bias[unit] += bias[unit];
  }
  whole.spec.bias = !whole.bias.empty();
  for (std::size_t unit = 0; unit < units; ++unit)
    for (const int part : parts) {
      const std::vector<double>& weights = made_[size(part)].weights;
      const auto row = static_cast<std::ptrdiff_t>(weights.size() / units);
      const auto from = weights.begin() + static_cast<std::ptrdiff_t>(unit) * row;
      whole.weights.insert(whole.weights.end(), from, from + row);
    }
  made_[size(place)] = std::move(whole);
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
