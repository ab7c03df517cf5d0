#pragma once
// What the network says of the chosen image: a bar a class, read from the frame slot, with name and per
// cent. The true class is marked by a dot and by weight, a right or wrong answer by the colour of its bar
// and by a word, so nothing hangs on colour alone.

#include <vector>

#include "engine/pass/label.h"
#include "engine/pass/panel.h"
#include "engine/pass/pass.h"
#include "engine/pass/stage_texts.h"
#include "engine/text/font.h"
#include "engine/vk/pipeline.h"

namespace fl {

// The classes to show in so many rows, as places in FrameHeader::shown_classes: all in their own order where
// they fit, else the likeliest first, the true class always among them.
[[nodiscard]] std::vector<std::uint32_t> choose_classes(const Frame& frame, std::size_t rows);
// What is said of classes that are left out, from the whole sentence to the least that will do: "32 most probable
// of 40 classes", "32 of 40". The true class may have taken the last place.
[[nodiscard]] std::vector<std::string> classes_left_out(const Frame& frame, std::size_t rows);

class BarsPass {
 public:
  // `font` (for measuring) and `panels` must outlive the pass.
  BarsPass(const PassSetup& setup, const Font& font, const PanelPass& panels);
  // Draws into `panel` and appends the words. Draws nothing before the first publish.
  void draw(const PassContext& context, const Rect& panel, const StageTexts& texts,
            std::vector<ScreenLabel>& labels_out) const;

 private:
  const Font* font_;
  const PanelPass* panels_;
  GraphicsPipeline pipeline_;
};

}  // namespace fl
