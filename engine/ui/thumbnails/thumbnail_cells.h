#pragma once
// Which picture lies in which cell of a texture. There are as many cells as pictures can be seen at once, and
// some more; what was seen longest ago makes room for what is new.

#include <cstdint>
#include <list>
#include <optional>
#include <unordered_map>

namespace fl {

class ThumbnailCells {
 public:
  explicit ThumbnailCells(std::uint32_t cells) : cells_(cells) {}

  // Nothing is seen yet of the frame that begins.
  void begin_frame() { ++frame_; }
  struct Place {
    std::uint32_t cell = 0;  // < cells
    bool fresh = false;      // the picture has to be put there: it was not there before
  };
  // The cell of a picture that this frame shows. Nothing: all cells hold others that it shows, too.
  std::optional<Place> see(std::uint64_t picture);
  [[nodiscard]] bool holds(std::uint64_t picture) const { return held_.contains(picture); }

 private:
  struct Held {
    std::uint64_t picture = 0, seen = 0;  // in that frame
    std::uint32_t cell = 0;
  };
  std::uint32_t cells_;
  std::uint64_t frame_ = 1;
  std::list<Held> by_time_;  // seen longest ago first
  std::unordered_map<std::uint64_t, std::list<Held>::iterator> held_;
};

}  // namespace fl
