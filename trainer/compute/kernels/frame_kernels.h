#pragma once
// What fills a frame slot, one element a call: the height grid as it is evaluated, the feature maps' ranges,
// the prediction. Surface (trainer/landscape) and the host's slot writer do the same, so that
// a slot holds the same bytes whoever filled it; for that, compile without contraction into fused
// multiply-adds.

#include <cmath>
#include <cstddef>
#include <cstdint>

#include "trainer/base/host_device.h"
#include "trainer/seam/frame.h"
#include "trainer/seam/surface_spline.h"

namespace fl::kernels {

// A landscape's grid, row-major [side][side].
struct Grid {
  float* heights = nullptr;
  std::uint32_t* cells = nullptr;  // CellState
  std::uint32_t side = 0;
};

FL_HD inline bool finite(float value) {
  return value - value == 0.0f;
}

FL_HD inline void set_cell(const Grid& grid, std::size_t at, float loss) {
  const bool ok = finite(loss);
  grid.heights[at] = ok ? loss : 0.0f;  // a hole is never drawn: the state says so
  grid.cells[at] = static_cast<std::uint32_t>(ok ? CellState::kEvaluated : CellState::kNonFinite);
}

// As a new surface begins: nothing is known.
struct ClearCell {
  Grid grid;
  FL_HD void operator()(std::size_t at) const {
    grid.heights[at] = 0;
    grid.cells[at] = static_cast<std::uint32_t>(CellState::kUnknown);
  }
};

// Losses of some cells: by value, because a launch carries them without a copy that would have to be waited
// for.
struct SetCells {
  static constexpr std::size_t kMost = 64;
  Grid grid;
  const double* losses = nullptr;
  std::uint32_t where[kMost] = {};
  FL_HD void operator()(std::size_t i) const { set_cell(grid, where[i], static_cast<float>(losses[i])); }
};

// A cell without a loss of its own, from the four corners of the level whose cells stand `stride` apart. A
// hole stays a hole: next to a corner that is not finite nothing is invented. Reads corners only, so the
// order is free.
struct InterpolateCell {
  Grid grid;
  std::uint32_t stride = 1;

  FL_HD void operator()(std::size_t at) const {
    constexpr auto kEvaluated = static_cast<std::uint32_t>(CellState::kEvaluated);
    constexpr auto kNonFinite = static_cast<std::uint32_t>(CellState::kNonFinite);
    std::uint32_t& state = grid.cells[at];
    if (state == kEvaluated || state == kNonFinite) return;
    const std::uint32_t side = grid.side;
    const auto row = static_cast<std::uint32_t>(at / side), column = static_cast<std::uint32_t>(at % side);
    const std::uint32_t c0 = column / stride * stride, r0 = row / stride * stride;
    const std::uint32_t c1 = c0 + stride < side ? c0 + stride : side - 1;
    const std::uint32_t r1 = r0 + stride < side ? r0 + stride : side - 1;
    const float x = static_cast<float>(column - c0) / static_cast<float>(stride);
    const float y = static_cast<float>(row - r0) / static_cast<float>(stride);
    const std::size_t i00 = std::size_t{r0} * side + c0, i10 = std::size_t{r0} * side + c1;
    const std::size_t i01 = std::size_t{r1} * side + c0, i11 = std::size_t{r1} * side + c1;
    const bool hole = (x < 1 && y < 1 && grid.cells[i00] == kNonFinite) ||
                      (x > 0 && y < 1 && grid.cells[i10] == kNonFinite) ||
                      (x < 1 && y > 0 && grid.cells[i01] == kNonFinite) ||
                      (x > 0 && y > 0 && grid.cells[i11] == kNonFinite);
    state = static_cast<std::uint32_t>(hole ? CellState::kUnknown : CellState::kPredicted);
    if (hole) return;
    const float* h = grid.heights;
    grid.heights[at] = (1 - y) * ((1 - x) * h[i00] + x * h[i10]) + y * ((1 - x) * h[i01] + x * h[i11]);
  }
};

// The radial function r^5 of a squared distance.
FL_HD inline double fifth_power(double squared) {
  return squared * squared * std::sqrt(squared);
}

// The six of a quadratic, 1, x, y, x^2, xy, y^2.
FL_HD inline double quadratic(const double* c, double x, double y) {
  return c[0] + c[1] * x + c[2] * y + c[3] * x * x + c[4] * x * y + c[5] * y * y;
}

// What a surface's spline says at a place of its square.
struct SplineValue {
  double loss = 0;
  double nearest = 8;  // of its terms that have a loss, the squared distance; at most the square's diagonal
  bool open = false;   // nearer to a hole than to a number: nothing is known there
};
FL_HD inline SplineValue spline_value(const SurfaceSpline& spline, const SplineTerm* terms, double x,
                                      double y) {
  SplineValue value{quadratic(spline.polynomial, x, y)};
  double hole = 8;
  for (std::uint32_t i = 0; i < spline.finite; ++i) {
    const double dx = terms[i].x - x, dy = terms[i].y - y, squared = dx * dx + dy * dy;
    value.loss += terms[i].weight * fifth_power(squared);
    value.nearest = squared < value.nearest ? squared : value.nearest;
  }
  for (std::uint32_t i = spline.finite; i < spline.count; ++i) {
    const double dx = terms[i].x - x, dy = terms[i].y - y, squared = dx * dx + dy * dy;
    hole = squared < hole ? squared : hole;
  }
  value.open = spline.count > spline.finite && hole <= value.nearest;
  value.loss = value.loss > spline.least ? value.loss : spline.least;
  return value;
}

// A cell without a loss of its own, from the spline through those that have one. A cell that is nearer to a
// hole than to a number stays open. Each cell is told from the terms alone, so the order is free.
struct PredictCell {
  Grid grid;
  const SplineTerm* terms = nullptr;
  SurfaceSpline spline;

  FL_HD void operator()(std::size_t at) const {
    std::uint32_t& state = grid.cells[at];
    if (state == static_cast<std::uint32_t>(CellState::kEvaluated) ||
        state == static_cast<std::uint32_t>(CellState::kNonFinite))
      return;
    const double step = 2.0 / (grid.side - 1);
    const double x = static_cast<double>(at % grid.side) * step - 1;
    const double y = static_cast<double>(at / grid.side) * step - 1;
    const SplineValue value = spline_value(spline, terms, x, y);
    // A point that has a term but no loss of its own here was evaluated over a small probe.
    state = static_cast<std::uint32_t>(value.open           ? CellState::kUnknown
                                       : value.nearest == 0 ? CellState::kCorrected
                                                            : CellState::kPredicted);
    grid.heights[at] = value.open ? 0.0f : static_cast<float>(value.loss);
  }
};

// Row r becomes row side - 1 - r. Over side / 2 * side elements.
struct FlipRows {
  Grid grid;
  FL_HD void operator()(std::size_t i) const {
    const std::size_t other = (grid.side - 1 - i / grid.side) * grid.side + i % grid.side;
    const float height = grid.heights[i];
    const std::uint32_t cell = grid.cells[i];
    grid.heights[i] = grid.heights[other];
    grid.cells[i] = grid.cells[other];
    grid.heights[other] = height;
    grid.cells[other] = cell;
  }
};

// std::array's own operators are the host's.
FL_HD inline FrameLayer* layers_of(FrameHeader& header) {
  return reinterpret_cast<FrameLayer*>(&header.layers);
}
FL_HD inline const FrameLayer* layers_of(const FrameHeader& header) {
  return reinterpret_cast<const FrameLayer*>(&header.layers);
}

struct Range {
  float minimum = 0, maximum = 0;
};

// Ranges of the pieces of each layer, then of each layer, into the slot's header. Two calls, because a layer
// is long and a range needs no order. Element i of RangeOfPiece is piece i % pieces of layer i / pieces.
struct RangeOfPiece {
  const float* values = nullptr;  // of all layers
  const FrameHeader* header = nullptr;
  std::size_t pieces = 1;
  Range* out = nullptr;  // [layer][piece]; an empty piece repeats the layer's first value
  FL_HD void operator()(std::size_t i) const {
    const FrameLayer& layer = layers_of(*header)[i / pieces];
    const std::size_t count = std::size_t{layer.channels} * layer.height * layer.width;
    const std::size_t length = (count + pieces - 1) / pieces, begin = i % pieces * length;
    const float* first = values + layer.offset;
    Range range{first[0], first[0]};
    for (std::size_t k = begin; k < begin + length && k < count; ++k) {
      range.minimum = first[k] < range.minimum ? first[k] : range.minimum;
      range.maximum = first[k] > range.maximum ? first[k] : range.maximum;
    }
    out[i] = range;
  }
};

struct RangeOfLayer {
  const Range* ranges = nullptr;
  std::size_t pieces = 1;
  FrameHeader* header = nullptr;
  FL_HD void operator()(std::size_t l) const {
    Range range = ranges[l * pieces];
    for (std::size_t k = 1; k < pieces; ++k) {
      const Range& other = ranges[l * pieces + k];
      range.minimum = other.minimum < range.minimum ? other.minimum : range.minimum;
      range.maximum = other.maximum > range.maximum ? other.maximum : range.maximum;
    }
    layers_of(*header)[l].minimum = range.minimum;
    layers_of(*header)[l].maximum = range.maximum;
  }
};

// The class with the largest probability, the first where several have it; kNoPrediction where one is not a
// number.
FL_HD inline std::uint32_t predicted_class(const float* probabilities, std::uint32_t classes) {
  std::uint32_t best = 0;
  for (std::uint32_t c = 0; c < classes; ++c) {
    if (!finite(probabilities[c])) return kNoPrediction;
    if (probabilities[c] > probabilities[best]) best = c;
  }
  return best;
}

// Prediction and shown classes of the header, whose image_label is known. One element.
struct Prediction {
  const float* probabilities = nullptr;  // [classes]
  std::uint32_t classes = 0;             // of the network
  FrameHeader* header = nullptr;

  FL_HD void operator()(std::size_t) const {
    auto* shown = reinterpret_cast<std::uint32_t*>(&header->shown_classes);
    header->image_prediction = predicted_class(probabilities, classes);
    // Numbers alone can be ranked, and all that fit need no ranking. Of equal ones the first stays first.
    const bool rank = classes > kFrameMaxClasses && header->image_prediction != kNoPrediction;
    std::uint32_t count = 0;
    for (std::uint32_t c = 0; c < classes; ++c) {
      std::uint32_t place = count;
      while (rank && place > 0 && probabilities[c] > probabilities[shown[place - 1]]) --place;
      if (place == kFrameMaxClasses) continue;
      for (std::uint32_t i = count < kFrameMaxClasses ? count : kFrameMaxClasses - 1; i > place; --i)
        shown[i] = shown[i - 1];
      shown[place] = c;
      if (count < kFrameMaxClasses) ++count;
    }
    bool label = classes <= kFrameMaxClasses || header->image_label == kNoLabel;
    for (std::uint32_t i = 0; i < count; ++i) label = label || shown[i] == header->image_label;
    if (!label) shown[count - 1] = header->image_label;
    auto* out = reinterpret_cast<float*>(&header->probabilities);
    for (std::uint32_t i = 0; i < count; ++i) out[i] = probabilities[shown[i]];
  }
};

}  // namespace fl::kernels
