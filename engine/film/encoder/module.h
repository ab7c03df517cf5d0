#pragma once
// The interface of the encoder, a shared object of its own: libav brings a hundred libraries along, which the
// window and pictures neither need nor wait for. It is loaded when a film is written (engine/film/movie.h).
// Its code and its symbols stay inside; both sides come from one build, which `version` checks.

#include <memory>
#include <string>

#include "engine/film/movie_format.h"
#include "engine/film/picture_sink.h"

namespace fl {

struct EncoderModule {
  const char* version;
  // The file is made, or emptied, with the first picture that leaves the encoder. Precondition:
  // has(*options.codec). Errors: the encoder refuses, or the file cannot be written.
  Result<std::unique_ptr<PictureSink>> (*open)(const MovieOptions& options);
  // Whether this libav has the encoder.
  bool (*has)(const MovieCodec& codec);
  // "libavcodec 59.37".
  std::string (*libraries)();
};

inline constexpr const char* kEncoderFile = "libfallline_film.so";
inline constexpr const char* kEncoderSymbol = "fallline_film";

}  // namespace fl
