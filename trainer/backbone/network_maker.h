#pragma once
// The work of make_tf_network(): one layer of theirs after the other becomes a layer of ours, or part of one.

#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>

#include "trainer/backbone/tfjs/tfjs_network.h"
#include "trainer/base/printable.h"

namespace fl::tfjs {

// A layer of ours with its weights, in our layout; in double, so that what is folded in rounds once.
struct MadeLayer {
  LayerSpec spec;
  TensorShape shape;
  std::vector<double> weights, bias;
};

// What a layer of theirs gives: the output of a layer of ours, with zeros around it that the next one is to
// add.
struct Output {
  int layer = NetSpec::kImage;
  int before = 0, after = 0;
  bool flat = false;  // as one row of numbers, in their order: [y][x][channel]
  int enlarged = 1;   // the image alone: each pixel so many times in both directions
};

class NetworkMaker {
 public:
  NetworkMaker(const TfModel& model, const TfWeights& weights, TensorShape image, const std::string& file)
      : model_(model), weights_(weights), image_(image), file_(file) {}

  Result<void> add_all() {
    for (const TfLayer& layer : model_.layers) {
      FL_TRY_LET(output, add(layer));
      outputs_.push_back(*output);
    }
    return {};
  }
  Result<CutNetwork> cut() &&;
  Result<KnownNetwork> whole() &&;

 private:
  static std::size_t size(int value) { return static_cast<std::size_t>(value); }
  // How a kind of theirs becomes layers of ours.
  struct Kind {
    const char* name;
    Result<Output> (NetworkMaker::*add)(const TfLayer&);
  };
  static const std::vector<Kind>& kinds();

  [[nodiscard]] Error unknown(const TfLayer& layer, std::string_view what) const {
    return error(
        "{} has a layer {} with {} that Fall Line does not know; open a model that Teachable Machine "
        "exported "
        "for TensorFlow.js.",
        file_, printable(layer.name, 80), what);
  }
  [[nodiscard]] Output input_of(const TfLayer& layer, std::size_t which = 0) const {
    const int from = layer.inputs[which];
    return from == TfLayer::kImage ? Output{} : outputs_[size(from)];
  }
  [[nodiscard]] TensorShape shape_of(int layer) const {
    return layer == NetSpec::kImage ? image_ : made_[size(layer)].shape;
  }
  // How many read what a layer of theirs reads.
  [[nodiscard]] std::size_t readers_beside(const TfLayer& layer) const {
    std::size_t readers = 0;
    for (const TfLayer& other : model_.layers)
      readers += static_cast<std::size_t>(std::ranges::count(other.inputs, layer.inputs.front()));
    return readers;
  }

  Result<Output> add(const TfLayer& layer);
  Result<Output> add_padding(const TfLayer& layer);
  Result<Output> add_convolution(const TfLayer& layer);
  Result<Output> add_norm(const TfLayer& layer);
  Result<Output> add_relu(const TfLayer& layer);
  Result<Output> add_named_activation(const TfLayer& layer);
  Result<Output> add_sum(const TfLayer& layer);
  Result<Output> add_average(const TfLayer& layer);
  Result<Output> add_enlargement(const TfLayer& layer);
  Result<Output> add_pool(const TfLayer& layer);
  Result<Output> add_flat(const TfLayer& layer);
  Result<Output> add_shape(const TfLayer& layer);
  Result<Output> add_dense(const TfLayer& layer);
  Result<Output> pass_on(const TfLayer& layer);

  Result<Output> make(const TfLayer& from, LayerSpec spec, std::vector<double> weights = {},
                      std::vector<double> bias = {});
  // What an activation of this name makes of the layer made last.
  Result<Output> activate(const TfLayer& layer, const std::string& name, Output made);
  Result<const TfTensor*> tensor(const TfLayer& layer, const char* suffix,
                                 const std::vector<int>& shape) const;
  Result<std::vector<double>> vector_of(const TfLayer& layer, const char* suffix, int values) const;
  [[nodiscard]] std::string free_name(const TfLayer& layer, LayerKind kind);
  Result<void> read_window(const TfLayer& layer, Output input, const char* side, LayerSpec& spec) const;
  // y = (x - mean) * factor + beta, channel by channel.
  struct Norm {
    std::vector<double> mean, factor, beta;
    [[nodiscard]] double of(double x, std::size_t c) const { return (x - mean[c]) * factor[c] + beta[c]; }
  };
  Result<Norm> read_norm(const TfLayer& layer, int channels) const;
  // What nobody reads would be computed for nothing, and is a sign that the list was misread.
  [[nodiscard]] Result<void> check_readers() const;
  // `outputs`: whose values are the piece's; empty: the last layer's. Error: layers that each fit those they
  // read, and not all of it, as an image behind a dense layer.
  [[nodiscard]] Result<KnownNetwork> piece(std::string name, TensorShape input, int begin, int end,
                                           bool frozen, const std::vector<int>& outputs) const;
  [[nodiscard]] Error no_classes() const;
  // What lies above a cut. A dense layer that reads several others is, in a file, a dense layer on each of
  // them, the parts, and sums of these.
  struct Head {
    int begin, first;                 // the first part, and the first layer behind parts and sums
    std::vector<int> parts, sources;  // dense layers, and what each of them reads, from below
  };
  [[nodiscard]] std::optional<Head> find_head() const;
  [[nodiscard]] std::optional<Head> head_of_parts(int first) const;
  void join(const std::vector<int>& parts, int place);

  const TfModel& model_;
  const TfWeights& weights_;
  TensorShape image_;
  const std::string& file_;
  std::vector<Output> outputs_;  // by layer of theirs
  std::vector<MadeLayer> made_;
  std::set<std::string> names_;
  std::size_t values_ = 0;
  bool ended_ = false;  // by a softmax
};

}  // namespace fl::tfjs
