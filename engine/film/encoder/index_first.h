#pragma once
// While an MP4 or MOV is written, it is made of fragments, so that it can be read whatever ends it. Editors
// and pages rather have one index (moov), before the pictures.

#include "engine/film/encoder/libav.h"
#include "engine/film/movie_format.h"
#include "trainer/base/result.h"

namespace fl {

// Whether such a film's file has an index.
[[nodiscard]] bool has_index(const MovieOptions& options);

// Writes the finished film at options.path once more beside itself, with the index in front, and puts that in
// its place: the packets, `pictures` of them, stay as they are. Errors: why that could not be done, half a
// sentence with a full stop; then the film is there as it was.
Result<void> put_index_first(const MovieOptions& options, const AVCodecContext& codec, std::int64_t pictures);

}  // namespace fl
