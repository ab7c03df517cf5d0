#pragma once
// An encoder, set so that the same pictures give the same bytes on every machine, and so that little of the
// film is inside of it at any time: what a killed program had not written yet is lost.

#include "engine/film/encoder/libav.h"
#include "engine/film/movie_format.h"
#include "trainer/base/result.h"

namespace fl {

[[nodiscard]] bool has_encoder(const MovieCodec& codec);

// One frame is one tick of its time_base. `headers_apart`: the container keeps them. Precondition:
// has_encoder(). Error: the encoder refuses.
Result<Libav<AVCodecContext>> open_codec(const MovieOptions& options, bool headers_apart);

}  // namespace fl
