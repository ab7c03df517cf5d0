#pragma once
// A film's file: pictures packed by a codec, in pieces that can each be read as soon as they are written.

#include "engine/film/encoder/open_codec.h"
#include "engine/film/picture_sink.h"

namespace fl {

// As EncoderModule::open.
Result<std::unique_ptr<PictureSink>> open_movie_writer(const MovieOptions& options);

}  // namespace fl
