#pragma once
// Films as files. The encoder lies beside the program in a shared object of its own (encoder/module.h), which
// is loaded here.

#include <memory>

#include "engine/film/movie_format.h"
#include "engine/film/picture_sink.h"

namespace fl {

// The file is made, or the one that is there emptied, with the first picture that leaves the encoder. Errors:
// the encoder or a library of it is missing, and what to install; the file cannot be written.
Result<std::unique_ptr<PictureSink>> open_movie(const MovieOptions& options);

// Whether films can be written here at all, before the work. Error: what is missing.
Result<void> check_encoder(const MovieOptions& options);

// What films this machine can write, for people.
[[nodiscard]] std::string movie_words();

}  // namespace fl
