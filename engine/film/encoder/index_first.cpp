#include "engine/film/encoder/index_first.h"

#include <cerrno>
#include <utility>

#include "engine/film/encoder/film_head.h"
#include "trainer/base/atomic_file.h"
#include "trainer/base/system_reason.h"

namespace fl {
namespace {

// A name with a colon in it would be a protocol's.
std::string url_of(const std::filesystem::path& path) {
  return "file:" + path.string();
}

struct CloseFilm {
  void operator()(AVFormatContext* input) const { avformat_close_input(&input); }
};
using Input = std::unique_ptr<AVFormatContext, CloseFilm>;

struct CloseFile {
  void operator()(AVIOContext* file) const { avio_close(file); }
};

Error reason(int code) {
  const int number = AVUNERROR(code);
  return error("{}.", number == ENOSPC || number == EDQUOT || number == EIO ? system_reason(number)
                                                                            : libav_reason(code));
}

// What a decoder is told beforehand goes with the packets: in a file both are packed otherwise than the
// encoder has them.
void take_extradata(AVFormatContext& from, AVFormatContext& to) {
  AVCodecParameters &there = *from.streams[0]->codecpar, &here = *to.streams[0]->codecpar;
  std::swap(there.extradata, here.extradata);
  std::swap(there.extradata_size, here.extradata_size);
}

// The packets of the video, which is the first stream, in their order. Negative: libav's reason.
int copy_packets(AVFormatContext& from, AVFormatContext& to, std::int64_t& copied) {
  const Libav<AVPacket> packet(av_packet_alloc());
  if (!packet) return AVERROR(ENOMEM);
  for (int code = 0;;) {
    code = av_read_frame(&from, packet.get());
    if (code == AVERROR_EOF) return 0;
    if (code < 0) return code;
    if (packet->stream_index == 0) {
      av_packet_rescale_ts(packet.get(), from.streams[0]->time_base, to.streams[0]->time_base);
      packet->pos = -1;
      code = av_write_frame(&to, packet.get());
      ++copied;
    }
    av_packet_unref(packet.get());
    if (code < 0) return code;
  }
}

}  // namespace

bool has_index(const MovieOptions& options) {
  return options.format->container == "mp4" || options.format->container == "mov";
}

Result<void> put_index_first(const MovieOptions& options, const AVCodecContext& codec,
                             std::int64_t pictures) {
  FL_TRY_LET(beside, FileBeside::make(options.path));
  const std::string container(options.format->container), url = url_of(beside->path());
  AVFormatContext* opened = nullptr;
  int code = avformat_open_input(&opened, url_of(options.path).c_str(), nullptr, nullptr);
  const Input input(opened);
  if (code < 0) return reason(code);
  if (input->nb_streams == 0) return error("it has no pictures.");
  AVFormatContext* made = nullptr;
  code = avformat_alloc_output_context2(&made, nullptr, container.c_str(), url.c_str());
  const Libav<AVFormatContext> output(made);
  if (code < 0) return reason(code);
  describe_film(*output, codec, options);
  take_extradata(*input, *output);
  code = avio_open(&output->pb, url.c_str(), AVIO_FLAG_WRITE);
  std::unique_ptr<AVIOContext, CloseFile> file(output->pb);
  if (code < 0) return reason(code);

  AVDictionary* made_with = nullptr;
  av_dict_set(&made_with, "movflags", "faststart", 0);
  code = avformat_write_header(output.get(), &made_with);
  const Libav<AVDictionary> rest(made_with);
  std::int64_t copied = 0;
  if (code >= 0) code = copy_packets(*input, *output, copied);
  if (code >= 0) code = av_write_trailer(output.get());
  if (code >= 0) code = output->pb->error;
  output->pb = nullptr;
  const int closed = avio_close(file.release());
  if (code < 0 || closed < 0) return reason(code < 0 ? code : closed);
  if (copied != pictures) return error("{} of {} pictures were read again.", copied, pictures);
  return beside->commit();
}

}  // namespace fl
