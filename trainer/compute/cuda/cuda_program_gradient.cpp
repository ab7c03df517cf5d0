// How a CudaProgram's outputs hang on what one of its layers gives.
#include "trainer/base/check.h"
#include "trainer/compute/cuda/cuda_program.h"

namespace fl::cuda {

void CudaProgram::output_gradient(std::int32_t image, int layer, std::span<const float> weights,
                                  std::span<float> out) {
  FL_CHECK(weights.size() == classes());
  bind();
  send_list({&image, 1});
  std::unique_ptr<Explained>& kept = explained_[layer];
  if (!kept) kept = std::make_unique<Explained>(WayBack::to(spec_, layout_, layer), lane_);
  NetPlan& plan = kept->plan;
  FL_CHECK(out.size() == floats_of(layer));
  plan.begin();
  enqueue_gather(plan);
  plan.forward(source());
  upload(lane_.stream, plan.logit_gradients(), weights.data(), weights.size_bytes());
  plan.backward(source(), {});
  download(lane_.stream, out.data(), plan.gradient(layer), out.size_bytes());
}

}  // namespace fl::cuda
