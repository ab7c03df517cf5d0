#pragma once
// The distance fields of all glyphs that were needed so far, side by side in one picture that grows downward.

#include <cstdint>
#include <span>
#include <unordered_map>
#include <vector>

#include "engine/text/font.h"

namespace fl {

struct GlyphDrawing;

class GlyphAtlas {
 public:
  // Every Vulkan device that draws to a desktop takes images this high.
  static constexpr int kMostRows = 8192;

  // Nothing where it was never added. Stays where it is as long as the atlas does.
  [[nodiscard]] const Glyph* find(std::uint32_t face, std::uint32_t index) const;
  // Sets `drawings` beside what is there, the tallest first; their glyphs say where. Where the atlas is full
  // a glyph stays blank.
  void add(std::vector<GlyphDrawing>& drawings);

  [[nodiscard]] int height() const { return height_; }
  [[nodiscard]] std::span<const std::uint8_t> texels() const { return texels_; }
  [[nodiscard]] std::uint32_t revision() const { return revision_; }

 private:
  bool place(Glyph& glyph);

  std::unordered_map<std::uint64_t, Glyph> glyphs_;
  std::vector<std::uint8_t> texels_;
  int x_ = 0, y_ = 0, height_ = 0;  // of the shelf that is being filled: where it goes on, begins and ends
  std::uint32_t revision_ = 0;
};

}  // namespace fl
