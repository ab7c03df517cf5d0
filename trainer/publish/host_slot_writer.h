#pragma once
// Writes slots that lie in host memory, from what the host knows: one copy of each section.

#include "trainer/seam/slot_writer.h"

namespace fl {

class HostSlotWriter final : public SlotWriter {
 public:
  void write_section(const FrameSlot& slot, const FrameLayout::Section& section,
                     std::span<const std::byte> values) override;
  void write_grid(const FrameSlot& slot, ProbeSet set, const GridView& grid) override;
  void write_path(const FrameSlot& slot, std::span<const PathPoint> path) override;
  void write_steps(const FrameSlot& slot, std::uint32_t count, std::uint32_t stride,
                   const std::function<StepPoint(std::uint32_t)>& point) override;
  void write_epochs(const FrameSlot& slot, std::span<const EpochPoint> epochs) override;
  void write_features(const FrameSlot& slot, const FeatureView& features, FrameHeader& header) override;
};

}  // namespace fl
