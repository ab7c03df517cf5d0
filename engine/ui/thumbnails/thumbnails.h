#pragma once
// Pictures of a lesson's images among Dear ImGui's widgets. They share one texture, a cell each, and come
// into it when they are first seen: nothing grows with the number of images. Version 1.86 of Dear ImGui knows
// no texture but that of its font, so they have a pipeline of their own, which a callback in its draw lists
// uses.

#include <array>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <span>
#include <vector>

#include <imgui/imgui.h>
#include <vulkan/vulkan.h>

#include "engine/ui/lesson_info.h"
#include "engine/ui/start_facts.h"
#include "engine/ui/thumbnails/thumbnail_cells.h"
#include "engine/vk/buffer.h"
#include "engine/vk/descriptor.h"
#include "engine/vk/frames.h"
#include "engine/vk/image.h"
#include "engine/vk/pipeline.h"
#include "trainer/data/thumbnails.h"

namespace fl {

// Where an image is wanted, in Dear ImGui's pixels.
struct ThumbnailSpot {
  std::size_t image = 0;  // of the lesson's data
  ImVec2 low, high;
  float light = 1;  // less: darker
};

// Into the current window: each as large as its spot allows, in the middle of it. What has no picture leaves
// its spot as it is.
void draw_thumbnails(const LessonInfo& lesson, std::span<const ThumbnailSpot> spots);

// A picture that is looked at closely, 512 x 512 pixels at most: in one of two places (0 and 1), where it
// stays until one of another number is drawn there. `sharp`: its pixels have edges.
void draw_picture(std::size_t place, std::uint64_t number, const Bitmap& picture, ImVec2 low, ImVec2 high,
                  bool sharp);

// The small picture of a lesson, kCoverWidth x kCoverHeight pixels at most; place < kCovers, as above. There
// is no picture beyond those places.
void draw_cover(std::size_t place, std::uint64_t number, const Bitmap& picture, ImVec2 low, ImVec2 high);

// What draw_thumbnails() draws with: ImGuiLayer has one, and Dear ImGui's context knows it.
class ThumbnailAtlas {
 public:
  // Pictures at once: of the smallest that are worth looking at, as many as a 4K picture has room for.
  static constexpr std::uint32_t kAcross = 32, kCells = kAcross * kAcross;

  // Places of draw_picture(), and their side in pixels.
  static constexpr std::uint32_t kPlaces = 2, kPlaceSide = 512;

  // Of draw_cover().
  static constexpr std::uint32_t kCoversAcross = 6;

  // `render_pass`: that Dear ImGui is drawn in.
  ThumbnailAtlas(Device& device, VkRenderPass render_pass);
  ~ThumbnailAtlas();
  ThumbnailAtlas(const ThumbnailAtlas&) = delete;
  ThumbnailAtlas& operator=(const ThumbnailAtlas&) = delete;

  // `frame`: as FrameInFlight::index.
  void begin_frame(std::uint32_t frame);
  // Before the render pass begins: puts into the texture what the frame wants of it.
  void record(VkCommandBuffer cmd);

 private:
  friend void draw_thumbnails(const LessonInfo& lesson, std::span<const ThumbnailSpot> spots);
  friend void draw_picture(std::size_t place, std::uint64_t number, const Bitmap& picture, ImVec2 low,
                           ImVec2 high, bool sharp);
  friend void draw_cover(std::size_t place, std::uint64_t number, const Bitmap& picture, ImVec2 low,
                         ImVec2 high);
  struct Run {
    ThumbnailAtlas* atlas;
    std::uint32_t first, count;  // quads
  };
  // A part of the texture.
  struct Texels {
    std::uint32_t left, top, width, height;
  };
  struct Look {
    float light = 1;
    bool sharp = false;
  };
  // Where pictures stay: large ones first, then covers.
  static constexpr std::size_t kStays = kPlaces + kCovers;
  struct Stay {
    Texels room;
    std::size_t offset = 0;  // in the staging memory
  };
  static Stay stay(std::size_t place);
  void draw_stay(std::size_t place, std::uint64_t number, const Bitmap& picture, ImVec2 low, ImVec2 high,
                 Look look);
  void add_thumbnail(std::uint64_t key, const Thumbnail& picture, const ThumbnailSpot& spot);
  // `pixels`: [y][x][channel], `channels` 1 or 3; from `offset` in the frame's staging memory.
  void copy(std::span<const std::uint8_t> pixels, int channels, const Texels& to, std::size_t offset);
  void add_quad(const Texels& from, ImVec2 low, ImVec2 high, Look look);
  // From quad `first` to the last.
  void draw(ImDrawList& list, std::uint32_t first);
  static void draw_run(const ImDrawList* list, const ImDrawCmd* command);

  GraphicsPipeline pipeline_;
  SetLayoutHandle layout_;
  DescriptorPool pool_;
  SamplerHandle sampler_;
  Image texture_;
  struct PerFrame {
    Buffer quads, staging;
    VkDescriptorSet set = VK_NULL_HANDLE;
  };
  std::array<PerFrame, FramesInFlight::kCount> frames_;
  ThumbnailCells cells_{kCells};
  std::array<std::optional<std::uint64_t>, kStays> numbers_;  // of the pictures that are there

  // Of the frame in hand.
  std::uint32_t frame_ = 0, quads_ = 0;
  std::uint32_t thumbnails_ = 0;  // that were copied
  std::vector<VkBufferImageCopy> copies_;
  std::deque<Run> runs_;
  VkCommandBuffer cmd_ = VK_NULL_HANDLE;
  bool filled_ = false;  // the texture was written before
};

}  // namespace fl
