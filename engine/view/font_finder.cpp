#include "engine/view/font_finder.h"

#include <fontconfig/fontconfig.h>

namespace fl {
namespace {

using Pattern = std::unique_ptr<FcPattern, decltype(&FcPatternDestroy)>;

Pattern outlines(FontWeight weight) {
  Pattern pattern(FcPatternCreate(), FcPatternDestroy);
  FcPatternAddInteger(pattern.get(), FC_WEIGHT,
                      weight == FontWeight::kSemiBold ? FC_WEIGHT_DEMIBOLD : FC_WEIGHT_REGULAR);
  FcPatternAddInteger(pattern.get(), FC_SLANT, FC_SLANT_ROMAN);
  FcPatternAddBool(pattern.get(), FC_SCALABLE, FcTrue);
  // A file name alone cannot say which instance of a variable font is meant.
  FcPatternAddBool(pattern.get(), FC_VARIABLE, FcFalse);
  return pattern;
}

Pattern best_match(FcConfig* config, FcPattern* wanted) {
  FcConfigSubstitute(config, wanted, FcMatchPattern);
  FcDefaultSubstitute(wanted);
  FcResult outcome = FcResultNoMatch;
  return {FcFontMatch(config, wanted, &outcome), FcPatternDestroy};
}

// Nothing for a font of bitmaps.
std::optional<FontPlace> place_of(FcPattern* match) {
  FcChar8* file = nullptr;
  int index = 0;
  FcBool scalable = FcFalse;
  if (match == nullptr || FcPatternGetString(match, FC_FILE, 0, &file) != FcResultMatch ||
      FcPatternGetBool(match, FC_SCALABLE, 0, &scalable) != FcResultMatch || scalable != FcTrue)
    return {};
  FcPatternGetInteger(match, FC_INDEX, 0, &index);
  return FontPlace{reinterpret_cast<const char*>(file), index};
}

}  // namespace

void FontFinder::Deleter::operator()(_FcConfig* config) const {
  FcConfigDestroy(config);
}

FontFinder::FontFinder() : config_(FcInitLoadConfigAndFonts()) {}

Result<FontPlace> FontFinder::typeface(FontWeight weight) const {
  const Pattern wanted = outlines(weight);
  FcPatternAddString(wanted.get(), FC_FAMILY, reinterpret_cast<const FcChar8*>("Inter"));
  FcPatternAddString(wanted.get(), FC_FAMILY, reinterpret_cast<const FcChar8*>("sans-serif"));
  if (auto place = place_of(best_match(config_.get(), wanted.get()).get())) return *std::move(place);
  return error(
      "No outline font is installed, so there is nothing to write labels with. Install one: "
      "apt-get install fonts-inter.");
}

Result<std::string> font_path(FontWeight weight) {
  auto place = FontFinder().typeface(weight);
  if (!place) return place.error();
  return place->path;
}

std::optional<FontPlace> FontFinder::with_character(char32_t code, FontWeight weight) const {
  const Pattern wanted = outlines(weight);
  const std::unique_ptr<FcCharSet, decltype(&FcCharSetDestroy)> characters(FcCharSetCreate(), FcCharSetDestroy);
  FcCharSetAddChar(characters.get(), code);
  FcPatternAddCharSet(wanted.get(), FC_CHARSET, characters.get());
  const Pattern match = best_match(config_.get(), wanted.get());
  // The best match need not have it: where no font has, any is as good.
  FcCharSet* has = nullptr;
  if (!match || FcPatternGetCharSet(match.get(), FC_CHARSET, 0, &has) != FcResultMatch ||
      FcCharSetHasChar(has, code) != FcTrue)
    return {};
  return place_of(match.get());
}

}  // namespace fl
