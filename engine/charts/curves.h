#pragma once
// The curves of the run. Lines are made in the vertex shader from the series in the frame slot: no copy, no
// tessellation on the host, the same width at any zoom. Behind a line lies a soft band, the tenth to
// ninetieth hundredth of what lies about it: of the training loss, the losses of the single steps. Of loss
// and accuracy, earlier runs of the lesson stay behind all, pale and dashed.

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
  // Draws what is chosen into `panel` and appends its words. Before the first publish: empty axes.
  void draw(const PassContext& context, const Rect& panel, std::vector<ScreenLabel>& labels_out,
            const CurvesChoice& choice = {}, const StageTexts& texts = {}) const;

 private:
  // A series in a chart: shared::kTrainLoss and so on, in its colour.
  struct Series {
    std::uint32_t id = 0, count = 0;
    glm::vec4 color{0};
    float begin = 0, each = 1;  // as CurvesPush
    bool of_steps = false;
  };

  void draw_frame(const PassContext& context, const CurvesLayout& layout, const ChartLayout& chart) const;
  [[nodiscard]] static Series of_steps(const PassContext& context, std::uint32_t id, const glm::vec4& color);
  [[nodiscard]] static Series of_epochs(const PassContext& context, std::uint32_t id);
  [[nodiscard]] static shared::CurvesPush push_for(const CurvesLayout& layout, const ChartLayout& chart,
                                                   const Series& series);
  void draw_segments(const PassContext& context, const shared::CurvesPush& push) const;
  // Where most of the points lie, over a window that moves along the axis.
  void draw_band(const PassContext& context, const CurvesLayout& layout, const ChartLayout& chart,
                 const Series& series) const;
  // The median over that window.
  void draw_middle(const PassContext& context, const CurvesLayout& layout, const ChartLayout& chart,
                   const Series& series) const;
  void draw_steps(const PassContext& context, const CurvesLayout& layout, const ChartLayout& chart,
                  const Series& series) const;
  void draw_line(const PassContext& context, const CurvesLayout& layout, const ChartLayout& chart,
                 const Series& series) const;
  // Of several descents: the loss of each against steps.
  void draw_descents(const PassContext& context, const CurvesLayout& layout) const;
  // Of a race: the loss of each run at the points of its path, and its accuracy (race_curves.cpp).
  void draw_race(const PassContext& context, const CurvesLayout& layout) const;
  // A cross where the loss of a run stops being a number.
  static void append_ends(const PassContext& context, const CurvesLayout& layout,
                          std::vector<ScreenLabel>& labels);
  void draw_loss(const PassContext& context, const CurvesLayout& layout) const;
  void draw_norms(const PassContext& context, const CurvesLayout& layout) const;
  void draw_rate(const PassContext& context, const CurvesLayout& layout) const;
  void draw_classes(const PassContext& context, const CurvesLayout& layout) const;
  void draw_curvature(const PassContext& context, const CurvesLayout& layout) const;
  void draw_earlier(const PassContext& context, const CurvesLayout& layout) const;
  void draw_samples(const PassContext& context, const CurvesLayout& layout) const;
  void append_numbers(const PassContext& context, const CurvesLayout& layout,
                      std::vector<ScreenLabel>& labels) const;
  void append_legend(const PassContext& context, const CurvesLayout& layout, const ChartLayout& chart,
                     float train, float test, std::vector<ScreenLabel>& labels) const;
  // What the newest point of a chart with one curve is.
  void append_value(const PassContext& context, const CurvesLayout& layout, const ChartLayout& chart,
                    std::string value, std::vector<ScreenLabel>& labels) const;
  void append_keys(const PassContext& context, const CurvesLayout& layout,
                   std::vector<ScreenLabel>& labels) const;

  const Font* font_;
  const PanelPass* panels_;
  GraphicsPipeline pipeline_;
};

}  // namespace fl
