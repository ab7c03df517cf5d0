#pragma once
// A film's file as libav writes into it. Written in place, so that what is there when the program is killed
// is the film until then. A pipe or a device gets its bytes in their order.

#include <cstdint>
#include <filesystem>
#include <memory>

#include "engine/film/encoder/libav.h"
#include "trainer/base/descriptor.h"
#include "trainer/base/result.h"

namespace fl {

class FilmFile {
 public:
  // Makes it, or empties it, and keeps other programs from writing it. Errors: one does; path and why.
  static Result<std::unique_ptr<FilmFile>> open(const std::filesystem::path& path);
  ~FilmFile();
  FilmFile(const FilmFile&) = delete;
  FilmFile& operator=(const FilmFile&) = delete;

  [[nodiscard]] AVIOContext* io() { return io_; }
  // Not a pipe or a device.
  [[nodiscard]] bool regular() const { return regular_; }
  // The errno of the first write that failed; 0: none.
  [[nodiscard]] int failure() const { return failure_; }
  // What is written so far can be read.
  void mark_readable();
  // After a failure: what is behind the last mark goes.
  void cut();
  // Until the disk has it. The errno, or 0.
  int sync();

 private:
  FilmFile() = default;
  int write(const std::uint8_t* bytes, int count);
  std::int64_t seek(std::int64_t offset, int whence);

  Descriptor file_;
  AVIOContext* io_ = nullptr;
  bool regular_ = false;
  int failure_ = 0;
  std::int64_t readable_ = 0;
};

}  // namespace fl
