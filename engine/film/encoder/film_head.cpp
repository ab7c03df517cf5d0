#include "engine/film/encoder/film_head.h"

#include <cmath>
#include <new>

namespace fl {
namespace {

void name(AVDictionary*& metadata, const char* key, const std::string& value) {
  if (!value.empty()) av_dict_set(&metadata, key, value.c_str(), 0);
}

void add_chapter(AVFormatContext& format, const Chapter& chapter) {
  constexpr AVRational kMilliseconds{1, 1000};
  auto** list =
      static_cast<AVChapter**>(av_realloc_array(format.chapters, format.nb_chapters + 1, sizeof(AVChapter*)));
  auto* one = static_cast<AVChapter*>(av_mallocz(sizeof(AVChapter)));
  if (list != nullptr) format.chapters = list;
  if (list == nullptr || one == nullptr) {
    av_free(one);
    throw std::bad_alloc();
  }
  one->id = format.nb_chapters + 1;
  one->time_base = kMilliseconds;
  one->start = std::llround(chapter.begin * 1000);
  one->end = std::llround(chapter.end * 1000);
  name(one->metadata, "title", chapter.title);
  list[format.nb_chapters++] = one;
}

}  // namespace

void describe_film(AVFormatContext& format, const AVCodecContext& codec, const MovieOptions& options) {
  AVStream* stream = avformat_new_stream(&format, nullptr);
  if (stream == nullptr || avcodec_parameters_from_context(stream->codecpar, &codec) < 0)
    throw std::bad_alloc();
  stream->time_base = codec.time_base;
  stream->avg_frame_rate = stream->r_frame_rate = codec.framerate;
  stream->sample_aspect_ratio = {1, 1};
  format.flags |= AVFMT_FLAG_BITEXACT;
  if (options.alpha && options.codec->name == "vp9") name(stream->metadata, "alpha_mode", "1");
  name(format.metadata, "title", options.title);
  for (const Chapter& chapter : options.chapters) add_chapter(format, chapter);
}

}  // namespace fl
