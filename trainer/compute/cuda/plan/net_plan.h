#pragma once
// One network for one batch size: where every layer's output and gradient lie, and the calls that compute
// them. It enqueues work and never waits, so the same code runs by hand and into a graph. All values are
// planar, [image][channel][y][x], as the arenas and the images are.
//
// An activation that alone reads a convolution, dense layer, batch norm or sum is done by that layer's last
// kernel: both share one output and one gradient. A layer with several readers adds their gradients up in its
// own buffer: the first to come writes, the others accumulate, so no buffer is ever cleared.

#include <memory>
#include <optional>
#include <vector>

#include "trainer/compute/cuda/lane.h"
#include "trainer/compute/cuda/places.h"
#include "trainer/compute/kernels/batch_kernels.h"
#include "trainer/compute/kernels/norm_kernels.h"
#include "trainer/compute/kernels/pad_kernels.h"
#include "trainer/compute/kernels/pool_kernels.h"
#include "trainer/compute/kernels/slice_kernels.h"
#include "trainer/net/param_layout.h"

namespace fl::cuda {

class NetPlan {
 public:
  enum class Mode {
    kTraining,     // batch statistics, dropout, backward
    kInference,    // running statistics
    kReestimated,  // evaluation with the batch's own statistics
  };

  // `lane` runs the plan and must outlive it. Throws CudaError where the device's memory does not do.
  NetPlan(const NetSpec& spec, const ParamLayout& layout, std::size_t batch, Mode mode, Lane& lane);

  [[nodiscard]] std::size_t batch() const { return batch_; }
  // Comes before all else that a pass enqueues: the lane's block is this plan's from here on. What another
  // plan, or a pass before, left in it is gone.
  void begin() { places_.watch(lane_.stream, memory_->data()); }
  // [batch][channels][height][width], where the next forward() will read its images.
  [[nodiscard]] DevicePtr<float> input() const { return at(input_); }
  // [batch][classes], after forward(). The loss may overwrite it.
  [[nodiscard]] DevicePtr<float> logits() const {
    return spec_.outputs.empty() ? output(static_cast<int>(nodes_.size()) - 1) : at(rows_);
  }
  // [batch][classes], to be filled before backward().
  [[nodiscard]] DevicePtr<float> logit_gradients() const {
    return at(spec_.outputs.empty() ? nodes_.back().gradient : row_gradients_);
  }
  // A layer's output after forward(); a layer that shares one with its activation has the activation's.
  [[nodiscard]] DevicePtr<float> output(int layer) const {
    return layer == NetSpec::kImage ? input() : at(node(layer).value);
  }
  // d loss / d what a layer gives, [batch][channel][y][x], after backward(), where it is wanted.
  [[nodiscard]] DevicePtr<float> gradient(int layer) const {
    return at(layer == NetSpec::kImage ? image_gradient_ : node(layer).gradient);
  }
  // Of the last forward() of a training plan, in the layout's statistics arena; the variances biased.
  [[nodiscard]] DevicePtr<const float> batch_statistics() const { return at(statistics_); }
  // How running statistics follow those, for each float of that arena.
  [[nodiscard]] DevicePtr<const kernels::StatisticRule> rules() const { return rules_.data(); }
  // Scratch for sums over `length` values in one segment; see kernels::sum_scratch.
  [[nodiscard]] DevicePtr<double> scratch() const { return scratch_; }

  // What a forward pass reads. `statistics`: running ones, for inference and frozen norms. `key`: training
  // only.
  struct Source {
    DevicePtr<const float> params;
    DevicePtr<const float> statistics;
    DevicePtr<const kernels::DrawKey> key;
  };
  // The first layer's outputs (before bias and activation) at the three weights that span a slice.
  struct LinearFirst {
    DevicePtr<const float> origin, along_a, along_b;
    DevicePtr<const kernels::SliceCursor> cursor;
  };
  // With `first`, the first layer is the combination of its outputs, and the images are not read.
  void forward(const Source& source, const std::optional<LinearFirst>& first = {});
  // Writes every gradient of the arena `gradients`, that of trained parameters; padding stays as it is.
  void backward(const Source& source, DevicePtr<float> gradients);

  // The layer that alone reads the images and is linear in its weights, which a slice moves; -1 if there is
  // none.
  [[nodiscard]] static int linear_first_layer(const NetSpec& spec);
  // That layer's output for the images at `images`, before bias and activation, into `out`.
  void linear_output(DevicePtr<const float> params, DevicePtr<const float> images, DevicePtr<float> out);
  // Floats of that output, for the whole batch.
  [[nodiscard]] std::size_t linear_floats() const;
  // Bytes of device memory that the values of one image take, workspaces and winners of poolings left out.
  [[nodiscard]] static std::size_t bytes_per_image(const NetSpec& spec, Mode mode);

 private:
  struct Node {
    std::size_t value = 0, gradient = 0;                          // offsets in floats
    std::size_t chosen = 0;                                       // of a max pooling's winners
    std::size_t padded = 0, padded_gradient = 0;                  // of a convolution's input: see pads()
    bool fused = false;                                           // an activation that the layer before does
    kernels::Activation activation = kernels::Activation::kNone;  // what this layer's last kernel applies
    bool accumulate = false, accumulate_second = false;           // into the gradient of its sources
  };

  // An offset into the lane's block, in floats, handed out once. `what`: of this layer.
  std::size_t take(int layer, const char* what, std::size_t floats);
  void place_buffers();
  void order_gradients();
  void place_rules();
  void fuse(int index);

  // Each operation's calls, forward and backward; an activation that the layer before does has none.
#define FL_DECLARE(operation)                                \
  void forward_##operation(int index, const Source& source); \
  void backward_##operation(int index, const Source& source, DevicePtr<float> gradients);
  FL_LAYER_OPERATIONS(FL_DECLARE)
#undef FL_DECLARE
  struct Steps {
    void (NetPlan::*forward)(int index, const Source& source);
    void (NetPlan::*backward)(int index, const Source& source, DevicePtr<float> gradients);
  };
  static const Steps& steps_of(LayerKind kind);
  void linear(int index, DevicePtr<const float> params, DevicePtr<const float> images, DevicePtr<float> out);
  void finish_linear(int index, const Source& source);
  // The outputs' values into rows, and the rows' gradients to the outputs.
  void gather_outputs();
  void scatter_gradients();
  void pass_down(int index, int from, bool accumulate);
  void undo_own_activation(int index, DevicePtr<float> bias_gradient);

  [[nodiscard]] const LayerSpec& layer(int index) const {
    return spec_.layers[static_cast<std::size_t>(index)];
  }
  // Whether anybody trained lies at or below layer `index`, or the way back ends there, so that its gradient
  // is wanted.
  [[nodiscard]] bool wanted(int index) const {
    return index == NetSpec::kImage ? layout_.ends_at == index
                                    : layout_.differentiated[static_cast<std::size_t>(index)];
  }
  // Whether layer `index` has a gradient, or keeps that of the activation that it does itself.
  [[nodiscard]] bool keeps_gradient(int index) const;
  // A norm that takes its statistics from this plan's batch.
  [[nodiscard]] bool from_batch(int norm) const {
    return mode_ != Mode::kInference && !layer(norm).frozen;
  }
  [[nodiscard]] const Node& node(int index) const {
    return nodes_[static_cast<std::size_t>(index)];
  }
  [[nodiscard]] Node& node(int index) {
    return nodes_[static_cast<std::size_t>(index)];
  }
  [[nodiscard]] int source_of(int index) const {
    return spec_.sources(index).front();
  }
  [[nodiscard]] TensorShape shape_of(int index) const;
  [[nodiscard]] std::size_t floats_of(int index) const {
    return batch_ * shape_of(index).floats();
  }
  [[nodiscard]] std::size_t area_of(int index) const;
  [[nodiscard]] std::size_t channels_of(int index) const;
  [[nodiscard]] kernels::ChannelIndex channel_index(int index) const {
    return {channels_of(index), area_of(index)};
  }
  // Whether the margins of a convolution differ from side to side. cuDNN knows no such ones: it reads a copy
  // of the input, margins and all.
  [[nodiscard]] bool pads(int index) const;
  [[nodiscard]] kernels::Margins margins_of(int index) const;
  [[nodiscard]] std::size_t padded_floats(int index) const;
  [[nodiscard]] ConvolutionShape convolution_shape(int index) const;
  [[nodiscard]] DenseShape dense_shape(int index) const;
  [[nodiscard]] kernels::PoolWindow window_of(int index) const;
  [[nodiscard]] kernels::NormParameters norm_parameters(int index, const Source& source) const;
  // A layer's tensor in an arena; null for a bias it does not have.
  template <typename T>
  [[nodiscard]] DevicePtr<T> tensor(int index, const char* suffix, DevicePtr<T> arena) const {
    const ParamTensor* found = layout_.find(layer(index).name + suffix);
    return found == nullptr ? DevicePtr<T>() : arena + found->offset;
  }
  [[nodiscard]] DevicePtr<float> at(std::size_t offset) const;
  [[nodiscard]] DevicePtr<std::byte> workspace() const {
    return memory_->data() + workspace_;
  }

  const NetSpec& spec_;
  const ParamLayout& layout_;
  std::vector<TensorShape> shapes_;
  std::size_t batch_;
  Mode mode_;
  Lane& lane_;
  std::vector<Node> nodes_;
  Places places_;
  std::size_t rows_ = 0, row_gradients_ = 0;                // of a network with outputs of its own
  std::size_t image_gradient_ = 0;                          // where the way back ends there
  std::size_t input_ = 0, statistics_ = 0, workspace_ = 0;  // the last in bytes
  std::shared_ptr<DeviceArray<std::byte>> memory_;
  DevicePtr<double> scratch_;
  DeviceArray<kernels::StatisticRule> rules_;
};

}  // namespace fl::cuda
