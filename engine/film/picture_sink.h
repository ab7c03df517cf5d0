#pragma once
// Where finished pictures go, one after the other: a folder of PNG files, or a film.

#include "engine/film/picture.h"
#include "trainer/base/result.h"

namespace fl {

class PictureSink {
 public:
  virtual ~PictureSink() = default;
  // All of one size. After an error nothing more is taken. Error: one sentence with the path and why.
  virtual Result<void> add(const Picture& picture) = 0;
  // After the last one; once. What was added is readable even where this is never called.
  virtual Result<void> finish() = 0;
};

}  // namespace fl
