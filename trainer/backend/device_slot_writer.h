#pragma once
// Fills slots in a device's memory, for any device that can allocate, copy and run a functor over indices:
// the template parameter is that device (CUDA's streams; in tests, host memory). What the program computed
// stays there:
//
//   slice losses --set_cells--> the grid's own copy --write_grid-->
//   weights, losses --DevicePath--> the path's table --write_path-->   the slot's image --write_header--> slot
//   outcomes of steps --write_step_losses-->
//   activations --write_features-->
//
// Kernels put all that together on the program's own stream, where it is as it is between two steps and no step
// changes it meanwhile, in an image of the slot; one copy on the device, on the slot's stream, brings that into the
// slot. So a picture that a slot waits for holds up the copy alone, and training never waits.
//
// Header and epochs go through pinned staging. Images and staging are one block a slot:
// a slot that is written again before its first writing was executed takes only a frame with it that nobody will see.
//
// A Device has:
//   template <typename T> using Array, Staging;   Array<T>(n) zeroed, in its memory; Staging<T>(n) of the host
//   void order(void* before, void* after);        what stream `after` is given from now on waits for what `before`
//                                                 was given
//   void send(void* stream, void* to, const void* staging, std::size_t bytes);
//   void copy(void* stream, void* to, const void* from, std::size_t bytes);
//   template <typename F> void for_each(void* stream, std::size_t count, const F& f);
//   template <typename S> void sum(void* stream, std::size_t segments, std::size_t length, double* scratch,
//                                  const S& s);   as kernels/sums.h has it
//   void upload(void* stream, void* to, const void* host, std::size_t bytes);   which returns when done
// No other of these calls waits; a failure is an exception.

#include <algorithm>
#include <array>
#include <cstring>
#include <utility>

#include "trainer/backend/device_path.h"
#include "trainer/backend/frame_sources.h"
#include "trainer/backend/kernels/curve_kernels.h"
#include "trainer/backend/kernels/frame_kernels.h"
#include "trainer/backend/slot_writer.h"
#include "trainer/base/check.h"

namespace fl {

template <typename Device>
class DeviceSlotWriter final : public SlotWriter {
 public:
  // Both must live longer.
  DeviceSlotWriter(Device& device, FrameSources& sources)
      : device_(device), sources_(sources), path_(device, sources) {}

  // Of all that it sent since it was made.
  [[nodiscard]] std::uint64_t bytes_from_host() const override { return bytes_from_host_; }

  void begin_grid(std::uint64_t grid, std::uint32_t side) override {
    OwnGrid& o = *std::ranges::min_element(grids_, {}, &OwnGrid::begun);
    // A run's surfaces are all of one size: allocated with its first.
    if (o.side != side) {
      o.heights = Array<float>(std::size_t{side} * side);
      o.cells = Array<std::uint32_t>(std::size_t{side} * side);
    }
    o.id = grid;
    o.side = side;
    o.begun = ++begun_;
    device_.for_each(sources_.stream(), o.heights.size(), kernels::ClearCell{view(o)});
  }

  void set_cells(std::uint64_t grid, std::span<const std::uint32_t> cells) override {
    kernels::SetCells set{.grid = view(own(grid)), .losses = sources_.slice_losses()};
    while (!cells.empty()) {
      const std::size_t count = std::min(cells.size(), kernels::SetCells::kMost);
      std::ranges::copy(cells.first(count), std::begin(set.where));
      device_.for_each(sources_.stream(), count, set);
      set.losses += count;
      cells = cells.subspan(count);
    }
    sources_.slice_losses_read();
  }

  void complete_level(std::uint64_t grid, std::uint32_t level_side) override {
    const OwnGrid& o = own(grid);
    const std::uint32_t stride = (o.side - 1) / (level_side - 1);
    if (stride > 1)
      device_.for_each(sources_.stream(), o.heights.size(), kernels::InterpolateCell{view(o), stride});
  }

  void flip_grid(std::uint64_t grid, std::uint64_t as) override {
    OwnGrid& o = own(grid);
    device_.for_each(sources_.stream(), std::size_t{o.side / 2} * o.side, kernels::FlipRows{view(o)});
    o.id = as;
  }

  void begin_path(std::size_t snapshots) override { path_.begin_path(snapshots); }
  void add_snapshot(std::span<const std::int64_t> steps, double rate) override { path_.add_snapshot(steps, rate); }
  void set_path_plane(std::span<const float> origin, std::span<const float> d1,
                      std::span<const float> d2) override {
    path_.set_path_plane(origin, d1, d2);
  }
  void set_path_losses(std::span<const std::size_t> points) override { path_.set_path_losses(points); }

  void write_grid(const FrameSlot& slot, ProbeSet set, const GridView& grid) override {
    const OwnGrid& o = own(grid.id);
    const FrameSlot image = image_of(slot);
    const GridPlace to = GridPlace::in(image, set);
    FL_CHECK(o.side == grid.side && o.heights.size() <= to.heights.size() && o.cells.size() <= to.cells.size());
    device_.copy(image.stream, to.heights.data(), o.heights.data(), o.heights.size() * sizeof(float));
    device_.copy(image.stream, to.cells.data(), o.cells.data(), o.cells.size() * sizeof(std::uint32_t));
  }

  void write_path(const FrameSlot& slot, std::span<const PathPoint> path) override {
    FL_CHECK(path.size() <= slot.path().size());
    path_.assemble(path.size(), image_of(slot).path().data());
  }

  void write_step_losses(const FrameSlot& slot, std::uint32_t count, std::uint32_t stride,
                         const std::function<float(std::uint32_t)>& loss) override {
    FL_CHECK(count <= slot.step_losses().size());
    const kernels::StepRing ring = sources_.steps();
    // A ring that is shorter than the run has lost its beginning.
    if (std::size_t{count} * stride <= ring.kept) {
      const FrameSlot image = image_of(slot);
      device_.for_each(image.stream, count, kernels::StepLosses{ring, stride, image.step_losses().data()});
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
    sources_.show_activations(features.image, features.layers, image_of(slot).features().data());
  }

  // The host's part first, then what only the device knows; and with that the image is complete.
  void write_header(const FrameSlot& slot, const FrameHeader& header) override {
    send(slot, slot.layout->header.offset, std::span(&header, 1));
    const FrameSlot image = image_of(slot);
    auto* there = reinterpret_cast<FrameHeader*>(image.memory.data() + slot.layout->header.offset);
    if (ranges_.size() == 0) ranges_ = Array<kernels::Range>(kFrameMaxLayers * kPieces);
    const std::size_t layers = header.layer_count;
    const float* features = image.features().data();
    device_.for_each(image.stream, layers * kPieces, kernels::RangeOfPiece{features, there, kPieces, ranges_.data()});
    device_.for_each(image.stream, layers, kernels::RangeOfLayer{ranges_.data(), kPieces, there});
    device_.for_each(image.stream, 1, kernels::Prediction{features + floats_ - header.class_count, there});
    device_.order(image.stream, slot.stream);
    device_.copy(slot.stream, slot.memory.data(), image.memory.data(), slot.layout->bytes);
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

  // Laid out as the slot is; its stream is the program's.
  FrameSlot image_of(const FrameSlot& slot) {
    Array<std::byte>& block = images_.at(slot.index);
    if (block.size() < slot.layout->bytes) block = Array<std::byte>(slot.layout->bytes);
    return {slot.index, {block.data(), slot.layout->bytes}, slot.layout, sources_.stream()};
  }
  // The same of the host.
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
    const FrameSlot image = image_of(slot);
    if (bytes > 0) device_.send(image.stream, image.memory.data() + offset, staging(slot) + offset, bytes);
    bytes_from_host_ += bytes;
  }

  using Staging = typename Device::template Staging<std::byte>;
  Device& device_;
  FrameSources& sources_;
  std::array<OwnGrid, 4> grids_;
  std::uint64_t begun_ = 0, bytes_from_host_ = 0;
  DevicePath<Device> path_;
  std::array<Array<std::byte>, kFrameSlots> images_;
  std::array<Staging, kFrameSlots> staging_;
  Array<kernels::Range> ranges_;
  std::size_t floats_ = 0;  // of the features of the slot in hand
};

}  // namespace fl
