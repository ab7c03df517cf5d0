#include "engine/text/font_faces.h"

#include <algorithm>

#include <hb.h>

#include "engine/text/font_finder.h"

namespace fl {
namespace {

// The typeface is made for these: a rare letter does not take the whole word to another font.
bool is_typefaces_own(ScriptTag family) {
  return family == HB_SCRIPT_LATIN || family == HB_SCRIPT_GREEK || family == HB_SCRIPT_CYRILLIC;
}

bool is_digit(char32_t code) {
  return code >= U'0' && code <= U'9';
}

std::u32string_view codes_of(const TextItems& items, const TextCluster& cluster) {
  return std::u32string_view(items.codes).substr(cluster.begin, cluster.end - cluster.begin);
}

}  // namespace

FontFaces::FontFaces() = default;
FontFaces::FontFaces(FontFaces&&) noexcept = default;
FontFaces::~FontFaces() = default;

Result<void> FontFaces::add_typeface(const FontPlace& place) {
  FL_TRY_LET(file, FontFile::open(place));
  faces_.push_back({*std::move(file), place, {}});
  return {};
}

void FontFaces::use(std::unique_ptr<FontFinder> finder) {
  finder_ = std::move(finder);
}

const FontFinder& FontFaces::finder() {
  if (!finder_) finder_ = std::make_unique<FontFinder>();
  return *finder_;
}

bool FontFaces::has(std::uint32_t face, char32_t code) {
  if (is_invisible(code)) return true;
  Face& owner = faces_[face];
  const auto [found, is_new] = owner.can_draw.try_emplace(code, false);
  if (is_new) found->second = owner.file.can_draw(code);
  return found->second;
}

// A letter and its accent count as one where the font has them as one, and the other way round: HarfBuzz puts
// them together and takes them apart.
bool FontFaces::covers(std::uint32_t face, Codes codes) {
  hb_unicode_funcs_t* unicode = hb_unicode_funcs_get_default();
  char32_t last = 0;
  for (const char32_t code : codes) {
    hb_codepoint_t first = 0, second = 0;
    if (has(face, code)) {
      last = code;
    } else if (last != 0 && hb_unicode_compose(unicode, last, code, &first) != 0 && has(face, first)) {
      last = first;
    } else if (hb_unicode_decompose(unicode, code, &first, &second) != 0 && has(face, first) &&
               (second == 0 || has(face, second))) {
      last = code;
    } else {
      return false;
    }
  }
  return true;
}

std::size_t FontFaces::count_covered(std::uint32_t face, std::span<const Codes> clusters) {
  return static_cast<std::size_t>(
      std::ranges::count_if(clusters, [&](Codes codes) { return covers(face, codes); }));
}

std::uint32_t FontFaces::open(const FontPlace& place) {
  const auto same = std::ranges::find_if(
      faces_, [&](const Face& f) { return f.place.path == place.path && f.place.index == place.index; });
  if (same != faces_.end()) return static_cast<std::uint32_t>(same - faces_.begin());
  auto file = FontFile::open(place);
  if (!file) return kNoFace;
  faces_.push_back({*std::move(file), place, {}});
  return static_cast<std::uint32_t>(faces_.size() - 1);
}

std::uint32_t FontFaces::find_more(FontWeight weight, std::span<const Codes> clusters) {
  std::u32string codes;
  for (const Codes cluster : clusters)
    for (const char32_t code : cluster)
      if (!is_invisible(code) && !is_blank(code) && !nowhere_.contains({weight, code})) codes.push_back(code);
  std::ranges::sort(codes);
  codes.erase(std::ranges::unique(codes).begin(), codes.end());
  if (codes.empty()) return kNoFace;
  std::uint32_t best = kNoFace;
  std::size_t most = 0;
  // fontconfig knows which characters a font has, but not whether they are outlines.
  for (const FontPlace& place : finder().with_characters(codes, weight)) {
    const std::uint32_t face = open(place);
    if (face == kNoFace) continue;
    // A cluster that no font has as a whole still counts by its characters.
    const auto drawn = static_cast<std::size_t>(
        std::ranges::count_if(codes, [&](char32_t code) { return has(face, code); }));
    const std::size_t count = drawn == 0 ? 0 : drawn + codes.size() * count_covered(face, clusters);
    if (count > most) {
      best = face;
      most = count;
    }
    if (drawn == codes.size()) break;
  }
  for (const char32_t code : codes)
    if (best == kNoFace) nowhere_.insert({weight, code});
  return best;
}

std::vector<std::uint32_t> FontFaces::faces_for(FontWeight weight, ScriptTag family,
                                                std::span<const Codes> clusters) {
  const auto typeface = static_cast<std::uint32_t>(weight);
  const bool own = is_typefaces_own(family) || family == kSigns;
  if (count_covered(typeface, clusters) == clusters.size()) return {typeface};
  std::vector<std::uint32_t>& used = used_[{weight, family}];
  // What was used for the script before comes first, so that all labels look alike.
  std::vector<std::uint32_t> faces = used;
  if (own) faces.insert(faces.begin(), typeface);
  const auto add = [&](std::uint32_t face) {
    if (face == kNoFace || std::ranges::find(faces, face) != faces.end()) return false;
    used.push_back(face);
    faces.push_back(face);
    return true;
  };
  const auto has_all = [&](std::uint32_t face) { return count_covered(face, clusters) == clusters.size(); };
  if (!own && std::ranges::none_of(faces, has_all)) add(find_more(weight, clusters));
  std::vector<Codes> rest(clusters.begin(), clusters.end());
  do {
    std::erase_if(rest, [&](Codes codes) {
      return std::ranges::any_of(faces, [&](std::uint32_t face) { return covers(face, codes); });
    });
  } while (!rest.empty() && add(find_more(weight, rest)));
  if (own) return faces;
  // One font for the whole text, where one has it.
  std::ranges::stable_sort(faces, std::ranges::greater(),
                           [&](std::uint32_t face) { return count_covered(face, clusters); });
  faces.push_back(typeface);
  return faces;
}

std::vector<FaceChoice> FontFaces::choose(const TextItems& items, FontWeight weight, Missing& missing) {
  const auto typeface = static_cast<std::uint32_t>(weight);
  // Numbers look alike everywhere.
  const auto in_typeface = [&](const TextCluster& cluster) { return is_digit(items.codes[cluster.begin]); };
  std::map<ScriptTag, std::vector<Codes>> families;
  for (const TextCluster& cluster : items.clusters)
    if (!in_typeface(cluster)) families[cluster.family].push_back(codes_of(items, cluster));
  std::map<ScriptTag, std::vector<std::uint32_t>> faces;
  for (const auto& [family, clusters] : families) faces[family] = faces_for(weight, family, clusters);

  std::vector<FaceChoice> choices;
  const auto pick = [&](const TextCluster& cluster, Codes codes) {
    if (in_typeface(cluster)) return typeface;
    const std::vector<std::uint32_t>& known = faces[cluster.family];
    const auto found = std::ranges::find_if(known, [&](std::uint32_t face) { return covers(face, codes); });
    return found == known.end() ? kNoFace : *found;
  };
  for (std::uint32_t number = 0; number < items.clusters.size(); ++number) {
    const TextCluster& cluster = items.clusters[number];
    const std::uint32_t whole = pick(cluster, codes_of(items, cluster));
    if (whole != kNoFace) {
      choices.push_back({cluster.begin, cluster.end, number, whole});
      continue;
    }
    // Part by part; what has no picture goes with what it follows.
    const std::size_t first = choices.size();
    for (std::uint32_t i = cluster.begin; i < cluster.end; ++i) {
      if (i > cluster.begin && is_invisible(items.codes[i])) {
        choices.back().end = i + 1;
        continue;
      }
      const std::uint32_t face = pick(cluster, std::u32string_view(items.codes).substr(i, 1));
      if (face == kNoFace) missing.emplace(items.codes[i], cluster.family);
      choices.push_back({i, i + 1, number, face});
    }
    // One box stands for a cluster that nothing is known of.
    if (std::all_of(choices.begin() + static_cast<std::ptrdiff_t>(first), choices.end(),
                    [](const FaceChoice& choice) { return choice.face == kNoFace; })) {
      choices.resize(first);
      choices.push_back({cluster.begin, cluster.end, number, kNoFace});
    }
  }
  return choices;
}

}  // namespace fl
