#pragma once
// The cards beside and over the landscape, listed once in cards.cpp: the legend of paths, the curves, the
// feature wall with its bars. A card is its own files, its part of the layout (stage_layout.h) and its row in
// the list.

#include <functional>
#include <vector>

#include "engine/pass/label.h"
#include "engine/pass/panel.h"
#include "engine/pass/stage_texts.h"
#include "engine/stage/picture_key.h"
#include "engine/stage/stage_layout.h"
#include "engine/stage/view_state.h"
#include "engine/text/font.h"

namespace fl {

// What a card is made with. All of it must outlive the card.
struct CardSetup {
  PassSetup pass;  // flat
  const Font& font;
  const PanelPass& panels;
};

// What it shows in a picture.
struct CardContext {
  const PassContext& pass;
  const StageLayout& layout;
  const ViewState& view;
  const StageTexts& texts;
  std::vector<ScreenLabel>& labels;  // its words are appended

  [[nodiscard]] bool shows(bool StageParts::*part) const { return view.parts.*part; }
};

struct StageCard {
  // Behind: before the landscape, into the column beside it. Over: after it, because what it draws falls on
  // it.
  enum class Layer { kBehind, kOver };
  Layer layer = Layer::kBehind;
  std::function<void(const CardContext&)> draw;  // nothing where the view shows no such part
  // All that it draws, but its words, lies in here; empty where the view shows no such part.
  std::function<Rect(const CardContext&)> place;
  // What it draws, words included, depends on beside the view, the layout and the names: adds the numbers of
  // the frame that it uses and the revisions of sections (context.pass.contents). It is drawn again where
  // one of them has changed; without this function, whenever the slot has.
  std::function<void(const CardContext&, PictureKey&)> reads{};
};

// In the order in which they are drawn.
[[nodiscard]] std::vector<StageCard> make_cards(const CardSetup& setup);

}  // namespace fl
