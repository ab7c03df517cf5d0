#pragma once
// `fallline figure`: curves and confusion matrix of a run that was saved, for papers and slides.

#include <filesystem>
#include <string>

#include "trainer/base/result.h"

namespace fl {

// What of a run is drawn.
inline constexpr const char* kFigureParts[] = {"all", "curves", "confusion"};

struct FigureOptions {
  std::filesystem::path run;  // a run folder, or its report.json
  std::filesystem::path out;  // NAME.png, .svg or .pdf
  std::string of = "all";
  bool replace = false;
};

// Errors: no run, a report that says nothing of what is asked for, another ending, a file that is there
// already.
Result<void> draw_figure(const FigureOptions& options);

}  // namespace fl
