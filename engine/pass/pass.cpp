#include "engine/pass/pass.h"

#include <algorithm>
#include <cmath>

#include "trainer/base/check.h"

namespace fl {
namespace {

constexpr float kContourLines = 24;  // about so many between lowest and highest

// 1, 2 or 5 times a power of ten, near `raw` from below.
float nice_interval(float raw) {
  const float power = std::pow(10.0f, std::floor(std::log10(raw)));
  const float digit = raw / power;
  return power * (digit >= 5 ? 5.0f : digit >= 2 ? 2.0f : 1.0f);
}

}  // namespace

float SurfaceScale::coordinate(float loss) const {
  return log ? std::log10(std::max(loss, 1e-30f)) : loss;
}

float SurfaceScale::world_y(float loss) const {
  return height * (coordinate(loss) - low) / (high - low);
}

float SurfaceScale::stage_y(float loss) const {
  return std::clamp(world_y(loss), kFloor, ceiling());
}

SurfaceScale surface_scale(const Frame& frame, bool want_log) {
  SurfaceScale scale;
  float low = frame.facts.loss_min;
  float high = frame.facts.loss_max;
  if (frame.facts.test_evaluated > 0) {  // one axis for both surfaces
    low = std::min(low, frame.facts.test_loss_min);
    high = std::max(high, frame.facts.test_loss_max);
  }
  if (frame.facts.grid_evaluated == 0 || !std::isfinite(low) || !std::isfinite(high) || low > high)
    return scale;
  scale.log = want_log && low > 0;
  scale.low = scale.coordinate(low);
  scale.high = scale.coordinate(high);
  // A flat surface still needs a scale: a hundredth of its value.
  const float least = std::max(1e-6f, 0.01f * std::abs(scale.low));
  if (scale.high - scale.low < least) scale.high = scale.low + least;
  scale.interval = nice_interval((scale.high - scale.low) / kContourLines);
  return scale;
}

bool overlap(const Rect& a, const Rect& b) {
  return a.x < b.right() && b.x < a.right() && a.y < b.bottom() && b.y < a.bottom();
}

Rect common_part(const Rect& a, const Rect& b) {
  const float x = std::max(a.x, b.x), y = std::max(a.y, b.y);
  return {x, y, std::max(std::min(a.right(), b.right()) - x, 0.0f),
          std::max(std::min(a.bottom(), b.bottom()) - y, 0.0f)};
}

Rect around(const Rect& a, const Rect& b) {
  if (a.empty() || b.empty()) return a.empty() ? b : a;
  const float x = std::min(a.x, b.x), y = std::min(a.y, b.y);
  return {x, y, std::max(a.right(), b.right()) - x, std::max(a.bottom(), b.bottom()) - y};
}

void set_viewport(const PassContext& context, const Rect& rect) {
  const VkViewport viewport{rect.x, rect.y, rect.width, rect.height, 0, 1};
  vkCmdSetViewport(context.cmd, 0, 1, &viewport);
  const auto clip = [](float value, float low, float high, std::uint32_t limit) {
    return static_cast<std::int32_t>(
        std::clamp(std::clamp(value, low, high), 0.0f, static_cast<float>(limit)));
  };
  const Rect& most = context.clip;
  const std::int32_t left = clip(std::floor(rect.x), most.x, most.right(), context.extent.width);
  const std::int32_t top = clip(std::floor(rect.y), most.y, most.bottom(), context.extent.height);
  const std::int32_t right = clip(std::ceil(rect.right()), most.x, most.right(), context.extent.width);
  const std::int32_t bottom = clip(std::ceil(rect.bottom()), most.y, most.bottom(), context.extent.height);
  const VkRect2D scissor{{left, top},
                         {static_cast<std::uint32_t>(std::max(right - left, 0)),
                          static_cast<std::uint32_t>(std::max(bottom - top, 0))}};
  vkCmdSetScissor(context.cmd, 0, 1, &scissor);
}

SetLayoutHandle SlotSets::make_layout(const Device& device) {
  std::array<Binding, FrameLayout::kSections> bindings;
  for (std::uint32_t i = 0; i < bindings.size(); ++i) bindings[i] = {i};
  return make_set_layout(device, bindings);
}

SlotSets::SlotSets(const Device& device, const FrameLayout& layout, std::span<const VkBuffer> buffers)
    : layout_(make_layout(device)), pool_(device, kFrameSlots, FrameLayout::kSections) {
  FL_CHECK(buffers.size() <= kFrameSlots);
  const auto sections = layout.sections();
  for (std::size_t slot = 0; slot < buffers.size(); ++slot) {
    sets_[slot] = pool_.allocate(layout_.get());
    for (std::uint32_t binding = 0; binding < sections.size(); ++binding)
      write_buffer(device, sets_[slot], binding, VK_DESCRIPTOR_TYPE_STORAGE_BUFFER, buffers[slot],
                   sections[binding].offset, sections[binding].bytes);
  }
}

}  // namespace fl
