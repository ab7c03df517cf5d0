#pragma once
// Fills slots in a device's memory, for any device that can allocate, copy and run a functor over indices:
// the template parameter is that device (CUDA's streams; in tests, host memory). What the program computed
// stays there:
//
//   slice losses --set_cells--> the grid's own copy --write_grid--> slot     activations --write_header-->
//   slot
//
// What the host knows (path, epochs, the test set's surface, header) goes through pinned staging, one block a slot: a slot that is written
// again before its first writing was executed takes only a frame with it that nobody will see.
//
// A Device has:
//   template <typename T> using Array, Staging;   Array<T>(n) zeroed, in its memory; Staging<T>(n) of the
//   host void* stream();                               a queue of the writer's own, for the grids void
//   order(void* before, void* after);        what `after` is given from now on waits for what `before` was
//   given void send(void* stream, void* to, const void* staging, std::size_t bytes); void copy(void* stream,
//   void* to, const void* from, std::size_t bytes); template <typename F> void for_each(void* stream,
//   std::size_t count, const F& f);
// None of these calls waits; a failure is an exception.

#include <algorithm>
#include <array>
#include <cstring>
#include <utility>

#include "trainer/backend/kernels/frame_kernels.h"
#include "trainer/backend/slot_writer.h"
#include "trainer/base/check.h"

namespace fl {

// What a program keeps on its device for the writer. `stream` waits until it is there. After the second call
// of a pair the program writes it anew only behind what `stream` was given before.
class FrameSources {
 public:
  virtual ~FrameSources() = default;
  // Of the last Program::evaluate_slice.
  virtual const double* slice_losses(void* stream) = 0;
  virtual void slice_losses_read(void* stream) = 0;
  // As Program::activations lays them out. The slot's stream may wait for a picture: training must not wait
  // for it before it shows activations again.
  virtual const float* activations(void* stream, std::int32_t image, std::span<const int> layers) = 0;
  virtual void activations_read(void* stream) = 0;
  // Losses of this generation's steps, that of step s at (s - 1) % size, overwritten a whole turn later; null
  // where they are on the host only.
  struct StepRing {
    const float* losses = nullptr;
    std::size_t size = 0;
  };
  virtual StepRing step_losses(void* /*stream*/) { return {}; }
};

template <typename Device>
class DeviceSlotWriter final : public SlotWriter {
 public:
  // Both must live longer.
  DeviceSlotWriter(Device& device, FrameSources& sources) : device_(device), sources_(sources) {}

  void begin_grid(std::uint64_t grid, std::uint32_t side) override {
    OwnGrid& o = grids_[0].begun < grids_[1].begun ? grids_[0] : grids_[1];
    // A run's surfaces are all of one size: allocated with the first two, and never while a slot copies them.
    if (o.side != side) {
      o.heights = Array<float>(std::size_t{side} * side);
      o.cells = Array<std::uint32_t>(std::size_t{side} * side);
    }
    o.id = grid;
    o.side = side;
    o.begun = ++begun_;
    device_.for_each(device_.stream(), o.heights.size(), kernels::ClearCell{view(o)});
  }

  void set_cells(std::uint64_t grid, std::span<const std::uint32_t> cells) override {
    kernels::SetCells set{.grid = view(own(grid)), .losses = sources_.slice_losses(device_.stream())};
    while (!cells.empty()) {
      const std::size_t count = std::min(cells.size(), kernels::SetCells::kMost);
      std::ranges::copy(cells.first(count), std::begin(set.where));
      device_.for_each(device_.stream(), count, set);
      set.losses += count;
      cells = cells.subspan(count);
    }
    sources_.slice_losses_read(device_.stream());
  }

  void complete_level(std::uint64_t grid, std::uint32_t level_side) override {
    const OwnGrid& o = own(grid);
    const std::uint32_t stride = (o.side - 1) / (level_side - 1);
    if (stride > 1)
      device_.for_each(device_.stream(), o.heights.size(), kernels::InterpolateCell{view(o), stride});
  }

  void flip_grid(std::uint64_t grid, std::uint64_t as) override {
    OwnGrid& o = own(grid);
    device_.for_each(device_.stream(), std::size_t{o.side / 2} * o.side, kernels::FlipRows{view(o)});
    o.id = as;
  }

  void write_grid(const FrameSlot& slot, const GridView& grid) override {
    const OwnGrid& o = own(grid.id);
    FL_CHECK(o.side == grid.side && o.heights.size() <= slot.heights().size());
    device_.order(device_.stream(), slot.stream);
    device_.copy(slot.stream, slot.heights().data(), o.heights.data(), o.heights.size() * sizeof(float));
    device_.copy(slot.stream, slot.cells().data(), o.cells.data(), o.cells.size() * sizeof(std::uint32_t));
    device_.order(slot.stream, device_.stream());  // no cell changes while it is copied
  }

  void write_test_grid(const FrameSlot& slot, std::span<const float> heights,
                       std::span<const std::uint32_t> cells) override {
    FL_CHECK(heights.size() <= slot.test_heights().size() && cells.size() <= slot.test_cells().size());
    send(slot, slot.layout->test_heights.offset, heights);
    send(slot, slot.layout->test_cells.offset, cells);
  }

  void write_path(const FrameSlot& slot, std::span<const PathPoint> path) override {
    send(slot, slot.layout->path.offset, path);
  }

  void write_step_losses(const FrameSlot& slot, std::uint32_t count, std::uint32_t stride,
                         const std::function<float(std::uint32_t)>& loss) override {
    FL_CHECK(count <= slot.step_losses().size());
    const auto ring = sources_.step_losses(slot.stream);
    // A ring that is shorter than the run has lost its beginning.
    if (ring.losses != nullptr && std::size_t{count} * stride <= ring.size) {
      device_.for_each(slot.stream, count,
                       kernels::StepLosses{ring.losses, ring.size, stride, slot.step_losses().data()});
      return;
    }
    auto* staged = reinterpret_cast<float*>(staging(slot) + slot.layout->step_losses.offset);
    for (std::uint32_t i = 0; i < count; ++i) staged[i] = loss(i);
    send_staged(slot, slot.layout->step_losses.offset, count * sizeof(float));
  }

  void write_epochs(const FrameSlot& slot, std::span<const EpochPoint> epochs) override {
    send(slot, slot.layout->epochs.offset, epochs);
  }

  void write_features(const FrameSlot& slot, const FeatureView& features, FrameHeader& header) override {
    floats_ = 0;
    for (const TensorShape& shape : features.shapes) floats_ += shape.floats();
    FL_CHECK(floats_ <= slot.features().size() && header.class_count > 0);
    const float* values = sources_.activations(slot.stream, features.image, features.layers);
    device_.copy(slot.stream, slot.features().data(), values, floats_ * sizeof(float));
    sources_.activations_read(slot.stream);
  }

  // The host's part first, then what only the device knows.
  void write_header(const FrameSlot& slot, const FrameHeader& header) override {
    send(slot, slot.layout->header.offset, std::span(&header, 1));
    auto* in_slot = reinterpret_cast<FrameHeader*>(slot.memory.data() + slot.layout->header.offset);
    if (ranges_.size() == 0) ranges_ = Array<kernels::Range>(kFrameMaxLayers * kPieces);
    const std::size_t layers = header.layer_count;
    device_.for_each(slot.stream, layers * kPieces,
                     kernels::RangeOfPiece{slot.features().data(), in_slot, kPieces, ranges_.data()});
    device_.for_each(slot.stream, layers, kernels::RangeOfLayer{ranges_.data(), kPieces, in_slot});
    device_.for_each(slot.stream, 1,
                     kernels::Prediction{slot.features().data() + floats_ - header.class_count, in_slot});
  }

 private:
  template <typename T>
  using Array = typename Device::template Array<T>;
  static constexpr std::size_t kPieces = 64;

  struct OwnGrid {
    std::uint64_t id = 0;
    std::uint32_t side = 0;
    std::uint64_t begun = 0;
    Array<float> heights;
    Array<std::uint32_t> cells;
  };
  static kernels::Grid view(const OwnGrid& own) { return {own.heights.data(), own.cells.data(), own.side}; }

  OwnGrid& own(std::uint64_t grid) {
    const auto found = std::ranges::find(grids_, grid, &OwnGrid::id);
    FL_CHECK_MSG(found != grids_.end(), "grid {} was not begun, or another took its place", grid);
    return *found;
  }

  // The slot's staging block: laid out as the slot is.
  std::byte* staging(const FrameSlot& slot) {
    Staging& block = staging_.at(slot.index);
    if (block.size() < slot.layout->bytes) block = Staging(slot.layout->bytes);
    return block.data();
  }
  template <typename T>
  void send(const FrameSlot& slot, std::size_t offset, std::span<const T> values) {
    if (values.empty()) return;
    std::memcpy(staging(slot) + offset, values.data(), values.size_bytes());
    send_staged(slot, offset, values.size_bytes());
  }
  void send_staged(const FrameSlot& slot, std::size_t offset, std::size_t bytes) {
    if (bytes > 0) device_.send(slot.stream, slot.memory.data() + offset, staging(slot) + offset, bytes);
  }

  using Staging = typename Device::template Staging<std::byte>;
  Device& device_;
  FrameSources& sources_;
  std::array<OwnGrid, 2> grids_;
  std::uint64_t begun_ = 0;
  std::array<Staging, kFrameSlots> staging_;
  Array<kernels::Range> ranges_;
  std::size_t floats_ = 0;  // of the features of the slot in hand
};

}  // namespace fl
