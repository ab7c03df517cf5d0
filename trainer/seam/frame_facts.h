#pragma once
// What the host says about a frame beside what its shaders read (frame_header.h): the numbers of labels and
// legends, the words of the status, how far the axes go. A ring keeps them with the slot and hands out both
// together, so that words and picture belong to one moment; no slot holds them.

#include <algorithm>
#include <array>
#include <cstdint>
#include <limits>
#include <string>

#include "trainer/seam/fate_facts.h"
#include "trainer/seam/frame_header.h"
#include "trainer/seam/sweep_facts.h"

namespace fl {

enum class RunState : std::uint32_t {
  kReady = 0,
  kTraining = 1,
  kPaused = 2,
  kFinished = 3,
  kDiverged = 4,
  kStopped = 5
};

// kParameters: a and b are themselves all the parameters there are. kThreePoints, kOsculating: path_plane.h.
// kCurvature: where the loss bends up the most and down the most.
enum class DirectionKind : std::uint32_t {
  kNone = 0,
  kRandom = 1,
  kPca = 2,
  kParameters = 3,
  kThreePoints = 4,
  kOsculating = 5,
  kCurvature = 6
};

// Losses of which a logarithm shows more, where nobody chose the heights' scale.
[[nodiscard]] inline bool spans_a_decade(float minimum, float maximum) {
  return minimum > 0 && maximum > 10 * minimum;
}

// The map of a head's embeddings: training images in the plane of two principal components, and what the head
// says there. A square: centre and half a side in the plane's own units.
struct MapFacts {
  std::uint32_t images = 0;           // in the slot; 0: there is no map
  std::uint32_t pictures = 0;         // the first of them have thumbnails
  std::uint32_t training_images = 0;  // of the whole set
  std::uint32_t classes = 0;          // in the slot
  std::uint32_t side = 0;             // logits are known at side x side points, from edge to edge; 0: nowhere
  float center_x = 0, center_y = 0, half = 1;
  float share1 = 0, share2 = 0;  // of the variance, in [0, 1]
  // The larger distance, along x or y, of each picture from the nearest one before it; they only fall. So the
  // first ones are spread over the map, and those up to a gap are that far apart.
  std::array<float, kMapPictures> gaps{};
  std::array<MapClass, kFrameMaxClasses> of_classes{};  // as the slot has them
  // The image that is shown; label as FrameHeader::image_label.
  MapImage shown{};
};

// The phase of the next step that is shown: what an optimizer does with the gradient before the ball moves.
struct PhaseFacts {
  std::uint32_t marks = 0;              // in the slot
  std::uint32_t number = 0, count = 0;  // from 1, of so many; 0: none is shown
  std::int32_t path = -1;               // whose, an index of FrameHeader::paths; -1: of all of them
  float enlarged = 1;                   // steps are drawn so many times as long as they are
  std::string caption{};                // what happens, in a sentence with its numbers
};

// A trainability map: which pairs of learning rates train a network (trainer/subjects/trainability).
struct RatesFacts {
  std::uint32_t side = 0;                // pixels; 0: there is no map
  std::uint32_t known = 0, trained = 0;  // pixels; of those
  std::uint32_t steps = 0;               // of each training
  bool in_double = false;                // computed in float64, else in float32
  bool finest = false;                   // float64 tells no finer one apart
  // log10 of the rates in the middle, the first layer's to the right, and from edge to edge.
  double first = 0, second = 0, span = 1;
  double whole_first = 0, whole_second = 0, whole_span = 1;  // as the map began
};

// Of the finite values of a curve, those above 0: what an axis must hold. None: `most` is 0.
struct SeriesRange {
  float least = std::numeric_limits<float>::infinity();
  float most = 0;
  void add(float value) {
    if (!(value > 0) || value > std::numeric_limits<float>::max()) return;
    least = std::min(least, value);
    most = std::max(most, value);
  }
};

// The curvature beside a training, where it is measured.
struct CurvatureFacts {
  std::uint32_t count = 0;      // points in the slot
  std::uint32_t measuring = 0;  // 1: more will come
  // 1: of the Hessian divided as the optimizer's steps are; batches are not told then.
  std::uint32_t preconditioned = 0;
  SeriesRange values;                 // of all curves
  CurvaturePoint last{};              // the newest
  std::array<char, 16> limit_rule{};  // as "2 / rate", in UTF-8, ended by a zero; empty: no limit is known
};

// A run of the same lesson before the one that is shown.
struct EarlierFacts {
  std::uint32_t count = 0, stride = 1;  // points in the slot, each `stride` epochs after the last
  std::uint32_t steps_per_epoch = 1;
  std::uint32_t tested = 0;  // 1: its points have test accuracies
  SeriesRange losses;        // training losses of its epochs
  // In what it differs from the run that is shown, in UTF-8, ended by a zero.
  std::array<char, 48> words{};
};

// One of several trainings that are shown together. Its path is FrameHeader::paths of the same index.
struct LaneFacts {
  std::uint32_t first_epoch = 0, epochs = 0;             // its points in the slot's section of epochs
  float each_step = 1, each_epoch = 1;                   // of its own steps and epochs along the curves' axis
  float point_epochs = 1;                                // from one point of its epochs to the next
  float epochs_before = 0;                               // its first point is so many epochs after that
  float loss = std::numeric_limits<float>::quiet_NaN();  // of the probe, at its newest point
  float test_accuracy = std::numeric_limits<float>::quiet_NaN();
  std::uint32_t diverged = 0;          // 1: its loss is no number any more
  float last_step = 0, last_loss = 0;  // its own, at the newest point whose loss is a number
  std::uint32_t apart = 0;             // 1: another network than the landscape's, so it has no place there
  // Of the loss around its end (trainer/landscape/roughness.h), 1 or more; not a number: not measured.
  float roughness = std::numeric_limits<float>::quiet_NaN();
  // What it is called, in UTF-8, ended by a zero; empty: StageTexts says it.
  std::array<char, 48> words{};
};
struct RaceFacts {
  std::uint32_t lanes = 0;       // 0: there is no race
  std::uint32_t forks = 0;       // 1: the first is the run, and the others are its forks
  std::uint32_t over_steps = 0;  // 1: all make equal steps, and the curves' axis counts those; else epochs
  std::uint32_t tested = 0;      // 1: there is a test set
  float reach = 1;               // where that axis ends
  // The run whose network's surface is the second one, over the same rectangle; 0: that is the test set's.
  std::uint32_t second_surface = 0;
  std::array<LaneFacts, kFrameMaxPaths> lane{};
};

struct FrameFacts {
  std::uint32_t step = 0;   // optimizer steps taken
  std::uint32_t epoch = 0;  // epochs completed
  std::uint32_t total_steps = 0;
  RunState state = RunState::kReady;
  float rate = 0;        // learning rate now
  float batch_loss = 0;  // of the last step
  float steps_per_second = 0;

  // Landscape: side x side losses, row-major, row = b, column = a.
  std::uint32_t grid_side = 0;       // 2^k + 1, 0 = no surface yet
  std::uint32_t grid_evaluated = 0;  // number of cells evaluated
  bool grid_ready = false;           // there is a height everywhere, but for holes
  bool grid_finished = false;        // nothing is left to evaluate
  bool probe_of_test = false;        // the surface, and the path's losses, are over test images
  // Largest error of the heights that are predicted, as a share of their range, linear and logarithmic; 0 where
  // every cell is evaluated, 1: not known.
  float grid_error = 1, grid_log_error = 1;
  std::uint32_t plane_number = 0;    // rises when origin or directions change
  float loss_min = 0, loss_max = 0;  // over finite evaluated cells
  DirectionKind directions = DirectionKind::kNone;
  std::uint32_t probe_images = 0;
  float probe_standard_error = 0;        // s / sqrt(n) of the probe loss at the newest iterate
  float explained1 = 0, explained2 = 0;  // PCA: share of variance along a and b, in [0, 1]
  float null1 = 0, null2 = 0;            // what a pure random walk would show
  float curvature1 = 0, curvature2 = 0;  // kCurvature: of the loss along a and b, where the plane was laid

  // The same plane's surface over the test set's probe, where the slot has room for it.
  std::uint32_t test_evaluated = 0;  // its evaluated cells; 0: there is none to draw
  float test_loss_min = 0, test_loss_max = 0;
  std::uint32_t test_probe_images = 0;

  // Curves.
  std::uint32_t step_count = 0, epoch_count = 0;  // points in the slot
  EpochPoint last_epoch;
  float curve_loss_max = 0;  // largest finite loss on either curve
  float curve_loss_min = 0;  // smallest of several descents; of a training the smallest above 0 of its epochs
  // Smallest finite loss of a training on either curve, that of steps among them, 0 included; not finite:
  // unknown.
  float curve_loss_least = std::numeric_limits<float>::infinity();

  SeriesRange gradient_norms, update_norms, rates;  // of the steps' points
  StepPoint last_step{};                            // the newest
  float last_rate = 0;                              // at that
  // Accuracies on the test set by class: points in the slot, each `class_stride` epochs after the last, the
  // newest of them here. Not a number where a class has no test images, or nothing is known.
  std::uint32_t class_points = 0, class_stride = 1, curve_classes = 0;
  std::array<float, kFrameMaxClasses> class_accuracy{};

  // Earlier runs of the same lesson, the newest first.
  std::uint32_t earlier_count = 0;
  std::array<EarlierFacts, kEarlierRuns> earlier{};

  // Feature maps and class probabilities of the chosen image.
  std::uint32_t layer_count = 0;
  std::uint32_t class_count = 0;  // of the network
  std::int32_t image = -1;        // in the data set; not of it: -1
  bool has_heat = false;          // there are maps that a heat can be made of
  std::int32_t heat_class = -1;   // for which the heat that is shown speaks; none is: -1
  // Of FrameHeader::shown_classes.
  [[nodiscard]] std::uint32_t shown_count() const { return std::min(class_count, kFrameMaxClasses); }

  MapFacts map;
  PhaseFacts phase;
  RatesFacts rate_map;
  CurvatureFacts curvature;
  SweepFacts sweep;
  RaceFacts race;
  FateFacts fate;
};

// A frame as the host knows it.
struct Frame {
  FrameHeader header;
  FrameFacts facts;
};

}  // namespace fl
