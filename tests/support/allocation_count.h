#pragma once
// Counts what takes memory from the heap, in the programs that link allocation_count.cpp. Each allocation is
// put down to whoever asked for it: our own code, or a library (oneDNN, OpenMP) on its own account.

namespace fl::test {

struct AllocationCount {
  int ours = 0;
  int libraries = 0;
  const char* library = "";  // the first of them: the file's path
};

// Counts those of all threads while it lives; one at a time. It sees malloc and its kin, and so every
// operator new; under a sanitizer, which has a malloc of its own, operator new alone.
class AllocationWatch {
 public:
  AllocationWatch();
  ~AllocationWatch();
  AllocationWatch(const AllocationWatch&) = delete;
  AllocationWatch& operator=(const AllocationWatch&) = delete;

  [[nodiscard]] AllocationCount count() const;
};

}  // namespace fl::test
