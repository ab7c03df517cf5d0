#include "engine/film/encoder/film_file.h"

#include <cerrno>
#include <new>

#include <sys/stat.h>
#include <unistd.h>

#include "trainer/base/exclusive_file.h"
#include "trainer/base/system_reason.h"

namespace fl {
namespace {

constexpr int kBufferBytes = 1 << 16;

// Its type lost a const between libavformat 60 and 61.
using Bytes = std::conditional_t<(LIBAVFORMAT_VERSION_MAJOR >= 61), const std::uint8_t*, std::uint8_t*>;

}  // namespace

Result<std::unique_ptr<FilmFile>> FilmFile::open(const std::filesystem::path& path) {
  FL_TRY_LET(descriptor, open_exclusive(path));
  std::unique_ptr<FilmFile> file(new FilmFile);
  file->file_ = *std::move(descriptor);
  struct stat about {};
  file->regular_ = ::fstat(file->file_.get(), &about) == 0 && S_ISREG(about.st_mode);
  if (file->regular_ && ::ftruncate(file->file_.get(), 0) != 0)
    return error("Cannot write {}: {}.", path.string(), system_reason(errno));
  auto* buffer = static_cast<unsigned char*>(av_malloc(kBufferBytes));
  if (buffer == nullptr) throw std::bad_alloc();
  const auto write = [](void* self, Bytes bytes, int count) {
    return static_cast<FilmFile*>(self)->write(bytes, count);
  };
  const auto seek = [](void* self, std::int64_t offset, int whence) {
    return static_cast<FilmFile*>(self)->seek(offset, whence);
  };
  file->io_ = avio_alloc_context(buffer, kBufferBytes, 1, file.get(), nullptr, write, seek);
  if (file->io_ == nullptr) {
    av_free(buffer);
    throw std::bad_alloc();
  }
  if (!file->regular_) file->io_->seekable = 0;
  return file;
}

FilmFile::~FilmFile() {
  if (io_ == nullptr) return;
  av_freep(&io_->buffer);
  avio_context_free(&io_);
}

int FilmFile::write(const std::uint8_t* bytes, int count) {
  if (failure_ != 0) return AVERROR(failure_);
  for (int done = 0; done < count;) {
    const ssize_t wrote = ::write(file_.get(), bytes + done, static_cast<std::size_t>(count - done));
    if (wrote < 0 && errno == EINTR) continue;
    if (wrote < 0) {
      failure_ = errno;
      return AVERROR(failure_);
    }
    done += static_cast<int>(wrote);
  }
  return count;
}

std::int64_t FilmFile::seek(std::int64_t offset, int whence) {
  if (!regular_) return AVERROR(ESPIPE);
  if ((whence & AVSEEK_SIZE) != 0) {
    struct stat about {};
    return ::fstat(file_.get(), &about) == 0 ? about.st_size : AVERROR(errno);
  }
  const off_t at = ::lseek(file_.get(), offset, whence & ~AVSEEK_FORCE);
  return at < 0 ? AVERROR(errno) : at;
}

void FilmFile::mark_readable() {
  struct stat about {};
  if (regular_ && failure_ == 0 && ::fstat(file_.get(), &about) == 0) readable_ = about.st_size;
}

void FilmFile::cut() {
  // Where that fails, too, a reader meets the end a little earlier than the file has it.
  if (regular_ && readable_ > 0 && ::ftruncate(file_.get(), readable_) != 0) return;
}

int FilmFile::sync() {
  if (!regular_) return 0;
  return ::fsync(file_.get()) == 0 ? 0 : errno;
}

}  // namespace fl
