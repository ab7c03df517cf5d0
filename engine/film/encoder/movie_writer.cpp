#include "engine/film/encoder/movie_writer.h"

#include <algorithm>
#include <cmath>
#include <new>
#include <utility>

#include "engine/film/encoder/film_file.h"
#include "engine/film/encoder/film_head.h"
#include "engine/film/encoder/frame_maker.h"
#include "engine/film/encoder/index_first.h"
#include "trainer/base/log.h"
#include "trainer/base/system_reason.h"

namespace fl {
namespace {

constexpr double kPieceSeconds = 0.25;

class MovieWriter : public PictureSink {
 public:
  explicit MovieWriter(const MovieOptions& options) : options_(options), packet_(av_packet_alloc()) {
    if (!packet_) throw std::bad_alloc();
  }

  Result<void> open() {
    const std::string container(options_.format->container);
    AVFormatContext* made = nullptr;
    if (avformat_alloc_output_context2(&made, nullptr, container.c_str(), nullptr) < 0)
      return error("Cannot write {}: this system's libavformat knows no {} files.", options_.path.string(),
                   container);
    format_.reset(made);
    auto codec = open_codec(options_, (format_->oformat->flags & AVFMT_GLOBALHEADER) != 0);
    if (!codec) return codec.error();
    codec_ = *std::move(codec);
    frames_.emplace(options_);
    describe_film(*format_, *codec_, options_);
    return {};
  }

  Result<void> add(const Picture& picture) override {
    const int code = avcodec_send_frame(codec_.get(), frames_->make(picture, pictures_));
    ++pictures_;
    return code < 0 ? failed(code) : write_packets();
  }

  Result<void> finish() override {
    if (const int code = avcodec_send_frame(codec_.get(), nullptr); code < 0) return failed(code);
    FL_TRY(write_packets());
    if (!file_) return error("There is no film {}: it has no pictures.", options_.path.string());
    FL_TRY(end_piece());
    if (const int code = av_write_trailer(format_.get()); code < 0 || file_->failure() != 0)
      return failed(code);
    avio_flush(format_->pb);
    file_->mark_readable();
    if (const int code = file_->sync(); code != 0)
      return error("Cannot write {}: {}.", options_.path.string(), system_reason(code));
    if (file_->regular() && has_index(options_)) order();
    return {};
  }

 private:
  // The film is whole as it is: where that fails it stays so.
  void order() {
    format_.reset();
    if (const auto done = put_index_first(options_, *codec_, pictures_); !done)
      log_warning(
          "{} is whole and can be played, but its index could not be put in front of its pictures, "
          "where some editors want it: {}",
          options_.path.string(), done.error().message);
  }

  // With the first packet: a film is never a head alone, which not every reader takes for one.
  Result<void> begin_file() {
    auto file = FilmFile::open(options_.path);
    if (!file) return file.error();
    file_ = *std::move(file);
    format_->pb = file_->io();
    const int code = write_head();
    return code < 0 ? failed(code) : Result<void>();
  }

  int write_head() {
    AVDictionary* made = nullptr;
    av_dict_set(&made, "movflags", "empty_moov+default_base_moof+frag_custom", 0);
    av_dict_set(&made, "cluster_time_limit", "250", 0);
    const int code = avformat_write_header(format_.get(), &made);
    const Libav<AVDictionary> rest(made);
    return file_->failure() != 0 ? AVERROR(file_->failure()) : code;
  }

  Result<void> write_packets() {
    while (true) {
      const int got = avcodec_receive_packet(codec_.get(), packet_.get());
      if (got == AVERROR(EAGAIN) || got == AVERROR_EOF) return {};
      if (got < 0) return failed(got);
      if (!file_) FL_TRY(begin_file());
      packet_->duration = 1;
      packet_->stream_index = 0;
      av_packet_rescale_ts(packet_.get(), codec_->time_base, format_->streams[0]->time_base);
      const int written = av_write_frame(format_.get(), packet_.get());
      av_packet_unref(packet_.get());
      if (written < 0) return failed(written);
      const auto usual = std::max<std::int64_t>(1, std::llround(options_.fps * kPieceSeconds));
      const std::int64_t piece = readable_ == 0 ? 1 : usual;
      if (++in_piece_ < piece) continue;
      if (auto ended = end_piece(); !ended) return ended;
    }
  }

  // What was written can be read from here on.
  Result<void> end_piece() {
    if (const int code = av_write_frame(format_.get(), nullptr); code < 0) return failed(code);
    avio_flush(format_->pb);
    if (file_->failure() != 0) return failed(AVERROR(file_->failure()));
    file_->mark_readable();
    readable_ += in_piece_;
    in_piece_ = 0;
    return {};
  }

  Error failed(int code) {
    if (file_) file_->cut();
    const std::string why =
        file_ && file_->failure() != 0 ? system_reason(file_->failure()) : libav_reason(code);
    const double seconds = static_cast<double>(readable_) / options_.fps;
    return error("Cannot write {}: {}; the first {:.1f} s of the film are in it.", options_.path.string(),
                 why, seconds);
  }

  const MovieOptions options_;
  std::unique_ptr<FilmFile> file_;  // goes after what writes into it
  Libav<AVFormatContext> format_;
  Libav<AVCodecContext> codec_;
  std::optional<FrameMaker> frames_;
  Libav<AVPacket> packet_;
  std::int64_t pictures_ = 0, in_piece_ = 0, readable_ = 0;
};

}  // namespace

Result<std::unique_ptr<PictureSink>> open_movie_writer(const MovieOptions& options) {
  av_log_set_level(AV_LOG_QUIET);  // what goes wrong is said in a sentence
  auto writer = std::make_unique<MovieWriter>(options);
  if (auto opened = writer->open(); !opened) return opened.error();
  return Result<std::unique_ptr<PictureSink>>(std::move(writer));
}

}  // namespace fl
