#pragma once
// What the harnesses share: bytes as text, a file for readers that want a path, and a check that ends the
// process as a crash does, so that both libFuzzer and CTest see it.

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <span>
#include <string>
#include <string_view>

#include <unistd.h>

#include "trainer/base/log.h"

namespace fl::fuzz {

inline std::string_view text_of(const std::uint8_t* data, std::size_t size) {
  return {reinterpret_cast<const char*>(data), size};
}

inline std::span<const std::byte> bytes_of(const std::uint8_t* data, std::size_t size) {
  return std::as_bytes(std::span(data, size));
}

// What must hold for every input.
inline void require(bool holds, const char* what) {
  if (holds) return;
  std::fprintf(stderr, "does not hold: %s\n", what);
  std::abort();
}

// One file a process, rewritten for each input.
inline const std::filesystem::path& file_with(const std::uint8_t* data, std::size_t size,
                                              const char* ending) {
  static const std::filesystem::path path =
      std::filesystem::temp_directory_path() / ("fallline-fuzz-" + std::to_string(::getpid()) + ending);
  static const bool removed_at_exit = std::atexit([] { std::filesystem::remove(path); }) == 0;
  require(removed_at_exit, "the file goes at the end");
  std::ofstream(path, std::ios::binary | std::ios::trunc)
      .write(reinterpret_cast<const char*>(data), static_cast<std::streamsize>(size));
  return path;
}

// Warnings about millions of broken inputs help nobody.
inline void be_silent() {
  static const bool once = [] {
    set_log_sink([](LogLevel, std::string_view) {});
    return true;
  }();
  require(once, "the log is silent");
}

}  // namespace fl::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);
