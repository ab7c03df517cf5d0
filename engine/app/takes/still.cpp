#include "engine/app/takes/still.h"

#include <utility>

#include "engine/app/studio/take.h"
#include "engine/film/picture.h"
#include "engine/vk/barrier.h"
#include "trainer/base/failure_text.h"
#include "trainer/base/threads.h"

namespace fl {

Stills::~Stills() {
  if (coming_.valid()) coming_.wait();
}

void Stills::record(VkCommandBuffer cmd, const Device& device, Studio& studio, std::uint64_t number) {
  const AcquiredFrame* frame = studio.frame();
  if (!wish_ || copied_ || coming_.valid() || frame == nullptr) return;
  const FrameLayout& layout = studio.ring().layout();
  Copied copied{
      .slot = Buffer(device, layout.bytes, VK_BUFFER_USAGE_TRANSFER_DST_BIT, BufferMemory::kReadback),
      .layout = layout,
      .frame = *frame,
      .view = studio.picture(),
      .texts = studio.texts(),
      .number = number};
  copied.view.blank = false;
  const VkBufferCopy all{0, 0, layout.bytes};
  vkCmdCopyBuffer(cmd, studio.ring().buffers().at(frame->slot), copied.slot.handle(), 1, &all);
  memory_barrier(cmd, kTransferWrite, kHostRead);
  copied_.emplace(std::move(copied));
}

Result<void> Stills::draw(const StillWish& wish, const Copied& copied, std::vector<std::byte> slot) {
  FL_TRY_LET(instance, Instance::create());
  FL_TRY_LET(device, Device::create(*instance, {.name = wish.device}));
  FL_TRY(check_take_size(**device, wish.extent, wish.supersampling));
  FL_TRY_LET(font, Font::load());
  font->cover(all_words(copied.texts));
  const Buffer buffer(**device, slot.size(), VK_BUFFER_USAGE_STORAGE_BUFFER_BIT);
  std::memcpy(buffer.mapped().data(), slot.data(), slot.size());
  const VkBuffer handle = buffer.handle();
  const SlotSets slots(**device, copied.layout, {&handle, 1});
  Take take(**device, *font,
            {.extent = wish.extent,
             .supersampling = wish.supersampling,
             .stage = {.color_format = Capture::kFormat}});
  StageView view = copied.view;
  view.content = 0;
  view.contents = {};
  view.contents.phase_marks =
      FrameSlot{0, slot, &copied.layout}.phase_marks().first(copied.frame.facts.phase.marks);
  const Rect area = Stage::layout(wish.extent, view).landscape;
  if (view.framed && area.height > 0) view.camera.fit(area.width / area.height);
  return save_png(wish.path, take.shoot(view, slots.set(0), copied.frame, copied.texts, {}));
}

std::optional<Stills::Drawn> Stills::turn(std::uint64_t completed, bool wait) {
  if (copied_ && !coming_.valid() && completed >= copied_->number) {
    const auto bytes = copied_->slot.mapped();
    const auto work = [wish = *wish_, copied = &*copied_,
                       slot = std::vector(bytes.begin(), bytes.end())]() mutable {
      let_others_first();  // and so do the threads that the device starts
      try {
        return draw(wish, *copied, std::move(slot));
      } catch (const std::exception& e) {
        return Result<void>(error("Cannot draw {}: {}.", wish.path.string(), failure_text(e)));
      }
    };
    coming_ = std::async(std::launch::async, work);
  }
  if (!coming_.valid() || (!wait && coming_.wait_for(std::chrono::seconds(0)) != std::future_status::ready))
    return std::nullopt;
  Drawn drawn{wish_->path, coming_.get()};
  copied_.reset();
  wish_.reset();
  return drawn;
}

}  // namespace fl
