// The runtime's devices and memory.
#include <algorithm>
#include <array>
#include <utility>

#include "tests/support/mock_cuda/machine.h"

namespace fl::mock {
namespace {

// Of the device that may be used.
std::array<std::uint8_t, 16> uuid{16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31};

constexpr std::size_t kDirty = std::size_t{1} << 20;  // what new memory holds at its beginning, to be cleared

// Zeros cost nothing where they are whole pages: they are given back.
void fill(std::byte* begin, int value, std::size_t bytes) {
  constexpr std::size_t kWhole = 4096;
  const auto at = reinterpret_cast<std::uintptr_t>(begin);
  const std::size_t head = (kWhole - at % kWhole) % kWhole;
  if (value != 0 || bytes < head + kDirty) {
    std::memset(begin, value, bytes);
    return;
  }
  const std::size_t middle = (bytes - head) / kWhole * kWhole;
  std::memset(begin, 0, head);
  ::madvise(begin + head, middle, MADV_DONTNEED);
  std::memset(begin + head + middle, 0, bytes - head - middle);
}

// Of the arena: guards before and behind, the next block on an address of 256 bytes.
std::size_t taken_by(std::size_t bytes) {
  return kGuard + (bytes + kPage - 1) / kPage * kPage + kGuard;
}

void check_guards() {
  const Open open;
  for (const auto& [block, bytes] : machine().device_blocks) {
    auto* begin = const_cast<std::byte*>(block);
    for (std::byte* guard : {begin - kGuard, begin + bytes}) {
      if (std::all_of(guard, guard + kGuard, [](std::byte b) { return b == std::byte{kGuardByte}; })) continue;
      violation(fmt::format("a block of {} bytes was written {}", bytes, guard < begin ? "before it begins" : "behind its end"));
      std::memset(guard, kGuardByte, kGuard);  // said once
    }
  }
}

}  // namespace

void violation(std::string what) {
  const Lock lock(machine().mutex);
  machine().violations.push_back(std::move(what));
}

std::vector<std::string> take_violations() {
  const Lock lock(machine().mutex);
  check_guards();
  return std::exchange(machine().violations, {});
}

Live live() {
  const Lock lock(machine().mutex);
  Live live = machine().live;
  live.streams = static_cast<int>(machine().streams.size());
  live.events = static_cast<int>(machine().events.size());
  live.graphs = static_cast<int>(machine().graphs.size() + machine().executables.size());
  live.device_blocks = static_cast<int>(machine().device_blocks.size());
  live.pinned_blocks = static_cast<int>(machine().pinned_blocks.size());
  return live;
}

Counts counts() {
  return machine().counts;
}
void count_handles(int change) {
  machine().live.handles += change;
}
void count_descriptors(int change) {
  machine().live.descriptors += change;
}
void count_refusal() {
  ++machine().counts.refusals;
}
void fail_next(const std::string& call, int code, int after) {
  machine().failing = {call, code, after};
}
void set_uuid(std::span<const std::uint8_t, 16> now) {
  std::ranges::copy(now, uuid.begin());
}
bool failure_waits() {
  return !machine().failing.call.empty();
}

bool is_stream(const void* stream) {
  return machine().streams.contains(static_cast<Queue*>(const_cast<void*>(stream)));
}

void enqueue(void* stream, Work work) {
  const Lock lock(machine().mutex);
  if (Queue* queue = queue_of(static_cast<cudaStream_t>(stream), "work"); queue != nullptr) give(*queue, std::move(work));
}

void check_device_range(const void* begin, std::size_t bytes, const std::string& what) {
  const Lock lock(machine().mutex);
  if (bytes > 0 && !inside(machine().device_blocks, begin, bytes) && !inside(machine().mapped_blocks, begin, bytes))
    violation(fmt::format("{}: {} bytes are not in one block of device memory", what, bytes));
  if (reinterpret_cast<std::uintptr_t>(begin) % alignof(float) != 0) violation(what + " is not aligned");
}

}  // namespace fl::mock

using namespace fl::mock;

extern "C" {

cudaError_t cudaDriverGetVersion(int* version) {
  *version = 13000;
  return cudaSuccess;
}
cudaError_t cudaRuntimeGetVersion(int* version) {
  *version = 13000;
  return cudaSuccess;
}
cudaError_t cudaGetDeviceCount(int* count) {
  cudaError_t code{};
  if (fails("cudaGetDeviceCount", code)) {
    *count = -1;
    return code;
  }
  *count = 2;
  return cudaSuccess;
}
cudaError_t cudaGetDeviceProperties(cudaDeviceProp* properties, int device) {
  cudaError_t code{};
  if (fails("cudaGetDeviceProperties", code)) return code;
  *properties = {};
  std::strcpy(properties->name, device == 0 ? "Mock of the past" : "Mock");
  properties->major = device == 0 ? 5 : 9;
  properties->totalGlobalMem = std::size_t{16} << 30;
  for (std::size_t i = 0; i < sizeof(properties->uuid.bytes); ++i)
    properties->uuid.bytes[i] = device == 1 ? static_cast<char>(uuid[i]) : static_cast<char>(i);
  return cudaSuccess;
}
cudaError_t cudaDeviceGetAttribute(int* value, cudaDeviceAttr attribute, int) {
  *value = attribute == cudaDevAttrTimelineSemaphoreInteropSupported ? 1 : 0;
  return cudaSuccess;
}
cudaError_t cudaSetDevice(int device) {
  cudaError_t code{};
  if (fails("cudaSetDevice", code)) return code;
  current_device = device;
  return cudaSuccess;
}
cudaError_t cudaGetDevice(int* device) {
  cudaError_t code{};
  if (fails("cudaGetDevice", code)) return code;
  *device = current_device;
  return cudaSuccess;
}
const char* cudaGetErrorName(cudaError_t code) {
  return code == cudaSuccess                 ? "cudaSuccess"
         : code == cudaErrorMemoryAllocation ? "cudaErrorMemoryAllocation"
         : code == cudaErrorNoDevice         ? "cudaErrorNoDevice"
                                             : "cudaErrorOfTheMock";
}
const char* cudaGetErrorString(cudaError_t) {
  return "in the mock's words";
}
cudaError_t cudaGetLastError() {
  return std::exchange(last_error, cudaSuccess);
}
cudaError_t cudaPeekAtLastError() {
  return last_error;
}
cudaError_t cudaMemGetInfo(std::size_t* free_bytes, std::size_t* total) {
  *free_bytes = std::size_t{8} << 30;
  *total = std::size_t{16} << 30;
  return cudaSuccess;
}

cudaError_t cudaMalloc(void** memory, std::size_t bytes) {
  const Lock lock(machine().mutex);
  cudaError_t code{};
  if (fails("cudaMalloc", code)) return code;
  if (spoils("cudaMalloc")) return last_error;
  expect_device("cudaMalloc");
  Machine& m = machine();
  const std::size_t taken = taken_by(bytes);
  std::byte* begin = nullptr;
  if (const auto free = m.free_blocks.find(taken); free != m.free_blocks.end()) {
    begin = free->second;
    m.free_blocks.erase(free);
  } else {
    if (m.used + taken > kArena) return answer(cudaErrorMemoryAllocation);
    begin = m.arena + m.used + kGuard;
    m.used += taken;
  }
  const Open open;
  std::memset(begin - kGuard, kGuardByte, kGuard);
  std::memset(begin, kDirt, std::min(bytes, kDirty));
  std::memset(begin + bytes, kGuardByte, taken - kGuard - bytes);
  m.device_blocks[begin] = bytes;
  *memory = begin;
  return cudaSuccess;
}

cudaError_t cudaFree(void* memory) {
  const Lock lock(machine().mutex);
  if (memory == nullptr) return cudaSuccess;
  if (spoils("cudaFree")) return last_error;
  expect_device("cudaFree");
  if (machine().mapped_blocks.erase(static_cast<std::byte*>(memory)) > 0) {
    log_released("unmap");
    return cudaSuccess;
  }
  const Open open;
  run_everything();
  check_guards();
  Machine& m = machine();
  const auto found = m.device_blocks.find(static_cast<std::byte*>(memory));
  if (found == m.device_blocks.end()) {
    violation("cudaFree of what is not there");
    return answer(cudaErrorInvalidValue);
  }
  fl::cuda::fake::forget_gaps(memory, found->second);
  std::memset(memory, kDirt, std::min(found->second, kDirty));
  m.free_blocks.emplace(taken_by(found->second), static_cast<std::byte*>(memory));
  m.device_blocks.erase(found);
  return cudaSuccess;
}

cudaError_t cudaHostAlloc(void** memory, std::size_t bytes, unsigned) {
  const Lock lock(machine().mutex);
  cudaError_t code{};
  if (fails("cudaHostAlloc", code)) return code;
  if (spoils("cudaMallocHost")) return last_error;
  expect_device("cudaMallocHost");
  *memory = std::malloc(bytes);
  std::memset(*memory, kDirt, bytes);
  machine().pinned_blocks[static_cast<std::byte*>(*memory)] = bytes;
  return cudaSuccess;
}
cudaError_t cudaMallocHost(void** memory, std::size_t bytes) {
  return cudaHostAlloc(memory, bytes, cudaHostAllocDefault);
}
cudaError_t cudaFreeHost(void* memory) {
  const Lock lock(machine().mutex);
  if (spoils("cudaFreeHost")) return last_error;
  run_everything();
  if (machine().pinned_blocks.erase(static_cast<std::byte*>(memory)) == 0) {
    violation("cudaFreeHost of what is not there");
    return answer(cudaErrorInvalidValue);
  }
  std::free(memory);
  log_released("pinned");
  return cudaSuccess;
}

cudaError_t cudaMemset(void* memory, int value, std::size_t bytes) {
  return cudaMemsetAsync(memory, value, bytes, nullptr);
}
cudaError_t cudaMemsetAsync(void* memory, int value, std::size_t bytes, cudaStream_t stream) {
  const Lock lock(machine().mutex);
  expect_device("cudaMemset");
  check_device_range(memory, bytes, "cudaMemset");
  if (Queue* queue = queue_of(stream, "cudaMemset"); queue != nullptr)
    give(*queue, [=] {
      fl::cuda::fake::doing("A fill");
      fill(static_cast<std::byte*>(memory), value, bytes);
    });
  return cudaSuccess;
}

cudaError_t cudaMemcpyAsync(void* to, const void* from, std::size_t bytes, cudaMemcpyKind kind, cudaStream_t stream) {
  const Lock lock(machine().mutex);
  cudaError_t code{};
  if (fails("cudaMemcpyAsync", code)) return code;
  expect_device("cudaMemcpyAsync");
  Queue* queue = queue_of(stream, "cudaMemcpyAsync");
  if (queue == nullptr) return answer(cudaErrorInvalidResourceHandle);
  if (kind != cudaMemcpyHostToDevice) check_device_range(from, bytes, "cudaMemcpyAsync's source");
  if (kind != cudaMemcpyDeviceToHost) check_device_range(to, bytes, "cudaMemcpyAsync's target");
  const void* host = kind == cudaMemcpyHostToDevice ? from : kind == cudaMemcpyDeviceToHost ? to : nullptr;
  const bool pageable = host != nullptr && !inside(machine().pinned_blocks, host, bytes);
  if (pageable && queue->recording != nullptr) violation("memory that is not pinned in recorded work");
  if (pageable && kind == cudaMemcpyHostToDevice) {
    // Taken before the call returns, as the driver stages it.
    const auto* first = static_cast<const std::byte*>(from);
    give(*queue, [to, staged = std::vector<std::byte>(first, first + bytes)] {
      fl::cuda::fake::doing("A copy");
      std::memcpy(to, staged.data(), staged.size());
    });
    return cudaSuccess;
  }
  give(*queue, [=] {
    log_work("copy");
    fl::cuda::fake::doing("A copy");
    std::memcpy(to, from, bytes);
  });
  return cudaSuccess;
}

}  // extern "C"
