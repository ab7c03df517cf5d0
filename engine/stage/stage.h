#pragma once
// The stage: all passes, the images they draw into, and the order of one frame:
//   curves beside the landscape -> landscape, path, axes in 3-D, with samples resolved into the target, or
//   with one sample filtered into it -> the feature wall -> words over all.
// What lies beside comes first: a software rasteriser draws it while the landscape's triangles are sorted.
// With one sample, all but the words is kept from picture to picture, and only rectangles in which something
// has changed are drawn again: by the same draws in the same order, so that the pixels are those of the whole
// picture. It owns no slot and waits for nothing: the caller gives it a slot's descriptor set and a command
// buffer.

#include <array>
#include <functional>
#include <optional>
#include <vector>

#include "engine/landscape/contour_labels.h"
#include "engine/landscape/surface_hit.h"
#include "engine/pass/panel.h"
#include "engine/pass/stage_texts.h"
#include "engine/stage/cards.h"
#include "engine/stage/kept_picture.h"
#include "engine/stage/scenery.h"
#include "engine/stage/stage_layout.h"
#include "engine/stage/stage_target.h"
#include "engine/stage/view_state.h"
#include "engine/text/font.h"
#include "engine/text/text.h"
#include "engine/view/camera.h"

namespace fl {

struct StageOptions {
  VkFormat color_format = VK_FORMAT_R8G8B8A8_UNORM;  // of the targets; UNORM, see theme.h
  // Of the 3-D part; fewer where the device has fewer. With one, an edge filter takes their place.
  std::uint32_t samples = 4;
  // With one sample: what has not changed is kept where the view says what the slot holds.
  bool keeps = true;
};

// Pixels of the picture's edges; on the left an even number.
struct Insets {
  float left = 0, bottom = 0;
  bool operator==(const Insets&) const = default;
};

// One picture of a view, and what holds for this picture alone.
struct StageView : ViewState {
  Insets insets{};  // left to somebody else: the window's controls
  // Words and lines are not made smaller than by this factor, of a picture 720 high; what finds no room
  // beside the landscape then is left out. 0: they go with the picture, as films do.
  float least_scale = 0;
  // Seconds, rising from frame to frame: new heights are reached within 0.4 of them, so that a film moves as
  // its frames say. Negative: a single picture, where everything is in its place at once.
  double time = -1;
  // A number that changes whenever the slot's content does, so that what depends on nothing else is kept from
  // the frame before; 0: not known, nothing is kept.
  std::uint64_t content = 0;
  // What the ring knows of that content. Unknown: all that shows any of it is drawn whenever `content`
  // changes.
  SlotContents contents{};
  // A grey in place of the backdrop's colours, 0 black, 1 white. Negative: the theme's.
  float ground = -1;
  // Nothing is drawn, but what the pictures after this one take over from it (moving heights, places of
  // labels) is brought up to date.
  bool unseen = false;
  // Somebody waits for each picture, and the processor has other work: as long as the camera moves, the 3-D
  // view has a quarter of its pixels, and its light follows in leaps. Only with one sample a pixel.
  bool hurried = false;
  // From where on the camera's lens the landscape is seen, world units to the right and up of its middle: see
  // through_lens(). Words and cards stay where they are.
  glm::vec2 lens{0};
  // Asks where it meets the loss surface: see Stage::hit().
  std::optional<Ray> ray{};
};

class Stage {
 public:
  // `device` and `font` must outlive the stage.
  Stage(Device& device, const Font& font, const StageOptions& options = {});

  // `slot_set`: of SlotSets, or null before the first publish (then `frame` is all zero). The slot must
  // stay acquired until the frame is done. `frame_index` < kFramesInFlight: the last frame with the same
  // index is done.
  void record(VkCommandBuffer cmd, std::uint32_t frame_index, const StageTarget& target,
              VkDescriptorSet slot_set, const Frame& frame, const StageView& view, const StageTexts& texts);

  // Where the parts of such a picture go: for the pointer.
  [[nodiscard]] static StageLayout layout(VkExtent2D extent, const StageView& view,
                                          std::uint32_t class_count = 2, std::uint32_t path_count = 0);
  // Where the trainability map is, if the view shows one.
  [[nodiscard]] static Rect rates_plot(VkExtent2D extent, const StageView& view);
  // And where the cells of a sweep's map are.
  [[nodiscard]] static Rect sweep_plot(VkExtent2D extent, const StageView& view, const Frame& frame);
  // The tile of the feature wall under a point of such a picture.
  [[nodiscard]] static std::optional<TileChoice> tile_at(VkExtent2D extent, const StageView& view,
                                                         const Frame& frame, glm::vec2 pixel);
  // And the other way round: the middle of a tile, where it is seen.
  [[nodiscard]] static std::optional<glm::vec2> tile_middle(VkExtent2D extent, const StageView& view,
                                                            const Frame& frame, const TileChoice& tile);
  // Where the ray of the last view that had one meets the surface first, world; of two surfaces, the training
  // set's. Nothing where it meets none. The frame of that view must be done, and no later one may have a ray
  // before this is read.
  [[nodiscard]] std::optional<glm::vec3> hit() const { return surface_hit_.answer(); }
  // Something is still moving: the same view and slot will look different a moment later.
  [[nodiscard]] bool moving() const { return coarse_ || scenery_.moving(); }
  // How much of the last picture was drawn again, 0 to 1, beside the words.
  [[nodiscard]] float redrawn() const { return kept_.redrawn(); }
  [[nodiscard]] VkFormat color_format() const { return options_.color_format; }

 private:
  PassSetup setup_3d() const;
  PassSetup setup_2d() const;
  PictureKey look_of(const CardContext& card);
  void record_column(const CardContext& card, const StageTarget& target, const std::vector<Rect>& parts);
  void record_over(const CardContext& card, const StageTarget& target, const std::vector<Rect>& parts,
                   bool with_words);
  void draw_cards(StageCard::Layer layer, const CardContext& card, const Rect& part);
  void draw_words(const CardContext& card);
  void append_words(const PassContext& context, const StageLayout& layout, const StageTexts& texts,
                    const ViewState& view);

  Device& device_;
  StageOptions options_;
  VkSampleCountFlagBits samples_;
  SetLayoutHandle slot_layout_;
  SetLayoutHandle view_layout_;
  DescriptorPool pool_;
  // The second of each frame: of a coarse 3-D view.
  std::array<std::array<Buffer, 2>, kFramesInFlight> view_buffers_;
  std::array<std::array<VkDescriptorSet, 2>, kFramesInFlight> view_sets_{};

  GraphicsPipeline backdrop_;
  Scenery scenery_;
  SurfaceHit surface_hit_;
  PanelPass panels_;
  std::vector<StageCard> cards_;
  KeptPicture kept_;
  TextPass text_;
  ContourLabels contour_labels_;
  std::vector<ScreenLabel> labels_;  // kept between frames
  // Of the last picture; the number rises whenever one of the two is another.
  ViewState seen_view_;
  StageTexts seen_texts_;
  std::uint64_t seen_ = 0;
  glm::mat4 seen_from_{0};  // its camera
  glm::vec3 light_{0};
  bool coarse_ = false;     // its 3-D view
};

}  // namespace fl
