#include <algorithm>

#include "tests/gpu/subject.h"
#include "trainer/compute/cuda/cuda_program.h"

namespace fl::test {

std::string why_no_subject() {
  return {};
}

std::unique_ptr<Program> make_subject(const NetSpec& spec, const SubjectOptions& options) {
  cuda::CudaOptions wanted;
  wanted.graphs = options.graphs;
  wanted.math.tf32 = options.tf32;
  // A pass is computed whole however few images are in it: fast on a device, slow in plain loops.
  wanted.pass_bytes = std::min(options.pass_bytes, std::size_t{600'000});
  wanted.kept_steps = options.kept_steps;
  return std::make_unique<cuda::CudaProgram>(spec, wanted);
}

}  // namespace fl::test
