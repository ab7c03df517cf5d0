#include "engine/app/commands/darkroom.h"

#include <utility>

namespace fl {
Result<Darkroom> Darkroom::open(const SceneFile& scene, Lesson lesson, const std::string& device,
                                const Film::Options& options) {
  Darkroom room;
  FL_TRY_LET(instance, Instance::create());
  room.instance_ = std::make_unique<Instance>(*std::move(instance));
  FL_TRY_LET(made,
             Device::create(*room.instance_,
                            {.name = device, .surface = VK_NULL_HANDLE, .trainer = lesson.subject->gpu()}));
  room.device_ = *std::move(made);
  FL_TRY(check_take_size(*room.device_, options.extent, options.supersampling));
  FL_TRY_LET(font, Font::load());
  room.font_ = std::make_unique<Font>(*std::move(font));
  room.font_->cover(all_words(lesson.texts));
  room.film_ = std::make_unique<Film>(scene, std::move(lesson), *room.device_, *room.font_, options);
  return room;
}

}  // namespace fl
