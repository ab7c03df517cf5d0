#pragma once
// The program's typeface as one distance-field atlas, made at start from an installed font: Inter where
// there is one, else any sans-serif that fontconfig offers; what it lacks comes from other fonts when asked for. Regular and semi-bold share the atlas, so that
// all text of a frame is one draw. All metrics are in em (multiply by the size in pixels), y down.

#include <array>
#include <cstdint>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "engine/view/font_kerning.h"
#include "trainer/base/result.h"

namespace fl {

enum class FontWeight : std::uint32_t { kRegular = 0, kSemiBold = 1 };
inline constexpr std::size_t kFontWeights = 2;

// A font file, and which of its faces.
struct FontPlace {
  std::string path;
  int index = 0;
};

// The file that holds the program's typeface in this weight. An error where no outline font is installed at all.
[[nodiscard]] Result<std::string> font_path(FontWeight weight);

// One glyph: a quad around the pen position on the baseline, and where its distances lie in the atlas.
// The quad is larger than the ink by the spread on every side. Blank glyphs have no quad (width 0).
struct Glyph {
  float advance = 0;
  float left = 0, top = 0, width = 0, height = 0;                 // em, relative to the pen
  std::uint16_t u = 0, v = 0, texel_width = 0, texel_height = 0;  // atlas texels
  std::uint32_t index = 0;                                        // in the font file
};

// In em.
struct FontMetrics {
  float ascent = 0;      // above the baseline, > 0
  float descent = 0;     // below the baseline, > 0
  float cap_height = 0;  // of H: what is centred
  float x_height = 0;
};

struct GlyphDrawing;

class Font {
 public:
  // Texels per em, and how far from an outline the field reaches. Strokes of Inter are some four texels
  // wide at this size: enough for 64-pixel text, little enough to make the atlas in a tenth of a second.
  static constexpr int kEmTexels = 48;
  static constexpr int kSpreadTexels = 8;
  static constexpr int kAtlasWidth = 1024;

  [[nodiscard]] static Result<Font> load();
  // From given files, for tests; the same file may serve both weights.
  [[nodiscard]] static Result<Font> load(const std::array<FontPlace, kFontWeights>& places);

  // Makes sure that `text` (UTF-8) can be written: a character that the typeface lacks comes from the font that
  // fontconfig prefers for it. Characters that no font has stay boxes; one line of the log names them, once.
  // Not while a frame is recorded: the atlas grows.
  void cover(std::string_view text);

  // The glyph, or the box that stands for one the typeface does not have.
  [[nodiscard]] const Glyph& glyph(FontWeight weight, char32_t code) const;
  [[nodiscard]] bool has_glyph(FontWeight weight, char32_t code) const;
  // Added between two neighbours, in em.
  [[nodiscard]] float kerning(FontWeight weight, char32_t left, char32_t right) const;
  // The widest digit's advance: digits are set on it where numbers must not jitter as they change.
  [[nodiscard]] float digit_advance(FontWeight weight) const;

  [[nodiscard]] const FontMetrics& metrics() const { return metrics_; }

  [[nodiscard]] int atlas_width() const { return kAtlasWidth; }
  [[nodiscard]] int atlas_height() const { return atlas_height_; }
  [[nodiscard]] std::span<const std::uint8_t> atlas() const { return atlas_; }
  // Rises whenever the atlas grows.
  [[nodiscard]] std::uint32_t revision() const { return revision_; }
  // The file of the typeface itself, for the user interface.
  [[nodiscard]] const std::string& path(FontWeight weight) const { return face(weight).path; }

 private:
  struct Face {
    std::unordered_map<char32_t, Glyph> glyphs;
    KerningTable kerning;
    Glyph missing;
    float digit_advance = 0, units_per_em = 1000;
    std::string path;
  };

  [[nodiscard]] const Face& face(FontWeight weight) const { return faces_[static_cast<std::size_t>(weight)]; }
  void add_to_atlas(std::vector<GlyphDrawing>& drawings);

  std::array<Face, kFontWeights> faces_;
  std::vector<std::uint8_t> atlas_;
  int atlas_height_ = 0;
  std::uint32_t revision_ = 0;
  std::set<char32_t> asked_for_;  // of other fonts
  FontMetrics metrics_;
};

}  // namespace fl
