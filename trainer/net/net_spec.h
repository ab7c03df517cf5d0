#pragma once
// What a network is: a plain list of layers with their inputs, and nothing about where it runs. Backends
// compile it; the landscape and the picture read names and shapes from it. The loss, softmax
// cross-entropy averaged over the batch, follows the last layer, whose outputs are the logits. A network may
// have outputs in several places instead, each with a loss of its own, and is then trained towards numbers.

#include <string>
#include <vector>

#include "trainer/base/result.h"
#include "trainer/base/tensor_shape.h"

namespace fl {

// Every kind of layer with the operation that a backend runs for it; kinds that differ only in a number or a
// function share one. layer_kinds.cpp has a row for each, with its keys, its shape and its parameters.
#define FL_LAYER_KINDS(ROW)                                                                         \
  ROW(kConvolution, convolution) /* out_channels, kernel, stride, padding, padding_end, bias */     \
  ROW(kDepthwise, convolution)   /* one kernel a channel; the others as above */                    \
  ROW(kDense, dense)             /* out_channels, bias; flattens its input */                       \
  ROW(kBatchNorm, norm)          /* over batch and pixels, channel by channel; epsilon, momentum */ \
  ROW(kRelu, activation)                                                                            \
  ROW(kRelu6, activation)       /* min(max(x, 0), 6) */                                             \
  ROW(kMaxPool, pool)           /* kernel, stride, padding */                                       \
  ROW(kAveragePool, pool)       /* kernel, stride, padding; padded pixels are not counted */        \
  ROW(kGlobalAveragePool, pool) /* to channels x 1 x 1 */                                           \
  ROW(kAdd, sum)                /* input + second */                                                \
  ROW(kPart, part)              /* begin, part; of the image, wherever the layer stands */          \
  ROW(kDropout, dropout)        /* rate; identity outside training */

// Both backends have a way forward and a way back for each; that of a part ends there.
#define FL_LAYER_OPERATIONS(ROW) \
  ROW(convolution) ROW(dense) ROW(norm) ROW(activation) ROW(pool) ROW(sum) ROW(part) ROW(dropout)

#define FL_KIND(kind, operation) kind,
enum class LayerKind { FL_LAYER_KINDS(FL_KIND) };
#undef FL_KIND

// Share of values that dropout may set to zero, at most.
inline constexpr double kMaxDropout = 0.95;

struct LayerSpec {
  // A layer index, or the layer before (the image for the first layer).
  static constexpr int kPrevious = -1;

  LayerKind kind = LayerKind::kRelu;
  std::string name{};  // unique; parameters are called name.weight, name.bias, name.scale, name.shift
  int input = kPrevious;
  int second = kPrevious;  // kAdd: the other summand
  int out_channels = 0;
  int kernel = 0, stride = 1, padding = 0;
  static constexpr int kAsPadding = -1;
  std::size_t begin = 0;         // kPart: its first number in the image's row of numbers
  TensorShape part{};            // kPart: what its numbers are
  int padding_end = kAsPadding;  // convolutions: below and to the right, where it is not `padding`
  bool bias = true;
  bool frozen = false;     // training leaves its parameters alone; a batch norm normalises by its running
                           // statistics then, in training too, and leaves those alone
  double epsilon = 1e-5;   // kBatchNorm: added to the variance
  double momentum = 0.9;   // kBatchNorm: what the running statistics keep of themselves each step
  double rate_factor = 1;  // of the learning rate, at which training changes its parameters
  double rate = 0.5;       // kDropout: share of values set to zero
  std::string output{};    // not empty: a named output, shown on the feature wall under this name
  int line = 0;            // of the scene that lists it, for errors; 0: none

  [[nodiscard]] int end_padding() const { return padding_end == kAsPadding ? padding : padding_end; }
  // "Layer relu1 (line 7)"
  [[nodiscard]] std::string called() const;
  bool operator==(const LayerSpec&) const = default;
};

enum class LossKind {
  kSigmoid,  // binary cross-entropy of every value by itself: what may be there together, and maps
  kSoftmax,  // cross-entropy over the channels of each pixel
};

// An output: what a layer gives are logits. The loss is the mean over the layer's values (kSigmoid) or pixels
// (kSoftmax), times `weight`.
struct OutputSpec {
  int layer = 0;
  LossKind loss = LossKind::kSigmoid;
  double weight = 1;
  bool operator==(const OutputSpec&) const = default;
};

struct NetSpec {
  std::string name;
  TensorShape input;
  int classes = 2;
  std::vector<LayerSpec> layers;
  double clip = 0;  // the loss takes the label's probability to be at least this and at most 1 - this
  // Empty: the last layer, for `classes` labels. Else by layer, each once; `classes` is then how many numbers
  // all of them have, which lie one output after the other wherever there would be the classes' logits.
  std::vector<OutputSpec> outputs = {};

  static constexpr int kImage = -1;
  // What layer `index` reads: earlier layers, or kImage, as kPart always does. Two for kAdd, else one.
  [[nodiscard]] std::vector<int> sources(int index) const;
  // The layers that read layer `index`.
  [[nodiscard]] std::vector<int> readers(int index) const;
  [[nodiscard]] bool has(LayerKind kind) const;
  // The layers whose values are the network's outputs, the last one where `outputs` is empty.
  [[nodiscard]] std::vector<int> output_layers() const;
  bool operator==(const NetSpec&) const = default;
};

// Output shape of every layer. Errors: a layer that its input does not fit, named; logits that are not
// `classes` x 1 x 1; inputs that do not precede their reader; outputs that are no layers, or not in order;
// beside several outputs, layers that nobody reads.
Result<std::vector<TensorShape>> layer_shapes(const NetSpec& spec);

// The first batch norm that takes its statistics from the batch and has a single value a channel of each
// image, so that a batch of one image leaves nothing to normalise: its output is its shift, whatever the
// image. Null where there is none. Precondition: layer_shapes has no error.
const LayerSpec* norm_of_single_values(const NetSpec& spec);

}  // namespace fl
