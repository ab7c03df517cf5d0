#pragma once
// What figures look like: dark words on white, and colours that are told apart by every kind of colour
// blindness.

#include <array>

#include "engine/figures/paper.h"

namespace fl {

inline const Ink kInk{}, kQuietInk{.srgb = {0.42f, 0.45f, 0.50f}}, kGridInk{.srgb = {0.86f, 0.87f, 0.89f}},
    kBadInk{.srgb = {0.25f, 0.26f, 0.29f}}, kEmptyInk{.srgb = {0.95f, 0.95f, 0.96f}},
    kPaperInk{.srgb = {1, 1, 1}};
inline const Ink kTrainInk{.srgb = {0.05f, 0.38f, 0.66f}}, kTestInk{.srgb = {0.80f, 0.36f, 0.02f}};
inline constexpr std::array kTestDash{9.0, 5.0};
inline constexpr double kTitleSize = 22, kWordSize = 17;  // of letters

// Of the landscape's colour map at a place from 0 to 1.
[[nodiscard]] Ink map_ink(double share);
// Of words on such a ground.
[[nodiscard]] Ink ink_on(const Ink& ground);

}  // namespace fl
