#include "engine/bridge/cuda_queue.h"

#include <thread>

#include "engine/bridge/cuda_check.h"
#include "engine/vk/external.h"
#include "trainer/base/log.h"

namespace fl {
namespace {

// A destructor can only say it. A sticky error has been said before, and each call repeats it.
void release(cudaError_t code, const char* call) {
  if (const auto done = cuda_result(code, call); !done)
    log_warning("Closing the frame ring: {}", done.error().message);
}

}  // namespace

Result<std::unique_ptr<ProducerQueue>> CudaQueue::create(const Device& device, const RingTimelines& timelines,
                                                         std::span<const Buffer, kFrameSlots> buffers,
                                                         const FrameLayout& layout) {
  int device_of_thread = 0;
  FL_CUDA_TRY(cudaGetDevice(&device_of_thread));
  // From here on its destructor makes that device current, and gives back what was taken.
  auto queue = std::unique_ptr<CudaQueue>(new CudaQueue());  // NOLINT: the constructor is private
  queue->device_ = device_of_thread;
  queue->header_offset_ = layout.header.offset;
  int low = 0, high = 0;
  FL_CUDA_TRY(cudaDeviceGetStreamPriorityRange(&low, &high));
  FL_CUDA_TRY(cudaStreamCreateWithPriority(&queue->stream_, cudaStreamNonBlocking, low));
  void* headers = nullptr;
  FL_CUDA_TRY(cudaHostAlloc(&headers, kFrameSlots * sizeof(FrameHeader), cudaHostAllocDefault));
  queue->headers_ = static_cast<FrameHeader*>(headers);
  std::uninitialized_value_construct_n(queue->headers_, kFrameSlots);
  for (std::uint32_t i = 0; i < kFrameSlots; ++i)
    FL_TRY(queue->import_slot(device, buffers[i], queue->slots_[i]));
  FL_TRY(queue->import_timeline(device, timelines.published.get(), queue->published_));
  FL_TRY(queue->import_timeline(device, timelines.consumed.get(), queue->consumed_));
  return std::unique_ptr<ProducerQueue>(std::move(queue));
}

Result<void> CudaQueue::import_slot(const Device& device, const Buffer& buffer, Slot& slot) {
  FileDescriptor fd = export_memory(device, buffer.memory());
  cudaExternalMemoryHandleDesc description{};
  description.type = cudaExternalMemoryHandleTypeOpaqueFd;
  description.handle.fd = fd.get();
  description.size = buffer.allocated();
  description.flags = cudaExternalMemoryDedicated;
  FL_CUDA_TRY(cudaImportExternalMemory(&slot.imported, &description));
  fd.release();  // CUDA owns it now, and only now
  cudaExternalMemoryBufferDesc range{};
  range.size = buffer.size();
  void* address = nullptr;
  FL_CUDA_TRY(cudaExternalMemoryGetMappedBuffer(&address, slot.imported, &range));
  slot.memory = {static_cast<std::byte*>(address), buffer.size()};
  return {};
}

Result<void> CudaQueue::import_timeline(const Device& device, VkSemaphore semaphore,
                                        cudaExternalSemaphore_t& imported) {
  FileDescriptor fd = export_semaphore(device, semaphore);
  cudaExternalSemaphoreHandleDesc description{};
  description.type = cudaExternalSemaphoreHandleTypeTimelineSemaphoreFd;  // OpaqueFd would mean a binary one
  description.handle.fd = fd.get();
  FL_CUDA_TRY(cudaImportExternalSemaphore(&imported, &description));
  fd.release();
  return {};
}

// The ring has waited for the stream. Mapped memory goes before what it is mapped from, both before Vulkan's.
CudaQueue::~CudaQueue() {
  release(cudaSetDevice(device_), "cudaSetDevice");
  for (const Slot& slot : slots_) {
    if (slot.memory.data() != nullptr) release(cudaFree(slot.memory.data()), "cudaFree");
    if (slot.imported != nullptr)
      release(cudaDestroyExternalMemory(slot.imported), "cudaDestroyExternalMemory");
  }
  for (cudaExternalSemaphore_t semaphore : {published_, consumed_})
    if (semaphore != nullptr)
      release(cudaDestroyExternalSemaphore(semaphore), "cudaDestroyExternalSemaphore");
  if (headers_ != nullptr) release(cudaFreeHost(headers_), "cudaFreeHost");
  if (stream_ != nullptr) release(cudaStreamDestroy(stream_), "cudaStreamDestroy");
}

Result<void> CudaQueue::wait_consumed(std::uint64_t value) {
  FL_CUDA_TRY(cudaSetDevice(device_));
  cudaExternalSemaphoreWaitParams wait{};
  wait.params.fence.value = value;
  FL_CUDA_TRY(cudaWaitExternalSemaphoresAsync(&consumed_, &wait, 1, stream_));
  return {};
}

Result<void> CudaQueue::keep_header(std::uint32_t slot) {
  FL_CUDA_TRY(cudaSetDevice(device_));
  FL_CUDA_TRY(cudaMemcpyAsync(&headers_[slot], slots_.at(slot).memory.data() + header_offset_,
                              sizeof(FrameHeader), cudaMemcpyDeviceToHost, stream_));
  return {};
}

Result<void> CudaQueue::signal_published(std::uint64_t value) {
  FL_CUDA_TRY(cudaSetDevice(device_));
  cudaExternalSemaphoreSignalParams signal{};
  signal.params.fence.value = value;
  FL_CUDA_TRY(cudaSignalExternalSemaphoresAsync(&published_, &signal, 1, stream_));
  return {};
}

// cudaStreamSynchronize has no timeout, and some hosts hang: so the stream is asked again and again.
Result<void> CudaQueue::finish(std::chrono::milliseconds timeout) {
  FL_CUDA_TRY(cudaSetDevice(device_));
  const auto end = std::chrono::steady_clock::now() + timeout;
  for (;;) {
    const cudaError_t state = cudaStreamQuery(stream_);
    if (state != cudaErrorNotReady) return cuda_result(state, "cudaStreamQuery of the frame ring's stream");
    if (std::chrono::steady_clock::now() >= end)
      return error("Waited {:.3g} s for the CUDA stream of the frame ring, which did not finish",
                   std::chrono::duration<double>(timeout).count());
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
}

}  // namespace fl
