#include "tests/support/allocation_count.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <cstdlib>
#include <new>
#include <string_view>

#include <dlfcn.h>
#include <execinfo.h>

namespace {

std::atomic<bool> watching = false;
std::atomic<int> ours = 0, libraries = 0;
std::atomic<const char*> first_library = nullptr;
thread_local bool inside = false;  // looking a caller up may itself allocate

const void* module_of(const void* address, const char*& file) {
  Dl_info info;
  if (dladdr(address, &info) == 0) return nullptr;
  file = info.dli_fname;
  return info.dli_fbase;
}

// The C and C++ runtimes allocate on behalf of those who call them.
bool is_runtime(std::string_view file) {
  for (const char* name : {"libc.so", "libstdc++", "libgcc_s", "ld-linux", "libm.so"})
    if (file.find(name) != std::string_view::npos) return true;
  return false;
}

// `caller`: where the function that stands in for malloc returns to. Sought among the frames, not counted: a
// sanitizer puts frames of its own above it.
__attribute__((noinline)) void note(const void* caller) {
  if (!watching || inside) return;
  inside = true;
  std::array<void*, 32> frames;
  const auto end = frames.begin() + backtrace(frames.data(), static_cast<int>(frames.size()));
  const char* file = "";
  const void* self = module_of(&watching, file);
  for (auto frame = std::find(frames.begin(), end, caller); frame != end; ++frame) {
    const void* module = module_of(*frame, file);
    if (module == nullptr || is_runtime(file)) continue;
    if (module == self) {
      ++ours;
    } else {
      ++libraries;
      const char* none = nullptr;
      first_library.compare_exchange_strong(none, file);
    }
    break;
  }
  inside = false;
}

}  // namespace

namespace fl::test {

AllocationWatch::AllocationWatch() {
  void* frame = nullptr;
  backtrace(&frame, 1);  // loads what it needs now, not while counting
  ours = libraries = 0;
  first_library = nullptr;
  watching = true;
}

AllocationWatch::~AllocationWatch() {
  watching = false;
}

AllocationCount AllocationWatch::count() const {
  const char* library = first_library;
  return {ours, libraries, library != nullptr ? library : ""};
}

}  // namespace fl::test

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)

void* operator new(std::size_t size) {
  note(__builtin_return_address(0));
  if (void* memory = std::malloc(size)) return memory;
  throw std::bad_alloc();
}
// The sanitizer's own would hand out what the operator delete below may not take back.
void* operator new(std::size_t size, const std::nothrow_t&) noexcept {
  note(__builtin_return_address(0));
  return std::malloc(size);
}
void operator delete(void* memory) noexcept {
  std::free(memory);
}
void operator delete(void* memory, std::size_t) noexcept {
  std::free(memory);
}

#else

// glibc's own, under the names that it keeps for those who replace the public ones.
extern "C" {
void* __libc_malloc(std::size_t);
void* __libc_calloc(std::size_t, std::size_t);
void* __libc_realloc(void*, std::size_t);
void* __libc_memalign(std::size_t, std::size_t);

void* malloc(std::size_t size) {
  note(__builtin_return_address(0));
  return __libc_malloc(size);
}
void* calloc(std::size_t count, std::size_t size) {
  note(__builtin_return_address(0));
  return __libc_calloc(count, size);
}
void* realloc(void* memory, std::size_t size) {
  note(__builtin_return_address(0));
  return __libc_realloc(memory, size);
}
void* aligned_alloc(std::size_t alignment, std::size_t size) {
  note(__builtin_return_address(0));
  return __libc_memalign(alignment, size);
}
int posix_memalign(void** memory, std::size_t alignment, std::size_t size) {
  note(__builtin_return_address(0));
  *memory = __libc_memalign(alignment, size);
  return *memory != nullptr ? 0 : 12;  // ENOMEM
}
}

#endif
