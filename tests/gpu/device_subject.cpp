#include "tests/gpu/subject.h"
#include "trainer/compute/cuda/cuda_backend.h"
#include "trainer/compute/cuda/cuda_program.h"

namespace fl::test {
namespace {

const cuda::DeviceChoice& choice() {
  static const cuda::DeviceChoice found = cuda::choose_device(cuda::cuda_facts());
  return found;
}

}  // namespace

std::string why_no_subject() {
  return choice().reason;
}

std::unique_ptr<Program> make_subject(const NetSpec& spec, const SubjectOptions& options) {
  cuda::CudaOptions wanted;
  wanted.device = choice().device.value();
  wanted.graphs = options.graphs;
  wanted.pass_bytes = options.pass_bytes;
  wanted.kept_steps = options.kept_steps;
  wanted.math.tf32 = options.tf32;
  cuda::use_device(wanted.device);
  return std::make_unique<cuda::CudaProgram>(spec, wanted);
}

}  // namespace fl::test
