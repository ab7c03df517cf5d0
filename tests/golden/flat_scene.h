#pragma once
// A small stage for pictures of the flat passes: a ring slot filled by the test, one image to draw into, and
// its pixels.

#include <cstdint>
#include <functional>
#include <vector>

#include "engine/bridge/host_ring.h"
#include "engine/charts/bars.h"
#include "engine/charts/curves.h"
#include "engine/film/picture.h"
#include "engine/pass/panel.h"
#include "engine/pass/pass.h"
#include "engine/text/font.h"
#include "engine/text/text.h"
#include "engine/vk/device.h"
#include "engine/vk/image.h"
#include "engine/wall/tiles.h"

namespace fl::flat {

struct PictureInfo {
  VkExtent2D extent{1280, 720};
  const Theme* theme = &dark_theme();
  float scale = 1;
  float picture_scale = 1;  // see PassContext
};

class Scene {
 public:
  // Both must outlive it.
  Scene(Device& device, const Font& font);
  ~Scene();

  // Fills the next slot and publishes it.
  void publish(const std::function<void(const FrameSlot&, Frame&)>& fill);
  // Everything that `record` draws, over the theme's ground; labels it appends are drawn last.
  Picture draw(const PictureInfo& info,
               const std::function<void(const PassContext&, std::vector<ScreenLabel>&)>& record);

  [[nodiscard]] const Font& font() const { return font_; }
  [[nodiscard]] const PanelPass& panels() const { return panels_; }
  [[nodiscard]] const TilesPass& tiles() const { return tiles_; }
  [[nodiscard]] const BarsPass& bars() const { return bars_; }
  [[nodiscard]] const CurvesPass& curves() const { return curves_; }

 private:
  Device& device_;
  const Font& font_;
  HostRing ring_;
  SetLayoutHandle slot_layout_, view_layout_;
  DescriptorPool pool_;
  Buffer view_;
  VkDescriptorSet view_set_ = VK_NULL_HANDLE;
  SlotSets slots_;
  PassSetup setup_;
  PanelPass panels_;
  TilesPass tiles_;
  BarsPass bars_;
  CurvesPass curves_;
  TextPass text_;
};

// How many layers: two, four, eleven, besides the input.
enum class Net { kFew, kUsual, kMany };

// What a training of a small network might hold at `epoch` of `epochs`, made from a seed: curves, five
// layers of activations of a head-like picture, probabilities.
struct Content {
  std::uint32_t epochs = 50;
  std::uint32_t done = 20;
  std::uint32_t steps_per_epoch = 40;
  std::uint32_t classes = 2;
  std::uint32_t label = 1;
  bool wrong = false;  // the network names another class than `label`
  bool gaps = false;   // some values are not finite
  bool test_set = true;
  Net net = Net::kUsual;
  bool heat = false;      // where the network looks lies over the image
  std::uint32_t earlier = 0;  // runs behind the curves
  float loss_factor = 1;  // of the losses after the first epoch: a rate that is too high
};
FrameCapacity content_capacity();
void fill_content(const Content& content, const FrameSlot& slot, Frame& frame);
StageTexts content_texts(std::uint32_t classes, Net net = Net::kUsual);
// A map of so many images in groups, one for each of the classes, every one a picture of the phantom, and of
// a head that tells the groups apart, into the map's sections and facts; to be called behind fill_content.
void fill_map(std::uint32_t images, const FrameSlot& slot, Frame& frame);
// Four descents of a bowl with two hollows, into the path section and the header: two end in the same place.
void fill_descents(const FrameSlot& slot, Frame& frame);

}  // namespace fl::flat
