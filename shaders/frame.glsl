// A frame slot as shaders see it. Set 0 for every pass.
#include "trainer/seam/frame_header.h"

layout(std430, set = 0, binding = 0) readonly buffer HeaderBuffer { FrameHeader header; };
layout(std430, set = 0, binding = 1) readonly buffer HeightsBuffer { float heights[]; };
layout(std430, set = 0, binding = 2) readonly buffer CellsBuffer { uint cells[]; };
layout(std430, set = 0, binding = 3) readonly buffer PathBuffer { PathPoint path[]; };
layout(std430, set = 0, binding = 4) readonly buffer FeaturesBuffer { float features[]; };
layout(std430, set = 0, binding = 5) readonly buffer StepsBuffer { StepPoint steps[]; };
layout(std430, set = 0, binding = 6) readonly buffer EpochsBuffer { EpochPoint epochs[]; };
layout(std430, set = 0, binding = 7) readonly buffer TestHeightsBuffer { float test_heights[]; };
layout(std430, set = 0, binding = 8) readonly buffer TestCellsBuffer { uint test_cells[]; };
layout(std430, set = 0, binding = 9) readonly buffer MapImagesBuffer { MapImage map_images[]; };
layout(std430, set = 0, binding = 10) readonly buffer MapClassesBuffer { MapClass map_classes[]; };
layout(std430, set = 0, binding = 11) readonly buffer MapLogitsBuffer { float map_logits[]; };
layout(std430, set = 0, binding = 12) readonly buffer MapPixelsBuffer { uint map_pixels[]; };
layout(std430, set = 0, binding = 13) readonly buffer HeatBuffer { float heat[]; };
layout(std430, set = 0, binding = 14) readonly buffer StepRatesBuffer { float step_rates[]; };
layout(std430, set = 0, binding = 15) readonly buffer ClassAccuraciesBuffer { float class_accuracies[]; };
layout(std430, set = 0, binding = 16) readonly buffer EarlierBuffer { EpochPoint earlier[]; };
layout(std430, set = 0, binding = 17) readonly buffer PhaseMarksBuffer { PhaseMark phase_marks[]; };
layout(std430, set = 0, binding = 18) readonly buffer RateMapBuffer { float rate_map[]; };
layout(std430, set = 0, binding = 19) readonly buffer CurvaturesBuffer { CurvaturePoint curvatures[]; };
layout(std430, set = 0, binding = 20) readonly buffer SweepCellsBuffer { float sweep_cells[]; };
layout(std430, set = 0, binding = 21) readonly buffer SeedBarsBuffer { float seed_bars[]; };
layout(std430, set = 0, binding = 22) readonly buffer FateLinesBuffer { float fate_lines[]; };
