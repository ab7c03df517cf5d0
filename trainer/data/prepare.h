#pragma once
// From any image file to what a network takes: the steps that its training images went through, with the
// numbers that were measured on those. One way for all who ask: a run in progress, a saved one.

#include <cstddef>
#include <span>
#include <string_view>

#include "trainer/data/preprocess.h"
#include "trainer/data/standardise.h"

namespace fl {

// How one run prepares its images. The channels of `data` are decided; `standardisation` is empty where the
// scene wants none.
struct Preparation {
  const DataSpec& data;
  const Standardisation& standardisation;
};

// Makes the input [channel][y][x] of a file; `name` is what the error calls it, `remarks` takes what is worth
// saying of it. Errors: as decode_image, or the standardisation (a file has it, too) makes no numbers of it.
// Precondition: input.size() == preparation.data.shape().floats().
Result<void> prepare_input(const Preparation& preparation, std::span<const std::byte> file,
                           std::string_view name, std::span<float> input, ImageRemarks* remarks = nullptr);

// Whether a network whose images have `shape` can look at `input`. Errors: it has another size, or a value
// that is not a number.
Result<void> check_input(std::span<const float> input, const ImageShape& shape, std::string_view name);

}  // namespace fl
