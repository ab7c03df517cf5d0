#pragma once
// The typeface that the tests of words measure with.

#include <stdexcept>

#include "engine/text/font.h"

namespace fl {

// One atlas for all cases: making it is most of their time.
inline const Font& font() {
  static const Result<Font> loaded = Font::load();
  if (!loaded) throw std::runtime_error(loaded.error().message);
  return *loaded;
}

}  // namespace fl
