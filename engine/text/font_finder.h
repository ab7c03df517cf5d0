#pragma once
// Which installed font file to write with, as fontconfig knows it.

#include <memory>
#include <string_view>
#include <vector>

#include "engine/text/font.h"

struct _FcConfig;

namespace fl {

class FontFinder {
 public:
  // A configuration of its own: fontconfig's shared one is never given back.
  FontFinder();

  // Inter in this weight, or any sans-serif. An error where no outline font is installed at all.
  [[nodiscard]] Result<FontPlace> typeface(FontWeight weight) const;
  // Other fonts with outlines that have any of these characters, those that have most of them first, then in
  // fontconfig's order of preference; a few at most.
  [[nodiscard]] std::vector<FontPlace> with_characters(std::u32string_view codes, FontWeight weight) const;
  // Whether a family of this name is installed.
  [[nodiscard]] bool has_family(const char* name) const;

 private:
  struct Deleter {
    void operator()(_FcConfig* config) const;
  };
  std::unique_ptr<_FcConfig, Deleter> config_;
};

}  // namespace fl
