#include "engine/view/font_kerning.h"

#include <algorithm>
#include <bit>
#include <optional>
#include <set>

namespace fl {
namespace {

constexpr std::uint32_t kKernFeature = 0x6B65726E;  // "kern"
constexpr std::uint32_t kPairAdjustment = 2;
constexpr std::uint32_t kExtension = 9;
constexpr std::uint32_t kXPlacement = 1, kYPlacement = 2, kXAdvance = 4;

// Big-endian numbers at an offset. Outside the table everything is zero, so a damaged font loses its
// kerning instead of the program.
class Bytes {
 public:
  explicit Bytes(std::span<const std::uint8_t> data) : data_(data) {}
  [[nodiscard]] std::uint32_t u16(std::size_t at) const {
    if (at + 2 > data_.size()) return 0;
    return static_cast<std::uint32_t>(data_[at] << 8 | data_[at + 1]);
  }
  [[nodiscard]] int i16(std::size_t at) const { return static_cast<std::int16_t>(u16(at)); }
  [[nodiscard]] std::uint32_t u32(std::size_t at) const { return u16(at) << 16 | u16(at + 2); }
  // A count as the table states it, but never more entries of `stride` bytes than remain after `at`.
  [[nodiscard]] std::uint32_t count(std::size_t where, std::size_t at, std::size_t stride) const {
    const std::size_t room = at < data_.size() ? (data_.size() - at) / stride : 0;
    return static_cast<std::uint32_t>(std::min<std::size_t>(u16(where), room));
  }

 private:
  std::span<const std::uint8_t> data_;
};

// Index of a glyph in a coverage table.
std::optional<std::uint32_t> coverage_index(const Bytes& table, std::size_t at, std::uint32_t glyph) {
  const bool list = table.u16(at) == 1;
  const std::uint32_t count = table.count(at + 2, at + 4, list ? 2 : 6);
  if (list) {
    for (std::uint32_t i = 0; i < count; ++i) {
      if (table.u16(at + 4 + 2 * i) == glyph) return i;
    }
    return std::nullopt;
  }
  for (std::uint32_t i = 0; i < count; ++i) {
    const std::size_t range = at + 4 + 6 * std::size_t{i};
    const std::uint32_t first = table.u16(range);
    if (glyph >= first && glyph <= table.u16(range + 2)) return table.u16(range + 4) + glyph - first;
  }
  return std::nullopt;
}

// Class of a glyph; what no range names is class 0.
std::uint32_t glyph_class(const Bytes& table, std::size_t at, std::uint32_t glyph) {
  if (table.u16(at) == 1) {
    const std::uint32_t first = table.u16(at + 2);
    return glyph >= first && glyph - first < table.u16(at + 4) ? table.u16(at + 6 + 2 * (glyph - first)) : 0;
  }
  const std::uint32_t count = table.count(at + 2, at + 4, 6);
  for (std::uint32_t i = 0; i < count; ++i) {
    const std::size_t range = at + 4 + 6 * std::size_t{i};
    if (glyph >= table.u16(range) && glyph <= table.u16(range + 2)) return table.u16(range + 4);
  }
  return 0;
}

// The lookups that any script's kern feature names, in their order.
std::set<std::uint32_t> kern_lookups(const Bytes& gpos) {
  std::set<std::uint32_t> lookups;
  const std::size_t features = gpos.u16(6);
  for (std::uint32_t i = 0; i < gpos.count(features, features + 2, 6); ++i) {
    const std::size_t record = features + 2 + 6 * std::size_t{i};
    if (gpos.u32(record) != kKernFeature) continue;
    const std::size_t feature = features + gpos.u16(record + 4);
    for (std::uint32_t k = 0; k < gpos.count(feature + 2, feature + 4, 2); ++k) {
      lookups.insert(gpos.u16(feature + 4 + 2 * std::size_t{k}));
    }
  }
  return lookups;
}

// Sizes of the two value records, and where the left one keeps its advance.
struct ValueFormat {
  explicit ValueFormat(std::uint32_t left, std::uint32_t right)
      : bytes(2 * static_cast<std::size_t>(std::popcount(left) + std::popcount(right))),
        advance(2 * static_cast<std::size_t>(std::popcount(left & (kXPlacement | kYPlacement)))) {}
  std::size_t bytes, advance;
};

// Format 1: for each left glyph, a list of right glyphs.
void read_pairs(const Bytes& table, std::size_t at, const ValueFormat& format,
                std::span<const std::uint32_t> glyphs, KerningTable::Subtable& out) {
  const std::set<std::uint32_t> wanted(glyphs.begin(), glyphs.end());
  const std::size_t coverage = at + table.u16(at + 2);
  for (const std::uint32_t left : glyphs) {
    const auto index = coverage_index(table, coverage, left);
    if (!index) continue;
    const std::size_t set = at + table.u16(at + 10 + 2 * std::size_t{*index});
    for (std::uint32_t k = 0; k < table.count(set, set + 2, 2 + format.bytes); ++k) {
      const std::size_t record = set + 2 + (2 + format.bytes) * std::size_t{k};
      const std::uint32_t right = table.u16(record);
      if (wanted.contains(right)) out.pairs[left << 16 | right] = table.i16(record + 2 + format.advance);
    }
  }
}

// Format 2: a matrix over classes. `limit`: bytes in the table, so that a damaged count cannot ask for more
// cells than there can be.
void read_classes(const Bytes& table, std::size_t at, const ValueFormat& format, std::size_t limit,
                  std::span<const std::uint32_t> glyphs, KerningTable::Subtable& out) {
  out.right_classes = table.u16(at + 14);
  const std::size_t cells = std::size_t{table.u16(at + 12)} * out.right_classes;
  if (cells * format.bytes > limit) return;
  out.matrix.resize(cells);
  for (std::size_t k = 0; k < cells; ++k) {
    out.matrix[k] = table.i16(at + 16 + k * format.bytes + format.advance);
  }
  const std::size_t coverage = at + table.u16(at + 2);
  const std::size_t left_classes = at + table.u16(at + 8), right_classes = at + table.u16(at + 10);
  for (const std::uint32_t glyph : glyphs) {
    if (coverage_index(table, coverage, glyph)) {
      out.left_class[glyph] = glyph_class(table, left_classes, glyph);
    }
    out.right_class[glyph] = glyph_class(table, right_classes, glyph);
  }
}

}  // namespace

KerningTable::KerningTable(std::span<const std::uint8_t> gpos, std::span<const std::uint32_t> glyphs) {
  const Bytes table(gpos);
  const std::size_t lookup_list = table.u16(8);
  for (const std::uint32_t index : kern_lookups(table)) {
    const std::size_t lookup = lookup_list + table.u16(lookup_list + 2 + 2 * std::size_t{index});
    Lookup subtables;
    for (std::uint32_t i = 0; i < table.count(lookup + 4, lookup + 6, 2); ++i) {
      std::size_t at = lookup + table.u16(lookup + 6 + 2 * std::size_t{i});
      std::uint32_t type = table.u16(lookup);
      if (type == kExtension) {
        type = table.u16(at + 2);
        at += table.u32(at + 4);
      }
      if (type != kPairAdjustment || (table.u16(at + 4) & kXAdvance) == 0) continue;
      const ValueFormat format(table.u16(at + 4), table.u16(at + 6));
      Subtable& subtable = subtables.emplace_back();
      if (table.u16(at) == 1) {
        read_pairs(table, at, format, glyphs, subtable);
      } else {
        read_classes(table, at, format, gpos.size(), glyphs, subtable);
      }
    }
    if (!subtables.empty()) lookups_.push_back(std::move(subtables));
  }
}

int KerningTable::between(std::uint32_t left, std::uint32_t right) const {
  int sum = 0;
  for (const Lookup& lookup : lookups_) {
    // The first subtable that knows the pair is the one that counts.
    for (const Subtable& subtable : lookup) {
      if (subtable.matrix.empty()) {
        const auto pair = subtable.pairs.find(left << 16 | right);
        if (pair == subtable.pairs.end()) continue;
        sum += pair->second;
        break;
      }
      const auto row = subtable.left_class.find(left);
      const auto column = subtable.right_class.find(right);
      if (row == subtable.left_class.end() || column == subtable.right_class.end()) continue;
      const std::size_t cell = std::size_t{row->second} * subtable.right_classes + column->second;
      if (cell < subtable.matrix.size()) sum += subtable.matrix[cell];
      break;
    }
  }
  return sum;
}

}  // namespace fl
