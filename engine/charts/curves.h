#pragma once
// Loss and accuracy against epochs. Lines are made in the vertex shader from the series in the frame slot:
// no copy, no tessellation on the host, the same width at any zoom. Behind each line lies a soft band, the
// tenth to ninetieth hundredth of what lies about it: of the training loss, the losses of the single steps.

#include <vector>

#include "engine/charts/curves_layout.h"
#include "engine/pass/label.h"
#include "engine/pass/panel.h"
#include "engine/pass/pass.h"
#include "engine/text/font.h"
#include "engine/vk/pipeline.h"

namespace fl {

namespace shared {
struct CurvesPush;
}  // namespace shared

class CurvesPass {
 public:
  // `font` (for measuring) and `panels` must outlive the pass.
  CurvesPass(const PassSetup& setup, const Font& font, const PanelPass& panels);
  // Draws both charts into `panel` and appends their words. Before the first publish: empty axes.
  void draw(const PassContext& context, const Rect& panel, std::vector<ScreenLabel>& labels_out,
            LossAxis axis = LossAxis::kAuto) const;

 private:
  void draw_frame(const PassContext& context, const CurvesLayout& layout, const ChartLayout& chart) const;
  // `series`: shared::kTrainLoss and so on.
  [[nodiscard]] shared::CurvesPush push_for(const PassContext& context, const CurvesLayout& layout,
                                            const ChartLayout& chart, std::uint32_t series) const;
  // Where most of the points lie, over a window that moves along the axis.
  void draw_band(const PassContext& context, const CurvesLayout& layout, const ChartLayout& chart,
                 std::uint32_t series) const;
  void draw_steps(const PassContext& context, const CurvesLayout& layout) const;
  void draw_line(const PassContext& context, const CurvesLayout& layout, const ChartLayout& chart,
                 std::uint32_t series) const;
  // Of several descents: the loss of each against steps.
  void draw_descents(const PassContext& context, const CurvesLayout& layout) const;
  void append_numbers(const PassContext& context, const CurvesLayout& layout,
                      std::vector<ScreenLabel>& labels) const;
  void append_legend(const PassContext& context, const CurvesLayout& layout, const ChartLayout& chart,
                     float train, float test, std::vector<ScreenLabel>& labels) const;

  const Font* font_;
  const PanelPass* panels_;
  GraphicsPipeline pipeline_;
};

}  // namespace fl
