#include "tests/support/fake_device/fake_device.h"

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <deque>
#include <memory>
#include <vector>

#include "tests/support/fake_device/gap_watch.h"
#include "trainer/compute/cuda/device.h"

namespace fl::cuda {
namespace {

struct Work {
  std::function<void()> run;
  bool counted = true;
};

struct FakeStream {
  std::deque<Work> waiting;
  std::vector<Work>* recording = nullptr;

  bool drain_one() {
    if (waiting.empty()) return false;
    Work next = std::move(waiting.front());
    waiting.pop_front();
    next.run();
    fake::check_gaps();
    if (next.counted) ++fake::counts().executed;
    return true;
  }
  void drain() {
    while (drain_one()) {
    }
  }
};

// One record; a wait holds on to the one it was given for, whatever is recorded later.
struct FakeRecord {
  FakeStream* stream = nullptr;
  bool done = true;
};
using FakeEvent = std::shared_ptr<FakeRecord>;

std::vector<FakeStream*>& streams() {
  static std::vector<FakeStream*> all;
  return all;
}

int lost_after = 0;
bool recordings_refused = false;

FakeStream& of(const Stream& stream) {
  return *static_cast<FakeStream*>(stream.handle());
}

void give(FakeStream& stream, Work work) {
  if (stream.recording != nullptr)
    stream.recording->push_back(std::move(work));
  else
    stream.waiting.push_back(std::move(work));
}

bool recording() {
  return std::ranges::any_of(streams(), [](const FakeStream* s) { return s->recording != nullptr; });
}

}  // namespace

namespace fake {

Counts& counts() {
  static Counts all;
  return all;
}

void lose_device_after(int waits) {
  lost_after = waits == 0 ? 0 : counts().waits + waits;
}

void refuse_recordings(bool refuse) {
  recordings_refused = refuse;
}

int operand_bits() {
  static const int bits = [] {
    const char* wanted = std::getenv("FALLLINE_FAKE_OPERAND_BITS");
    return wanted == nullptr ? 23 : std::atoi(wanted);
  }();
  return bits;
}

void refuse_while_recording(const char* what) {
  if (recording()) throw CudaError(std::string(what) + " while a graph is recorded");
}

void enqueue(const Stream& stream, std::function<void()> work) {
  ++counts().enqueued;
  give(of(stream), {std::move(work)});
}
void enqueue_watch(const Stream& stream, std::function<void()> work) {
  give(of(stream), {std::move(work), false});
}

}  // namespace fake

void use_device(int) {}

DeviceMemory device_memory() {
  return {std::size_t{8} << 30, std::size_t{16} << 30};
}

Stream::Stream(Priority) {
  auto* stream = new FakeStream;
  streams().push_back(stream);
  handle_ = stream;
}

Stream::~Stream() {
  if (handle_ == nullptr || !ours_) return;
  auto* stream = static_cast<FakeStream*>(handle_);
  std::erase(streams(), stream);
  delete stream;
}

void Stream::synchronize() const {
  fake::refuse_while_recording("waiting");
  if (lost_after != 0 && fake::counts().waits >= lost_after) {
    // What it was given is never done: who waits for it unwinds, and its memory goes.
    for (FakeStream* stream : streams()) stream->waiting.clear();
    throw CudaError("the device is lost");
  }
  ++fake::counts().waits;
  // The worst order there may be: all that others were given runs before what is waited for, unless it was held
  // back.
  for (FakeStream* stream : streams())
    if (stream != handle_) stream->drain();
  of(*this).drain();
}

Event::Event() : handle_(new FakeEvent(std::make_shared<FakeRecord>())) {}

Event::~Event() {
  delete static_cast<FakeEvent*>(handle_);
}

void Event::record(const Stream& stream) {
  auto& event = *static_cast<FakeEvent*>(handle_);
  event = std::make_shared<FakeRecord>(FakeRecord{&of(stream), false});
  fake::enqueue(stream, [event] { event->done = true; });
}

void Event::hold_back(const Stream& stream) const {
  fake::enqueue(stream, [event = *static_cast<FakeEvent*>(handle_)] {
    while (!event->done && event->stream->drain_one()) {
    }
  });
}

Graph::~Graph() {
  delete static_cast<std::vector<Work>*>(handle_);
}

Graph Graph::capture(const Stream& stream, const std::function<void()>& enqueue) {
  fake::refuse_while_recording("recording another graph");
  if (recordings_refused) throw CudaError("this work cannot be recorded");
  Graph graph;
  auto* work = new std::vector<Work>;
  graph.handle_ = work;
  of(stream).recording = work;
  try {
    enqueue();
  } catch (...) {
    of(stream).recording = nullptr;
    throw;
  }
  of(stream).recording = nullptr;
  ++fake::counts().recordings;
  return graph;
}

void Graph::launch(const Stream& stream) const {
  fake::refuse_while_recording("a graph's launch");
  ++fake::counts().graph_launches;
  for (const Work& work : *static_cast<std::vector<Work>*>(handle_)) of(stream).waiting.push_back(work);
}

void* allocate(MemoryKind kind, std::size_t bytes) {
  fake::refuse_while_recording("allocating");
  if (kind == MemoryKind::kDevice) ++fake::counts().device_allocations;
  return bytes == 0 ? nullptr : std::calloc(1, bytes);
}

void release(MemoryKind, void* memory) noexcept {
  if (memory == nullptr) return;
  // Freeing waits for the device, as it does on a real one.
  for (FakeStream* stream : streams()) stream->drain();
  fake::forget_gaps(memory, 1);
  std::free(memory);
}

namespace {

void enqueue_copy(const Stream& stream, void* to, const void* from, std::size_t bytes) {
  if (bytes == 0) return;
  fake::enqueue(stream, [to, from, bytes] {
    fake::doing("A copy");
    std::memcpy(to, from, bytes);
  });
}

}  // namespace

void copy_to_device(const Stream& stream, DevicePtr<void> device, const void* pinned, std::size_t bytes) {
  enqueue_copy(stream, device.get(), pinned, bytes);
}

void copy_to_host(const Stream& stream, void* pinned, DevicePtr<const void> device, std::size_t bytes) {
  enqueue_copy(stream, pinned, device.get(), bytes);
}

void copy_on_device(const Stream& stream, DevicePtr<void> to, DevicePtr<const void> from, std::size_t bytes) {
  enqueue_copy(stream, to.get(), from.get(), bytes);
}

void fill_zero(const Stream& stream, DevicePtr<void> device, std::size_t bytes) {
  if (bytes == 0) return;
  fake::enqueue(stream, [device, bytes] {
    fake::doing("A fill");
    std::memset(device.get(), 0, bytes);
  });
}

void upload(const Stream& stream, DevicePtr<void> device, const void* host, std::size_t bytes) {
  enqueue_copy(stream, device.get(), host, bytes);
  stream.synchronize();
}

void download(const Stream& stream, void* host, DevicePtr<const void> device, std::size_t bytes) {
  enqueue_copy(stream, host, device.get(), bytes);
  stream.synchronize();
}

}  // namespace fl::cuda
