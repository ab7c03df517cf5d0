#include "engine/text/text_items.h"

#include <algorithm>

#include <fribidi.h>
#include <hb.h>

#include "trainer/base/utf8.h"

namespace fl {
namespace {

constexpr char32_t kJoiner = 0x200D, kTextStyle = 0xFE0E;

hb_unicode_general_category_t category(char32_t code) {
  return hb_unicode_general_category(hb_unicode_funcs_get_default(), code);
}

bool is_mark(char32_t code) {
  const auto kind = category(code);
  return kind == HB_UNICODE_GENERAL_CATEGORY_NON_SPACING_MARK ||
         kind == HB_UNICODE_GENERAL_CATEGORY_ENCLOSING_MARK ||
         kind == HB_UNICODE_GENERAL_CATEGORY_SPACING_MARK;
}

bool is_skin_tone(char32_t code) {
  return code >= 0x1F3FB && code <= 0x1F3FF;
}

bool is_flag_letter(char32_t code) {
  return code >= 0x1F1E6 && code <= 0x1F1FF;
}

// Direction marks begin and end what they enclose; they are no part of the letter before them.
bool is_direction_mark(char32_t code) {
  return code == 0x200E || code == 0x200F || code == 0x061C || (code >= 0x202A && code <= 0x202E) ||
         (code >= 0x2066 && code <= 0x2069);
}

// The vowels of Thai and Lao that are letters by their category, and the later parts of Korean syllables.
bool is_later_part(char32_t code) {
  return code == 0x0E33 || code == 0x0EB3 || (code >= 0x1160 && code <= 0x11FF);
}

bool belongs_to_previous(const std::u32string& codes, std::size_t at, std::size_t cluster_begin) {
  const char32_t code = codes[at], previous = codes[at - 1];
  if (is_direction_mark(code) || is_direction_mark(previous)) return false;
  if (is_flag_letter(code) && is_flag_letter(previous)) return (at - cluster_begin) % 2 == 1;
  return is_mark(code) || is_invisible(code) || is_skin_tone(code) || is_later_part(code) ||
         (previous == kJoiner && category(code) == HB_UNICODE_GENERAL_CATEGORY_OTHER_SYMBOL);
}

bool is_real(hb_script_t script) {
  return script != HB_SCRIPT_COMMON && script != HB_SCRIPT_INHERITED && script != HB_SCRIPT_UNKNOWN;
}

// Punctuation and forms that only East Asian fonts have.
bool is_east_asian(char32_t code) {
  return (code >= 0x2E80 && code < 0x3400) || (code >= 0xFE30 && code < 0xFE70) ||
         (code >= 0xFF00 && code < 0xFFF0);
}

ScriptTag family_of(hb_script_t own, hb_script_t resolved, char32_t code) {
  const auto kind = category(code);
  if (!is_real(own) && is_east_asian(code)) return HB_SCRIPT_HAN;
  if (!is_real(own) && (kind == HB_UNICODE_GENERAL_CATEGORY_OTHER_SYMBOL || is_skin_tone(code) ||
                        kind == HB_UNICODE_GENERAL_CATEGORY_MATH_SYMBOL || !is_assigned(code)))
    return kSigns;
  switch (resolved) {
    case HB_SCRIPT_HIRAGANA:
    case HB_SCRIPT_KATAKANA:
    case HB_SCRIPT_BOPOMOFO:
      return HB_SCRIPT_HAN;
    default:
      return resolved;
  }
}

std::vector<FriBidiLevel> embedding_levels(const std::u32string& codes) {
  const auto count = static_cast<FriBidiStrIndex>(codes.size());
  std::vector<FriBidiLevel> levels(codes.size(), 0);
  // Nothing before Hebrew runs from right to left.
  if (std::ranges::all_of(codes, [](char32_t code) { return code < 0x0590; })) return levels;
  const std::vector<FriBidiChar> characters(codes.begin(), codes.end());
  std::vector<FriBidiCharType> types(codes.size());
  std::vector<FriBidiBracketType> brackets(codes.size());
  fribidi_get_bidi_types(characters.data(), count, types.data());
  fribidi_get_bracket_types(characters.data(), count, types.data(), brackets.data());
  FriBidiParType base = FRIBIDI_PAR_ON;
  if (fribidi_get_par_embedding_levels_ex(types.data(), brackets.data(), count, &base, levels.data()) == 0)
    return std::vector<FriBidiLevel>(codes.size(), 0);
  // Blanks at the line's end lie at its end (rule L1).
  for (std::size_t i = codes.size(); i > 0 && is_blank(codes[i - 1]); --i)
    levels[i - 1] = FRIBIDI_IS_RTL(base) ? 1 : 0;
  return levels;
}

}  // namespace

bool is_invisible(char32_t code) {
  struct Range {
    char32_t first, last;
  };
  // Unicode's Default_Ignorable_Code_Point.
  static constexpr Range kRanges[] = {
      {0xAD, 0xAD},       {0x34F, 0x34F},    {0x61C, 0x61C},   {0x115F, 0x1160}, {0x17B4, 0x17B5},
      {0x180B, 0x180F},   {0x200B, 0x200F},  {0x202A, 0x202E}, {0x2060, 0x206F}, {0x3164, 0x3164},
      {0xFE00, 0xFE0F},   {0xFEFF, 0xFEFF},  {0xFFA0, 0xFFA0}, {0xFFF0, 0xFFF8}, {0x1BCA0, 0x1BCA3},
      {0x1D173, 0x1D17A}, {0xE0000, 0xE0FFF}};
  return std::ranges::any_of(kRanges, [code](const Range& r) { return code >= r.first && code <= r.last; });
}

bool is_blank(char32_t code) {
  return code == 0x20 || category(code) == HB_UNICODE_GENERAL_CATEGORY_SPACE_SEPARATOR;
}

bool is_assigned(char32_t code) {
  const auto kind = category(code);
  return kind != HB_UNICODE_GENERAL_CATEGORY_PRIVATE_USE && kind != HB_UNICODE_GENERAL_CATEGORY_UNASSIGNED &&
         kind != HB_UNICODE_GENERAL_CATEGORY_SURROGATE && code != kReplacementCharacter;
}

TextItems itemise(std::string_view text) {
  TextItems items;
  items.codes.reserve(text.size());
  items.bytes.reserve(text.size() + 1);
  for_each_character(text, [&](char32_t code, std::size_t byte) {
    const bool control = code < 0x20 || (code >= 0x7F && code < 0xA0) || code == 0x2028 || code == 0x2029;
    items.codes.push_back(control ? U' ' : code);
    items.bytes.push_back(static_cast<std::uint32_t>(byte));
  });
  items.bytes.push_back(static_cast<std::uint32_t>(text.size()));
  const std::vector<FriBidiLevel> levels = embedding_levels(items.codes);

  hb_unicode_funcs_t* unicode = hb_unicode_funcs_get_default();
  // What belongs to no script follows the letters before it, or at the beginning those behind it.
  hb_script_t script = HB_SCRIPT_LATIN;
  for (const char32_t code : items.codes)
    if (const hb_script_t own = hb_unicode_script(unicode, code); is_real(own)) {
      script = own;
      break;
    }
  for (std::uint32_t i = 0; i < items.codes.size(); ++i) {
    if (i > 0 && belongs_to_previous(items.codes, i, items.clusters.back().begin)) {
      items.clusters.back().end = i + 1;
      // Labels have one colour: as a picture of its own a skin tone is a grey box.
      if (is_skin_tone(items.codes[i])) items.codes[i] = kTextStyle;
      continue;
    }
    const hb_script_t own = hb_unicode_script(unicode, items.codes[i]);
    if (is_real(own)) script = own;
    // Punctuation that runs from left to right is not that of the Arabic before it.
    const bool turned =
        !is_real(own) && levels[i] % 2 == 0 && hb_script_get_horizontal_direction(script) == HB_DIRECTION_RTL;
    const hb_script_t written = turned ? HB_SCRIPT_LATIN : script;
    items.clusters.push_back({.begin = i,
                              .end = i + 1,
                              .script = written,
                              .family = family_of(own, written, items.codes[i]),
                              .level = static_cast<std::uint8_t>(levels[i])});
  }
  return items;
}

std::string isolated(std::string_view name) {
  constexpr std::string_view kFirstStrongIsolate = "\u2068", kPopIsolate = "\u2069";
  return std::string(kFirstStrongIsolate) + std::string(name) + std::string(kPopIsolate);
}

}  // namespace fl
