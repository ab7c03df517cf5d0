#include "engine/ui/thumbnails/thumbnails.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "shaders/shaders.h"
#include "shaders/shared/thumbnail.h"

#include "engine/ui/imgui_layer.h"
#include "engine/vk/barrier.h"
#include "trainer/base/check.h"
#include "trainer/data/dataset.h"

namespace fl {
namespace {

constexpr std::uint32_t kCell = Thumbnails::kSide, kSide = ThumbnailAtlas::kAcross * kCell;
constexpr std::size_t kTexelBytes = 4, kCellBytes = kTexelBytes * kCell * kCell;
constexpr std::uint32_t kMostQuads = 2048, kMostCopies = 256;  // in a frame
// The places lie below the cells.
constexpr std::uint32_t kPlaceSide = ThumbnailAtlas::kPlaceSide, kCoversTop = kSide + kPlaceSide,
                        kHeight = kCoversTop + std::uint32_t{kCovers} / ThumbnailAtlas::kCoversAcross *
                                                   std::uint32_t{kCoverHeight};
static_assert(ThumbnailAtlas::kPlaces * kPlaceSide <= kSide &&
              ThumbnailAtlas::kCoversAcross * std::uint32_t{kCoverWidth} <= kSide &&
              kCovers % ThumbnailAtlas::kCoversAcross == 0);
constexpr std::size_t kPlaceBytes = kTexelBytes * kPlaceSide * kPlaceSide,
                      kCoverBytes = kTexelBytes * std::size_t{kCoverWidth} * kCoverHeight;

}  // namespace

ThumbnailAtlas::ThumbnailAtlas(Device& device, VkRenderPass render_pass)
    : layout_(make_set_layout(
          device, {{.binding = 0}, {.binding = 1, .type = VK_DESCRIPTOR_TYPE_COMBINED_IMAGE_SAMPLER}})),
      pool_(device, FramesInFlight::kCount),
      sampler_(make_sampler(device, VK_FILTER_LINEAR)),
      texture_(device, {.extent = {kSide, kHeight},
                        .usage = VK_IMAGE_USAGE_SAMPLED_BIT | VK_IMAGE_USAGE_TRANSFER_DST_BIT}) {
  pipeline_ = GraphicsPipeline(device, {.vertex = shader::thumbnail_vert,
                                        .fragment = shader::thumbnail_frag,
                                        .sets = {layout_.get()},
                                        .push_bytes = sizeof(shared::ThumbnailPush),
                                        .topology = VK_PRIMITIVE_TOPOLOGY_TRIANGLE_STRIP,
                                        .render_pass = render_pass});
  for (PerFrame& frame : frames_) {
    frame.quads =
        Buffer(device, kMostQuads * sizeof(shared::ThumbnailQuad), VK_BUFFER_USAGE_STORAGE_BUFFER_BIT);
    frame.staging = Buffer(device, kMostCopies * kCellBytes + kPlaces * kPlaceBytes + kCovers * kCoverBytes,
                           VK_BUFFER_USAGE_TRANSFER_SRC_BIT);
    frame.set = pool_.allocate(layout_.get());
    write_buffer(device, frame.set, 0, VK_DESCRIPTOR_TYPE_STORAGE_BUFFER, frame.quads.handle());
    write_image(device, frame.set, 1, texture_.view(), sampler_.get());
  }
  ImGui::GetIO().UserData = this;
}

ThumbnailAtlas::~ThumbnailAtlas() {
  ImGui::GetIO().UserData = nullptr;
}

void ThumbnailAtlas::begin_frame(std::uint32_t frame) {
  frame_ = frame;
  quads_ = thumbnails_ = 0;
  copies_.clear();
  runs_.clear();
  cells_.begin_frame();
}

void ThumbnailAtlas::copy(std::span<const std::uint8_t> pixels, int channels, const Texels& to,
                          std::size_t offset) {
  auto* out = reinterpret_cast<std::uint8_t*>(frames_[frame_].staging.mapped().data()) + offset;
  const auto step = static_cast<std::size_t>(channels), green = step == 3 ? std::size_t{1} : 0,
             blue = 2 * green;
  for (std::size_t i = 0; i < pixels.size(); i += step, out += kTexelBytes) {
    out[0] = pixels[i];
    out[1] = pixels[i + green];
    out[2] = pixels[i + blue];
    out[3] = 255;
  }
  VkBufferImageCopy copy{};
  copy.bufferOffset = offset;
  copy.imageSubresource = {VK_IMAGE_ASPECT_COLOR_BIT, 0, 0, 1};
  copy.imageOffset = {static_cast<std::int32_t>(to.left), static_cast<std::int32_t>(to.top), 0};
  copy.imageExtent = {to.width, to.height, 1};
  copies_.push_back(copy);
}

// As large as there is room, in the middle.
void ThumbnailAtlas::add_quad(const Texels& from, ImVec2 low, ImVec2 high, Look look) {
  if (quads_ == kMostQuads) return;
  const auto width = static_cast<float>(from.width), height = static_cast<float>(from.height);
  const ImVec2 room{high.x - low.x, high.y - low.y};
  const float scale = std::min(room.x / width, room.y / height);
  const float across = std::round(width * scale), down = std::round(height * scale);
  frames_[frame_].quads.as<shared::ThumbnailQuad>()[quads_++] = {
      .box = {std::round(low.x + (room.x - across) / 2), std::round(low.y + (room.y - down) / 2), across,
              down},
      .texels = {from.left, from.top, from.width, from.height},
      .light = look.light,
      .sharp = look.sharp ? 1u : 0u};
}

void ThumbnailAtlas::add_thumbnail(std::uint64_t key, const Thumbnail& picture, const ThumbnailSpot& spot) {
  if (picture.width == 0) return;
  if (thumbnails_ == kMostCopies && !cells_.holds(key)) {
    ImGuiLayer::ask_for_frame();
    return;
  }
  const auto place = cells_.see(key);
  if (!place) return;
  const Texels texels{place->cell % kAcross * kCell, place->cell / kAcross * kCell,
                      static_cast<std::uint32_t>(picture.width), static_cast<std::uint32_t>(picture.height)};
  if (place->fresh) copy(picture.pixels, 3, texels, thumbnails_++ * kCellBytes);
  add_quad(texels, spot.low, spot.high, {.light = spot.light});
}

void ThumbnailAtlas::draw(ImDrawList& list, std::uint32_t first) {
  if (quads_ == first) return;
  list.AddCallback(draw_run, &runs_.emplace_back(Run{this, first, quads_ - first}));
  list.AddCallback(ImDrawCallback_ResetRenderState, nullptr);
}

void ThumbnailAtlas::record(VkCommandBuffer cmd) {
  cmd_ = cmd;
  if (copies_.empty()) return;
  constexpr auto kRead = VK_IMAGE_LAYOUT_SHADER_READ_ONLY_OPTIMAL;
  image_barrier(cmd, texture_.handle(),
                {.from = filled_ ? kRead : VK_IMAGE_LAYOUT_UNDEFINED,
                 .to = VK_IMAGE_LAYOUT_TRANSFER_DST_OPTIMAL,
                 .source = kShaderRead,
                 .destination = kTransferWrite});
  vkCmdCopyBufferToImage(cmd, frames_[frame_].staging.handle(), texture_.handle(),
                         VK_IMAGE_LAYOUT_TRANSFER_DST_OPTIMAL, static_cast<std::uint32_t>(copies_.size()),
                         copies_.data());
  image_barrier(cmd, texture_.handle(),
                {.from = VK_IMAGE_LAYOUT_TRANSFER_DST_OPTIMAL,
                 .to = kRead,
                 .source = kTransferWrite,
                 .destination = kShaderRead});
  filled_ = true;
}

void ThumbnailAtlas::draw_run(const ImDrawList* /*list*/, const ImDrawCmd* command) {
  const Run& run = *static_cast<const Run*>(command->UserCallbackData);
  const ThumbnailAtlas& atlas = *run.atlas;
  const ImDrawData& data = *ImGui::GetDrawData();
  // Whole pixels of the picture, as Dear ImGui's own are clipped.
  const ImVec2 scale = data.FramebufferScale;
  const auto pixel = [](float at, float factor, float size) {
    return static_cast<std::int32_t>(std::clamp(at * factor, 0.0f, size * factor));
  };
  const std::int32_t left = pixel(command->ClipRect.x, scale.x, data.DisplaySize.x),
                     top = pixel(command->ClipRect.y, scale.y, data.DisplaySize.y),
                     right = pixel(command->ClipRect.z, scale.x, data.DisplaySize.x),
                     bottom = pixel(command->ClipRect.w, scale.y, data.DisplaySize.y);
  if (right <= left || bottom <= top) return;
  const VkRect2D clip{{left, top},
                      {static_cast<std::uint32_t>(right - left), static_cast<std::uint32_t>(bottom - top)}};
  vkCmdSetScissor(atlas.cmd_, 0, 1, &clip);
  atlas.pipeline_.bind(atlas.cmd_);
  atlas.pipeline_.bind_set(atlas.cmd_, 0, atlas.frames_[atlas.frame_].set);
  atlas.pipeline_.push(atlas.cmd_, shared::ThumbnailPush{.display = {data.DisplaySize.x, data.DisplaySize.y},
                                                         .texture = {kSide, kHeight}});
  vkCmdDraw(atlas.cmd_, 4, run.count, 0, run.first);
}

void draw_thumbnails(const LessonInfo& lesson, std::span<const ThumbnailSpot> spots) {
  auto* atlas = static_cast<ThumbnailAtlas*>(ImGui::GetIO().UserData);
  if (atlas == nullptr || lesson.data == nullptr) return;
  const Thumbnails& pictures = lesson.data->thumbnails;
  const std::uint32_t first = atlas->quads_;
  for (const ThumbnailSpot& spot : spots)
    if (spot.image < pictures.size())
      atlas->add_thumbnail(lesson.number << 32 | spot.image, pictures[spot.image], spot);
  atlas->draw(*ImGui::GetWindowDrawList(), first);
}

ThumbnailAtlas::Stay ThumbnailAtlas::stay(std::size_t place) {
  const std::size_t first = kMostCopies * kCellBytes;
  const auto at = static_cast<std::uint32_t>(place);
  if (at < kPlaces) return {{at * kPlaceSide, kSide, kPlaceSide, kPlaceSide}, first + place * kPlaceBytes};
  const std::uint32_t cover = at - kPlaces;
  constexpr auto kWidth = std::uint32_t{kCoverWidth}, kTall = std::uint32_t{kCoverHeight};
  return {{cover % kCoversAcross * kWidth, kCoversTop + cover / kCoversAcross * kTall, kWidth, kTall},
          first + kPlaces * kPlaceBytes + cover * kCoverBytes};
}

void ThumbnailAtlas::draw_stay(std::size_t place, std::uint64_t number, const Bitmap& picture, ImVec2 low,
                               ImVec2 high, Look look) {
  const Stay at = stay(place);
  const auto width = static_cast<std::uint32_t>(picture.width),
             height = static_cast<std::uint32_t>(picture.height);
  FL_CHECK(width > 0 && height > 0 && width <= at.room.width && height <= at.room.height);
  const Texels texels{at.room.left, at.room.top, width, height};
  if (std::exchange(numbers_.at(place), number) != number)
    copy(picture.pixels, picture.channels, texels, at.offset);
  const std::uint32_t first = quads_;
  add_quad(texels, low, high, look);
  draw(*ImGui::GetWindowDrawList(), first);
}

void draw_picture(std::size_t place, std::uint64_t number, const Bitmap& picture, ImVec2 low, ImVec2 high,
                  bool sharp) {
  auto* atlas = static_cast<ThumbnailAtlas*>(ImGui::GetIO().UserData);
  if (atlas != nullptr && place < ThumbnailAtlas::kPlaces)
    atlas->draw_stay(place, number, picture, low, high, {.sharp = sharp});
}

void draw_cover(std::size_t place, std::uint64_t number, const Bitmap& picture, ImVec2 low, ImVec2 high) {
  auto* atlas = static_cast<ThumbnailAtlas*>(ImGui::GetIO().UserData);
  if (atlas != nullptr && place < kCovers)
    atlas->draw_stay(ThumbnailAtlas::kPlaces + place, number, picture, low, high, {});
}

}  // namespace fl
