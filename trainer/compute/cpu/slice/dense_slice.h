#pragma once
// Landscape points of a network that is dense layers with ReLUs and nothing else, as a head on embeddings is.
//
// The first layer is linear in its weights, and the images stay: X (O + a D1 + b D2) = X O + a X D1 + b X D2.
// The three products are made once for a plane and a probe; a point combines them, and costs what the layers
// above cost: of a head of 100 units on 1,280 numbers a hundredth. Images lie side by side, as a vector's
// lanes. Little work is one thread's: waiting for another on a busy machine would take longer.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "trainer/compute/slice_evaluator.h"
#include "trainer/net/param_layout.h"

namespace fl {

class DenseSlice {
 public:
  // Nothing where the network has other layers, or frozen ones. Both must live longer.
  static std::optional<DenseSlice> of(const NetSpec& spec, const ParamLayout& layout, int threads);

  // How many points are worth a call.
  [[nodiscard]] std::size_t points_at_once() const;
  // How many products of numbers a point takes of an image.
  [[nodiscard]] std::size_t products() const;
  // `pixels`, `labels`: of the whole data set, `probe` some of it; the others arenas of trained parameters.
  void set(std::span<const float> pixels, std::span<const std::int32_t> labels,
           std::span<const std::int32_t> probe, std::span<const float> origin, std::span<const float> d1,
           std::span<const float> d2);
  void evaluate(std::span<const SlicePoint> points, std::span<double> losses);

 private:
  struct Dense {
    std::size_t inputs = 0, outputs = 0;
    std::size_t weight = 0, bias = 0;  // in the arena
    bool has_bias = false, relu = false;
  };
  // What one thread needs of its own.
  struct Workspace {
    std::vector<float> params;             // [point of a group][floats of the layers above the first]
    std::vector<float> values, next, row;  // [unit][image of a block]; one image's logits
  };

  DenseSlice(const NetSpec& spec, int threads);
  void form(const SlicePoint& point, std::span<float> params) const;
  void evaluate_group(std::span<const SlicePoint> points, std::span<double> losses, Workspace& own) const;
  // The first layer's outputs of a block of images, then those of the layers above; own.values are the
  // logits.
  void forward(const SlicePoint& point, std::size_t block, std::span<const float> params,
               Workspace& own) const;

  const NetSpec* spec_;
  std::size_t threads_;
  std::vector<Dense> layers_;
  std::size_t widest_ = 0;       // units of a layer
  std::size_t group_ = 1;        // points that go over a block of images while it is near the core
  std::size_t upper_begin_ = 0;  // of the layers above the first, in the arena
  std::size_t upper_floats_ = 0;
  std::vector<std::int32_t> labels_;  // of the probe
  std::size_t row_ = 0;               // floats from one unit to the next
  struct Along {
    std::vector<float> first;  // the first layer's outputs, [unit][image], bias included
    std::vector<float> upper;  // the layers above
  };
  Along origin_, d1_, d2_;
  std::vector<Workspace> workspaces_;
};

}  // namespace fl
