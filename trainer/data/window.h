#pragma once
// From Hounsfield units to what a screen shows: a window of grey, and on request a range painted red, as a
// lecturer's colour coding of fresh blood does. A window throws away what lies beyond it; the range is taken
// from the Hounsfield values themselves, so that calcium, white in every brain window, stays white.

#include <span>
#include <vector>

#include "trainer/data/images/image.h"

namespace fl {

// An axial slice, seen from below as radiologists do: anterior is up.
struct HuSlice {
  int side = 0;                   // pixels
  double millimetres = 0;         // a pixel's side
  std::vector<float> hounsfield;  // [y][x]: air -1000, water 0, brain 25 ... 40, clotted blood 40 ... 90
};

// The Hounsfield units of a slice that somebody else keeps.
struct HuView {
  int side = 0;
  std::span<const float> hounsfield;  // as HuSlice's
  HuView(int pixels, std::span<const float> units) : side(pixels), hounsfield(units) {}
  HuView(const HuSlice& slice) : HuView(slice.side, slice.hounsfield) {}
};

// Grey 0 is level - width / 2 and below, 255 is level + width / 2 and above.
struct HuWindow {
  double level = 0, width = 1;
  bool operator==(const HuWindow&) const = default;
};
// What windows and ranges are made of, in HU.
inline constexpr double kLowestHu = -1024, kHighestHu = 8192;

inline constexpr HuWindow kBrainWindow{40, 80};
inline constexpr HuWindow kSubduralWindow{75, 215};
inline constexpr HuWindow kBoneWindow{600, 2800};
struct NamedWindow {
  const char* name;  // as scenes call it
  HuWindow window;
};
inline constexpr NamedWindow kNamedWindows[] = {
    {"brain", kBrainWindow}, {"subdural", kSubduralWindow}, {"bone", kBoneWindow}};

struct HuRange {
  double low = 0, high = 0;
  bool operator==(const HuRange&) const = default;
};

// 8-bit grey. Precondition: window.width > 0.
Bitmap apply_window(const HuView& slice, const HuWindow& window);

// 8-bit colour: what lies inside `range` goes from a pale red at `low` to pure red at `high`, the rest is
// grey. Preconditions: window.width > 0, range.low < range.high.
Bitmap apply_window(const HuView& slice, const HuWindow& window, const HuRange& range);

// The same for an image that went through `window` before: three channels, the range taken from the grey
// values. Black and white stay as they are where the range reaches them, for nobody knows how far beyond the
// window they lay; so do pixels that are coloured already.
Bitmap colour_image(const Bitmap& image, const HuWindow& window, const HuRange& range);

}  // namespace fl
