#include "tests/unit/film/film_pictures.h"

#include "engine/film/encoder/libav.h"

namespace fl::test {
namespace {

std::string text(const char* words) {
  return words == nullptr ? "" : words;
}

void add_frame(const AVFrame& frame, ReadFilm& film) {
  const auto format = static_cast<AVPixelFormat>(frame.format);
  std::vector<std::uint8_t> samples(
      static_cast<std::size_t>(av_image_get_buffer_size(format, frame.width, frame.height, 1)));
  av_image_copy_to_buffer(samples.data(), static_cast<int>(samples.size()), frame.data, frame.linesize,
                          format, frame.width, frame.height, 1);
  for (const std::uint8_t one : samples) film.hash = (film.hash ^ one) * 0x100000001b3u;
  film.pixel_format = text(av_get_pix_fmt_name(format));
  Picture picture{static_cast<std::uint32_t>(frame.width), static_cast<std::uint32_t>(frame.height), {}};
  picture.rgba.resize(std::size_t{picture.width} * picture.height * 4);
  Libav<SwsContext> scaler(
      sws_getContext(frame.width, frame.height, format, frame.width, frame.height, AV_PIX_FMT_RGBA,
                     SWS_BICUBIC | SWS_ACCURATE_RND | SWS_FULL_CHR_H_INT, nullptr, nullptr, nullptr));
  const int* bt709 = sws_getCoefficients(SWS_CS_ITU709);
  sws_setColorspaceDetails(scaler.get(), bt709, frame.color_range == AVCOL_RANGE_JPEG, bt709, 1, 0, 1 << 16,
                           1 << 16);
  std::uint8_t* rows[] = {picture.rgba.data()};
  const int row_bytes[] = {frame.width * 4};
  sws_scale(scaler.get(), frame.data, frame.linesize, 0, frame.height, rows, row_bytes);
  film.pictures.push_back(std::move(picture));
}

}  // namespace

Picture moving_picture(std::uint32_t width, std::uint32_t height, int number) {
  Picture picture{width, height, std::vector<std::uint8_t>(std::size_t{width} * height * 4)};
  const int at = number * 3 % static_cast<int>(width);
  for (std::uint32_t y = 0; y < height; ++y)
    for (std::uint32_t x = 0; x < width; ++x) {
      std::uint8_t* pixel = &picture.rgba[(std::size_t{y} * width + x) * 4];
      const bool bar = std::abs(static_cast<int>(x) - at) < 8;
      pixel[0] = static_cast<std::uint8_t>(bar ? 230 : 40);
      pixel[1] = static_cast<std::uint8_t>(60 + 120 * y / height);
      pixel[2] = static_cast<std::uint8_t>(bar ? 20 : 140);
      pixel[3] = static_cast<std::uint8_t>(255 * x / (width - 1));
    }
  return picture;
}

ReadFilm read_film(const std::filesystem::path& path, const std::string& decoder) {
  av_log_set_level(AV_LOG_QUIET);
  ReadFilm film;
  AVFormatContext* input = nullptr;
  if (avformat_open_input(&input, path.c_str(), nullptr, nullptr) < 0) return film;
  avformat_find_stream_info(input, nullptr);
  for (unsigned i = 0; i < input->nb_chapters; ++i) {
    const AVDictionaryEntry* title = av_dict_get(input->chapters[i]->metadata, "title", nullptr, 0);
    film.chapters.push_back(fmt::format(
        "{} {}", av_rescale_q(input->chapters[i]->start, input->chapters[i]->time_base, {1, 1000}),
        title == nullptr ? "" : title->value));
  }
  const int video = av_find_best_stream(input, AVMEDIA_TYPE_VIDEO, -1, -1, nullptr, 0);
  if (video >= 0) {
    const AVStream& stream = *input->streams[video];
    const AVCodec* codec = decoder.empty() ? avcodec_find_decoder(stream.codecpar->codec_id)
                                           : avcodec_find_decoder_by_name(decoder.c_str());
    Libav<AVCodecContext> context(avcodec_alloc_context3(codec));
    avcodec_parameters_to_context(context.get(), stream.codecpar);
    avcodec_open2(context.get(), codec, nullptr);
    film.codec = avcodec_get_name(stream.codecpar->codec_id);
    film.primaries = text(av_color_primaries_name(stream.codecpar->color_primaries));
    film.transfer = text(av_color_transfer_name(stream.codecpar->color_trc));
    film.matrix = text(av_color_space_name(stream.codecpar->color_space));
    film.range = text(av_color_range_name(stream.codecpar->color_range));
    film.fps = av_q2d(stream.avg_frame_rate);
    Libav<AVPacket> packet(av_packet_alloc());
    Libav<AVFrame> frame(av_frame_alloc());
    const auto take = [&] {
      while (avcodec_receive_frame(context.get(), frame.get()) == 0) {
        if (film.pictures.empty()) film.begin = static_cast<double>(frame->pts) * av_q2d(stream.time_base);
        add_frame(*frame, film);
      }
    };
    while (av_read_frame(input, packet.get()) >= 0) {
      if (packet->stream_index == video) avcodec_send_packet(context.get(), packet.get());
      av_packet_unref(packet.get());
      take();
    }
    avcodec_send_packet(context.get(), nullptr);
    take();
  }
  avformat_close_input(&input);
  return film;
}

}  // namespace fl::test
