#include <cstdarg>
#include <cstdio>
#include <cstring>
#include <memory>
#include <mutex>

#include <tiffio.h>

#include "trainer/data/images/codecs.h"

namespace fl {
namespace {

constexpr std::uint64_t kMaxBlockBytes = std::uint64_t{256} << 20;  // of a strip or tile, unpacked

// The library reports to one handler for all; each thread keeps its own last message.
thread_local char last_message[128] = "";

void on_error(const char*, const char* format, std::va_list arguments) {
  std::vsnprintf(last_message, sizeof last_message, format, arguments);
}

void silence_library() {
  static std::once_flag once;
  std::call_once(once, [] {
    TIFFSetErrorHandler(on_error);
    TIFFSetWarningHandler(nullptr);
  });
  std::snprintf(last_message, sizeof last_message, "it is incomplete");
}

// A file in memory, for the library's calls.
struct Memory {
  std::span<const std::byte> bytes;
  std::uint64_t at = 0;
};

tmsize_t read_memory(thandle_t handle, void* out, tmsize_t count) {
  auto& memory = *static_cast<Memory*>(handle);
  if (memory.at >= memory.bytes.size() || count <= 0) return 0;
  const std::size_t given = std::min<std::size_t>(memory.bytes.size() - memory.at, static_cast<std::size_t>(count));
  std::memcpy(out, memory.bytes.data() + memory.at, given);
  memory.at += given;
  return static_cast<tmsize_t>(given);
}

tmsize_t write_nothing(thandle_t, void*, tmsize_t) {
  return 0;
}

toff_t seek_memory(thandle_t handle, toff_t offset, int whence) {
  auto& memory = *static_cast<Memory*>(handle);
  const std::uint64_t from = whence == SEEK_CUR ? memory.at : whence == SEEK_END ? memory.bytes.size() : 0;
  return memory.at = from + offset;
}

int close_nothing(thandle_t) {
  return 0;
}

toff_t size_of_memory(thandle_t handle) {
  return static_cast<Memory*>(handle)->bytes.size();
}

struct CloseTiff {
  void operator()(TIFF* tiff) const { TIFFClose(tiff); }
};

}  // namespace

Result<StoredImage> decode_tiff(std::span<const std::byte> bytes, std::string_view name) {
  silence_library();
  Memory memory{bytes};
  const std::unique_ptr<TIFF, CloseTiff> tiff(TIFFClientOpen("image", "rm", &memory, read_memory, write_nothing,
                                                             seek_memory, close_nothing, size_of_memory, nullptr,
                                                             nullptr));
  std::uint32_t width = 0, height = 0;
  if (tiff == nullptr || TIFFGetField(tiff.get(), TIFFTAG_IMAGEWIDTH, &width) == 0 ||
      TIFFGetField(tiff.get(), TIFFTAG_IMAGELENGTH, &height) == 0)
    return damaged_image(name, "TIFF", last_message);
  FL_TRY(check_image_size(width, height, bytes.size(), name));
  char reason[1024] = "";
  if (TIFFRGBAImageOK(tiff.get(), reason) == 0)
    return error("{} is a kind of TIFF image that cannot be read here ({}); save it as PNG.", name, reason);
  if ((TIFFIsTiled(tiff.get()) != 0 ? TIFFTileSize64(tiff.get()) : TIFFStripSize64(tiff.get())) > kMaxBlockBytes)
    return error("{} is a TIFF image whose tiles or strips are too large to read; save it as PNG.", name);
  StoredImage stored;
  stored.animated = TIFFLastDirectory(tiff.get()) == 0;
  std::uint16_t orientation = 1;
  TIFFGetFieldDefaulted(tiff.get(), TIFFTAG_ORIENTATION, &orientation);
  // The library turns only by halves: let it read as stored.
  TIFFSetField(tiff.get(), TIFFTAG_ORIENTATION, ORIENTATION_TOPLEFT);
  const std::size_t pixels = std::size_t{width} * height;
  std::vector<std::uint32_t> raster(pixels);
  if (TIFFReadRGBAImageOriented(tiff.get(), width, height, raster.data(), ORIENTATION_TOPLEFT, 1) == 0)
    return damaged_image(name, "TIFF", last_message);
  stored.orientation = orientation >= 1 && orientation <= 8 ? orientation : 1;
  stored.image = {static_cast<int>(width), static_cast<int>(height), 3, {}};
  stored.image.pixels.reserve(pixels * 3);
  // Colours come multiplied by their opacity: over black already.
  for (const std::uint32_t pixel : raster)
    for (const std::uint32_t sample : {TIFFGetR(pixel), TIFFGetG(pixel), TIFFGetB(pixel)})
      stored.image.pixels.push_back(static_cast<std::uint8_t>(sample));
  return stored;
}

}  // namespace fl
