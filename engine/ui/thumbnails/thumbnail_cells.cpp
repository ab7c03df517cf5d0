#include "engine/ui/thumbnails/thumbnail_cells.h"

namespace fl {

std::optional<ThumbnailCells::Place> ThumbnailCells::see(std::uint64_t picture) {
  if (const auto found = held_.find(picture); found != held_.end()) {
    by_time_.splice(by_time_.end(), by_time_, found->second);
    found->second->seen = frame_;
    return Place{found->second->cell, false};
  }
  auto cell = static_cast<std::uint32_t>(by_time_.size());
  if (cell == cells_) {
    if (cells_ == 0 || by_time_.front().seen == frame_) return std::nullopt;
    cell = by_time_.front().cell;
    held_.erase(by_time_.front().picture);
    by_time_.pop_front();
  }
  by_time_.push_back({picture, frame_, cell});
  held_.emplace(picture, std::prev(by_time_.end()));
  return Place{cell, true};
}

}  // namespace fl
