#pragma once
// A device for DeviceSlotWriter that is host memory: each stream is a list of work, executed when the test
// says so: one of the streams, another each time, lags behind the others as far as the rules between them
// allow. Work that relies on an order it did not ask for is wrong here.

#include <array>
#include <cstddef>
#include <cstring>
#include <deque>
#include <functional>
#include <memory>
#include <vector>

#include "trainer/base/check.h"
#include "trainer/base/device_ptr.h"
#include "trainer/compute/kernels/sums.h"

namespace fl::test {

class QueuedDevice {
 public:
  template <typename T, typename Pointer>
  class Memory {
   public:
    Memory() = default;
    explicit Memory(std::size_t size) : values_(std::make_unique<std::vector<T>>(size)) {}
    [[nodiscard]] Pointer data() const { return Pointer(values_->data()); }
    [[nodiscard]] std::size_t size() const { return values_ ? values_->size() : 0; }

   private:
    std::unique_ptr<std::vector<T>> values_;
  };
  template <typename T>
  using Array = Memory<T, DevicePtr<T>>;
  template <typename T>
  using Staging = Memory<T, T*>;

  void* program() { return &streams_[0]; }
  void* slots() { return &streams_[1]; }  // the ring's
  void* slices() { return &streams_[2]; }

  void order(void* before, void* after) {
    of(after).work.push_back({&of(before), of(before).given, {}});
    ++of(after).given;
  }
  void send(void* stream, DevicePtr<void> to, const void* staging, std::size_t bytes) {
    copy(stream, to, DevicePtr<const void>(staging), bytes);
  }
  void copy(void* stream, DevicePtr<void> to, DevicePtr<const void> from, std::size_t bytes) {
    give(stream, [=] { std::memcpy(to.get(), from.get(), bytes); });
  }
  void upload(void* stream, DevicePtr<void> to, const void* host, std::size_t bytes) {
    const auto* first = static_cast<const std::byte*>(host);
    give(stream, [to, values = std::vector<std::byte>(first, first + bytes)] {
      std::memcpy(to.get(), values.data(), values.size());
    });
  }
  template <typename S>
  void sum(void* stream, std::size_t segments, std::size_t length, DevicePtr<double>, const S& s) {
    give(stream, [segments, length, s] {
      for (std::size_t segment = 0; segment < segments; ++segment) {
        kernels::Sums<S::kSums> total;
        for (std::size_t i = 0; i < length; ++i) total += s.term(segment, i);
        s.finish(segment, total);
      }
    });
  }
  template <typename F>
  void for_each(void* stream, std::size_t count, const F& f) {
    give(stream, [count, f] {
      for (std::size_t i = count; i-- > 0;) f(i);
    });
  }
  void give(void* stream, std::function<void()> work) {
    of(stream).work.push_back({nullptr, 0, std::move(work)});
    ++of(stream).given;
  }

  void finish() {
    const std::size_t last = turn_++ % streams_.size();
    do {
      for (bool any = true; any;) {
        any = false;
        for (std::size_t i = 0; i < streams_.size(); ++i)
          while (i != last && run_one(streams_[i])) any = true;
      }
    } while (run_one(streams_[last]));
    for (const Stream& stream : streams_) FL_CHECK_MSG(stream.work.empty(), "streams wait for each other");
  }

 private:
  struct Stream;
  struct Item {
    Stream* after = nullptr;
    std::size_t count = 0;
    std::function<void()> work;
  };
  struct Stream {
    std::deque<Item> work;
    std::size_t given = 0, done = 0;
  };
  Stream& of(void* stream) { return *static_cast<Stream*>(stream); }
  static bool run_one(Stream& stream) {
    if (stream.work.empty()) return false;
    const Item& item = stream.work.front();
    if (item.after != nullptr && item.after->done < item.count) return false;
    if (item.work) item.work();
    stream.work.pop_front();
    ++stream.done;
    return true;
  }
  std::array<Stream, 3> streams_;
  std::size_t turn_ = 0;
};

}  // namespace fl::test
