#include "engine/app/commands/darkroom.h"

#include <algorithm>
#include <utility>

namespace fl {
namespace {

Result<void> check_size(const Device& device, const Film::Options& options) {
  const std::uint32_t most = device.limits().maxImageDimension2D;
  const std::uint32_t side = std::max(options.extent.width, options.extent.height);
  if (side * static_cast<std::uint32_t>(options.supersampling) <= most) return {};
  return error(
      "{} draws pictures of at most {} pixels a side, and {}x{} with [film] supersampling = {} asks for "
      "more; choose "
      "a smaller --size or supersampling.",
      device.name(), most, options.extent.width, options.extent.height, options.supersampling);
}

}  // namespace

Result<Darkroom> Darkroom::open(const SceneFile& scene, Lesson lesson, const std::string& device,
                                const Film::Options& options) {
  Darkroom room;
  FL_TRY_LET(instance, Instance::create());
  room.instance_ = std::make_unique<Instance>(*std::move(instance));
  FL_TRY_LET(made,
             Device::create(*room.instance_,
                            {.name = device, .surface = VK_NULL_HANDLE, .trainer = lesson.subject->gpu()}));
  room.device_ = *std::move(made);
  FL_TRY(check_size(*room.device_, options));
  FL_TRY_LET(font, Font::load());
  room.font_ = std::make_unique<Font>(*std::move(font));
  room.font_->cover(all_words(lesson.texts));
  room.film_ = std::make_unique<Film>(scene, std::move(lesson), *room.device_, *room.font_, options);
  return room;
}

}  // namespace fl
