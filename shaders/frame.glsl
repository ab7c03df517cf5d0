// A frame slot as shaders see it: trainer/seam/frame.h in std430. Scalars only, so every member lies where
// C++ puts it. Set 0 for every pass.

struct PathPoint {
  float a, b, real_loss, slice_loss, off_plane, step_length, step, rate;
};
struct FramePath {
  uint first, count, color, diverged;
  PathPoint ball;
};
struct EpochPoint {
  float loss, accuracy, test_loss, test_accuracy;
};
struct FrameLayer {
  uint offset, channels, height, width;
  float minimum, maximum;
  uint reserved0, reserved1;
};

layout(std430, set = 0, binding = 0) readonly buffer HeaderBuffer {
  uint step, epoch, steps_per_epoch, total_steps, state;
  float rate, batch_loss, steps_per_second;
  uint grid_side, grid_complete, grid_evaluated, frame_number;
  float a_min, a_max, b_min, b_max;
  float loss_min, loss_max;
  uint directions, probe_images;
  float probe_standard_error, explained1, explained2, null1, null2;
  uint path_count;
  PathPoint ball;
  uint step_count, step_stride, epoch_count;
  EpochPoint last_epoch;
  float curve_loss_max, curve_loss_min;
  uint layer_count, class_count, image_label, image_prediction, several_paths;
  uint test_evaluated;
  float test_loss_min, test_loss_max;
  uint test_probe_images;
  float curve_loss_least;
  uint reserved0, reserved1, reserved2;
  FrameLayer layers[16];
  uint shown_classes[32];
  float probabilities[32];  // of shown_classes
  FramePath paths[12];
} header;
layout(std430, set = 0, binding = 1) readonly buffer HeightsBuffer { float heights[]; };
layout(std430, set = 0, binding = 2) readonly buffer CellsBuffer { uint cells[]; };
layout(std430, set = 0, binding = 3) readonly buffer PathBuffer { PathPoint path[]; };
layout(std430, set = 0, binding = 4) readonly buffer FeaturesBuffer { float features[]; };
layout(std430, set = 0, binding = 5) readonly buffer StepLossesBuffer { float step_losses[]; };
layout(std430, set = 0, binding = 6) readonly buffer EpochsBuffer { EpochPoint epochs[]; };
layout(std430, set = 0, binding = 7) readonly buffer TestHeightsBuffer { float test_heights[]; };
layout(std430, set = 0, binding = 8) readonly buffer TestCellsBuffer { uint test_cells[]; };

const uint kUnknown = 0u, kInterpolated = 1u, kEvaluated = 2u, kNonFinite = 3u;
