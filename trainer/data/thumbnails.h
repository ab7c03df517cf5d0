#pragma once
// Small pictures of the images of a data set, for a person who looks through them: each is the whole image as
// a viewer shows it, not cropped to what the network sees, and painted as the scene says. Made while the
// image is decoded anyway.

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "trainer/data/images/image.h"

namespace fl {

struct Thumbnail {
  int width = 0, height = 0;             // at most Thumbnails::kSide, in the image's own ratio
  std::span<const std::uint8_t> pixels;  // [y][x][red, green, blue]
};

class Thumbnails {
 public:
  static constexpr int kSide = 48;
  static constexpr std::size_t kBytes = std::size_t{3} * kSide * kSide;  // of one, whatever its shape
  // Of more images none are kept: 537 MB.
  static constexpr std::size_t kMost = 77'672;

  [[nodiscard]] std::size_t size() const { return sizes_.size(); }
  [[nodiscard]] bool empty() const { return sizes_.empty(); }
  [[nodiscard]] Thumbnail operator[](std::size_t image) const;

  // Takes the memory at once.
  void reserve(std::size_t images);
  // One more without a picture: 0 x 0 pixels.
  void add_blank();
  // The picture of an image that is there. Several threads may fill different ones at once. A small image
  // stays as it is, a larger one is shrunk by area averages.
  void fill(std::size_t image, const Bitmap& whole);
  // One more, as it is in `other`.
  void add(const Thumbnail& other);

  // What they are made of, for keeping them in a file, and `images` of them from there; false, and none are
  // kept, where that is not what they are made of.
  using Size = std::array<std::uint8_t, 2>;  // width, height
  bool set(std::size_t images, std::vector<Size> sizes, std::vector<std::uint8_t> block);
  [[nodiscard]] std::span<const Size> sizes() const { return sizes_; }
  [[nodiscard]] std::span<const std::uint8_t> block() const { return pixels_; }

 private:
  std::vector<std::uint8_t> pixels_;  // [image][kBytes]: the picture, then nothing
  std::vector<Size> sizes_;           // [image]
};

}  // namespace fl
