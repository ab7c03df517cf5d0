#pragma once
// The seam between training and drawing: what one frame slot holds, and how slots change hands.
//
// A slot is one block of memory, allocated by the engine, that the trainer writes and shaders read; the
// structures here are the shaders' too (shaders/frame.glsl mirrors them in std430: scalars and 4-byte
// aligned arrays only). There are three slots. The trainer writes one that nobody reads, publishes it and
// goes on; the renderer takes the newest published one. Neither side ever waits for the other.

#include <algorithm>
#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <span>

namespace fl {

inline constexpr std::uint32_t kFrameSlots = 3;
inline constexpr std::uint32_t kFrameMaxLayers = 16;
inline constexpr std::uint32_t kFrameMaxClasses = 32;  // that are shown; a network may have more
// FrameHeader::image_prediction where the network's outputs are not numbers.
inline constexpr std::uint32_t kNoPrediction = ~0u;
inline constexpr std::uint32_t kFrameMaxPaths = 12;

// What is known of a landscape cell.
enum class CellState : std::uint32_t {
  kUnknown = 0,       // nothing yet: not drawn
  kInterpolated = 1,  // bilinear from the coarser level, until its own turn comes
  kEvaluated = 2,     // the loss itself
  kNonFinite = 3,     // evaluated and not finite: drawn as a hole
};

enum class RunState : std::uint32_t {
  kReady = 0,
  kTraining = 1,
  kPaused = 2,
  kFinished = 3,
  kDiverged = 4,
  kStopped = 5
};

// kParameters: a and b are themselves all the parameters there are.
enum class DirectionKind : std::uint32_t { kNone = 0, kRandom = 1, kPca = 2, kParameters = 3 };

// One iterate on the path. (a, b): least-squares coordinates in the frame's plane.
struct PathPoint {
  float a = 0, b = 0;
  float real_loss = 0;    // probe loss at the iterate itself
  float slice_loss = 0;   // loss of the slice at (a, b): evaluated there, not interpolated
  float off_plane = 0;    // rho in [0, 1]: |(I - P)(theta - o)| / |theta - o|
  float step_length = 0;  // |theta_t - theta_(t-1)|
  float step = 0;         // training step of this iterate
  float rate = 0;         // learning rate then
};
static_assert(sizeof(PathPoint) == 32);

// One descent of several on the same surface: points [first, first + count) of the path section.
struct FramePath {
  std::uint32_t first = 0, count = 0;
  std::uint32_t color = 0;     // index into the theme's colours of paths
  std::uint32_t diverged = 0;  // 1: it left the numbers, and its path ends there
  PathPoint ball;              // its newest point
};
static_assert(sizeof(FramePath) == 48);

// One epoch on the curves; accuracy in [0, 1]. Point i is epoch i (the axis begins at 0). An epoch's
// test values are NaN where there is no test set.
struct EpochPoint {
  float loss = 0, accuracy = 0;
  float test_loss = 0, test_accuracy = 0;
};
static_assert(sizeof(EpochPoint) == 16);

// Where one layer's activations of the chosen image lie in the features section, planar [channel][y][x].
struct FrameLayer {
  std::uint32_t offset = 0;  // in floats
  std::uint32_t channels = 0, height = 0, width = 0;
  float minimum = 0, maximum = 0;  // over all channels
  std::uint32_t reserved0 = 0, reserved1 = 0;
};
static_assert(sizeof(FrameLayer) == 32);

// The small facts of a frame. Also kept by the host beside the slot, because labels need them.
struct FrameHeader {
  std::uint32_t step = 0;   // optimizer steps taken
  std::uint32_t epoch = 0;  // epochs completed
  std::uint32_t steps_per_epoch = 0;
  std::uint32_t total_steps = 0;
  std::uint32_t state = 0;  // RunState
  float rate = 0;           // learning rate now
  float batch_loss = 0;     // of the last step
  float steps_per_second = 0;

  // Landscape: side x side losses, row-major, row = b, column = a.
  std::uint32_t grid_side = 0;       // 2^k + 1, 0 = no surface yet
  std::uint32_t grid_complete = 0;   // side of the finest level whose every cell is evaluated
  std::uint32_t grid_evaluated = 0;  // number of cells evaluated
  std::uint32_t frame_number = 0;    // rises when origin or directions change
  float a_min = 0, a_max = 0, b_min = 0, b_max = 0;
  float loss_min = 0, loss_max = 0;  // over finite evaluated cells
  std::uint32_t directions = 0;      // DirectionKind
  std::uint32_t probe_images = 0;
  float probe_standard_error = 0;        // s / sqrt(n) of the probe loss at the newest iterate
  float explained1 = 0, explained2 = 0;  // PCA: share of variance along a and b, in [0, 1]
  float null1 = 0, null2 = 0;            // what a pure random walk would show

  // The iterate now (valid when path_count > 0): the last path point, repeated for labels. Where several
  // descents are shown (several_paths > 0), paths[] tells them apart, and these two are the first one's.
  std::uint32_t path_count = 0;
  PathPoint ball;

  // Curves. Step point i belongs to step i * step_stride + 1.
  std::uint32_t step_count = 0, step_stride = 1;
  std::uint32_t epoch_count = 0;
  EpochPoint last_epoch;
  float curve_loss_max = 0;  // largest finite loss on either curve
  float curve_loss_min = 0;  // smallest of several descents; of a training the smallest above 0 of its epochs

  // Feature maps and class probabilities of the chosen image.
  std::uint32_t layer_count = 0;
  std::uint32_t class_count = 0;       // of the network
  std::uint32_t image_label = 0;       // true class
  std::uint32_t image_prediction = 0;  // or kNoPrediction
  std::uint32_t several_paths = 0;  // 0: there is one descent, that of the trained network

  // The same plane's surface over the test set's probe, where the slot has room for it.
  std::uint32_t test_evaluated = 0;  // its evaluated cells; 0: there is none to draw
  float test_loss_min = 0, test_loss_max = 0;
  std::uint32_t test_probe_images = 0;

  // Smallest finite loss of a training on either curve, that of steps among them, 0 included; not finite: unknown.
  float curve_loss_least = std::numeric_limits<float>::infinity();
  std::uint32_t reserved0 = 0, reserved1 = 0, reserved2 = 0;

  std::array<FrameLayer, kFrameMaxLayers> layers{};
  // The classes shown, the first shown_count() of them: all in their own order where they fit, else the most
  // probable ones, best first, the true class in the last place where it is not among them.
  std::array<std::uint32_t, kFrameMaxClasses> shown_classes = counted_from_zero();
  std::array<float, kFrameMaxClasses> probabilities{};  // of shown_classes
  std::array<FramePath, kFrameMaxPaths> paths{};

  [[nodiscard]] std::uint32_t shown_count() const { return std::min(class_count, kFrameMaxClasses); }

 private:
  static constexpr std::array<std::uint32_t, kFrameMaxClasses> counted_from_zero() {
    std::array<std::uint32_t, kFrameMaxClasses> numbers{};
    for (std::uint32_t i = 0; i < kFrameMaxClasses; ++i) numbers[i] = i;
    return numbers;
  }
};
static_assert(sizeof(FrameHeader) % 16 == 0);
static_assert(alignof(FrameHeader) == 4);

// How much a slot can hold.
struct FrameCapacity {
  std::uint32_t grid_side = 129;
  std::uint32_t path_points = 4096;
  std::uint32_t feature_floats = 0;  // the network's named outputs for one image
  std::uint32_t step_points = 8192;
  std::uint32_t epoch_points = 4096;
  bool test_surface = false;  // a second height grid: the test set's
};

// Byte offsets of a slot's sections, each aligned for a storage-buffer binding and for CUDA sub-ranges.
struct FrameLayout {
  static constexpr std::size_t kAlignment = 256;
  struct Section {
    std::size_t offset = 0, bytes = 0;
  };
  FrameCapacity capacity;
  Section header;         // one FrameHeader
  Section heights;        // float[grid_side * grid_side]
  Section cells;          // uint32[grid_side * grid_side], CellState
  Section path;           // PathPoint[path_points]
  Section features;       // float[feature_floats]
  Section step_losses;    // float[step_points]
  Section epochs;         // EpochPoint[epoch_points]
  Section test_heights;   // as heights and cells, where capacity.test_surface; else next to nothing
  Section test_cells;
  std::size_t bytes = 0;  // of a whole slot

  static FrameLayout for_capacity(const FrameCapacity& capacity);
};

// Typed views of one slot, for writing. Where `stream` is null the memory is the host's. Else it is a
// device's: the views are addresses there, nothing may be read or written through them on the host, and
// `stream` is the queue (a cudaStream_t) on which work that writes the slot is in order with the ring's own.
struct FrameSlot {
  std::uint32_t index = 0;
  std::span<std::byte> memory;
  const FrameLayout* layout = nullptr;
  void* stream = nullptr;

  [[nodiscard]] std::span<float> heights() const { return section<float>(layout->heights); }
  [[nodiscard]] std::span<std::uint32_t> cells() const { return section<std::uint32_t>(layout->cells); }
  [[nodiscard]] std::span<PathPoint> path() const { return section<PathPoint>(layout->path); }
  [[nodiscard]] std::span<float> features() const { return section<float>(layout->features); }
  [[nodiscard]] std::span<float> step_losses() const { return section<float>(layout->step_losses); }
  [[nodiscard]] std::span<EpochPoint> epochs() const { return section<EpochPoint>(layout->epochs); }
  // Meaningful where layout->capacity.test_surface.
  [[nodiscard]] std::span<float> test_heights() const { return section<float>(layout->test_heights); }
  [[nodiscard]] std::span<std::uint32_t> test_cells() const {
    return section<std::uint32_t>(layout->test_cells);
  }

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
  // Hands over what was written, or queued to be. The ring keeps the header for labels. In host memory it
  // copies `header` into the slot; on a device, whoever writes the slot also writes its header.
  virtual void publish(const FrameSlot& slot, const FrameHeader& header) = 0;
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
