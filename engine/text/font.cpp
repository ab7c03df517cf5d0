#include "engine/text/font.h"

#include <algorithm>
#include <set>
#include <unordered_map>
#include <utility>
#include <vector>

#include "engine/text/font_faces.h"
#include "engine/text/font_finder.h"
#include "engine/text/glyph_atlas.h"
#include "engine/text/script_names.h"
#include "engine/text/text_shaper.h"
#include "trainer/base/log.h"

namespace fl {

namespace {

struct CodeRange {
  char32_t first, last;
};

// Everything that labels and class names are written in: Latin-1 and Latin Extended-A for names, Greek and
// mathematics for axes, sub- and superscript digits for powers of ten, punctuation.
constexpr CodeRange kCodeRanges[] = {
    {0x20, 0x7E},     {0xA0, 0x17F},  // Latin
    {0x391, 0x3C9},                   // Greek
    {0x2009, 0x2009}, {0x2013, 0x2014}, {0x2018, 0x201A}, {0x201C, 0x201E},
    {0x2022, 0x2022}, {0x2026, 0x2026}, {0x202F, 0x202F}, {0x2070, 0x208E},  // superscripts, subscripts
    {0x2190, 0x2193},                                                        // arrows
    {0x2202, 0x2202}, {0x2207, 0x2207}, {0x2212, 0x2212}, {0x221A, 0x221A},
    {0x221E, 0x221E}, {0x2248, 0x2248}, {0x2260, 0x2260}, {0x2264, 0x2265},
};

// The box for a character that the typeface does not have: as wide as it is in print, hollow, capital-high.
GlyphDrawing missing_box(FontWeight weight, float cap_height) {
  constexpr auto kEm = static_cast<float>(Font::kEmTexels);
  const float width = 0.5F * kEm, height = cap_height * kEm, side = 0.08F * kEm, wall = 0.07F * kEm;
  GlyphDrawing drawing{static_cast<std::uint32_t>(weight), kBoxGlyph, {}, {}};
  drawing.glyph.advance = (width + 2 * side) / kEm;
  const auto rectangle = [&](float x0, float y0, float x1, float y1) {
    const glm::vec2 a{x0, y0}, b{x1, y0}, c{x1, y1}, d{x0, y1};
    for (const OutlineEdge& edge : {OutlineEdge{a, b}, {b, c}, {c, d}, {d, a}}) drawing.edges.push_back(edge);
  };
  rectangle(side, -height, side + width, 0);
  // Turned the other way round: a hole.
  rectangle(side + width - wall, -height + wall, side + wall, -wall);
  fit_quad(drawing);
  return drawing;
}

// Lines by their text, those that are asked for again and again: two generations, the older of which goes
// when the younger is full.
class LineCache {
 public:
  // Far more than a picture has.
  static constexpr std::size_t kGeneration = 1024;

  [[nodiscard]] std::shared_ptr<const TextLine> find(std::string_view text) {
    if (const auto found = young_.find(text); found != young_.end()) return found->second;
    const auto found = old_.find(text);
    if (found == old_.end()) return nullptr;
    auto line = found->second;
    keep(text, line);
    return line;
  }
  void keep(std::string_view text, std::shared_ptr<const TextLine> line) {
    if (young_.size() == kGeneration) old_ = std::exchange(young_, {});
    young_.emplace(text, std::move(line));
  }

 private:
  struct Hash : std::hash<std::string_view> {
    using is_transparent = void;
  };
  using Lines = std::unordered_map<std::string, std::shared_ptr<const TextLine>, Hash, std::equal_to<>>;
  Lines young_, old_;
};

}  // namespace

struct Font::Writing {
  FontFaces faces;
  GlyphAtlas atlas;
  FontMetrics metrics;
  std::array<std::string, kFontWeights> paths;
  std::array<float, kFontWeights> digit_advances{};
  std::array<LineCache, kFontWeights> lines;
  FontFaces::Missing missing;  // and not yet said
  std::set<char32_t> said;

  std::shared_ptr<const TextLine> line(FontWeight weight, std::string_view text) {
    const auto i = static_cast<std::size_t>(weight);
    if (auto known = lines[i].find(text)) return known;
    auto made =
        std::make_shared<const TextLine>(shape_line(text, weight, digit_advances[i], faces, atlas, missing));
    lines[i].keep(text, made);
    return made;
  }

  // Each character once.
  void say_missing() {
    std::erase_if(missing, [&](const auto& entry) { return !said.insert(entry.first).second; });
    if (missing.empty()) return;
    log_line(LogLevel::kWarning, missing_fonts_advice(missing, faces.finder()));
    missing.clear();
  }
};

Font::Font(std::unique_ptr<Writing> writing) : writing_(std::move(writing)) {}
Font::Font(Font&&) noexcept = default;
Font& Font::operator=(Font&&) noexcept = default;
Font::~Font() = default;

Result<Font> Font::load() {
  auto finder = std::make_unique<FontFinder>();
  std::array<FontPlace, kFontWeights> places;
  for (std::size_t i = 0; i < kFontWeights; ++i) {
    FL_TRY_LET(place, finder->typeface(static_cast<FontWeight>(i)));
    places[i] = *place;
  }
  auto font = load(places);
  if (font) font->writing_->faces.use(std::move(finder));
  return font;
}

Result<Font> Font::load(const std::array<FontPlace, kFontWeights>& places) {
  auto writing = std::make_unique<Writing>();
  std::vector<GlyphDrawing> drawings;
  for (std::uint32_t i = 0; i < kFontWeights; ++i) {
    FL_TRY(writing->faces.add_typeface(places[i]));
    const FontFile& file = writing->faces.file(i);
    if (i == 0) writing->metrics = file.metrics();
    writing->paths[i] = places[i].path;
    std::set<std::uint32_t> indices;  // two characters may share a glyph
    for (const CodeRange& range : kCodeRanges) {
      for (char32_t code = range.first; code <= range.last; ++code) {
        const std::uint32_t index = file.glyph_index(code);
        if (index == 0 || !indices.insert(index).second) continue;
        drawings.push_back(file.draw(i, index));
        if (code >= U'0' && code <= U'9')
          writing->digit_advances[i] = std::max(writing->digit_advances[i], drawings.back().glyph.advance);
      }
    }
    drawings.push_back(missing_box(static_cast<FontWeight>(i), writing->metrics.cap_height));
  }
  writing->atlas.add(drawings);
  return Font(std::move(writing));
}

std::shared_ptr<const TextLine> Font::line(FontWeight weight, std::string_view text) const {
  auto line = writing_->line(weight, text);
  writing_->say_missing();
  return line;
}

void Font::cover(std::span<const std::string> texts) const {
  for (std::size_t i = 0; i < kFontWeights; ++i)
    for (const std::string& text : texts) static_cast<void>(writing_->line(static_cast<FontWeight>(i), text));
  writing_->say_missing();
}

bool Font::has_glyph(FontWeight weight, char32_t code) const {
  return writing_->faces.file(static_cast<std::uint32_t>(weight)).glyph_index(code) != 0;
}

float Font::digit_advance(FontWeight weight) const {
  return writing_->digit_advances[static_cast<std::size_t>(weight)];
}

const FontMetrics& Font::metrics() const {
  return writing_->metrics;
}

int Font::atlas_height() const {
  return writing_->atlas.height();
}

std::span<const std::uint8_t> Font::atlas() const {
  return writing_->atlas.texels();
}

std::uint32_t Font::revision() const {
  return writing_->atlas.revision();
}

const std::string& Font::path(FontWeight weight) const {
  return writing_->paths[static_cast<std::size_t>(weight)];
}

}  // namespace fl
