#include "trainer/seam/slot_contents.h"

#include <algorithm>
#include <atomic>
#include <cstring>

namespace fl {
namespace {

// How many bytes of each section the frame uses: what lies behind is left from another one.
struct UsedBytes {
  explicit UsedBytes(const Frame& frame) {
    const FrameHeader& h = frame.header;
    const FrameFacts& f = frame.facts;
    const std::size_t grid = std::size_t{f.grid_side} * f.grid_side;
    std::size_t points = h.path_count, floats = 0;
    for (std::uint32_t i = 0; i < std::min(h.several_paths, kFrameMaxPaths); ++i)
      points = std::max(points, std::size_t{h.paths[i].first} + h.paths[i].count);
    for (std::uint32_t i = 0; i < std::min(f.layer_count, kFrameMaxLayers); ++i) {
      const FrameLayer& layer = h.layers[i];
      floats = std::max(floats, layer.offset + std::size_t{layer.channels} * layer.height * layer.width);
    }
    header = sizeof(FrameHeader);
    heights = cells = grid * sizeof(float);
    path = points * sizeof(PathPoint);
    features = floats * sizeof(float);
    steps = f.step_count * sizeof(StepPoint);
    step_rates = f.step_count * sizeof(float);
    epochs = f.epoch_count * sizeof(EpochPoint);
    class_accuracies = std::size_t{f.class_points} * f.curve_classes * sizeof(float);
    curvatures = f.curvature.count * sizeof(CurvaturePoint);
    earlier = std::size_t{f.earlier_count} * kEarlierPoints * sizeof(EpochPoint);
    test_heights = test_cells = f.test_evaluated > 0 ? heights : 0;
    map_images = f.map.images * sizeof(MapImage);
    map_classes = f.map.classes * sizeof(MapClass);
    map_logits = std::size_t{f.map.classes} * f.map.side * f.map.side * sizeof(float);
    heat = std::size_t{h.heat_width} * h.heat_height * sizeof(float);
    phase_marks = f.phase.marks * sizeof(PhaseMark);
    rate_map = std::size_t{f.rate_map.side} * f.rate_map.side * sizeof(float);
    sweep_cells = kSweepFigures * f.sweep.columns * f.sweep.rows * sizeof(float);
    seed_bars = f.sweep.seeds.bars > 0 ? 2 * kMostSeedBars * sizeof(float) : 0;
    fate_lines = std::size_t{f.fate.count} * kLinePoints * sizeof(float);
    map_pixels = f.map.images > 0 ? (f.map.pictures + 1) * kMapSide * kMapSide * sizeof(std::uint32_t) : 0;
  }
#define FL_MEMBER(name, type, elements) std::size_t name = 0;
  FL_FRAME_SECTIONS(FL_MEMBER)
#undef FL_MEMBER
};

std::uint64_t new_revision() {
  static std::atomic<std::uint64_t> last = 0;
  return ++last;
}

std::span<const std::byte> used_part(const SlotView& slot, const FrameLayout::Section& section,
                                     std::size_t used) {
  return slot.memory.subspan(section.offset, std::min(used, section.bytes));
}

bool same_bytes(std::span<const std::byte> a, std::span<const std::byte> b) {
  return a.size() == b.size() && (a.empty() || std::memcmp(a.data(), b.data(), a.size()) == 0);
}

template <typename T>
std::span<const T> values_of(std::span<const std::byte> bytes) {
  return {reinterpret_cast<const T*>(bytes.data()), bytes.size() / sizeof(T)};
}

}  // namespace

SlotContents contents_after(const SlotView& before, const SectionRevisions& revisions, const SlotView& now) {
  SlotContents contents;
  const UsedBytes used(*now.frame);
  const UsedBytes was = before.frame != nullptr ? UsedBytes(*before.frame) : used;
#define FL_COMPARE(name, type, elements)                                                         \
  contents.revisions.name = before.frame != nullptr && revisions.name != 0 &&                    \
                                    same_bytes(used_part(before, before.layout->name, was.name), \
                                               used_part(now, now.layout->name, used.name))      \
                                ? revisions.name                                                 \
                                : new_revision();
  FL_FRAME_SECTIONS(FL_COMPARE)
#undef FL_COMPARE
  contents.path = values_of<PathPoint>(used_part(now, now.layout->path, used.path));
  contents.heights = values_of<float>(used_part(now, now.layout->heights, used.heights));
  contents.phase_marks = values_of<PhaseMark>(used_part(now, now.layout->phase_marks, used.phase_marks));
  return contents;
}

}  // namespace fl
