#pragma once
// Fills a frame slot. One implementation copies what the host knows into host memory (trainer/publish); a
// backend on a device brings its own, which queues kernels: what a program computed goes straight into the
// slot and never passes through the host. Only the header comes from the host.
//
// All calls come from the thread that uses the Program. Calls about a slot stand between try_begin_write and
// publish. An implementation that fails throws std::runtime_error with one sentence.

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>

#include "trainer/base/tensor_shape.h"
#include "trainer/seam/frame.h"
#include "trainer/seam/surface_spline.h"

namespace fl {

// Whose loss a height is: of the training set's probe, or of the test set's (FrameCapacity::test_surface).
enum class ProbeSet { kTrain, kTest };

// A slot's place for heights and cells.
struct GridPlace {
  std::span<float> heights;
  std::span<std::uint32_t> cells;
  static GridPlace in(const FrameSlot& slot, ProbeSet set) {
    if (set == ProbeSet::kTrain) return {slot.heights(), slot.cells()};
    return {slot.test_heights(), slot.test_cells()};
  }
};

// A height grid as far as the host knows it; row-major [b][a], side x side.
struct GridView {
  std::uint64_t id = 0;  // another surface, another id
  std::uint32_t side = 0;
  std::span<const float> heights;
  std::span<const std::uint32_t> cells;  // CellState
};

// Whose activations are shown. `layers` as Program::activations numbers them; the last is the probabilities.
struct FeatureView {
  std::int32_t image = 0;
  std::span<const int> layers;
  // Of what comes before the layers, if anything, and of the layers.
  std::span<const TensorShape> shapes;
  // What comes before them is the host's, and stays as it is as long as its version does: what a head does
  // not see of its image, as pixels and the maps of a backbone.
  std::span<const float> front;
  std::uint64_t front_version = 0;
  // What the host knows of them, front and all layers one after the other: asked for only by who writes host
  // memory.
  std::function<std::span<const float>()> values;
};

// The steps of an epoch: full batches, but for the last.
struct EpochSteps {
  std::size_t first =
      0;  // counted from 0, as its place among the outcomes of this generation of the training
  std::size_t count = 0;
  std::size_t batch = 0;   // images of a full batch
  std::size_t images = 0;  // of all of them
  bool tested = false;     // there is a test set
};

class SlotWriter {
 public:
  virtual ~SlotWriter() = default;

  // A device's own copy of the grids, kept as they are evaluated (at most four at a time: those of two probes
  // on the plane shown and on the one that will replace it; a fifth replaces the oldest). Who writes host
  // memory needs none of this.
  virtual void begin_grid(std::uint64_t /*grid*/, std::uint32_t /*side*/) {}
  // It will not be shown: its place is free.
  virtual void end_grid(std::uint64_t /*grid*/) {}
  // The losses of the last Program::evaluate_slice are those of these cells (row * side + column), in order.
  virtual void set_cells(std::uint64_t /*grid*/, std::span<const std::uint32_t> /*cells*/) {}
  // All cells that are not evaluated are predicted. `terms`, [spline.count], are read before it returns; at
  // most kMostSplineTerms.
  virtual void predict_cells(std::uint64_t /*grid*/, std::span<const SplineTerm> /*terms*/,
                             const SurfaceSpline& /*spline*/) {}
  // Every cell of the level of this side is set: the others become interpolated.
  virtual void complete_level(std::uint64_t /*grid*/, std::uint32_t /*level_side*/) {}
  // Row r becomes row side - 1 - r, and the grid has another id.
  virtual void flip_grid(std::uint64_t /*grid*/, std::uint64_t /*as*/) {}

  // A device's own copy of the path. It begins with nothing, and has at most so many snapshots at a time.
  virtual void begin_path(std::size_t /*snapshots*/) {}
  // The weights as they are now are one, its loss that of the last Program::evaluate, `rate` that of its last
  // step. The path is now made of the snapshots at these steps, the new one's last; others are forgotten.
  virtual void add_snapshot(std::span<const std::int64_t> /*steps*/, double /*rate*/) {}
  // The plane in which it is shown from now on, arenas all three; no slice loss is known.
  virtual void set_path_plane(std::span<const float> /*origin*/, std::span<const float> /*d1*/,
                              std::span<const float> /*d2*/) {}
  // The losses of the last Program::evaluate_slice are those of these points (0: the path's first), in order.
  virtual void set_path_losses(std::span<const std::size_t> /*points*/) {}

  // A device's own copy of the epochs' points, at most so many. It begins with those of a training that was
  // restored.
  virtual void begin_epochs(std::size_t /*most*/, std::span<const EpochPoint> /*restored*/) {}
  // The next one; its test values are those of the last Program::evaluate. `known` is what the host knows of
  // it: taken where the device has lost a step of it.
  virtual void add_epoch(const EpochSteps& /*steps*/, const EpochPoint& /*known*/) {}

  // How much of the slots' contents so far had to be brought to a device.
  [[nodiscard]] virtual std::uint64_t bytes_from_host() const { return 0; }

  // The first call for a slot.
  virtual void begin_slot(const FrameSlot& /*slot*/) {}
  // The beginning of a section, from values that the host has: what a section needs that no device fills by
  // itself.
  virtual void write_section(const FrameSlot& slot, const FrameLayout::Section& section,
                             std::span<const std::byte> values) = 0;
  // The same for a section that holds what it did as long as `version`, from 1, is the same: a device keeps
  // it, and is sent it once.
  virtual void write_kept(const FrameSlot& slot, const FrameLayout::Section& section,
                          std::uint64_t /*version*/, std::span<const std::byte> values) {
    write_section(slot, section, values);
  }
  virtual void write_grid(const FrameSlot& slot, ProbeSet set, const GridView& grid) = 0;
  // The path as the host knows it, or its newest points where a slot has no room for all.
  virtual void write_path(const FrameSlot& slot, std::span<const PathPoint> path) = 0;
  // Point i is that of step i * stride + 1 of this generation of the training; `point(i)` is what the host
  // knows of it.
  virtual void write_steps(const FrameSlot& slot, std::uint32_t count, std::uint32_t stride,
                           const std::function<StepPoint(std::uint32_t)>& point) = 0;
  // The first epochs, as the host knows them.
  virtual void write_epochs(const FrameSlot& slot, std::span<const EpochPoint> epochs) = 0;
  // Fills features, and of the header each layer's minimum and maximum, the probabilities and the prediction:
  // here, or, on a device, in the slot itself after write_header. The header's layers have their places
  // already.
  virtual void write_features(const FrameSlot& slot, const FeatureView& features, FrameHeader& header) = 0;
  // The last call for a slot. The host's ring copies the header itself.
  virtual void write_header(const FrameSlot& /*slot*/, const FrameHeader& /*header*/) {}
};

}  // namespace fl
