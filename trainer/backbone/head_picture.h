#pragma once
// Whether pictures look like head CT, which is all that the program's own backbone knows: a measure of plain
// properties, no learning. It is for a hint, so a single picture may be judged wrong.

#include <span>

#include "trainer/base/result.h"
#include "trainer/base/tensor_shape.h"
#include "trainer/data/dataset.h"

namespace fl {

// A dark background in the corners, and around something grey a closed bright rim: the skull. `pixels`:
// [channel][y][x], x / 127.5 - 1, of a square picture.
[[nodiscard]] bool looks_like_head(std::span<const float> pixels, TensorShape shape);

// Whether at least half of the pictures of a set do, of some that are spread over it: they are read once more
// (Dataset::read_again). `shape`: of their pixels. Those that cannot be read any more are not counted; true
// where none can.
[[nodiscard]] bool look_like_heads(const Dataset& data, TensorShape shape);

}  // namespace fl
