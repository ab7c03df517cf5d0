#pragma once
// A picture as an encoder wants it: RGB as it is, or Y'CbCr by ITU-R BT.709 in limited range.

#include "engine/film/encoder/libav.h"
#include "engine/film/movie_format.h"
#include "engine/film/picture.h"

namespace fl {

// Of libav, for a name as scenes have it. `alpha`: of a transparent film.
[[nodiscard]] AVPixelFormat pixel_format_of(const MovieOptions& options);

class FrameMaker {
 public:
  // Throws std::bad_alloc.
  explicit FrameMaker(const MovieOptions& options);
  // Valid until the next call, but for who keeps a reference. Precondition: the picture has the film's size.
  AVFrame* make(const Picture& picture, std::int64_t number);

 private:
  Libav<SwsContext> scaler_;
  Libav<AVFrame> frame_;
};

// Says so in a codec or a frame: sRGB's primaries and transfer (IEC 61966-2-1), and how RGB became its
// samples.
template <typename T>
void tag_colours(T& to, AVPixelFormat format) {
  const AVPixFmtDescriptor* about = av_pix_fmt_desc_get(format);
  const bool rgb = (about->flags & AV_PIX_FMT_FLAG_RGB) != 0;
  to.color_primaries = AVCOL_PRI_BT709;
  to.color_trc = AVCOL_TRC_IEC61966_2_1;
  to.colorspace = rgb ? AVCOL_SPC_RGB : AVCOL_SPC_BT709;
  to.color_range = rgb ? AVCOL_RANGE_JPEG : AVCOL_RANGE_MPEG;
}

}  // namespace fl
