#include "tests/gpu/subject.h"
#include "trainer/backend/cuda/cuda_program.h"

namespace fl::test {

std::string why_no_subject() {
  return {};
}

std::unique_ptr<Program> make_subject(const NetSpec& spec, const SubjectOptions& options) {
  cuda::CudaOptions wanted;
  wanted.graphs = options.graphs;
  wanted.pass_bytes = options.pass_bytes;
  wanted.kept_steps = options.kept_steps;
  return std::make_unique<cuda::CudaProgram>(spec, wanted);
}

}  // namespace fl::test
