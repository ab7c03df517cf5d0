#include "engine/app/studio/take.h"

#include <algorithm>

#include "engine/film/develop.h"

namespace fl {
namespace {

VkExtent2D times(VkExtent2D extent, int factor) {
  const auto by = static_cast<std::uint32_t>(factor);
  return {extent.width * by, extent.height * by};
}

}  // namespace

Result<void> check_take_size(const Device& device, VkExtent2D extent, int supersampling) {
  const std::uint32_t most = device.limits().maxImageDimension2D;
  const std::uint32_t side = std::max(extent.width, extent.height);
  if (side * static_cast<std::uint32_t>(supersampling) <= most) return {};
  return error(
      "{} draws pictures of at most {} pixels a side, and {}x{} with [film] supersampling = {} asks for "
      "more; choose a smaller --size or supersampling.",
      device.name(), most, extent.width, extent.height, supersampling);
}

Take::Take(Device& device, const Font& font, const TakeOptions& options)
    : options_(options),
      stage_(device, font, options.stage),
      capture_(device, times(options.extent, options.supersampling)) {}

StageView Take::view(StageView of_all) const {
  if (options_.part == StageFill::kNone) return of_all;
  of_all.fill(options_.part);
  const Rect area = Stage::layout(capture_.extent(), of_all).landscape;
  if (of_all.framed && area.height > 0) of_all.camera.fit(area.width / area.height);
  return of_all;
}

Picture Take::shoot(const StageView& of_all, VkDescriptorSet slot_set, const Frame& frame,
                    const StageTexts& texts, const SlotReading& reading) {
  StageView own = view(of_all);
  const auto factor = static_cast<std::uint32_t>(options_.supersampling);
  const auto draw = [&](SemaphoreUse wait, SemaphoreUse signal) {
    Picture picture = capture_.shoot(stage_, slot_set, frame, own, texts, wait, signal);
    if (factor > 1) picture = shrink(picture, factor);
    return picture;
  };
  if (!options_.transparent) return draw(reading.wait, reading.signal);
  own.ground = 0;
  const Picture over_black = draw(reading.wait, {});
  own.ground = 1;
  return cut_out(over_black, draw({}, reading.signal));
}

void Take::pass(const StageView& of_all, VkDescriptorSet slot_set, const Frame& frame,
                const StageTexts& texts, const SlotReading& reading) {
  capture_.pass(stage_, slot_set, frame, view(of_all), texts, reading.wait, reading.signal);
}

}  // namespace fl
