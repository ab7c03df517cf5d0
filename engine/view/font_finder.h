#pragma once
// Which installed font file to write with, as fontconfig knows it.

#include <memory>
#include <optional>

#include "engine/view/font.h"

struct _FcConfig;

namespace fl {

class FontFinder {
 public:
  // A configuration of its own: fontconfig's shared one is never given back.
  FontFinder();

  // Inter in this weight, or any sans-serif. An error where no outline font is installed at all.
  [[nodiscard]] Result<FontPlace> typeface(FontWeight weight) const;
  // The font that fontconfig prefers among those with this character; nothing where none has it.
  [[nodiscard]] std::optional<FontPlace> with_character(char32_t code, FontWeight weight) const;

 private:
  struct Deleter {
    void operator()(_FcConfig* config) const;
  };
  std::unique_ptr<_FcConfig, Deleter> config_;
};

}  // namespace fl
