#pragma once
// What is said of a loading while it goes on.

#include <string>

#include "trainer/data/load_watch.h"

namespace fl {

inline constexpr const char* kReadingScene = "Reading what it holds";

// "Opening brains.tm", of the last part of a path; of nothing, the phantoms.
[[nodiscard]] std::string opening_title(const std::string& what);
// "Reading images: 1,200 of 10,000".
[[nodiscard]] std::string loading_words(const LoadProgress& progress);
// How much of the whole way lies behind, 0 to 1.
[[nodiscard]] double loading_share(const LoadProgress& progress);

}  // namespace fl
