#pragma once
// What stands at the head of a film's file: its one stream, title and chapters.

#include "engine/film/encoder/libav.h"
#include "engine/film/movie_format.h"

namespace fl {

// Makes the stream of `codec`'s packets in a file that has none yet. No version of libav is named in it, so
// that the same film is the same file. Throws std::bad_alloc.
void describe_film(AVFormatContext& format, const AVCodecContext& codec, const MovieOptions& options);

}  // namespace fl
