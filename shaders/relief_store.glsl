// Where the landscape's compute passes write what relief.glsl reads.
layout(set = 2, binding = 4, r32f) uniform image2D stored_heights;
layout(set = 2, binding = 5, rgba32ui) uniform uimage2D stored_cells;
layout(set = 2, binding = 6, r32f) writeonly uniform image2D stored_floor_light;
