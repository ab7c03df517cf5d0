#pragma once
// This folder's device as DeviceSlotWriter wants one.

#include "trainer/compute/cuda/launches.h"
#include "trainer/publish/device_slot_writer.h"

namespace fl::cuda {

class FrameDevice {
 public:
  template <typename T>
  using Array = DeviceArray<T>;
  template <typename T>
  using Staging = Block<T, MemoryKind::kPinned>;

  void order(void* before, void* after) {
    event_.record(Stream::borrow(before));
    event_.hold_back(Stream::borrow(after));
  }
  void send(void* stream, DevicePtr<void> to, const void* staging, std::size_t bytes) {
    copy_to_device(Stream::borrow(stream), to, staging, bytes);
  }
  void copy(void* stream, DevicePtr<void> to, DevicePtr<const void> from, std::size_t bytes) {
    copy_on_device(Stream::borrow(stream), to, from, bytes);
  }
  template <typename S>
  void sum(void* stream, std::size_t segments, std::size_t length, DevicePtr<double> scratch, const S& s) {
    run_sums(Stream::borrow(stream), segments, length, scratch, s);
  }
  void upload(void* stream, DevicePtr<void> to, const void* host, std::size_t bytes) {
    cuda::upload(Stream::borrow(stream), to, host, bytes);
  }
  template <typename F>
  void for_each(void* stream, std::size_t count, const F& f) {
    run(Stream::borrow(stream), count, f);
  }

 private:
  Event event_;  // a wait holds on to the record it was given for, so one event does for all
};

}  // namespace fl::cuda
