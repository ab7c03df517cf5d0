#include <algorithm>
#include <array>
#include <memory>

#include <gif_lib.h>

#include "trainer/data/images/codecs.h"

namespace fl {
namespace {

struct CloseGif {
  void operator()(GifFileType* gif) const {
    int ignored = 0;
    DGifCloseFile(gif, &ignored);
  }
};

int read_bytes(GifFileType* gif, GifByteType* out, int count) {
  auto& rest = *static_cast<std::span<const std::byte>*>(gif->UserData);
  const std::size_t given = std::min(rest.size(), static_cast<std::size_t>(std::max(count, 0)));
  std::copy_n(reinterpret_cast<const GifByteType*>(rest.data()), given, out);
  rest = rest.subspan(given);
  return static_cast<int>(given);
}

Error damaged(std::string_view name, const GifFileType& gif) {
  const char* reason = GifErrorString(gif.Error);
  return damaged_image(name, "GIF", reason != nullptr ? reason : "it is incomplete");
}

// Reads extensions up to the next picture; of them only the colour that is transparent matters. False: there is none.
bool find_picture(GifFileType& gif, int& transparent) {
  GifRecordType record = UNDEFINED_RECORD_TYPE;
  while (DGifGetRecordType(&gif, &record) == GIF_OK && record != TERMINATE_RECORD_TYPE) {
    if (record == IMAGE_DESC_RECORD_TYPE) return DGifGetImageDesc(&gif) == GIF_OK;
    int code = 0;
    GifByteType* block = nullptr;
    if (record != EXTENSION_RECORD_TYPE || DGifGetExtension(&gif, &code, &block) != GIF_OK) return false;
    while (block != nullptr) {
      GraphicsControlBlock control{};
      if (code == GRAPHICS_EXT_FUNC_CODE && DGifExtensionToGCB(block[0], block + 1, &control) == GIF_OK)
        transparent = control.TransparentColor;
      if (DGifGetExtensionNext(&gif, &block) != GIF_OK) return false;
    }
  }
  return false;
}

// Rows of an interlaced picture come in four passes.
std::vector<int> row_order(int height, bool interlaced) {
  static constexpr std::array<int, 4> kFirst = {0, 4, 2, 1}, kStep = {8, 8, 4, 2};
  std::vector<int> rows;
  rows.reserve(static_cast<std::size_t>(height));
  if (!interlaced)
    for (int y = 0; y < height; ++y) rows.push_back(y);
  else
    for (std::size_t pass = 0; pass < kFirst.size(); ++pass)
      for (int y = kFirst[pass]; y < height; y += kStep[pass]) rows.push_back(y);
  return rows;
}

// Paints the picture that the file is at onto the black `canvas`. False: its data end early.
bool paint_picture(GifFileType& gif, int transparent, Bitmap& canvas) {
  const GifImageDesc& place = gif.Image;
  const ColorMapObject* map = place.ColorMap != nullptr ? place.ColorMap : gif.SColorMap;
  std::vector<GifPixelType> row(static_cast<std::size_t>(place.Width));
  for (const int y : row_order(place.Height, place.Interlace)) {
    if (DGifGetLine(&gif, row.data(), place.Width) != GIF_OK) return false;
    if (map == nullptr || place.Top + y >= canvas.height) continue;
    for (int x = 0; x < std::min(place.Width, canvas.width - place.Left); ++x) {
      const int index = row[static_cast<std::size_t>(x)];
      if (index == transparent || index >= map->ColorCount) continue;
      const GifColorType& colour = map->Colors[index];
      auto* pixel = canvas.pixels.data() + (static_cast<std::size_t>(place.Top + y) * static_cast<std::size_t>(canvas.width) +
                                            static_cast<std::size_t>(place.Left + x)) * 3;
      pixel[0] = colour.Red;
      pixel[1] = colour.Green;
      pixel[2] = colour.Blue;
    }
  }
  return true;
}

}  // namespace

Result<StoredImage> decode_gif(std::span<const std::byte> bytes, std::string_view name) {
  std::span<const std::byte> rest = bytes;
  int code = 0;
  const std::unique_ptr<GifFileType, CloseGif> gif(DGifOpen(&rest, read_bytes, &code));
  if (gif == nullptr) return damaged_image(name, "GIF", "its header is incomplete");
  int transparent = NO_TRANSPARENT_COLOR;
  if (!find_picture(*gif, transparent)) return damaged_image(name, "GIF", "it has no picture");
  const GifImageDesc& place = gif->Image;
  // Browsers let the first picture enlarge a canvas that it does not fit on.
  const auto width = static_cast<std::uint64_t>(std::max(gif->SWidth, place.Left + place.Width)),
             height = static_cast<std::uint64_t>(std::max(gif->SHeight, place.Top + place.Height));
  if (place.Width < 1 || place.Height < 1) return damaged_image(name, "GIF", "its picture has no pixels");
  FL_TRY(check_image_size(width, height, bytes.size(), name));
  StoredImage stored;
  Bitmap& canvas = stored.image;
  canvas = {static_cast<int>(width), static_cast<int>(height), 3, {}};
  canvas.pixels.resize(width * height * 3);
  if (!paint_picture(*gif, transparent, canvas)) return damaged(name, *gif);
  stored.animated = find_picture(*gif, transparent);
  return stored;
}

}  // namespace fl
