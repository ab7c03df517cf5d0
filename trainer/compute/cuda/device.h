#pragma once
// The thinnest layer over a device that the rest of this folder needs: memory, streams, events, captured
// graphs. It shows no CUDA type, so that everything above it is plain C++ and runs, in tests, on a device
// made of host memory. Every call is checked and throws CudaError. Nothing here waits for the device except
// synchronize().

#include <cstddef>
#include <functional>
#include <span>
#include <type_traits>
#include <utility>

#include "trainer/base/device_ptr.h"
#include "trainer/compute/device_error.h"

namespace fl::cuda {

// A failed call to CUDA, cuDNN or cuBLAS: file, line, expression and the code's name, in one sentence.
class CudaError : public DeviceError {
 public:
  using DeviceError::DeviceError;
};

// Makes `index` the device of the calling thread: each thread that calls anything below has to, once.
void use_device(int index);

struct DeviceMemory {
  std::size_t free_bytes = 0, total_bytes = 0;
};
DeviceMemory device_memory();

enum class Priority { kNormal, kLow };

// A queue of work that runs in order and apart from other streams. Move-only.
class Stream {
 public:
  explicit Stream(Priority priority = Priority::kNormal);
  ~Stream();
  Stream(Stream&& other) noexcept : handle_(std::exchange(other.handle_, nullptr)), ours_(other.ours_) {}
  // Another's stream (a cudaStream_t), which lives longer.
  static Stream borrow(void* handle) { return Stream(handle, false); }
  Stream& operator=(Stream&&) = delete;
  // Waits until all work is done; a failure of that work surfaces here.
  void synchronize() const;
  [[nodiscard]] void* handle() const { return handle_; }  // cudaStream_t

 private:
  Stream(void* handle, bool ours) : handle_(handle), ours_(ours) {}
  void* handle_ = nullptr;
  bool ours_ = true;
};

// A point in a stream that another can wait for.
class Event {
 public:
  Event();
  ~Event();
  Event(Event&& other) noexcept : handle_(std::exchange(other.handle_, nullptr)) {}
  Event& operator=(Event&&) = delete;
  void record(const Stream& stream);
  void hold_back(const Stream& stream) const;  // what `stream` is given from now on waits for the record
  [[nodiscard]] void* handle() const { return handle_; }  // cudaEvent_t

 private:
  void* handle_ = nullptr;
};

// Work that was recorded once and is started with one call.
class Graph {
 public:
  Graph() = default;
  ~Graph();
  Graph(Graph&& other) noexcept : handle_(std::exchange(other.handle_, nullptr)) {}
  Graph& operator=(Graph&& other) noexcept {
    std::swap(handle_, other.handle_);
    return *this;
  }
  // Records what `enqueue` gives to `stream`; none of it runs. `enqueue` may not allocate or synchronize, and
  // must have run once before, so that nothing in it is loaded for the first time.
  static Graph capture(const Stream& stream, const std::function<void()>& enqueue);
  void launch(const Stream& stream) const;
  explicit operator bool() const { return handle_ != nullptr; }

 private:
  void* handle_ = nullptr;
};

enum class MemoryKind { kDevice, kPinned };  // pinned: of the host, and fit for copies that do not wait
void* allocate(MemoryKind kind, std::size_t bytes);  // zeroed; null for 0 bytes
void release(MemoryKind kind, void* memory) noexcept;

void copy_to_device(const Stream& stream, DevicePtr<void> device, const void* pinned, std::size_t bytes);
void copy_to_host(const Stream& stream, void* pinned, DevicePtr<const void> device, std::size_t bytes);
void copy_on_device(const Stream& stream, DevicePtr<void> to, DevicePtr<const void> from, std::size_t bytes);
void fill_zero(const Stream& stream, DevicePtr<void> device, std::size_t bytes);
// From and to memory of any kind; returns when done.
void upload(const Stream& stream, DevicePtr<void> device, const void* host, std::size_t bytes);
void download(const Stream& stream, void* host, DevicePtr<const void> device, std::size_t bytes);

// A block of memory of one kind; move-only. What the host must not read has an address of its own type.
template <typename T, MemoryKind kKind>
class Block {
 public:
  using Pointer = std::conditional_t<kKind == MemoryKind::kDevice, DevicePtr<T>, T*>;

  Block() = default;
  explicit Block(std::size_t size) : data_(static_cast<T*>(allocate(kKind, size * sizeof(T)))), size_(size) {}
  ~Block() { release(kKind, data_); }
  Block(Block&& other) noexcept
      : data_(std::exchange(other.data_, nullptr)), size_(std::exchange(other.size_, 0)) {}
  Block& operator=(Block&& other) noexcept {
    std::swap(data_, other.data_);
    std::swap(size_, other.size_);
    return *this;
  }
  [[nodiscard]] Pointer data() const { return Pointer(data_); }
  [[nodiscard]] std::size_t size() const { return size_; }
  [[nodiscard]] std::size_t bytes() const { return size_ * sizeof(T); }

 private:
  T* data_ = nullptr;
  std::size_t size_ = 0;
};

template <typename T>
using DeviceArray = Block<T, MemoryKind::kDevice>;

template <typename T>
class PinnedArray : public Block<T, MemoryKind::kPinned> {
 public:
  using Block<T, MemoryKind::kPinned>::Block;
  [[nodiscard]] T& operator[](std::size_t i) const { return this->data()[i]; }
};

// A device copy of `values`, complete on return.
template <typename T>
DeviceArray<T> upload_array(const Stream& stream, std::span<const T> values) {
  DeviceArray<T> array(values.size());
  upload(stream, array.data(), values.data(), values.size_bytes());
  return array;
}

}  // namespace fl::cuda
