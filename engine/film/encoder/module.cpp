// The encoder's side of the door: nothing else is seen of this shared object.
#include "engine/film/encoder/module.h"

#include "fallline_build_info.h"

#include "engine/film/encoder/libav.h"
#include "engine/film/encoder/movie_writer.h"

namespace fl {
namespace {

std::string libraries() {
  const unsigned version = avcodec_version();
  return fmt::format("libavcodec {}.{}", AV_VERSION_MAJOR(version), AV_VERSION_MINOR(version));
}

}  // namespace
}  // namespace fl

extern "C" __attribute__((visibility("default"))) const fl::EncoderModule fallline_film = {
    FALLLINE_VERSION, fl::open_movie_writer, fl::has_encoder, fl::libraries};
