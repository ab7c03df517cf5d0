#pragma once
// Addresses of a device's memory. The host holds them, moves them on and hands them over; it cannot read or
// write what they point to, so a mistake does not compile. Whoever starts a kernel or calls a library asks
// for the bare address, with get(), in that call.

#include <cstddef>
#include <type_traits>

namespace fl {

template <typename T>
class DevicePtr {
 public:
  constexpr DevicePtr() = default;
  constexpr DevicePtr(std::nullptr_t) {}
  // Of memory that is the device's for certain.
  constexpr explicit DevicePtr(T* address) : address_(address) {}
  // To const and to void, as for plain pointers.
  template <typename U>
  requires std::is_convertible_v<U*, T*>
  constexpr DevicePtr(DevicePtr<U> other) : address_(other.get()) {}

  // For the arguments of kernels and of the libraries' calls; the host must not follow it.
  [[nodiscard]] constexpr T* get() const { return address_; }
  constexpr explicit operator bool() const { return address_ != nullptr; }
  // `count` elements on.
  [[nodiscard]] constexpr DevicePtr operator+(std::size_t count) const requires(!std::is_void_v<T>) {
    return DevicePtr(address_ + count);
  }
  // The same place, seen as values of another type; the caller knows that it is aligned for them.
  template <typename U>
  [[nodiscard]] DevicePtr<U> as() const {
    return DevicePtr<U>(reinterpret_cast<U*>(address_));
  }
  friend constexpr bool operator==(DevicePtr, DevicePtr) = default;

 private:
  T* address_ = nullptr;
};

// So many values there.
template <typename T>
struct DeviceSpan {
  DevicePtr<T> data;
  std::size_t size = 0;
};

}  // namespace fl
