#pragma once
// The 3-D view of the stage: surface and ground, then what moves on them. With several samples a pixel all of
// it is drawn and resolved into the target. With one, it is drawn into an image of its own, whose edges are
// filtered into the target; surface and ground alone, colour and depth, are kept beside it. As long as
// they stay the same, the next picture takes them from there, in the rectangle that path, balls and their
// shadows touch or touched.

#include <array>
#include <optional>
#include <span>
#include <vector>

#include "engine/landscape/landscape.h"
#include "engine/landscape/path.h"
#include "engine/landscape/phase_marks.h"
#include "engine/pass/lines.h"
#include "engine/pass/pass.h"
#include "engine/stage/edge_filter.h"
#include "engine/stage/picture_key.h"
#include "engine/stage/stage_target.h"
#include "engine/vk/image.h"
#include "engine/vk/pipeline.h"

namespace fl {

class Scenery {
 public:
  // `flat`: for the edge filter.
  Scenery(const PassSetup& setup, const PassSetup& flat);

  // Outside rendering. `place`: of the 3-D view in the picture; context.viewport, or, where that is halved,
  // what it is enlarged to. `look`: what all parts of a picture depend on. `contacts`: as in the view's
  // uniforms. `keeps`: what was drawn for the picture before may be taken again; precondition: one sample a
  // pixel, and context.contents is known.
  void prepare(const PassContext& context, const Rect& place, const PictureKey& look,
               std::span<const glm::vec4> contacts, bool keeps);
  // What of the view is not as in the picture before; all of it where nothing is kept.
  [[nodiscard]] const Rect& changed() const { return changed_; }
  // Instead, for a picture without it.
  void leave_out();
  // With several samples: into the target, whose view is in COLOR_ATTACHMENT_OPTIMAL.
  void record(const PassContext& context, const StageTarget& target);
  // With one: the edge filter, in a rendering of the target, of which `context` is.
  void draw_filtered(const PassContext& context) const {
    halved_ ? edges_.enlarge(context) : edges_.draw(context);
  }

  [[nodiscard]] bool one_sample() const { return setup_.samples == VK_SAMPLE_COUNT_1_BIT; }
  [[nodiscard]] bool moving() const { return landscape_.moving(); }
  [[nodiscard]] const Relief& relief() const { return landscape_.relief(); }

 private:
  // How surface and ground come into the picture.
  enum class Base { kDrawn, kDrawnAndKept, kTaken, kUntouched };

  void ensure_images(const Rect& place);
  // `axes`: how many of drawn_lines_ do not move.
  void decide(const PassContext& context, const PictureKey& look, std::span<const glm::vec4> contacts,
              std::size_t axes);
  void record_resolved(const PassContext& context, const StageTarget& target);
  void record_filtered(const PassContext& context);
  void draw_base(const PassContext& context);
  void take_base(const PassContext& context);
  void keep_base(const PassContext& context);
  void draw_ground(const PassContext& context);
  void draw_others(const PassContext& context);

  Device& device_;
  PassSetup setup_;
  EdgeFilter edges_;
  GraphicsPipeline backdrop_;
  LandscapePass landscape_;
  PathPass path_;
  PhaseMarksPass phase_marks_;
  LinesPass lines_;
  Image color_, depth_;            // what is drawn into
  Image base_color_, base_depth_;  // surface and ground, while kept_

  std::vector<Line> drawn_lines_;  // of this picture
  std::uint32_t contact_count_ = 0;
  Base base_ = Base::kDrawn;
  Rect changed_{}, touched_{};        // touched_: by what moves, in this picture
  Rect redrawn_{};                    // what is drawn again over the base
  std::optional<PictureKey> known_;   // of surface, ground and axes in the picture before
  std::optional<PictureKey> moving_;  // of what moves
  bool kept_ = false;
  bool halved_ = false;  // the view of this picture
};

}  // namespace fl
