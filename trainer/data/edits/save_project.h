#pragma once
// Saves an edited set as a Teachable Machine project of its own. What it was made of stays as it is.

#include <filesystem>
#include <functional>
#include <stop_token>

#include "trainer/data/dataset.h"
#include "trainer/data/edits/edits.h"
#include "trainer/data/sources/tm_project.h"

namespace fl {

// What the images are made of, as the set has it.
struct EditedSource {
  decltype(Dataset::original) original;  // Dataset::original
  DataSpec spec;                         // painted and windowed as it says
};

// Images that a project holds stay byte for byte where nothing is painted into them; others become what a
// project holds (tm_jpeg). From any thread. Errors: there is something of that name already, an image that
// cannot be read any more, what write_tm_samples refuses; stopped.
Result<void> save_edited_project(const std::filesystem::path& path, const EditedSet& set,
                                 const EditedSource& source, const TmSettings& settings,
                                 const std::stop_token& stop = {});

}  // namespace fl
