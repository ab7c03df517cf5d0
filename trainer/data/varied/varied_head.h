#pragma once
// Phantom heads for training a backbone: those of the lessons, and what a hospital adds to them. Skull base
// and posterior fossa, old and new infarcts, masses, operated skulls, drains, metal with its streaks,
// calcium, faint and tiny haemorrhages, several at once; scanners that brighten the brain along the skull,
// shade, and blur. With each goes the truth: how much of every place is blood, of which kind, and the level
// of the slice.

#include <array>
#include <cstdint>
#include <vector>

#include "trainer/data/phantom/phantom_anatomy.h"
#include "trainer/data/window.h"

namespace fl {

// Rises with every change of what is drawn.
inline constexpr int kVariedVersion = 1;

inline constexpr int kBleedKinds = 5;    // as BleedKind
inline constexpr int kVariedLevels = 4;  // as SliceLevel, then the skull base
inline constexpr int kCoverageSide = 28;
// Pixels of a slice. A whole number of them make a cell of the coverage.
inline constexpr int kVariedSide = 224;

struct VariedHead {
  HuSlice slice;
  // Share of each cell that is blood, by kind: [kind][y][x]. Exact: the head is painted twice, the second
  // time with 40 HU more in the blood, and subtracted before the scanner blurs it.
  std::vector<float> coverage;
  std::array<double, kBleedKinds> area{};  // mm^2 of blood
  int level = 0;

  // Less than this is nothing that could be seen.
  static constexpr double kLeastArea = 8;
  [[nodiscard]] bool has(int kind) const { return area[static_cast<std::size_t>(kind)] >= kLeastArea; }
  [[nodiscard]] bool bleeds() const;
};

// Head `number`: the same arguments give the same bytes, whichever were drawn before.
VariedHead draw_varied_head(std::uint64_t seed, std::uint32_t number);

// What it is made of, before the scanner.
struct VariedAnatomy {
  Anatomy head;
  int level = 0;
  bool operated = false;
};
VariedAnatomy draw_varied_anatomy(RandomStream& random);

}  // namespace fl
