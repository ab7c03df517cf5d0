#pragma once
// What the mocked runtime knows: devices, memory, queues. For its own sources.

#include <cstdlib>
#include <cstring>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <vector>

#include <cuda_runtime_api.h>
#include <fmt/format.h>
#include <sys/mman.h>

#include "tests/support/fake_device/gap_watch.h"
#include "tests/support/mock_cuda/mock_cuda.h"

namespace fl::mock {

using Work = std::function<void()>;

// A piece of work, and whether it may begin: another API's semaphore may hold it up, and all behind it.
struct Item {
  Item(Work work_now, std::function<bool()> ready_now = {}) : work(std::move(work_now)), ready(std::move(ready_now)) {}
  Work work;
  std::function<bool()> ready;
};

struct Queue {
  std::deque<Item> waiting;
  std::vector<Work>* recording = nullptr;
  bool spoilt = false;  // what is being recorded

  bool run_one() {
    if (waiting.empty() || (waiting.front().ready && !waiting.front().ready())) return false;
    const Item next = std::move(waiting.front());
    waiting.pop_front();
    next.work();
    cuda::fake::check_gaps();
    return true;
  }
};

struct Record {
  Queue* queue = nullptr;
  bool done = true;
};
using EventRecord = std::shared_ptr<Record>;
using Recorded = std::vector<Work>;

// Device memory is one range of addresses, closed to everybody but queued work.
constexpr std::size_t kArena = std::size_t{8} << 30, kPage = 256, kGuard = 256;
constexpr unsigned char kGuardByte = 0xC3, kDirt = 0xA5;

struct Machine {
  std::recursive_mutex mutex;
  std::vector<std::string> violations;
  Live live;
  Counts counts;
  std::byte* arena = nullptr;
  std::size_t used = 0;
  std::multimap<std::size_t, std::byte*> free_blocks;  // by size, guards included
  int open = 0;  // pieces of work that are being done
  std::map<const std::byte*, std::size_t> device_blocks, pinned_blocks, mapped_blocks;  // the last: of another API
  std::set<Queue*> streams;
  Queue standard;  // the default stream
  std::set<void*> events, graphs, executables;
  struct {
    std::string call;
    int code = 0, after = 0;
  } failing;

  Machine() {
    void* range = ::mmap(nullptr, kArena, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (range == MAP_FAILED) std::abort();
    arena = static_cast<std::byte*>(range);
  }
  void access(bool open_now) {
    open += open_now ? 1 : -1;
    if (open == (open_now ? 1 : 0) && used > 0)
      ::mprotect(arena, (used + 4095) / 4096 * 4096, open_now ? PROT_READ | PROT_WRITE : PROT_NONE);
  }
};

inline Machine& machine() {
  static auto* m = new Machine;  // streams of static lifetime outlive it otherwise
  return *m;
}

struct Open {
  Open() { machine().access(true); }
  ~Open() { machine().access(false); }
  Open(const Open&) = delete;
  Open& operator=(const Open&) = delete;
};

using Lock = std::scoped_lock<std::recursive_mutex>;

inline thread_local int current_device = 0;
inline thread_local cudaError_t last_error = cudaSuccess;
inline thread_local Queue* recorded_here = nullptr;

inline cudaError_t answer(cudaError_t code) {
  if (code != cudaSuccess) last_error = code;
  return code;
}

inline bool fails(const char* call, cudaError_t& code) {
  Machine& m = machine();
  if (m.failing.call != call || m.failing.after-- > 0) return false;
  m.failing.call.clear();
  code = answer(static_cast<cudaError_t>(m.failing.code));
  return true;
}

// For what belongs to a device.
inline void expect_device(const char* call) {
  if (current_device != 1) violation(fmt::format("{} on a thread whose device is {}", call, current_device));
}

// A call that a capture of this thread does not allow.
inline bool spoils(const char* call) {
  if (recorded_here == nullptr) return false;
  violation(fmt::format("{} while work is recorded", call));
  recorded_here->spoilt = true;
  last_error = cudaErrorStreamCaptureUnsupported;
  return true;
}

inline void run_all(Queue& queue) {
  if (queue.waiting.empty()) return;
  const Open open;
  while (queue.run_one()) {
  }
}

inline void run_everything() {
  const Open open;
  for (Queue* queue : machine().streams) run_all(*queue);
  run_all(machine().standard);
}

inline Queue* queue_of(cudaStream_t stream, const char* call) {
  Machine& m = machine();
  if (stream == nullptr) return &m.standard;
  auto* queue = reinterpret_cast<Queue*>(stream);
  if (m.streams.contains(queue)) return queue;
  violation(fmt::format("{} on a stream that is not there", call));
  return nullptr;
}

inline void give(Queue& queue, Work work) {
  if (queue.recording != nullptr) queue.recording->push_back(std::move(work));
  else queue.waiting.push_back(std::move(work));
}

inline bool inside(const std::map<const std::byte*, std::size_t>& blocks, const void* begin, std::size_t bytes) {
  const auto* first = static_cast<const std::byte*>(begin);
  auto at = blocks.upper_bound(first);
  if (at == blocks.begin()) return false;
  --at;
  return first + bytes <= at->first + at->second;
}

// Of mock_cudnn.cpp: whether refuse_at() was told so.
bool captures_fail();

}  // namespace fl::mock
