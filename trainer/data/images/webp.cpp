#include <memory>

#include <webp/decode.h>
#include <webp/demux.h>

#include "trainer/data/images/codecs.h"
#include "trainer/data/images/exif.h"

namespace fl {
namespace {

struct DeleteDemuxer {
  void operator()(WebPDemuxer* demuxer) const { WebPDemuxDelete(demuxer); }
};
struct DeleteAnimation {
  void operator()(WebPAnimDecoder* decoder) const { WebPAnimDecoderDelete(decoder); }
};

int orientation_in(const WebPDemuxer& demuxer) {
  WebPChunkIterator chunk{};
  int orientation = 1;
  if (WebPDemuxGetChunk(&demuxer, "EXIF", 1, &chunk) != 0)
    orientation = exif_orientation(std::as_bytes(std::span(chunk.chunk.bytes, chunk.chunk.size)));
  WebPDemuxReleaseChunkIterator(&chunk);
  return orientation;
}

// The first picture of an animation on its canvas, as [y][x][red, green, blue, opacity]; empty where it is damaged.
std::vector<std::uint8_t> first_picture(const WebPData& data, std::size_t canvas_bytes) {
  WebPAnimDecoderOptions options;
  if (WebPAnimDecoderOptionsInit(&options) == 0) return {};
  const std::unique_ptr<WebPAnimDecoder, DeleteAnimation> decoder(WebPAnimDecoderNew(&data, &options));
  std::uint8_t* canvas = nullptr;
  int milliseconds = 0;
  if (decoder == nullptr || WebPAnimDecoderGetNext(decoder.get(), &canvas, &milliseconds) == 0) return {};
  return {canvas, canvas + canvas_bytes};
}

}  // namespace

Result<StoredImage> decode_webp(std::span<const std::byte> bytes, std::string_view name) {
  const auto* first = reinterpret_cast<const std::uint8_t*>(bytes.data());
  WebPBitstreamFeatures features{};
  if (WebPGetFeatures(first, bytes.size(), &features) != VP8_STATUS_OK)
    return damaged_image(name, "WebP", "its header is incomplete");
  if (const auto fits = check_image_size(static_cast<std::uint64_t>(features.width),
                                         static_cast<std::uint64_t>(features.height), bytes.size(), name);
      !fits)
    return fits.error();
  const WebPData data{first, bytes.size()};
  const std::unique_ptr<WebPDemuxer, DeleteDemuxer> demuxer(WebPDemux(&data));
  StoredImage stored;
  stored.image = {features.width, features.height, 3, {}};
  if (demuxer != nullptr) stored.orientation = orientation_in(*demuxer);
  const auto pixels = static_cast<std::size_t>(features.width) * static_cast<std::size_t>(features.height);
  if (features.has_animation != 0) {
    const std::vector<std::uint8_t> picture = first_picture(data, pixels * 4);
    if (picture.empty()) return damaged_image(name, "WebP", "its first picture is incomplete");
    stored.image.pixels = over_black(picture, 3);
    stored.animated = WebPDemuxGetI(demuxer.get(), WEBP_FF_FRAME_COUNT) > 1;
    return stored;
  }
  const bool alpha = features.has_alpha != 0;
  const std::size_t samples = alpha ? 4 : 3;
  std::vector<std::uint8_t> rows(pixels * samples);
  const int stride = features.width * static_cast<int>(samples);
  const auto* done = alpha ? WebPDecodeRGBAInto(first, bytes.size(), rows.data(), rows.size(), stride)
                           : WebPDecodeRGBInto(first, bytes.size(), rows.data(), rows.size(), stride);
  if (done == nullptr) return damaged_image(name, "WebP", "its pixels are incomplete");
  stored.image.pixels = alpha ? over_black(rows, 3) : std::move(rows);
  return stored;
}

}  // namespace fl
