#include "engine/text/font_finder.h"

#include <algorithm>
#include <functional>
#include <optional>
#include <span>

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
  FL_TRY_LET(place, FontFinder().typeface(weight));
  return place->path;
}

std::vector<FontPlace> FontFinder::with_characters(std::u32string_view codes, FontWeight weight) const {
  const Pattern wanted = outlines(weight);
  FcPatternAddString(wanted.get(), FC_FAMILY, reinterpret_cast<const FcChar8*>("sans-serif"));
  // Chinese and Japanese share characters that each writes in its own way.
  if (std::ranges::any_of(codes, [](char32_t code) { return code >= 0x3040 && code < 0x3100; }))
    FcPatternAddString(wanted.get(), FC_LANG, reinterpret_cast<const FcChar8*>("ja"));
  FcConfigSubstitute(config_.get(), wanted.get(), FcMatchPattern);
  FcDefaultSubstitute(wanted.get());
  FcResult outcome = FcResultNoMatch;
  const std::unique_ptr<FcFontSet, decltype(&FcFontSetDestroy)> sorted(
      FcFontSort(config_.get(), wanted.get(), FcFalse, nullptr, &outcome), FcFontSetDestroy);
  if (!sorted) return {};
  struct Candidate {
    std::ptrdiff_t count = 0;
    FcPattern* font = nullptr;
  };
  std::vector<Candidate> candidates;
  for (FcPattern* font : std::span(sorted->fonts, static_cast<std::size_t>(sorted->nfont))) {
    FcCharSet* has = nullptr;
    FcBool outlined = FcFalse;
    if (FcPatternGetCharSet(font, FC_CHARSET, 0, &has) != FcResultMatch ||
        FcPatternGetBool(font, FC_OUTLINE, 0, &outlined) != FcResultMatch || outlined != FcTrue)
      continue;
    const auto count =
        std::ranges::count_if(codes, [&](char32_t code) { return FcCharSetHasChar(has, code) == FcTrue; });
    if (count > 0) candidates.push_back({count, font});
  }
  std::ranges::stable_sort(candidates, std::ranges::greater(), &Candidate::count);
  constexpr std::size_t kMost = 8;
  std::vector<FontPlace> places;
  for (const Candidate& candidate : candidates) {
    if (places.size() == kMost) break;
    if (auto place = place_of(candidate.font)) places.push_back(*std::move(place));
  }
  return places;
}

bool FontFinder::has_family(const char* name) const {
  const Pattern wanted(FcPatternCreate(), FcPatternDestroy);
  FcPatternAddString(wanted.get(), FC_FAMILY, reinterpret_cast<const FcChar8*>(name));
  const std::unique_ptr<FcObjectSet, decltype(&FcObjectSetDestroy)> nothing(FcObjectSetCreate(),
                                                                            FcObjectSetDestroy);
  const std::unique_ptr<FcFontSet, decltype(&FcFontSetDestroy)> fonts(
      FcFontList(config_.get(), wanted.get(), nothing.get()), FcFontSetDestroy);
  return fonts && fonts->nfont > 0;
}

}  // namespace fl
