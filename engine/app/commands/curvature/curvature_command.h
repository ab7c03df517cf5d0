#pragma once
// fallline curvature: how sharp the valley is in which a run ended, beside what its optimizer can bear.

#include <filesystem>
#include <string>

#include "trainer/base/result.h"
#include "trainer/subjects/curvature/run_curvature.h"

namespace fl {

struct CurvatureOptions {
  std::filesystem::path run;  // a run folder
  CurvatureSpec spec;
  std::string json;  // a file for the figures, "-": standard output instead of the words; empty: none
};

Result<void> run_curvature(const CurvatureOptions& options);

}  // namespace fl
