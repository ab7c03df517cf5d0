#include "engine/text/script_names.h"

#include <algorithm>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "engine/text/font_finder.h"

namespace fl {
namespace {

constexpr std::string_view kCore = "fonts-noto-core", kCjk = "fonts-noto-cjk", kSymbola = "fonts-symbola",
                           kUnifont = "fonts-unifont";

struct ScriptName {
  ScriptTag script;
  std::string_view name, package;
};

// Languages where people know them better than their script. Each package was seen to hold the script.
constexpr ScriptName kScripts[] = {
    {script_tag("Adlm"), "Adlam", kCore},
    {script_tag("Arab"), "Arabic", kCore},
    {script_tag("Armn"), "Armenian", kCore},
    {script_tag("Beng"), "Bengali", kCore},
    {script_tag("Cans"), "Canadian syllabics", kCore},
    {script_tag("Cher"), "Cherokee", kCore},
    {script_tag("Cyrl"), "Cyrillic", kCore},
    {script_tag("Deva"), "Hindi (Devanagari)", kCore},
    {script_tag("Ethi"), "Amharic (Ethiopic)", kCore},
    {script_tag("Geor"), "Georgian", kCore},
    {script_tag("Grek"), "Greek", kCore},
    {script_tag("Gujr"), "Gujarati", kCore},
    {script_tag("Guru"), "Punjabi (Gurmukhi)", kCore},
    {script_tag("Hang"), "Korean", kCjk},
    {script_tag("Hani"), "Chinese and Japanese", kCjk},
    {script_tag("Hebr"), "Hebrew", kCore},
    {script_tag("Java"), "Javanese", kCore},
    {script_tag("Khmr"), "Khmer", kCore},
    {script_tag("Knda"), "Kannada", kCore},
    {script_tag("Laoo"), "Lao", kCore},
    {script_tag("Latn"), "Latin letters", kCore},
    {script_tag("Mlym"), "Malayalam", kCore},
    {script_tag("Mong"), "Mongolian", kCore},
    {script_tag("Mymr"), "Burmese", kCore},
    {script_tag("Nkoo"), "N'Ko", kCore},
    {script_tag("Orya"), "Odia", kCore},
    {script_tag("Sinh"), "Sinhala", kCore},
    {script_tag("Syrc"), "Syriac", kCore},
    {script_tag("Taml"), "Tamil", kCore},
    {script_tag("Telu"), "Telugu", kCore},
    {script_tag("Tfng"), "Tifinagh", kCore},
    {script_tag("Thaa"), "Dhivehi (Thaana)", kCore},
    {script_tag("Thai"), "Thai", kCore},
    {script_tag("Tibt"), "Tibetan", kCore},
    {script_tag("Vaii"), "Vai", kCore},
    {script_tag("Yiii"), "Yi", kCore},
};

struct Range {
  char32_t first, last;
};

bool lies_in(char32_t code, std::span<const Range> ranges) {
  return std::ranges::any_of(ranges, [code](const Range& r) { return code >= r.first && code <= r.last; });
}

bool is_pictograph(char32_t code) {
  static constexpr Range kRanges[] = {
      {0x2300, 0x23FF}, {0x2500, 0x259F}, {0x2600, 0x27BF}, {0x2B00, 0x2BFF}, {0x1F000, 0x1FAFF}};
  return lies_in(code, kRanges);
}

// Those later than Unicode 9, which Symbola ends with.
bool is_later_pictograph(char32_t code) {
  static constexpr Range kRanges[] = {
      {0x2BBA, 0x2BFF},   {0x1F10D, 0x1F10F}, {0x1F16C, 0x1F16F}, {0x1F1AD, 0x1F1AD}, {0x1F6D5, 0x1F6DF},
      {0x1F6F9, 0x1F6FF}, {0x1F7D5, 0x1F7FF}, {0x1F8B0, 0x1F8FF}, {0x1F90C, 0x1F90F}, {0x1F93F, 0x1F93F},
      {0x1F94D, 0x1F94F}, {0x1F96C, 0x1F97F}, {0x1F998, 0x1F9BF}, {0x1F9C1, 0x1F9CF}, {0x1F9E7, 0x1FAFF}};
  return lies_in(code, kRanges);
}

// Colour fonts of emoji hold pictures, which cannot be drawn as outlines.
ScriptName name_of(char32_t code, ScriptTag family, const FontFinder& finder) {
  if (family == kSigns) {
    if (!is_pictograph(code)) return {family, "signs", kCore};
    if (is_later_pictograph(code) || finder.has_family("Symbola"))
      return {family, "newer emoji and symbols", kUnifont};
    return {family, "emoji and symbols", kSymbola};
  }
  const auto known = std::ranges::find(kScripts, family, &ScriptName::script);
  return known != std::end(kScripts) ? *known : ScriptName{family, "rare scripts", kUnifont};
}

}  // namespace

std::string missing_fonts_advice(const FontFaces::Missing& missing, const FontFinder& finder) {
  struct Group {
    std::string_view package;
    std::vector<std::string_view> names;
  };
  std::vector<Group> groups;
  std::vector<std::string> unknown;
  for (const auto& [code, family] : missing) {
    if (!is_assigned(code)) {
      unknown.push_back(fmt::format("U+{:04X}", static_cast<std::uint32_t>(code)));
      continue;
    }
    const ScriptName script = name_of(code, family, finder);
    auto group = std::ranges::find(groups, script.package, &Group::package);
    if (group == groups.end()) group = groups.insert(groups.end(), {script.package, {}});
    if (std::ranges::find(group->names, script.name) == group->names.end())
      group->names.push_back(script.name);
  }
  std::string advice;
  if (!groups.empty()) {
    std::vector<std::string> parts;
    std::vector<std::string_view> packages;
    for (const Group& group : groups) {
      parts.push_back(fmt::format("{} ({})", fmt::join(group.names, ", "), group.package));
      packages.push_back(group.package);
    }
    advice = fmt::format(
        "No installed font can draw {}; boxes stand for them. Install the fonts and start again: apt-get "
        "install {}.",
        fmt::join(parts, ", "), fmt::join(packages, " "));
  }
  if (!unknown.empty())
    advice +=
        fmt::format("{}Boxes stand for {}: Unicode has no such characters, so no package has them either.",
                    advice.empty() ? "" : " ", fmt::join(unknown, ", "));
  return advice;
}

}  // namespace fl
