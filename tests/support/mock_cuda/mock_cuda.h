#pragma once
// CUDA's runtime, cuDNN and cuBLAS of host memory, linked in place of NVIDIA's, so that the sources which call them
// run where there is no GPU. Two devices: the first is too old to be used, and work for it is misuse.
//
// They do what the real ones do as lazily as those may: work is done when somebody waits. And they look on: every
// pointer, size, descriptor and stream is checked when it is given, device memory can be read and written by queued
// work only (else the process dies of it), and begins and ends with words that nobody may touch.

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <vector>

namespace fl::mock {

// What no program may do, in order: doubly freed memory, a range beyond its block, a call that waits while work is
// recorded, another device's thread. Looks at the words around the memory, too. Empties the list.
std::vector<std::string> take_violations();

// What is there and has not been destroyed.
struct Live {
  int streams = 0, events = 0, graphs = 0, device_blocks = 0, pinned_blocks = 0, handles = 0, descriptors = 0,
      external = 0;
  bool operator==(const Live&) const = default;
};
Live live();

// Streams and graphs, seen by tests.
struct Counts {
  int recordings = 0, launches = 0, refusals = 0;
};
Counts counts();

enum class Stage { kNever, kWorkspace, kRun, kAdd, kRecord };
// From now on the algorithm that a deterministic fp32 run would take is refused at this stage, in all directions; at
// kAdd, it is refused where it should add to a gradient (kRecord: every capture fails at its end).
void refuse_at(Stage stage);
// And adding is not refused but forgotten: a library with that fault.
void forget_to_add(bool forget);
// All algorithms that there are, for a run that cannot be.
void refuse_all(bool refuse);
// The next call of the runtime with this name, `after` others, returns the code and does nothing.
void fail_next(const std::string& call, int code, int after = 0);
// Whether a call was told to fail and has not been made since.
bool failure_waits();
// How the devices are called: the one that may be used has this UUID from now on.
void set_uuid(std::span<const std::uint8_t, 16> uuid);

// The API whose memory and timelines are imported. A descriptor belongs to CUDA from a successful import until what was
// imported is destroyed: it is looked at then, and closed.
struct Timeline {
  std::function<std::uint64_t()> value;
  std::function<void(std::uint64_t)> signal;
};
struct OtherApi {
  std::function<void*(int descriptor, std::size_t bytes)> map;
  std::function<void(void*)> unmap;
  std::function<Timeline(int descriptor)> timeline;
};
void share_with(OtherApi api);
// What streams did with it since the last call, in order: "wait 3", "copy", "signal 4".
std::vector<std::string> take_log();
// And what was let go: "unmap", "memory", "semaphore", "pinned", "stream".
std::vector<std::string> take_released();

// Between the mocks.
void violation(std::string what);
void enqueue(void* stream, std::function<void()> work);
bool is_stream(const void* stream);
// Of device memory; says what is wrong with it. `what`: "cudnnConvolutionForward's x".
void check_device_range(const void* begin, std::size_t bytes, const std::string& what);
void count_handles(int change);
void count_descriptors(int change);
void count_refusal();
void log_work(std::string what);
void log_released(std::string what);

}  // namespace fl::mock
