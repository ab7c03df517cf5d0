#pragma once
// The feature wall and what the network concludes from it: the layers' tiles and the bars of the classes, as
// cards standing in the room, flat on two panels, or with one tile enlarged in place of the others.

#include <optional>
#include <vector>

#include "engine/charts/bars.h"
#include "engine/pass/panel.h"
#include "engine/stage/stage_layout.h"
#include "engine/wall/room_layout.h"
#include "engine/wall/tiles.h"

namespace fl {

struct WallView {
  bool room = true;                // else flat
  std::optional<TileChoice> tile;  // enlarged, where there is such a tile
  bool operator==(const WallView&) const = default;
};

class FeatureWall {
 public:
  // `font` (for measuring) and `panels` must outlive the wall.
  FeatureWall(const PassSetup& setup, const Font& font, const PanelPass& panels);
  // Draws what `parts` asks for of tiles and bars where `layout` has it, and appends the words.
  void draw(const PassContext& context, const StageLayout& layout, const StageParts& parts,
            const WallView& view, const StageTexts& texts, std::vector<ScreenLabel>& labels_out) const;
  // What draw() draws lies in here, shadows included.
  [[nodiscard]] static Rect place(const PassContext& context, const StageLayout& layout,
                                  const StageParts& parts);

 private:
  void draw_room(const PassContext& context, const StageLayout& layout, const StageParts& parts,
                 const StageTexts& texts, std::vector<ScreenLabel>& labels_out) const;
  void draw_card(const PassContext& context, const RoomCard& card, float scale) const;

  const Font* font_;
  const PanelPass* panels_;
  TilesPass tiles_;
  BarsPass bars_;
};

// What a wall is arranged for; see PassContext for the scales.
struct WallSetting {
  const Frame& frame;
  const StageLayout& layout;
  const StageParts& parts;
  float scale = 1, picture_scale = 1;
};

// The tile under a point of the picture, where one is that can be enlarged.
[[nodiscard]] std::optional<TileChoice> tile_at(const WallSetting& setting, const WallView& view,
                                                glm::vec2 pixel);
// The middle of a tile that tile_at() can give, where it is seen: not while one is enlarged.
[[nodiscard]] std::optional<glm::vec2> tile_middle(const WallSetting& setting, const WallView& view,
                                                   const TileChoice& tile);

}  // namespace fl
