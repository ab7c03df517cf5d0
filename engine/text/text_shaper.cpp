#include "engine/text/text_shaper.h"

#include <algorithm>
#include <memory>

#include <hb.h>

namespace fl {
namespace {

// Neighbours that are shaped together.
struct Run {
  std::uint32_t begin = 0, end = 0;  // in TextItems::codes
  std::uint32_t face = 0;
  ScriptTag script = 0;
  std::uint8_t level = 0;
};

struct RunGlyph {
  std::uint32_t index = 0, code = 0;  // `code`: where its cluster begins in TextItems::codes
  float advance = 0, across = 0, down = 0;
};

bool is_digit(char32_t code) {
  return code >= U'0' && code <= U'9';
}

std::vector<Run> make_runs(const TextItems& items, const std::vector<FaceChoice>& choices) {
  std::vector<Run> runs;
  for (const FaceChoice& choice : choices) {
    const TextCluster& cluster = items.clusters[choice.cluster];
    const bool goes_on = !runs.empty() && runs.back().face == choice.face &&
                         runs.back().script == cluster.script && runs.back().level == cluster.level &&
                         choice.face != FontFaces::kNoFace;  // a box each
    if (goes_on)
      runs.back().end = choice.end;
    else
      runs.push_back({choice.begin, choice.end, choice.face, cluster.script, cluster.level});
  }
  return runs;
}

// From left to right (rule L2 of the bidirectional algorithm).
void order_visually(std::vector<Run>& runs) {
  std::uint8_t highest = 0;
  for (const Run& run : runs) highest = std::max(highest, run.level);
  for (std::uint8_t level = highest; level > 0; --level) {
    const auto high = [level](const Run& run) { return run.level >= level; };
    for (auto from = std::ranges::find_if(runs, high); from != runs.end();) {
      const auto to = std::find_if_not(from, runs.end(), high);
      std::reverse(from, to);
      from = std::find_if(to, runs.end(), high);
    }
  }
}

// Labels say what they say: no arrows for "->". Digits keep their column: kerning one against its neighbour
// would move it as the number changes.
std::vector<hb_feature_t> typeface_features(const TextItems& items, const Run& run) {
  std::vector<hb_feature_t> features;
  for (const hb_tag_t tag :
       {HB_TAG('l', 'i', 'g', 'a'), HB_TAG('c', 'l', 'i', 'g'), HB_TAG('c', 'a', 'l', 't')})
    features.push_back({tag, 0, HB_FEATURE_GLOBAL_START, HB_FEATURE_GLOBAL_END});
  for (std::uint32_t i = run.begin; i < run.end; ++i)
    if (is_digit(items.codes[i]))
      features.push_back({HB_TAG('k', 'e', 'r', 'n'), 0, i - (i > run.begin), i + 1});
  return features;
}

std::vector<RunGlyph> shape(const TextItems& items, const Run& run, const FontFile& file, bool is_typeface) {
  const std::unique_ptr<hb_buffer_t, decltype(&hb_buffer_destroy)> buffer(hb_buffer_create(),
                                                                          hb_buffer_destroy);
  // All of the text is given, so that letters at the run's ends know whom they join.
  hb_buffer_add_codepoints(buffer.get(), reinterpret_cast<const hb_codepoint_t*>(items.codes.data()),
                           static_cast<int>(items.codes.size()), run.begin,
                           static_cast<int>(run.end - run.begin));
  hb_buffer_set_script(buffer.get(), static_cast<hb_script_t>(run.script));
  hb_buffer_set_direction(buffer.get(), run.level % 2 == 1 ? HB_DIRECTION_RTL : HB_DIRECTION_LTR);
  const auto features = is_typeface ? typeface_features(items, run) : std::vector<hb_feature_t>();
  hb_shape(file.shaping(), buffer.get(), features.data(), static_cast<unsigned>(features.size()));
  unsigned count = 0;
  const hb_glyph_info_t* infos = hb_buffer_get_glyph_infos(buffer.get(), &count);
  const hb_glyph_position_t* positions = hb_buffer_get_glyph_positions(buffer.get(), &count);
  const float em = file.units_per_em();
  std::vector<RunGlyph> glyphs;
  for (unsigned i = 0; i < count; ++i)
    glyphs.push_back({.index = infos[i].codepoint,
                      .code = infos[i].cluster,
                      .advance = static_cast<float>(positions[i].x_advance) / em,
                      .across = static_cast<float>(positions[i].x_offset) / em,
                      .down = -static_cast<float>(positions[i].y_offset) / em});
  return glyphs;
}

class LineBuilder {
 public:
  LineBuilder(FontWeight weight, float digit_advance, FontFaces& faces, GlyphAtlas& atlas)
      : typeface_(static_cast<std::uint32_t>(weight)),
        digit_advance_(digit_advance),
        faces_(faces),
        atlas_(atlas) {}

  TextLine build(const TextItems& items, std::vector<Run> runs) {
    order_visually(runs);
    std::vector<float> advances(items.codes.size(), 0);
    std::vector<bool> begins(items.codes.size(), false);
    for (const Run& run : runs) {
      const std::uint32_t face = run.face == FontFaces::kNoFace ? typeface_ : run.face;
      for (RunGlyph& glyph : glyphs_of(items, run)) {
        const float inset = set_digit(items, face, glyph);
        line_.glyphs.push_back({.ink = nullptr,
                                .pen = line_.width + glyph.across + inset,
                                .down = glyph.down,
                                .face = face,
                                .index = glyph.index,
                                .byte = items.bytes[glyph.code]});
        line_.width += glyph.advance;
        advances[glyph.code] += glyph.advance;
        begins[glyph.code] = true;
      }
    }
    draw_glyphs();
    // Where neither a cluster of the text nor one of the shaper is cut in two.
    for (const TextCluster& cluster : items.clusters) {
      if (begins[cluster.begin] || line_.clusters.empty())
        line_.clusters.push_back({items.bytes[cluster.begin], 0});
      for (std::uint32_t i = cluster.begin; i < cluster.end; ++i)
        line_.clusters.back().advance += advances[i];
    }
    return std::move(line_);
  }

 private:
  std::vector<RunGlyph> glyphs_of(const TextItems& items, const Run& run) const {
    if (run.face == FontFaces::kNoFace)
      return {{.index = kBoxGlyph, .code = run.begin, .advance = atlas_.find(typeface_, kBoxGlyph)->advance}};
    return shape(items, run, faces_.file(run.face), run.face == typeface_);
  }

  // How far the digit is moved in its column.
  float set_digit(const TextItems& items, std::uint32_t face, RunGlyph& glyph) const {
    if (face != typeface_ || glyph.index == kBoxGlyph || !is_digit(items.codes[glyph.code]) ||
        glyph.advance == 0)
      return 0;
    const float inset = (digit_advance_ - glyph.advance) / 2;
    glyph.advance = digit_advance_;
    return inset;
  }

  void draw_glyphs() {
    std::vector<GlyphDrawing> drawings;
    for (const PlacedGlyph& placed : line_.glyphs) {
      const bool is_coming = std::ranges::any_of(drawings, [&](const GlyphDrawing& drawing) {
        return drawing.face == placed.face && drawing.index == placed.index;
      });
      if (!is_coming && atlas_.find(placed.face, placed.index) == nullptr)
        drawings.push_back(faces_.file(placed.face).draw(placed.face, placed.index));
    }
    if (!drawings.empty()) atlas_.add(drawings);
    for (PlacedGlyph& placed : line_.glyphs) placed.ink = atlas_.find(placed.face, placed.index);
    std::erase_if(line_.glyphs, [](const PlacedGlyph& placed) { return placed.ink->width == 0; });
  }

  std::uint32_t typeface_;
  float digit_advance_;
  FontFaces& faces_;
  GlyphAtlas& atlas_;
  TextLine line_;
};

}  // namespace

TextLine shape_line(std::string_view text, FontWeight weight, float digit_advance, FontFaces& faces,
                    GlyphAtlas& atlas, FontFaces::Missing& missing) {
  const TextItems items = itemise(text);
  return LineBuilder(weight, digit_advance, faces, atlas)
      .build(items, make_runs(items, faces.choose(items, weight, missing)));
}

}  // namespace fl
