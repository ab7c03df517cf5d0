#pragma once
// The axis of the strip: which second is where, and its ticks. Knows no widgets, so that a test can ask it.

#include <string>
#include <vector>

namespace fl {

struct StripAxis {
  float left = 0, width = 1;  // pixels
  double seconds = 1;         // of the whole width

  [[nodiscard]] float x(double at) const { return left + width * static_cast<float>(at / seconds); }
  // From the beginning to the end, wherever the pixel is.
  [[nodiscard]] double at(float pixel) const;

  struct Tick {
    double at = 0;      // seconds
    std::string words;  // "15 s", "1:30"
  };
  // In whole steps that people count in, no two nearer than so many pixels.
  [[nodiscard]] std::vector<Tick> ticks(float apart) const;
};

// A moment: "12.4 s", from a minute on "1:02.5".
[[nodiscard]] std::string moment_words(double seconds);

}  // namespace fl
