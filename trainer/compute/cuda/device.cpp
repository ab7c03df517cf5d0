#include "trainer/compute/cuda/device.h"

#include <cstring>
#include <string_view>

#include <cuda_runtime_api.h>
#include <fmt/format.h>

#include "trainer/compute/cuda/cuda_check.h"

namespace fl::cuda {
namespace {

cudaStream_t raw(const Stream& stream) {
  return static_cast<cudaStream_t>(stream.handle());
}

// Below the source tree: the rest of the path is somebody's machine.
std::string_view shown_path(std::string_view path) {
  const auto at = path.rfind("/trainer/");
  return at == std::string_view::npos ? path : path.substr(at + 1);
}

}  // namespace

void throw_cuda_error(const char* file, int line, const char* expression, const char* name,
                      const char* description) {
  throw CudaError(
      fmt::format("{}:{}: {} failed: {} ({})", shown_path(file), line, expression, name, description));
}

void check_cuda(int code, const char* file, int line, const char* expression) {
  if (code == cudaSuccess) [[likely]]
    return;
  const auto status = static_cast<cudaError_t>(code);
  cudaGetLastError();  // an error that is not sticky must not be found again by the next call
  throw_cuda_error(file, line, expression, cudaGetErrorName(status), cudaGetErrorString(status));
}

void check_launch(const char* file, int line) {
  check_cuda(cudaGetLastError(), file, line, "a kernel launch");
}

void use_device(int index) {
  CUDA_CHECK(cudaSetDevice(index));
}

DeviceMemory device_memory() {
  DeviceMemory memory;
  CUDA_CHECK(cudaMemGetInfo(&memory.free_bytes, &memory.total_bytes));
  return memory;
}

Stream::Stream(Priority priority) {
  int lowest = 0, highest = 0;
  CUDA_CHECK(cudaDeviceGetStreamPriorityRange(&lowest, &highest));
  cudaStream_t stream = nullptr;
  CUDA_CHECK(
      cudaStreamCreateWithPriority(&stream, cudaStreamNonBlocking, priority == Priority::kLow ? lowest : highest));
  handle_ = stream;
}

Stream::~Stream() {
  if (handle_ != nullptr && ours_) cudaStreamDestroy(raw(*this));
}

void Stream::synchronize() const {
  CUDA_CHECK(cudaStreamSynchronize(raw(*this)));
}

Event::Event() {
  cudaEvent_t event = nullptr;
  CUDA_CHECK(cudaEventCreateWithFlags(&event, cudaEventDisableTiming));
  handle_ = event;
}

Event::~Event() {
  if (handle_ != nullptr) cudaEventDestroy(static_cast<cudaEvent_t>(handle_));
}

void Event::record(const Stream& stream) {
  CUDA_CHECK(cudaEventRecord(static_cast<cudaEvent_t>(handle_), raw(stream)));
}

void Event::hold_back(const Stream& stream) const {
  CUDA_CHECK(cudaStreamWaitEvent(raw(stream), static_cast<cudaEvent_t>(handle_), 0));
}

Graph::~Graph() {
  if (handle_ != nullptr) cudaGraphExecDestroy(static_cast<cudaGraphExec_t>(handle_));
}

Graph Graph::capture(const Stream& stream, const std::function<void()>& enqueue) {
  // Of this thread only: what another thread does meanwhile, the one that draws for example, stays allowed.
  CUDA_CHECK(cudaStreamBeginCapture(raw(stream), cudaStreamCaptureModeThreadLocal));
  cudaGraph_t recorded = nullptr;
  try {
    enqueue();
  } catch (...) {
    // Leaves the stream usable; the first failure is the one to report.
    if (cudaStreamEndCapture(raw(stream), &recorded) == cudaSuccess && recorded != nullptr)
      cudaGraphDestroy(recorded);
    cudaGetLastError();
    throw;
  }
  CUDA_CHECK(cudaStreamEndCapture(raw(stream), &recorded));
  cudaGraphExec_t ready = nullptr;
  const cudaError_t made = cudaGraphInstantiate(&ready, recorded, 0);
  cudaGraphDestroy(recorded);
  check_cuda(made, __FILE__, __LINE__, "cudaGraphInstantiate");
  Graph graph;
  graph.handle_ = ready;
  return graph;
}

void Graph::launch(const Stream& stream) const {
  CUDA_CHECK(cudaGraphLaunch(static_cast<cudaGraphExec_t>(handle_), raw(stream)));
}

void* allocate(MemoryKind kind, std::size_t bytes) {
  if (bytes == 0) return nullptr;
  void* memory = nullptr;
  if (kind == MemoryKind::kPinned) {
    CUDA_CHECK(cudaMallocHost(&memory, bytes));
    std::memset(memory, 0, bytes);
    return memory;
  }
  CUDA_CHECK(cudaMalloc(&memory, bytes));
  // On the default stream, which the others do not wait for: it has to be over before the memory is used.
  const cudaError_t cleared = cudaMemset(memory, 0, bytes);
  const cudaError_t done = cleared == cudaSuccess ? cudaStreamSynchronize(nullptr) : cleared;
  if (done != cudaSuccess) cudaFree(memory);
  check_cuda(done, __FILE__, __LINE__, "cudaMemset");
  return memory;
}

void release(MemoryKind kind, void* memory) noexcept {
  if (memory == nullptr) return;
  if (kind == MemoryKind::kPinned) cudaFreeHost(memory);
  else cudaFree(memory);
}

void copy_to_device(const Stream& stream, DevicePtr<void> device, const void* pinned, std::size_t bytes) {
  CUDA_CHECK(cudaMemcpyAsync(device.get(), pinned, bytes, cudaMemcpyHostToDevice, raw(stream)));
}

void copy_to_host(const Stream& stream, void* pinned, DevicePtr<const void> device, std::size_t bytes) {
  CUDA_CHECK(cudaMemcpyAsync(pinned, device.get(), bytes, cudaMemcpyDeviceToHost, raw(stream)));
}

void copy_on_device(const Stream& stream, DevicePtr<void> to, DevicePtr<const void> from, std::size_t bytes) {
  CUDA_CHECK(cudaMemcpyAsync(to.get(), from.get(), bytes, cudaMemcpyDeviceToDevice, raw(stream)));
}

void fill_zero(const Stream& stream, DevicePtr<void> device, std::size_t bytes) {
  CUDA_CHECK(cudaMemsetAsync(device.get(), 0, bytes, raw(stream)));
}

void upload(const Stream& stream, DevicePtr<void> device, const void* host, std::size_t bytes) {
  copy_to_device(stream, device, host, bytes);
  stream.synchronize();
}

void download(const Stream& stream, void* host, DevicePtr<const void> device, std::size_t bytes) {
  copy_to_host(stream, host, device, bytes);
  stream.synchronize();
}

}  // namespace fl::cuda
