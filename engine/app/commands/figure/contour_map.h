#pragma once
// The landscape of a lesson or a run as a contour map, for papers and slides.

#include <filesystem>
#include <string>

#include "engine/figures/contour_figure.h"
#include "trainer/base/result.h"
#include "trainer/subjects/landscape/landscape_view.h"

namespace fl {

struct ContourMap {
  std::string title, below;  // the lesson's name, and a sentence
  ContourFigure figure;
};

// `log`: height is the logarithm of the loss. Precondition: the view has a plane and a surface.
[[nodiscard]] ContourMap contour_map(const LandscapeView& view, bool log);

// The engine's part. Errors: as Paper::save.
Result<void> draw_contour_map(const ContourMap& map, const std::filesystem::path& out);

}  // namespace fl
