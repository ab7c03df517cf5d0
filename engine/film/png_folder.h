#pragma once
// A film as a folder of PNG files, each of which can be opened as soon as it is there.

#include <cstdint>
#include <functional>
#include <string>

#include "engine/film/picture_sink.h"

namespace fl {

class PngFolder : public PictureSink {
 public:
  // `name`: the file of a picture, from 1. `first`: the number of the first one that is added.
  PngFolder(std::filesystem::path folder, std::string (*name)(std::int64_t picture), PngAlpha alpha,
            std::int64_t first = 1)
      : folder_(std::move(folder)), name_(name), alpha_(alpha), next_(first) {}
  Result<void> add(const Picture& picture) override {
    return save_png(folder_ / name_(next_++), picture, alpha_);
  }
  Result<void> finish() override { return {}; }

 private:
  std::filesystem::path folder_;
  std::string (*name_)(std::int64_t picture);
  PngAlpha alpha_;
  std::int64_t next_;
};

}  // namespace fl
