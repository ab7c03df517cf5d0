#pragma once
// The seam between training and drawing: what one frame slot holds, and how slots change hands.
//
// A slot is one block of memory, allocated by the engine, that the trainer writes and shaders read; the
// structures in it are the shaders' too (frame_header.h). There are three slots. The trainer writes one that
// nobody reads, publishes it and goes on; the renderer takes the newest published one. Neither side ever
// waits for the other.

#include <algorithm>
#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

#include "trainer/seam/frame_facts.h"
#include "trainer/seam/frame_header.h"

namespace fl {

inline constexpr std::uint32_t kFrameSlots = 3;
// FrameHeader::image_prediction where the network's outputs are not numbers.
inline constexpr std::uint32_t kNoPrediction = ~0u;

// What is known of a landscape cell (frame_header.h).
enum class CellState : std::uint32_t {
  kUnknown = kCellUnknown,
  kPredicted = kCellPredicted,
  kEvaluated = kCellEvaluated,
  kNonFinite = kCellNonFinite,
  kCorrected = kCellCorrected
};

// How much a slot can hold.
struct FrameCapacity {
  std::uint32_t grid_side = 129;
  std::uint32_t path_points = 4096;
  std::uint32_t feature_floats = 0;  // the network's named outputs for one image
  std::uint32_t step_points = 8192;
  std::uint32_t epoch_points = 4096;
  std::uint32_t class_points = 0;  // epochs with an accuracy for each class; 0: there is none
  std::uint32_t curve_classes = 0;
  bool earlier_runs = false;
  bool test_surface = false;  // a second height grid: the test set's
  std::uint32_t heat_floats = 0;  // one map; 0: there is none to look at
  std::uint32_t phase_marks = 0;  // 0: no step is told in phases
  // The map of a head's embeddings; 0: there is none.
  std::uint32_t map_images = 0, map_classes = 0, map_side = 0;
  std::uint32_t rate_map_side = 0;  // pixels of a trainability map; 0: there is none
  std::uint32_t curvature_points = 0;  // 0: curvature cannot be measured
  std::uint32_t sweep_cells = 0;       // of the map of a sweep; 0: there is none
  std::uint32_t fate_steps = 0;        // at which a run is forked twice; 0: nobody asks
  bool seeds = false;                  // it is a histogram of runs that differ in their seed

  [[nodiscard]] std::size_t cells() const { return std::size_t{grid_side} * grid_side; }
  [[nodiscard]] std::size_t test_cells() const { return test_surface ? cells() : 0; }
  [[nodiscard]] std::size_t earlier_points() const {
    return earlier_runs ? std::size_t{kEarlierRuns} * kEarlierPoints : 0;
  }
  // The shown image's thumbnail is the last.
  [[nodiscard]] std::size_t map_pictures() const {
    return map_images > 0 ? std::size_t{std::min(map_images, kMapPictures)} + 1 : 0;
  }
};

// The sections of a slot in the order in which they lie there: ROW(name, type, elements). A shader finds the
// one of place n at binding n (shaders/frame.glsl). `c`: the capacity.
#define FL_FRAME_SECTIONS(ROW)                                                                             \
  ROW(header, FrameHeader, 1)                                                                              \
  ROW(heights, float, c.cells())                                                                           \
  ROW(cells, std::uint32_t, c.cells()) /* CellState */                                                     \
  ROW(path, PathPoint, c.path_points)                                                                      \
  ROW(features, float, c.feature_floats)                                                                   \
  ROW(steps, StepPoint, c.step_points)                                                                     \
  ROW(epochs, EpochPoint, c.epoch_points)                                                                  \
  ROW(test_heights, float, c.test_cells())                                                                 \
  ROW(test_cells, std::uint32_t, c.test_cells())                                                           \
  ROW(map_images, MapImage, c.map_images)                                                                  \
  ROW(map_classes, MapClass, c.map_classes)                                                                \
  ROW(map_logits, float, std::size_t{c.map_classes} * c.map_side * c.map_side) /* [class][y][x] */         \
  ROW(map_pixels, std::uint32_t, c.map_pictures() * kMapSide * kMapSide)       /* red + 256 green + ... */ \
  ROW(heat, float, c.heat_floats)                                              /* [y][x] in [0, 1] */      \
  ROW(step_rates, float, c.step_points)                                                                    \
  ROW(class_accuracies, float, std::size_t{c.class_points} * c.curve_classes) /* [epoch][class], test */   \
  ROW(earlier, EpochPoint, c.earlier_points())                                /* [run][epoch] */           \
  ROW(phase_marks, PhaseMark, c.phase_marks)                                                               \
  ROW(rate_map, float, std::size_t{c.rate_map_side} * c.rate_map_side) /* shades [row][column], RateMap */ \
  ROW(curvatures, CurvaturePoint, c.curvature_points)                                                      \
  ROW(sweep_cells, float, kSweepFigures* c.sweep_cells) /* sweep_facts.h */                                \
  ROW(seed_bars, float, c.seeds ? 2 * std::size_t{kMostSeedBars} : 0)                                      \
  ROW(fate_lines, float, std::size_t{c.fate_steps} * kLinePoints) /* [step][point], fate_facts.h */

// Byte offsets of a slot's sections, each aligned for a storage-buffer binding and for CUDA sub-ranges.
struct FrameLayout {
  static constexpr std::size_t kAlignment = 256;
  struct Section {
    std::size_t offset = 0, bytes = 0;
  };
  FrameCapacity capacity;
#define FL_COUNT(name, type, elements) +1
  static constexpr std::size_t kSections = 0 FL_FRAME_SECTIONS(FL_COUNT);
#undef FL_COUNT
#define FL_MEMBER(name, type, elements) Section name;
  FL_FRAME_SECTIONS(FL_MEMBER)
#undef FL_MEMBER
  std::size_t bytes = 0;  // of a whole slot

  static FrameLayout for_capacity(const FrameCapacity& capacity);
  // In their order.
  [[nodiscard]] std::array<Section, kSections> sections() const {
#define FL_MEMBER(name, type, elements) name,
    return {FL_FRAME_SECTIONS(FL_MEMBER)};
#undef FL_MEMBER
  }
};

// Typed views of one slot, for writing. Where `stream` is null the memory is the host's. Else it is a
// device's: the views are addresses there, nothing may be read or written through them on the host, and
// `stream` is the queue (a cudaStream_t) on which work that writes the slot is in order with the ring's own.
struct FrameSlot {
  std::uint32_t index = 0;
  std::span<std::byte> memory;
  const FrameLayout* layout = nullptr;
  void* stream = nullptr;

  // One view a section; test_heights and test_cells mean something where layout->capacity.test_surface.
#define FL_VIEW(name, type, elements)          \
  [[nodiscard]] std::span<type> name() const { \
    return section<type>(layout->name);        \
  }
  FL_FRAME_SECTIONS(FL_VIEW)
#undef FL_VIEW

 private:
  template <typename T>
  [[nodiscard]] std::span<T> section(const FrameLayout::Section& s) const {
    return {reinterpret_cast<T*>(memory.data() + s.offset), s.bytes / sizeof(T)};
  }
};

// The trainer's end of the ring. One producer thread.
class FrameSink {
 public:
  virtual ~FrameSink() = default;
  [[nodiscard]] virtual const FrameLayout& layout() const = 0;
  // A slot that nobody reads and that is not the newest; nothing when there is none: go on training.
  [[nodiscard]] virtual std::optional<FrameSlot> try_begin_write() = 0;
  // Hands over what was written, or queued to be. The ring keeps `frame` for labels. In host memory it copies
  // frame.header into the slot; on a device, whoever writes the slot also writes its header, and the ring
  // hands out that one.
  virtual void publish(const FrameSlot& slot, const Frame& frame) = 0;
};

// Who owns which of the three slots: the lock-free part of every ring, host or CUDA.
// Producer: begin_write -> publish (one thread). Consumer: acquire_latest -> release (any threads; a slot
// may be acquired more than once, by several frames in flight).
class SlotExchange {
 public:
  static constexpr std::uint32_t kNone = ~0u;
  // A free slot other than the newest, now owned by the producer, or kNone.
  std::uint32_t begin_write();
  void publish(std::uint32_t slot);
  // The newest complete slot, now counted as read, or kNone before the first publish.
  std::uint32_t acquire_latest();
  void release(std::uint32_t slot);
  // Number of publishes so far.
  [[nodiscard]] std::uint64_t published() const { return published_.load(std::memory_order_acquire); }

 private:
  static constexpr std::int32_t kWriting = -1;
  // kWriting, or the number of readers.
  std::array<std::atomic<std::int32_t>, kFrameSlots> owners_{};
  std::atomic<std::uint32_t> latest_{kNone};
  std::atomic<std::uint64_t> published_{0};
};

}  // namespace fl
