#include "trainer/publish/host_slot_writer.h"

#include <algorithm>

#include "trainer/base/check.h"
#include "trainer/compute/kernels/frame_kernels.h"

namespace fl {

void HostSlotWriter::write_section(const FrameSlot& slot, const FrameLayout::Section& section,
                                   std::span<const std::byte> values) {
  FL_CHECK(values.size() <= section.bytes);
  std::ranges::copy(values, slot.memory.subspan(section.offset).begin());
}

void HostSlotWriter::write_grid(const FrameSlot& slot, ProbeSet set, const GridView& grid) {
  const GridPlace place = GridPlace::in(slot, set);
  FL_CHECK(grid.heights.size() <= place.heights.size() && grid.cells.size() <= place.cells.size());
  std::ranges::copy(grid.heights, place.heights.begin());
  std::ranges::copy(grid.cells, place.cells.begin());
}

void HostSlotWriter::write_path(const FrameSlot& slot, std::span<const PathPoint> path) {
  write_section(slot, slot.layout->path, std::as_bytes(path));
}

void HostSlotWriter::write_steps(const FrameSlot& slot, std::uint32_t count, std::uint32_t,
                                 const std::function<StepPoint(std::uint32_t)>& point) {
  const std::span<StepPoint> out = slot.steps();
  FL_CHECK(count <= out.size());
  for (std::uint32_t i = 0; i < count; ++i) out[i] = point(i);
}

void HostSlotWriter::write_epochs(const FrameSlot& slot, std::span<const EpochPoint> epochs) {
  write_section(slot, slot.layout->epochs, std::as_bytes(epochs));
}

void HostSlotWriter::write_features(const FrameSlot& slot, const FeatureView& features, FrameHeader& header) {
  const std::span<const float> values = features.values();
  FL_CHECK(values.size() <= slot.features().size());
  std::ranges::copy(values, slot.features().begin());
  for (std::size_t l = 0; l < features.shapes.size(); ++l) {
    FrameLayer& layer = header.layers.at(l);
    const auto [low, high] =
        std::ranges::minmax_element(values.subspan(layer.offset, features.shapes[l].floats()));
    layer.minimum = *low;
    layer.maximum = *high;
  }
  const std::size_t classes = features.shapes.back().floats();
  kernels::Prediction{values.last(classes).data(), static_cast<std::uint32_t>(classes), &header}(0);
}

}  // namespace fl
