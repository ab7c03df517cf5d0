#pragma once
// The program's typeface as one distance-field atlas, made at start from an installed font: Inter where
// there is one, else any sans-serif that fontconfig offers; what it lacks comes from other fonts. All fonts
// and both weights share the atlas, so that all text of a frame is one draw. All metrics are in em (multiply
// by the size in pixels), y down.

#include <array>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "engine/text/text_line.h"
#include "trainer/base/result.h"

namespace fl {

enum class FontWeight : std::uint32_t { kRegular = 0, kSemiBold = 1 };
inline constexpr std::size_t kFontWeights = 2;

// A font file, and which of its faces.
struct FontPlace {
  std::string path;
  int index = 0;
};

// The file that holds the program's typeface in this weight. An error where no outline font is installed at
// all.
[[nodiscard]] Result<std::string> font_path(FontWeight weight);

// One glyph: a quad around the pen position on the baseline, and where its distances lie in the atlas.
// The quad is larger than the ink by the spread on every side. Blank glyphs have no quad (width 0).
struct Glyph {
  float advance = 0;
  float left = 0, top = 0, width = 0, height = 0;                 // em, relative to the pen
  std::uint16_t u = 0, v = 0, texel_width = 0, texel_height = 0;  // atlas texels
};

// In em.
struct FontMetrics {
  float ascent = 0;      // above the baseline, > 0
  float descent = 0;     // below the baseline, > 0
  float cap_height = 0;  // of H: what is centred
  float x_height = 0;
};

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

  // How `text` (UTF-8) is written, on one line. Kept for as long as it is asked for again and again, so that
  // a frame shapes only what changed. Glyphs that are new go into the atlas.
  [[nodiscard]] std::shared_ptr<const TextLine> line(FontWeight weight, std::string_view text) const;
  // Looks ahead at all `texts` that are going to be written: what no font has is said in one warning, not
  // word by word. Boxes stand for it.
  void cover(std::span<const std::string> texts) const;

  // Whether the typeface itself has the character.
  [[nodiscard]] bool has_glyph(FontWeight weight, char32_t code) const;
  // The widest digit's advance: digits are set on it where numbers must not jitter as they change.
  [[nodiscard]] float digit_advance(FontWeight weight) const;

  [[nodiscard]] const FontMetrics& metrics() const;

  [[nodiscard]] int atlas_width() const { return kAtlasWidth; }
  [[nodiscard]] int atlas_height() const;
  [[nodiscard]] std::span<const std::uint8_t> atlas() const;
  // Rises whenever the atlas grows.
  [[nodiscard]] std::uint32_t revision() const;
  // The file of the typeface itself, for the user interface.
  [[nodiscard]] const std::string& path(FontWeight weight) const;

  Font(Font&&) noexcept;
  Font& operator=(Font&&) noexcept;
  ~Font();

 private:
  struct Writing;
  explicit Font(std::unique_ptr<Writing> writing);

  // Grows while text is measured and drawn, which one thread does: the one that draws.
  std::unique_ptr<Writing> writing_;
};

}  // namespace fl
