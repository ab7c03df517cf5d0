#pragma once
// One line of text as it is drawn: which glyphs of which fonts, and where.

#include <cstdint>
#include <vector>

namespace fl {

struct Glyph;

struct PlacedGlyph {
  const Glyph* ink = nullptr;         // in the atlas
  float pen = 0;                      // em, along the baseline from the start of the line
  float down = 0;                     // em, below the baseline
  std::uint32_t face = 0, index = 0;  // the font (FontFaces), and which of its glyphs
  std::uint32_t byte = 0;             // where in the text its cluster begins
};

// Characters that stand or fall together, in the order of the text: it may be cut before each of them.
struct LineCluster {
  std::uint32_t byte = 0;
  float advance = 0;  // em
};

struct TextLine {
  std::vector<PlacedGlyph> glyphs;  // from left to right, without those that are blank
  std::vector<LineCluster> clusters;
  float width = 0;  // em
};

}  // namespace fl
