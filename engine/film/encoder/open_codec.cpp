#include "engine/film/encoder/open_codec.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <new>
#include <thread>
#include <vector>

#include "engine/film/encoder/frame_maker.h"
#include "trainer/base/check.h"

namespace fl {
namespace {

constexpr int kMostRate = 1'000'000;  // of the numbers of a frame rate
constexpr double kKeySeconds = 2;     // from one picture that needs no other to the next

struct Setting {
  const char* name;
  std::string value;
};
using Settings = std::vector<Setting>;

// The share of a second, in frames.
int frames_of(const MovieOptions& options, double seconds, int least, int most) {
  return std::clamp(static_cast<int>(std::lround(options.fps * seconds)), least, most);
}

// Frame threads, which delay, are a matter of the film, not of the machine: x264 packs otherwise with another
// number.
int delaying_threads(const MovieOptions& options) {
  return frames_of(options, 1.0 / 6, 1, 8);
}

Settings settings_h264(const MovieOptions& options, AVCodecContext& codec) {
  codec.max_b_frames = 0;  // frames leave in the order they came
  codec.gop_size = frames_of(options, kKeySeconds, 1, 600);
  codec.thread_count = delaying_threads(options);
  codec.thread_type = FF_THREAD_FRAME;
  static constexpr std::array kPresets = {"ultrafast", "superfast", "veryfast", "faster",  "fast",
                                          "medium",    "slow",      "slower",   "veryslow"};
  const int ahead = frames_of(options, 0.25, 1, 40);
  return {{"preset", kPresets[static_cast<std::size_t>(options.preset)]},
          {"crf", std::to_string(options.crf)},
          {"rc-lookahead", std::to_string(ahead)},
          {"x264-params", "force-cfr=1:lookahead-threads=1"}};
}

Settings settings_vp9(const MovieOptions& options, AVCodecContext& codec) {
  codec.gop_size = frames_of(options, kKeySeconds, 1, 600);
  codec.bit_rate = 0;
  codec.thread_count = delaying_threads(options);
  // Its speeds go from 0 to 8; x264's presets from slow to fast.
  return {{"crf", std::to_string(options.crf)},
          {"deadline", "good"},
          {"cpu-used", std::to_string(std::clamp(10 - options.preset, 0, 8))},
          {"auto-alt-ref", "0"},
          {"lag-in-frames", std::to_string(frames_of(options, 0.25, 0, 16))},
          {"tile-columns", "2"}};
}

// Slices are the format's here, so that any number of threads packs the same.
void use_all_processors(AVCodecContext& codec) {
  codec.thread_type = FF_THREAD_SLICE;
  codec.thread_count = std::clamp(static_cast<int>(std::thread::hardware_concurrency()), 1, 16);
}

Settings settings_ffv1(const MovieOptions& options, AVCodecContext& codec) {
  use_all_processors(codec);
  codec.level = 3;
  codec.gop_size = 1;
  codec.slices = options.size.width * options.size.height > 2'000'000 ? 16 : 4;
  return {{"slicecrc", "1"}};
}

Settings settings_prores(const MovieOptions& options, AVCodecContext& codec) {
  use_all_processors(codec);
  const bool full = options.pixel_format != "yuv422p10";
  return {{"profile", full ? "4444" : "hq"}, {"vendor", "apl0"}, {"alpha_bits", options.alpha ? "16" : "0"}};
}

Settings settings_of(const MovieOptions& options, AVCodecContext& codec) {
  if (options.codec->name == "h264") return settings_h264(options, codec);
  if (options.codec->name == "vp9") return settings_vp9(options, codec);
  if (options.codec->name == "ffv1") return settings_ffv1(options, codec);
  return settings_prores(options, codec);
}

}  // namespace

bool has_encoder(const MovieCodec& codec) {
  return avcodec_find_encoder_by_name(std::string(codec.encoder).c_str()) != nullptr;
}

Result<Libav<AVCodecContext>> open_codec(const MovieOptions& options, bool headers_apart) {
  const AVCodec* encoder = avcodec_find_encoder_by_name(std::string(options.codec->encoder).c_str());
  FL_CHECK(encoder != nullptr);
  Libav<AVCodecContext> codec(avcodec_alloc_context3(encoder));
  if (!codec) throw std::bad_alloc();
  codec->width = static_cast<int>(options.size.width);
  codec->height = static_cast<int>(options.size.height);
  codec->pix_fmt = pixel_format_of(options);
  codec->framerate = av_d2q(options.fps, kMostRate);
  codec->time_base = av_inv_q(codec->framerate);
  codec->sample_aspect_ratio = {1, 1};
  tag_colours(*codec, codec->pix_fmt);
  if (options.pixel_format.find("420") != std::string::npos)
    codec->chroma_sample_location = AVCHROMA_LOC_LEFT;
  codec->flags |= AV_CODEC_FLAG_BITEXACT;  // no version of libav in the file
  if (headers_apart) codec->flags |= AV_CODEC_FLAG_GLOBAL_HEADER;

  AVDictionary* made = nullptr;
  for (const Setting& setting : settings_of(options, *codec))
    av_dict_set(&made, setting.name, setting.value.c_str(), 0);
  const int opened = avcodec_open2(codec.get(), encoder, &made);
  const Libav<AVDictionary> rest(made);
  if (opened < 0)
    return error("Cannot write {}: {} refuses {}x{} in {} ({}).", options.path.string(),
                 options.codec->encoder, options.size.width, options.size.height, options.pixel_format,
                 libav_reason(opened));
  return codec;
}

}  // namespace fl
