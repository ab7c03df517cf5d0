#pragma once
// Pair kerning from a font's GPOS table (OpenType 1.9, "GPOS", lookup type 2 and its extension 9). Modern
// fonts, Inter among them, keep kerning only there, where FreeType does not look; without it "Test" and
// "Train" stand visibly apart after their T. Only the horizontal advance of the left glyph is read.

#include <cstdint>
#include <span>
#include <unordered_map>
#include <vector>

namespace fl {

class KerningTable {
 public:
  KerningTable() = default;
  // `gpos`: the raw table, in any state of repair: what lies outside it reads as zero. `glyphs`: the glyph
  // indices that matter, so that the thousands of others cost nothing.
  KerningTable(std::span<const std::uint8_t> gpos, std::span<const std::uint32_t> glyphs);

  // In font units; 0 for a pair that is not kerned.
  [[nodiscard]] int between(std::uint32_t left, std::uint32_t right) const;
  [[nodiscard]] bool empty() const { return lookups_.empty(); }

  struct Subtable {
    // Either single pairs (left << 16 | right) ...
    std::unordered_map<std::uint32_t, int> pairs;
    // ... or a matrix over classes of left and right glyphs. `left_class` holds covered glyphs only.
    std::unordered_map<std::uint32_t, std::uint32_t> left_class, right_class;
    std::uint32_t right_classes = 0;
    std::vector<int> matrix;
  };

 private:
  using Lookup = std::vector<Subtable>;

  std::vector<Lookup> lookups_;
};

}  // namespace fl
