#pragma once
// A model in ONNX (github.com/onnx/onnx, docs/IR.md and Operators.md), in one file: the bytes of images go
// in, probabilities come out.

#include <cstddef>
#include <string>
#include <vector>

#include "trainer/exports/leaving_model.h"
#include "trainer/exports/self_check.h"

namespace fl {

// The oldest set of operators that has all that is needed, and the oldest that today's runtimes promise to
// read.
inline constexpr int kOnnxOperators = 7;

// Input "image": uint8 [N][side][side][3], RGB; output "probabilities": float [N][class]. Its metadata have
// "labels" and "fallline" in JSON, and "self_check_png" in base64. The same model gives the same bytes.
// `name`: what the error calls the file. Errors: this program was built without ONNX; a model too large for
// the format.
Result<std::vector<std::byte>> onnx_file_of(const LeavingModel& model, const SelfCheck& check,
                                            const std::string& name);

}  // namespace fl
