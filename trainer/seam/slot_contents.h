#pragma once
// What the host can say of a slot's bytes: which sections hold what they held before, and, where it can read
// them, some of the values. For whoever draws only what has changed.

#include <cstddef>
#include <cstdint>
#include <span>

#include "trainer/seam/frame.h"

namespace fl {

// A number for each section: frames that have the same one hold the same bytes there, as far as they use the
// section. No two rings of a program share a number. 0: unknown.
struct SectionRevisions {
#define FL_MEMBER(name, type, elements) std::uint64_t name = 0;
  FL_FRAME_SECTIONS(FL_MEMBER)
#undef FL_MEMBER
  bool operator==(const SectionRevisions&) const = default;
};

struct SlotContents {
  SectionRevisions revisions;
  // As long as the slot is held; empty where the host cannot read it.
  std::span<const PathPoint> path;
  std::span<const float> heights;
  std::span<const PhaseMark> phase_marks;

  [[nodiscard]] bool known() const { return revisions.heights != 0; }
};

// A slot in memory that the host reads, and what the frame in it uses of each section.
struct SlotView {
  const FrameLayout* layout = nullptr;
  std::span<std::byte> memory;
  const Frame* frame = nullptr;
};

// Of `now`, published after `before`, whose revisions are given; without one (no frame) everything is new.
// The spans are those of `now`.
[[nodiscard]] SlotContents contents_after(const SlotView& before, const SectionRevisions& revisions,
                                          const SlotView& now);

}  // namespace fl
