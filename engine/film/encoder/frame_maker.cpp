#include "engine/film/encoder/frame_maker.h"

#include <new>

#include "trainer/base/check.h"

namespace fl {

AVPixelFormat pixel_format_of(const MovieOptions& options) {
  if (options.pixel_format == "rgb") return AV_PIX_FMT_0RGB32;
  if (options.pixel_format == "rgba") return AV_PIX_FMT_RGB32;
  return av_get_pix_fmt(options.pixel_format.c_str());  // in this machine's byte order
}

FrameMaker::FrameMaker(const MovieOptions& options) : frame_(av_frame_alloc()) {
  if (!frame_) throw std::bad_alloc();
  const auto width = static_cast<int>(options.size.width), height = static_cast<int>(options.size.height);
  const AVPixelFormat format = pixel_format_of(options);
  frame_->format = format;
  frame_->width = width;
  frame_->height = height;
  tag_colours(*frame_, format);
  // The same on every processor; every pixel counts for the colours of its neighbours, as of its own.
  constexpr int kExact =
      SWS_BICUBIC | SWS_ACCURATE_RND | SWS_BITEXACT | SWS_FULL_CHR_H_INT | SWS_FULL_CHR_H_INP;
  scaler_.reset(sws_getContext(width, height, options.alpha ? AV_PIX_FMT_RGBA : AV_PIX_FMT_RGB0, width,
                               height, format, kExact, nullptr, nullptr, nullptr));
  if (!scaler_) throw std::bad_alloc();
  const int* bt709 = sws_getCoefficients(SWS_CS_ITU709);
  constexpr int kFull = 1, kLimited = 0, kOne = 1 << 16;
  // Says -1 where both are RGB, which need none.
  sws_setColorspaceDetails(scaler_.get(), bt709, kFull, bt709, kLimited, 0, kOne, kOne);
}

AVFrame* FrameMaker::make(const Picture& picture, std::int64_t number) {
  FL_CHECK(static_cast<int>(picture.width) == frame_->width &&
           static_cast<int>(picture.height) == frame_->height);
  // The encoder may still read the one before.
  if (frame_->buf[0] == nullptr ? av_frame_get_buffer(frame_.get(), 0) < 0
                                : av_frame_make_writable(frame_.get()) < 0)
    throw std::bad_alloc();
  const std::uint8_t* rows[] = {picture.rgba.data()};
  const int row_bytes[] = {static_cast<int>(picture.width * 4)};
  sws_scale(scaler_.get(), rows, row_bytes, 0, frame_->height, frame_->data, frame_->linesize);
  frame_->pts = number;
  return frame_.get();
}

}  // namespace fl
