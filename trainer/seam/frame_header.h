// What a frame slot holds, for the trainer that writes it and the shaders that read it (std430, set 0).
#ifndef FL_FRAME_HEADER_H
#define FL_FRAME_HEADER_H

#include "trainer/seam/both_languages.h"

FL_OPEN

FL_CONSTANT uint kFrameMaxLayers = 16u;
FL_CONSTANT uint kFrameMaxClasses = 32u;  // that are shown; a network may have more
FL_CONSTANT uint kFrameMaxPaths = 16u;
// The map of a head's embeddings: its images, those of them that have a thumbnail, and the pixels of a
// thumbnail's side.
FL_CONSTANT uint kMapImages = 256u, kMapPictures = 64u, kMapSide = 48u;
// Earlier runs behind the curves, and the epochs that are shown of each.
FL_CONSTANT uint kEarlierRuns = 3u, kEarlierPoints = 512u;
FL_CONSTANT uint kNoLabel =
    0xfffffffeu;  // of an image from outside of the data set: nobody has said what it shows

// What is known of a landscape cell: nothing yet, so that it is not drawn; predicted from others; the loss itself;
// evaluated and not finite, drawn as a hole; evaluated over a small probe, and corrected.
FL_CONSTANT uint kCellUnknown = 0u, kCellPredicted = 1u, kCellEvaluated = 2u, kCellNonFinite = 3u, kCellCorrected = 4u;

// One iterate on the path. (a, b): least-squares coordinates in the plane.
struct PathPoint {
  float a FL_IS(0), b FL_IS(0);
  float real_loss FL_IS(0);    // probe loss at the iterate itself
  float slice_loss FL_IS(0);   // loss of the slice at (a, b): evaluated there, or until then predicted
  float off_plane FL_IS(0);    // rho in [0, 1]: |(I - P)(theta - o)| / |theta - o|
  float step_length FL_IS(0);  // |theta_t - theta_(t-1)|
  float step FL_IS(0);         // training step of this iterate
  float rate FL_IS(0);         // learning rate then
};

// One descent of several on the same surface: points [first, first + count) of the path section.
struct FramePath {
  uint first FL_IS(0), count FL_IS(0);
  uint color FL_IS(0);     // index into the theme's colours of paths
  uint diverged FL_IS(0);  // 1: it left the numbers, or the picture, and its path ends there
  PathPoint ball;          // its newest point that has a place
};

// One step on the curves; what is not a number leaves a hole there.
struct StepPoint {
  float loss FL_IS(0);           // mean over the batch
  float gradient_norm FL_IS(0);  // of the mean gradient over all trained weights
  float update_norm FL_IS(0);    // |theta_t - theta_(t-1)|
};

// One epoch on the curves; accuracy in [0, 1]. Point i is epoch i (the axis begins at 0). An epoch's
// test values are NaN where there is no test set.
struct EpochPoint {
  float loss FL_IS(0), accuracy FL_IS(0);
  float test_loss FL_IS(0), test_accuracy FL_IS(0);
};

// The curvature of the loss at the weights after so many steps, where it was measured; what is not known is
// not a number. See MeasuredCurvature.
struct CurvaturePoint {
  float step FL_IS(0);
  float sharpness FL_IS(0);        // what the optimizer's limit is of
  float batch_sharpness FL_IS(0);  // along the gradients of batches
  float limit FL_IS(0);            // the most that the optimizer can bear, at its rate then
};

// Where one layer's activations of the chosen image lie in the features section, planar [channel][y][x].
struct FrameLayer {
  uint offset FL_IS(0);  // in floats
  uint channels FL_IS(0), height FL_IS(0), width FL_IS(0);
  float minimum FL_IS(0), maximum FL_IS(0);  // over all channels
  uint reserved0 FL_IS(0), reserved1 FL_IS(0);
};

// A training image on the map: its place in two principal components of the embedding.
struct MapImage {
  float x FL_IS(0), y FL_IS(0);
  uint label FL_IS(0);
  uint size FL_IS(0);  // of its thumbnail, width + 256 * height; 0: it has none
};

// A class on the map: the mean of its training images, not a number where it has none there, and in which
// direction, how steeply the head says more of it. See trainer/backbone/plane_head.h.
struct MapClass {
  float mean_x FL_IS(0), mean_y FL_IS(0);
  float toward_x FL_IS(0), toward_y FL_IS(0);  // logits a unit
};

// What is drawn of one phase of a step (trainer/subjects/descents/step_phases.h) about a ball: an arrow, a
// square that lies on the plane's axes, the ball that is to come. Its role says in which of the theme's
// colours; those of kRoleOfPath and more are of a path.
FL_CONSTANT uint kMarkArrow = 0u, kMarkSquare = 1u, kMarkGhost = 2u;
FL_CONSTANT uint kRoleGradient = 0u, kRoleMomentum = 1u, kRoleSquares = 2u, kRoleDecay = 3u, kRoleOfPath = 4u;
struct PhaseMark {
  float from_a FL_IS(0), from_b FL_IS(0);  // of a square, one corner; of a ghost, unused
  float to_a FL_IS(0), to_b FL_IS(0);      // the arrow's tip; the opposite corner; where the ghost lies
  float loss FL_IS(0);                     // how high it lies
  uint kind FL_IS(0), role FL_IS(0);
  uint before FL_IS(0);  // 1: as it was before this phase, drawn pale
};

#ifdef __cplusplus
[[nodiscard]] constexpr std::array<uint, kFrameMaxClasses> counted_from_zero() {
  std::array<uint, kFrameMaxClasses> numbers{};
  for (uint i = 0; i < kFrameMaxClasses; ++i) numbers[i] = i;
  return numbers;
}
#endif

// What shaders read beside the slot's sections. What only the host says about a frame is in frame_facts.h.
struct FrameHeader {
  // Point i of the curve of steps belongs to step i * step_stride + 1.
  uint steps_per_epoch FL_IS(0), step_stride FL_IS(1);
  float a_min FL_IS(0), a_max FL_IS(0), b_min FL_IS(0), b_max FL_IS(0);  // of the plane that is shown

  // The iterate now (valid when path_count > 0): the last path point, repeated. Where several descents are
  // shown (several_paths > 0), paths[] tells them apart, and these two are the first one's.
  uint path_count FL_IS(0);
  uint several_paths FL_IS(0);  // 0: there is one descent, that of the trained network
  PathPoint ball;

  // Feature maps and class probabilities of the chosen image.
  uint image_label FL_IS(0);       // true class, or kNoLabel
  uint image_prediction FL_IS(0);  // or kNoPrediction
  // Of the heat, which lies over the image; 0: none is shown.
  uint heat_width FL_IS(0), heat_height FL_IS(0);
  FL_LIST(FrameLayer, layers, kFrameMaxLayers);
  // The classes shown: all in their own order where they fit, else the most probable ones, best first, the
  // true class in the last place where it is not among them.
  FL_LIST_IS(uint, shown_classes, kFrameMaxClasses, counted_from_zero());
  FL_LIST(float, probabilities, kFrameMaxClasses);  // of shown_classes
  FL_LIST(FramePath, paths, kFrameMaxPaths);
};

#ifdef __cplusplus
static_assert(sizeof(PathPoint) == 32 && sizeof(FramePath) == 48 && sizeof(EpochPoint) == 16 &&
              sizeof(StepPoint) == 12 && sizeof(CurvaturePoint) == 16 && sizeof(FrameLayer) == 32 &&
              sizeof(MapImage) == 16 && sizeof(MapClass) == 16 && sizeof(PhaseMark) == 32);
static_assert(sizeof(FrameHeader) % 16 == 0 && alignof(FrameHeader) == 4);
#endif

FL_CLOSE
#endif
