#pragma once
// The fonts that text is written in: the typeface, and for what it lacks whichever installed font has it. A
// script is written in one font as far as one has all of it: letters of two fonts neither join nor look
// alike.

#include <array>
#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <set>
#include <span>
#include <unordered_map>
#include <vector>

#include "engine/text/font_file.h"
#include "engine/text/text_items.h"

namespace fl {

class FontFinder;

// A text's clusters (or single characters of them) each in a font.
struct FaceChoice {
  std::uint32_t begin = 0, end = 0;  // in TextItems::codes
  std::uint32_t cluster = 0;         // in TextItems::clusters
  std::uint32_t face = 0;            // or kNoFace
};

class FontFaces {
 public:
  static constexpr std::uint32_t kNoFace = ~0U;
  // What no font has, and the family it belongs to.
  using Missing = std::map<char32_t, ScriptTag>;

  FontFaces();
  FontFaces(FontFaces&&) noexcept;
  ~FontFaces();

  // The typeface in a weight; its face has the weight's number. In the order of the weights.
  Result<void> add_typeface(const FontPlace& place);

  // What finds the other fonts: reading its list takes time, so whoever has one hands it over.
  void use(std::unique_ptr<FontFinder> finder);
  // Made here where nobody did.
  [[nodiscard]] const FontFinder& finder();

  [[nodiscard]] const FontFile& file(std::uint32_t face) const { return faces_[face].file; }
  // In the order of the text. What no font has is added to `missing`.
  [[nodiscard]] std::vector<FaceChoice> choose(const TextItems& items, FontWeight weight, Missing& missing);

 private:
  struct Face {
    FontFile file;
    FontPlace place;
    std::unordered_map<char32_t, bool> can_draw;
  };
  using Codes = std::u32string_view;

  [[nodiscard]] bool has(std::uint32_t face, char32_t code);
  [[nodiscard]] bool covers(std::uint32_t face, Codes codes);
  [[nodiscard]] std::size_t count_covered(std::uint32_t face, std::span<const Codes> clusters);
  // The faces to try for these clusters of one family, best first.
  [[nodiscard]] std::vector<std::uint32_t> faces_for(FontWeight weight, ScriptTag family,
                                                     std::span<const Codes> clusters);
  // Opens what has most of them; kNoFace where no font has any.
  [[nodiscard]] std::uint32_t find_more(FontWeight weight, std::span<const Codes> clusters);
  [[nodiscard]] std::uint32_t open(const FontPlace& place);

  std::deque<Face> faces_;
  std::map<std::pair<FontWeight, ScriptTag>, std::vector<std::uint32_t>> used_;  // beside the typeface
  std::set<std::pair<FontWeight, char32_t>> nowhere_;                            // is not asked for again
  std::unique_ptr<FontFinder> finder_;
};

}  // namespace fl
