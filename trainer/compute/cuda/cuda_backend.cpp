#include "trainer/compute/cuda/cuda_backend.h"

#include <cstring>

#include <cuda_runtime_api.h>
#include <cudnn.h>
#include <fmt/format.h>

#include "trainer/compute/cuda/cuda_check.h"
#include "trainer/compute/cuda/cuda_program.h"
#include "trainer/compute/cuda/cuda_rate_runs.h"

namespace fl::cuda {
namespace {

DeviceFacts facts_of(int index) {
  cudaDeviceProp properties{};
  int mode = cudaComputeModeDefault;
  CUDA_CHECK(cudaGetDeviceProperties(&properties, index));
  CUDA_CHECK(cudaDeviceGetAttribute(&mode, cudaDevAttrComputeMode, index));
  DeviceUuid uuid{};
  static_assert(sizeof(uuid) == sizeof(properties.uuid));
  std::memcpy(uuid.data(), &properties.uuid, sizeof(uuid));
  return {.name = properties.name,
          .major = properties.major,
          .minor = properties.minor,
          .memory = properties.totalGlobalMem,
          .prohibited = mode == cudaComputeModeProhibited,
          .uuid = uuid};
}

}  // namespace

CudaFacts cuda_facts() {
  CudaFacts facts;
  facts.cudnn = static_cast<int>(cudnnGetVersion());
  facts.cudnn_built = CUDNN_VERSION;
  cudaRuntimeGetVersion(&facts.runtime);
  cudaDriverGetVersion(&facts.driver);  // leaves 0 where there is none
  int count = 0;                        // left at -1 without a driver
  const cudaError_t status = cudaGetDeviceCount(&count);
  facts.status = status;
  facts.status_name = cudaGetErrorName(status);
  if (status != cudaSuccess) {
    cudaGetLastError();
    return facts;
  }
  for (int i = 0; i < count; ++i) facts.devices.push_back(facts_of(i));
  return facts;
}

Result<std::unique_ptr<Backend>> CudaBackend::create(const MathOptions& math) {
  try {
    const CudaFacts facts = cuda_facts();
    const DeviceChoice choice = choose_device(facts);
    if (!choice.device) return error("{}", choice.reason);
    CudaOptions options;
    options.device = *choice.device;
    options.math = math;
    use_device(options.device);
    const DeviceFacts& device = facts.devices[static_cast<std::size_t>(options.device)];
    std::string name = fmt::format("{} (CUDA {}, cuDNN {}, {}{})", device.name, cuda_version_text(facts.runtime), cudnn_version_text(facts.cudnn),
                                   math.tf32 ? "TF32" : "fp32", math.deterministic ? "" : ", any order of sums");
    return std::unique_ptr<Backend>(new CudaBackend(options, std::move(name), device.uuid));
  } catch (const DeviceError& e) {
    return error("{}", e.what());
  }
}

Result<std::unique_ptr<Program>> CudaBackend::compile(const NetSpec& spec, int max_batch) {
  FL_TRY(layer_shapes(spec));
  if (max_batch < 1) return error("The batch size must be at least 1, not {}.", max_batch);
  try {
    use_device(options_.device);
    return std::unique_ptr<Program>(std::make_unique<CudaProgram>(spec, options_));
  } catch (const DeviceError& e) {
    return error("{} cannot hold network {}: {}.", name_, spec.name, e.what());
  }
}

Result<std::unique_ptr<RateRuns>> CudaBackend::rate_runs(const RateTask& task) {
  try {
    use_device(options_.device);
    return std::unique_ptr<RateRuns>(std::make_unique<CudaRateRuns>(task, options_.device));
  } catch (const DeviceError& e) {
    return error("{} cannot hold a trainability map: {}.", name_, e.what());
  }
}

}  // namespace fl::cuda
