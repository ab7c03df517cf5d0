#pragma once
// Where the charts of the curves go and what their axes and keys say; knows no device.

#include "engine/charts/chart_axes.h"
#include "engine/charts/curves_choice.h"
#include "engine/charts/curves_keys.h"
#include "engine/pass/pass.h"
#include "engine/pass/stage_texts.h"
#include "engine/text/font.h"

namespace fl {

// What that comes to for this frame.
[[nodiscard]] bool log_loss_axis(const Frame& frame, LossAxis axis);

// Of several descents there is the loss, whatever was chosen.
[[nodiscard]] CurvesKind shown_kind(const Frame& frame, const CurvesChoice& choice);

// How many earlier runs are behind the curves.
[[nodiscard]] std::uint32_t earlier_shown(const Frame& frame, const CurvesChoice& choice);

struct CurvesLayout {
  CurvesKind kind = CurvesKind::kLoss;
  // Of the loss; the norm of the gradient; the rate; accuracies by class.
  ChartLayout upper;
  // Of the accuracy; the norm of the update. With one chart its plot is empty.
  ChartLayout lower;
  CurveKeys keys;             // of classes or earlier runs
  bool earlier = false;       // the keys are those of earlier runs
  float left = 0, right = 0;  // of the panel
  float scale = 1;
  float title_size = 0, text_size = 0;
  float tick_gap = 0;  // between a number of the vertical axis and the plot

  [[nodiscard]] const ChartLayout& lowest() const { return lower.plot.height > 0 ? lower : upper; }
};

// Classes of the frame that have curves, and of which many are left out.
inline constexpr std::uint32_t kMostClassCurves = 32;

// The epoch at the right edge: the last of the plan, or more where training went on beyond it; at least 1.
[[nodiscard]] float last_axis_epoch(const Frame& frame);

// Losses above it put the loss chart on a logarithm: what is worth reading goes down to a tenth, and on a
// linear axis more than three decades higher nothing of it could be seen. Depends on the largest loss alone,
// which only grows, so that the axis changes once and never back.
inline constexpr float kLogLossFrom = 100;
// Axes reach to hold earlier runs, to so many times the length and the losses of the present one at most:
// what a run ten times as long did must not make this one unreadable.
inline constexpr float kEarlierReach = 2;

// `panel` in pixels. Charts too low to read have an empty plot; of several descents there is only the loss,
// against steps; of a race loss and accuracy, against what its runs have made equally many of.
[[nodiscard]] CurvesLayout lay_out_curves(const Frame& frame, const Rect& panel, const Font& font,
                                          float scale, const CurvesChoice& choice = {},
                                          const StageTexts& texts = {});

}  // namespace fl
