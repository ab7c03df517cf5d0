#include "trainer/compute/cuda/plan/net_plan.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "trainer/base/check.h"
#include "trainer/compute/cuda/launches.h"
#include "trainer/compute/kernels/sums.h"

namespace fl::cuda {

using kernels::Activation;

namespace {

std::size_t size(int value) {
  return static_cast<std::size_t>(value);
}

Activation activation_of(LayerKind kind) {
  if (kind == LayerKind::kRelu) return Activation::kRelu;
  return kind == LayerKind::kRelu6 ? Activation::kRelu6 : Activation::kNone;
}

bool is_convolution(LayerKind kind) {
  return kind == LayerKind::kConvolution || kind == LayerKind::kDepthwise;
}

bool is_linear(LayerKind kind) {
  return is_convolution(kind) || kind == LayerKind::kDense;
}

bool has_own_margins(const LayerSpec& layer) {
  return is_convolution(layer.kind) && layer.end_padding() != layer.padding;
}

// What a convolution reads, margins and all.
TensorShape with_margins(const LayerSpec& layer, TensorShape in) {
  const int margins = layer.padding + layer.end_padding();
  return {in.channels, in.height + margins, in.width + margins};
}

// Layers whose last kernel can apply an activation as well.
bool may_activate(LayerKind kind) {
  return is_linear(kind) || kind == LayerKind::kBatchNorm || kind == LayerKind::kAdd;
}

// An activation that the layer before applies: nobody else reads that layer, and what is shown under a name
// of its own stays what it is.
bool fused_with_source(const NetSpec& spec, int index) {
  if (activation_of(spec.layers[size(index)].kind) == Activation::kNone) return false;
  const int source = spec.sources(index).front();
  if (source == NetSpec::kImage) return false;
  const LayerSpec& before = spec.layers[size(source)];
  if (std::ranges::find(spec.outputs, source, &OutputSpec::layer) != spec.outputs.end()) return false;
  return may_activate(before.kind) && before.output.empty() && spec.readers(source).size() == 1;
}

// A layer whose output lies where its source's does.
bool passes_on(const NetSpec& spec, int index, NetPlan::Mode mode) {
  return fused_with_source(spec, index) ||
         (spec.layers[size(index)].kind == LayerKind::kDropout && mode != NetPlan::Mode::kTraining);
}

}  // namespace

NetPlan::NetPlan(const NetSpec& spec, const ParamLayout& layout, std::size_t batch, Mode mode, Lane& lane)
    : spec_(spec),
      layout_(layout),
      shapes_(layer_shapes(spec).value()),
      batch_(batch),
      mode_(mode),
      lane_(lane),
      nodes_(spec.layers.size()) {
  FL_CHECK(batch > 0);
  FL_CHECK_MSG(mode_ != Mode::kTraining ||
                   std::ranges::any_of(spec.output_layers(), [this](int i) { return wanted(i); }),
               "there is nothing to train");
  for (int i = 0; i < static_cast<int>(nodes_.size()); ++i) fuse(i);
  place_buffers();
  if (mode_ == Mode::kTraining) order_gradients();
  if (mode_ == Mode::kTraining) place_rules();
}

const NetPlan::Steps& NetPlan::steps_of(LayerKind kind) {
#define FL_STEPS(kind, operation) {&NetPlan::forward_##operation, &NetPlan::backward_##operation},
  static constexpr Steps kSteps[] = {FL_LAYER_KINDS(FL_STEPS)};
#undef FL_STEPS
  return kSteps[size(static_cast<int>(kind))];
}

void NetPlan::fuse(int index) {
  node(index).fused = fused_with_source(spec_, index);
  node(node(index).fused ? source_of(index) : index).activation = activation_of(layer(index).kind);
}

std::size_t NetPlan::take(int layer, const char* what, std::size_t floats) {
  const std::string_view of = layer == NetSpec::kImage ? "" : std::string_view(this->layer(layer).name);
  return places_.add<float>(fmt::format("{}{}{}", of, of.empty() ? "" : "'s ", what), floats);
}

void NetPlan::place_buffers() {
  const bool training = mode_ == Mode::kTraining;
  input_ = take(NetSpec::kImage, "images", floats_of(NetSpec::kImage));
  if (training && wanted(NetSpec::kImage))
    image_gradient_ = take(NetSpec::kImage, "images' gradients", floats_of(NetSpec::kImage));
  statistics_ = take(NetSpec::kImage, "statistics", layout_.statistic_floats);
  if (!spec_.outputs.empty()) {
    rows_ = take(NetSpec::kImage, "outputs", batch_ * size(spec_.classes));
    if (training) row_gradients_ = take(NetSpec::kImage, "outputs' gradients", batch_ * size(spec_.classes));
  }
  // The longest sums: over a channel, the images of a batch, the parameters.
  std::size_t doubles = kernels::sum_scratch(1, std::max(layout_.floats, batch_));
  for (int i = 0; i < static_cast<int>(nodes_.size()); ++i) {
    Node& self = node(i);
    doubles = std::max(doubles, kernels::sum_scratch(channels_of(i), batch_ * area_of(i)));
    const bool shares = passes_on(spec_, i, mode_);
    if (shares && source_of(i) != NetSpec::kImage) {
      self.value = node(source_of(i)).value;
      self.gradient = node(source_of(i)).gradient;
      continue;
    }
    self.value = shares ? input_ : take(i, "values", floats_of(i));
    if (pads(i)) self.padded = take(i, "input with margins", padded_floats(i));
    if (pads(i) && training && wanted(source_of(i)))
      self.padded_gradient = take(i, "gradient with margins", padded_floats(i));
    if (!training || !keeps_gradient(i)) continue;
    self.gradient = take(i, "gradients", floats_of(i));
    if (layer(i).kind == LayerKind::kMaxPool) self.chosen = take(i, "winners", floats_of(i));
  }
  const std::size_t scratch = places_.add<double>("sums", doubles);
  std::size_t workspace = 0;
  for (int i = 0; i < static_cast<int>(nodes_.size()); ++i)
    if (is_convolution(layer(i).kind))
      workspace =
          std::max(workspace, lane_.convolutions.prepare(convolution_shape(i), training && wanted(i)));
  workspace_ = places_.add<std::byte>("workspace", workspace);
  memory_ = lane_.memory(places_.bytes());
  scratch_ = memory_->data().as<double>() + scratch;
}

// Backward runs from the last layer to the first: of the readers of a layer, the last one delivers first.
void NetPlan::order_gradients() {
  std::vector<bool> delivered(nodes_.size());
  bool image_delivered = false;
  // The loss comes before all readers.
  for (const OutputSpec& output : spec_.outputs) delivered[size(output.layer)] = true;
  const auto next = [&](int source) {
    if (source == NetSpec::kImage) return std::exchange(image_delivered, true);
    const bool before = delivered[size(source)];
    delivered[size(source)] = true;
    return before;
  };
  for (int i = static_cast<int>(nodes_.size()); i-- > 0;) {
    if (node(i).fused) continue;  // shares its source's gradient: nothing is delivered
    const std::vector<int> sources = spec_.sources(i);
    node(i).accumulate = next(sources.front());
    if (sources.size() > 1) node(i).accumulate_second = next(sources[1]);
  }
}

bool NetPlan::keeps_gradient(int index) const {
  if (wanted(index)) return true;
  const std::optional<int> end = layout_.ends_at;
  return end && *end != NetSpec::kImage && fused_with_source(spec_, *end) && source_of(*end) == index;
}

void NetPlan::place_rules() {
  std::vector<kernels::StatisticRule> rules(layout_.statistic_floats,
                                            {.keep = 1, .factor = 1});  // of padding
  for (const ParamTensor& tensor : layout_.statistics) {
    const auto values = static_cast<float>(batch_ * area_of(tensor.layer));
    const bool variance = tensor.kind == ParamKind::kScale;
    const float unbiased = variance && values > 1 ? values / (values - 1) : 1.0f;
    const double keep = tensor.frozen ? 1 : layer(tensor.layer).momentum;
    std::fill_n(rules.begin() + static_cast<std::ptrdiff_t>(tensor.offset), tensor.count,
                kernels::StatisticRule{static_cast<float>(keep), unbiased});
  }
  rules_ = upload_array<kernels::StatisticRule>(lane_.stream, rules);
}

DevicePtr<float> NetPlan::at(std::size_t offset) const {
  return memory_->data().as<float>() + offset;
}

TensorShape NetPlan::shape_of(int index) const {
  return index == NetSpec::kImage ? spec_.input : shapes_[size(index)];
}

std::size_t NetPlan::area_of(int index) const {
  const TensorShape shape = shape_of(index);
  return size(shape.height) * size(shape.width);
}

std::size_t NetPlan::channels_of(int index) const {
  return size(shape_of(index).channels);
}

bool NetPlan::pads(int index) const {
  return has_own_margins(layer(index));
}

kernels::Margins NetPlan::margins_of(int index) const {
  const TensorShape in = shape_of(source_of(index)), padded = with_margins(layer(index), in);
  return {size(in.height), size(in.width), size(padded.height), size(padded.width),
          size(layer(index).padding)};
}

std::size_t NetPlan::padded_floats(int index) const {
  return batch_ * with_margins(layer(index), shape_of(source_of(index))).floats();
}

ConvolutionShape NetPlan::convolution_shape(int index) const {
  const LayerSpec& spec = layer(index);
  const TensorShape own = shape_of(source_of(index)), out = shape_of(index);
  const TensorShape in = pads(index) ? with_margins(spec, own) : own;
  return {.batch = static_cast<int>(batch_),
          .in_channels = in.channels,
          .in_height = in.height,
          .in_width = in.width,
          .out_channels = out.channels,
          .out_height = out.height,
          .out_width = out.width,
          .kernel = spec.kernel,
          .stride = spec.stride,
          .padding = pads(index) ? 0 : spec.padding,
          .groups = spec.kind == LayerKind::kDepthwise ? in.channels : 1};
}

DenseShape NetPlan::dense_shape(int index) const {
  return {.batch = static_cast<int>(batch_),
          .in = static_cast<int>(shape_of(source_of(index)).floats()),
          .out = layer(index).out_channels};
}

kernels::PoolWindow NetPlan::window_of(int index) const {
  const TensorShape in = shape_of(source_of(index)), out = shape_of(index);
  const LayerSpec& spec = layer(index);
  if (spec.kind == LayerKind::kGlobalAveragePool)
    return {in.height, in.width, 1, 1, in.height, in.width, 1, 0};
  return {in.height, in.width, out.height, out.width, spec.kernel, spec.kernel, spec.stride, spec.padding};
}

kernels::NormParameters NetPlan::norm_parameters(int index, const Source& source) const {
  const DevicePtr<const float> statistics = from_batch(index) ? batch_statistics() : source.statistics;
  return {.mean = tensor(index, ".mean", statistics).get(),
          .variance = tensor(index, ".variance", statistics).get(),
          .scale = tensor(index, ".scale", source.params).get(),
          .shift = tensor(index, ".shift", source.params).get(),
          .epsilon = static_cast<float>(layer(index).epsilon)};
}

int NetPlan::linear_first_layer(const NetSpec& spec) {
  const std::vector<int> readers = spec.readers(NetSpec::kImage);
  if (readers.size() != 1) return -1;
  const LayerSpec& first = spec.layers[size(readers.front())];
  if (!is_linear(first.kind) || first.frozen) return -1;
  return readers.front();
}

std::size_t NetPlan::linear_floats() const {
  return floats_of(linear_first_layer(spec_));
}

std::size_t NetPlan::bytes_per_image(const NetSpec& spec, Mode mode) {
  std::size_t floats = spec.input.floats();
  const std::vector<TensorShape> shapes = layer_shapes(spec).value();
  for (int i = 0; i < static_cast<int>(shapes.size()); ++i) {
    if (!passes_on(spec, i, mode)) floats += shapes[size(i)].floats();
    if (!has_own_margins(spec.layers[size(i)])) continue;
    const int source = spec.sources(i).front();
    floats +=
        with_margins(spec.layers[size(i)], source == NetSpec::kImage ? spec.input : shapes[size(source)])
            .floats();
  }
  return floats * sizeof(float) * (mode == Mode::kTraining ? 2 : 1);
}

}  // namespace fl::cuda
