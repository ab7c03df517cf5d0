#pragma once
// What the panel at the start offers: the lessons that come with the program, and what was opened before.

#include <memory>
#include <string>
#include <vector>

#include "trainer/data/images/image.h"

namespace fl {

// The most that a lesson's picture has, in pixels; and so many of them are shown.
inline constexpr int kCoverWidth = 256, kCoverHeight = 144;
inline constexpr std::size_t kCovers = 24;

struct ShelfLesson {
  std::string path;
  std::string title;
  std::string about;   // a sentence or two: what is trained on what
  std::string watch;   // what to look at
  std::string length;  // "60 images, 15 epochs"
  std::shared_ptr<const Bitmap> picture{};  // of its landscape; null: there is none
  bool operator==(const ShelfLesson&) const = default;
};

struct RecentLesson {
  std::string what;                     // as it was opened
  std::vector<std::string> settings{};  // with these
  std::string title{};
  bool operator==(const RecentLesson&) const = default;
};

struct StartFacts {
  bool ready = false;  // else they are being read
  std::vector<ShelfLesson> lessons{};
  std::vector<RecentLesson> recent{};  // the newest first; those that are gone are left out
};

}  // namespace fl
