#pragma once
// Fills slots in a device's memory, for any device that can allocate, copy and run a functor over indices:
// the template parameter is that device (CUDA's streams; in tests, host memory). What the program computed
// stays there, and kernels put it into the slot:
//
//   slice losses --set_cells--> the grid's own copy --write_grid-->
//   spline, from the host --predict_cells--> the same copy
//   weights, losses --DevicePath--> the path's table --write_path-->                            slot
//   outcomes of steps, test set's losses --DeviceCurves--> --write_steps, write_epochs-->
//   activations --write_features-->
//
// They do so on the program's own stream, where everything is as it is between two steps and no step changes
// it meanwhile; the slot's stream, on which the ring announces it, waits for them. A ring hands out only
// slots that nobody reads any more, so training never waits for a picture.
//
// The header goes through pinned staging, one block a slot: a slot that is written again before its first
// writing was executed takes only a frame with it that nobody will see.
//
// A Device has:
//   template <typename T> using Array, Staging;   Array<T>(n) zeroed, in its memory, its data() a
//   DevicePtr<T>;
//                                                 Staging<T>(n) of the host
//   void order(void* before, void* after);        what stream `after` is given from now on waits for what
//   `before`
//                                                 was given
//   void send(void* stream, DevicePtr<void> to, const void* staging, std::size_t bytes);
//   void copy(void* stream, DevicePtr<void> to, DevicePtr<const void> from, std::size_t bytes);
//   template <typename F> void for_each(void* stream, std::size_t count, const F& f);
//   template <typename S> void sum(void* stream, std::size_t segments, std::size_t length,
//                                  DevicePtr<double> scratch, const S& s);   as kernels/sums.h has it
//   void upload(void* stream, DevicePtr<void> to, const void* host, std::size_t bytes);   which returns when
//   done
// No other of these calls waits; a failure is an exception.

#include <algorithm>
#include <array>
#include <map>
#include <utility>
#include <vector>

#include "trainer/base/check.h"
#include "trainer/base/device_ptr.h"
#include "trainer/compute/kernels/frame_kernels.h"
#include "trainer/publish/device_curves.h"
#include "trainer/publish/device_path.h"
#include "trainer/publish/frame_sources.h"
#include "trainer/seam/slot_writer.h"

namespace fl {

template <typename Device>
class DeviceSlotWriter final : public SlotWriter {
 public:
  // Both must live longer.
  DeviceSlotWriter(Device& device, FrameSources& sources)
      : device_(device), sources_(sources), path_(device, sources), curves_(device, sources) {}

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

  void end_grid(std::uint64_t grid) override {
    for (OwnGrid& o : grids_)
      if (o.id == grid) o.id = o.begun = 0;
  }

  void set_cells(std::uint64_t grid, std::span<const std::uint32_t> cells) override {
    kernels::SetCells set{.grid = view(own(grid)), .losses = sources_.slice_losses().get()};
    while (!cells.empty()) {
      const std::size_t count = std::min(cells.size(), kernels::SetCells::kMost);
      std::ranges::copy(cells.first(count), std::begin(set.where));
      device_.for_each(sources_.stream(), count, set);
      set.losses += count;
      cells = cells.subspan(count);
    }
    sources_.slice_losses_read();
  }

  void predict_cells(std::uint64_t grid, std::span<const SplineTerm> terms,
                     const SurfaceSpline& spline) override {
    const OwnGrid& o = own(grid);
    FL_CHECK(terms.size() <= kMostSplineTerms);
    if (terms_.size() == 0) terms_ = Array<SplineTerm>(kMostSplineTerms);
    device_.upload(sources_.stream(), terms_.data(), terms.data(), terms.size_bytes());
    bytes_from_host_ += terms.size_bytes();
    device_.for_each(sources_.stream(), o.heights.size(),
                     kernels::PredictCell{view(o), terms_.data().get(), spline});
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
  void add_snapshot(std::span<const std::int64_t> steps, double rate) override {
    path_.add_snapshot(steps, rate);
  }
  void set_path_plane(std::span<const float> origin, std::span<const float> d1,
                      std::span<const float> d2) override {
    path_.set_path_plane(origin, d1, d2);
  }
  void set_path_losses(std::span<const std::size_t> points) override { path_.set_path_losses(points); }

  void begin_epochs(std::size_t most, std::span<const EpochPoint> restored) override {
    curves_.begin_epochs(most, restored);
  }
  void add_epoch(const EpochSteps& steps, const EpochPoint& known) override {
    if (curves_.add_epoch(steps)) return;
    curves_.add_epoch(known);
    bytes_from_host_ += sizeof(known);
  }

  void begin_slot(const FrameSlot& slot) override { device_.order(slot.stream, sources_.stream()); }

  void write_section(const FrameSlot& slot, const FrameLayout::Section& section,
                     std::span<const std::byte> values) override {
    FL_CHECK(values.size() <= section.bytes);
    std::ranges::copy(values, staging(slot) + section.offset);
    send_staged(slot, section.offset, values.size());
  }

  void write_kept(const FrameSlot& slot, const FrameLayout::Section& section, std::uint64_t version,
                  std::span<const std::byte> values) override {
    FL_CHECK(values.size() <= section.bytes && values.size() % sizeof(std::uint32_t) == 0);
    if (values.empty()) return;
    auto& [own, of] = kept_[section.offset];
    if (own.size() * sizeof(std::uint32_t) != values.size())
      own = Array<std::uint32_t>(values.size() / sizeof(std::uint32_t));
    if (std::exchange(of, version) != version) {
      device_.upload(sources_.stream(), own.data(), values.data(), values.size());
      bytes_from_host_ += values.size();
    }
    device_.copy(sources_.stream(), DevicePtr(slot.memory.data() + section.offset), own.data(),
                 values.size());
  }

  void write_grid(const FrameSlot& slot, ProbeSet set, const GridView& grid) override {
    const OwnGrid& o = own(grid.id);
    const GridPlace to = GridPlace::in(slot, set);
    FL_CHECK(o.side == grid.side && o.heights.size() <= to.heights.size() &&
             o.cells.size() <= to.cells.size());
    void* stream = sources_.stream();
    device_.copy(stream, DevicePtr(to.heights.data()), o.heights.data(), o.heights.size() * sizeof(float));
    device_.copy(stream, DevicePtr(to.cells.data()), o.cells.data(), o.cells.size() * sizeof(std::uint32_t));
  }

  void write_path(const FrameSlot& slot, std::span<const PathPoint> path) override {
    FL_CHECK(path.size() <= slot.path().size());
    path_.assemble(path.size(), DevicePtr(slot.path().data()));
  }

  void write_steps(const FrameSlot& slot, std::uint32_t count, std::uint32_t stride,
                   const std::function<StepPoint(std::uint32_t)>& point) override {
    FL_CHECK(count <= slot.steps().size());
    if (curves_.assemble_steps(count, stride, DevicePtr(slot.steps().data()))) return;
    steps_.resize(count);
    for (std::uint32_t i = 0; i < count; ++i) steps_[i] = point(i);
    write_section(slot, slot.layout->steps, std::as_bytes(std::span(steps_)));
  }

  void write_epochs(const FrameSlot& slot, std::span<const EpochPoint> epochs) override {
    FL_CHECK(epochs.size() <= slot.epochs().size());
    curves_.assemble_epochs(epochs.size(), DevicePtr(slot.epochs().data()));
  }

  void write_features(const FrameSlot& slot, const FeatureView& features, FrameHeader&) override {
    floats_ = 0;
    layers_ = features.shapes.size();
    classes_ = static_cast<std::uint32_t>(features.shapes.back().floats());
    for (const TensorShape& shape : features.shapes) floats_ += shape.floats();
    FL_CHECK(floats_ <= slot.features().size() && classes_ > 0);
    const DevicePtr to(slot.features().data());
    if (const std::span<const float> front = features.front; !front.empty()) {
      if (front_.size() != front.size()) front_ = Array<float>(front.size());
      if (std::exchange(front_version_, features.front_version) != features.front_version) {
        device_.upload(sources_.stream(), front_.data(), front.data(), front.size_bytes());
        bytes_from_host_ += front.size_bytes();
      }
      device_.copy(sources_.stream(), to, front_.data(), front.size_bytes());
    }
    sources_.show_activations(features.image, features.layers, to + features.front.size());
  }

  // The host's part first, then what only the device knows; and with that the slot is complete.
  void write_header(const FrameSlot& slot, const FrameHeader& header) override {
    write_section(slot, slot.layout->header, std::as_bytes(std::span(&header, 1)));
    auto* there = reinterpret_cast<FrameHeader*>(slot.memory.data() + slot.layout->header.offset);
    if (ranges_.size() == 0) ranges_ = Array<kernels::Range>(kFrameMaxLayers * kPieces);
    const float* features = slot.features().data();
    void* stream = sources_.stream();
    device_.for_each(stream, layers_ * kPieces,
                     kernels::RangeOfPiece{features, there, kPieces, ranges_.data().get()});
    device_.for_each(stream, layers_, kernels::RangeOfLayer{ranges_.data().get(), kPieces, there});
    device_.for_each(stream, 1, kernels::Prediction{features + floats_ - classes_, classes_, there});
    device_.order(stream, slot.stream);
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
  static kernels::Grid view(const OwnGrid& own) {
    return {own.heights.data().get(), own.cells.data().get(), own.side};
  }

  OwnGrid& own(std::uint64_t grid) {
    const auto found = std::ranges::find(grids_, grid, &OwnGrid::id);
    FL_CHECK_MSG(found != grids_.end(), "grid {} was not begun, or another took its place", grid);
    return *found;
  }

  // Of the host, laid out as the slot is.
  std::byte* staging(const FrameSlot& slot) {
    Staging& block = staging_.at(slot.index);
    if (block.size() < slot.layout->bytes) block = Staging(slot.layout->bytes);
    return block.data();
  }
  void send_staged(const FrameSlot& slot, std::size_t offset, std::size_t bytes) {
    if (bytes > 0)
      device_.send(sources_.stream(), DevicePtr(slot.memory.data() + offset), staging(slot) + offset, bytes);
    bytes_from_host_ += bytes;
  }

  // A section as it was sent last.
  struct Kept {
    Array<std::uint32_t> values;
    std::uint64_t version = 0;
  };

  using Staging = typename Device::template Staging<std::byte>;
  Device& device_;
  FrameSources& sources_;
  std::array<OwnGrid, 4> grids_;
  std::uint64_t begun_ = 0, bytes_from_host_ = 0;
  DevicePath<Device> path_;
  DeviceCurves<Device> curves_;
  std::array<Staging, kFrameSlots> staging_;
  std::vector<StepPoint> steps_;  // where they come from the host; kept for its memory
  Array<kernels::Range> ranges_;
  Array<SplineTerm> terms_;  // of the newest prediction
  Array<float> front_;       // of features, as it was sent last
  std::uint64_t front_version_ = 0;
  std::map<std::size_t, Kept> kept_;     // by its place in the slot
  std::size_t floats_ = 0, layers_ = 0;  // of the features of the slot in hand
  std::uint32_t classes_ = 0;
};

}  // namespace fl
