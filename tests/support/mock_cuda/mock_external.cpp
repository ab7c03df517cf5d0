// The runtime's imports: memory and timelines of another API.
#include <utility>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/support/mock_cuda/machine.h"

namespace fl::mock {
namespace {

OtherApi other;
std::vector<std::string> worked, released;

// A descriptor that CUDA owns, and the file it was given for.
struct Owned {
  int descriptor = -1;
  struct stat file {};
};

Owned own(int descriptor) {
  Owned owned{.descriptor = descriptor};
  if (::fstat(descriptor, &owned.file) != 0) violation("an import of a descriptor that is closed");
  return owned;
}
void close_owned(const Owned& owned) {
  struct stat now {};
  if (::fstat(owned.descriptor, &now) != 0 || now.st_ino != owned.file.st_ino || now.st_dev != owned.file.st_dev)
    violation("a descriptor that CUDA owns was closed");
  else ::close(owned.descriptor);
}

struct Memory {
  Owned owned;
  std::size_t bytes = 0;
  std::byte* data = nullptr;
  bool mapped = false;
};
struct Semaphore {
  Owned owned;
  Timeline timeline;
};

std::set<void*>& imported() {
  static auto* all = new std::set<void*>;
  return *all;
}

void* keep(void* made) {
  imported().insert(made);
  ++machine().live.external;
  return made;
}
bool forget(void* gone, const char* call) {
  if (imported().erase(gone) == 0) {
    violation(fmt::format("{} of what is not there", call));
    return false;
  }
  --machine().live.external;
  return true;
}

}  // namespace

void share_with(OtherApi api) {
  other = std::move(api);
}
std::vector<std::string> take_log() {
  return std::exchange(worked, {});
}
std::vector<std::string> take_released() {
  return std::exchange(released, {});
}
void log_work(std::string what) {
  worked.push_back(std::move(what));
}
void log_released(std::string what) {
  released.push_back(std::move(what));
}

}  // namespace fl::mock

using namespace fl::mock;

extern "C" {

cudaError_t cudaImportExternalMemory(cudaExternalMemory_t* memory, const cudaExternalMemoryHandleDesc* description) {
  const Lock lock(machine().mutex);
  cudaError_t code{};
  if (fails("cudaImportExternalMemory", code)) return code;
  expect_device("cudaImportExternalMemory");
  if (description->type != cudaExternalMemoryHandleTypeOpaqueFd || description->flags != cudaExternalMemoryDedicated)
    violation("an import of memory that is not a dedicated allocation by descriptor");
  auto* made = new Memory{.owned = own(description->handle.fd), .bytes = description->size};
  made->data = static_cast<std::byte*>(other.map(description->handle.fd, description->size));
  *memory = static_cast<cudaExternalMemory_t>(keep(made));
  return cudaSuccess;
}

cudaError_t cudaExternalMemoryGetMappedBuffer(void** address, cudaExternalMemory_t memory,
                                              const cudaExternalMemoryBufferDesc* range) {
  const Lock lock(machine().mutex);
  cudaError_t code{};
  if (fails("cudaExternalMemoryGetMappedBuffer", code)) return code;
  if (!imported().contains(memory)) return answer(cudaErrorInvalidResourceHandle);
  auto& from = *reinterpret_cast<Memory*>(memory);
  if (range->offset + range->size > from.bytes) violation("a mapped buffer beyond its memory");
  *address = from.data + range->offset;
  machine().mapped_blocks[from.data + range->offset] = range->size;
  return cudaSuccess;
}

cudaError_t cudaDestroyExternalMemory(cudaExternalMemory_t memory) {
  const Lock lock(machine().mutex);
  if (!forget(memory, "cudaDestroyExternalMemory")) return answer(cudaErrorInvalidResourceHandle);
  auto* gone = reinterpret_cast<Memory*>(memory);
  if (machine().mapped_blocks.contains(gone->data)) violation("memory was let go before what is mapped from it");
  other.unmap(gone->data);
  close_owned(gone->owned);
  delete gone;
  log_released("memory");
  return cudaSuccess;
}

cudaError_t cudaImportExternalSemaphore(cudaExternalSemaphore_t* semaphore,
                                        const cudaExternalSemaphoreHandleDesc* description) {
  const Lock lock(machine().mutex);
  cudaError_t code{};
  if (fails("cudaImportExternalSemaphore", code)) return code;
  expect_device("cudaImportExternalSemaphore");
  if (description->type != cudaExternalSemaphoreHandleTypeTimelineSemaphoreFd)
    violation("an import of a semaphore that is not a timeline");
  *semaphore = static_cast<cudaExternalSemaphore_t>(
      keep(new Semaphore{.owned = own(description->handle.fd), .timeline = other.timeline(description->handle.fd)}));
  return cudaSuccess;
}

cudaError_t cudaDestroyExternalSemaphore(cudaExternalSemaphore_t semaphore) {
  const Lock lock(machine().mutex);
  if (!forget(semaphore, "cudaDestroyExternalSemaphore")) return answer(cudaErrorInvalidResourceHandle);
  auto* gone = reinterpret_cast<Semaphore*>(semaphore);
  close_owned(gone->owned);
  delete gone;
  log_released("semaphore");
  return cudaSuccess;
}

cudaError_t cudaWaitExternalSemaphoresAsync(const cudaExternalSemaphore_t* semaphores,
                                            const cudaExternalSemaphoreWaitParams* parameters, unsigned count,
                                            cudaStream_t stream) {
  const Lock lock(machine().mutex);
  cudaError_t code{};
  if (fails("cudaWaitExternalSemaphoresAsync", code)) return code;
  expect_device("cudaWaitExternalSemaphoresAsync");
  Queue* queue = queue_of(stream, "cudaWaitExternalSemaphoresAsync");
  if (queue == nullptr || count != 1 || !imported().contains(*semaphores)) return answer(cudaErrorInvalidResourceHandle);
  const Timeline timeline = reinterpret_cast<Semaphore*>(*semaphores)->timeline;
  const std::uint64_t value = parameters->params.fence.value;
  queue->waiting.push_back(
      {[value] { log_work(fmt::format("wait {}", value)); }, [timeline, value] { return timeline.value() >= value; }});
  return cudaSuccess;
}

cudaError_t cudaSignalExternalSemaphoresAsync(const cudaExternalSemaphore_t* semaphores,
                                              const cudaExternalSemaphoreSignalParams* parameters, unsigned count,
                                              cudaStream_t stream) {
  const Lock lock(machine().mutex);
  cudaError_t code{};
  if (fails("cudaSignalExternalSemaphoresAsync", code)) return code;
  expect_device("cudaSignalExternalSemaphoresAsync");
  Queue* queue = queue_of(stream, "cudaSignalExternalSemaphoresAsync");
  if (queue == nullptr || count != 1 || !imported().contains(*semaphores)) return answer(cudaErrorInvalidResourceHandle);
  const Timeline timeline = reinterpret_cast<Semaphore*>(*semaphores)->timeline;
  give(*queue, [timeline, value = parameters->params.fence.value] {
    if (timeline.value() >= value) violation("a signal that does not rise");
    log_work(fmt::format("signal {}", value));
    timeline.signal(value);
  });
  return cudaSuccess;
}

}  // extern "C"
