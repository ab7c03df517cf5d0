#include "trainer/subjects/map_writer.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "trainer/data/thumbnails.h"

namespace fl {
namespace {

static_assert(kMapSide == Thumbnails::kSide);

constexpr std::uint32_t kMostSide = 49;       // of the points at which the head is asked
constexpr double kRoomAround = 1.14;          // of the images' extent
constexpr std::size_t kProducts = 4'000'000;  // that new weights may cost, about

std::uint32_t packed(std::uint8_t red, std::uint8_t green, std::uint8_t blue) {
  return red | static_cast<std::uint32_t>(green) << 8U | static_cast<std::uint32_t>(blue) << 16U;
}

// Puts a thumbnail into the pixels at `place`; its size as MapImage has it.
std::uint32_t put_picture(const Thumbnail& from, std::size_t place, std::vector<std::uint32_t>& pixels) {
  const auto width = static_cast<std::size_t>(from.width), height = static_cast<std::size_t>(from.height);
  const std::size_t begin = place * kMapSide * kMapSide;
  for (std::size_t y = 0; y < height; ++y)
    for (std::size_t x = 0; x < width; ++x) {
      const auto rgb = from.pixels.subspan(3 * (y * width + x), 3);
      pixels[begin + y * kMapSide + x] = packed(rgb[0], rgb[1], rgb[2]);
    }
  return static_cast<std::uint32_t>(width + 256 * height);
}

// Of pixels in [-1, 1], in colour or grey.
Thumbnail small_picture(std::span<const float> pixels, const ImageShape& shape, Thumbnails& memory) {
  Bitmap bitmap{.width = shape.width, .height = shape.height, .channels = 3, .pixels = {}};
  const std::size_t area = shape.floats() / static_cast<std::size_t>(shape.channels);
  bitmap.pixels.resize(3 * area);
  for (std::size_t i = 0; i < area; ++i)
    for (std::size_t c = 0; c < 3; ++c) {
      const float value = pixels[(shape.channels == 3 ? c * area : 0) + i];
      bitmap.pixels[3 * i + c] =
          static_cast<std::uint8_t>(std::lround(127.5F * (std::clamp(value, -1.0F, 1.0F) + 1)));
    }
  memory.add_blank();
  memory.fill(0, bitmap);
  return memory[0];
}

}  // namespace

MapWriter::MapWriter(Training& training) : training_(training) {
  if (training.embedder() == nullptr) return;
  const std::vector<std::int32_t>& all = training.split().train;
  const NetSpec& head = training.program().spec();
  // Where stages are trained along, what is embedded is maps, and no head is in their plane.
  head_ = PlaneHead::of(head);
  if (!head_) return;
  const std::size_t count = head.input.floats();
  images_.assign(all.begin(), all.begin() + std::min<std::ptrdiff_t>(std::ssize(all), kMapImages));
  features_.resize(count);
  std::vector<float> features;
  for (const std::int32_t image : images_) {
    training.program().activations(image, std::array{-1}, features_);
    features.insert(features.end(), features_.begin(), features_.end());
  }
  plane_ = principal_plane(features, count);
  if (!plane_) return;
  head_->lay(*plane_);
  for (std::size_t i = 0; i < images_.size(); ++i)
    places_.push_back(plane_->place(std::span(features).subspan(i * count, count)));
  place_images();
  measure_classes();
  frame_square();
  facts_.training_images = static_cast<std::uint32_t>(all.size());
  facts_.share1 = static_cast<float>(plane_->shares[0]);
  facts_.share2 = static_cast<float>(plane_->shares[1]);
}

void MapWriter::place_images() {
  const SpreadOrder order = spread_order(places_);
  const Dataset& data = training_.data();
  facts_.images = static_cast<std::uint32_t>(images_.size());
  FrameCapacity room{.map_images = facts_.images};
  map_pixels_.resize(room.map_pictures() * kMapSide * kMapSide);
  std::vector<std::int32_t> images;
  std::vector<std::array<double, 2>> places;
  for (const std::size_t i : order.points) {
    const std::size_t place = images.size();
    const auto image = static_cast<std::size_t>(images_[i]);
    MapImage point{.x = static_cast<float>(places_[i][0]),
                   .y = static_cast<float>(places_[i][1]),
                   .label = static_cast<std::uint32_t>(data.labels[image])};
    if (place < kMapPictures && image < data.thumbnails.size()) {
      point.size = put_picture(data.thumbnails[image], place, map_pixels_);
      facts_.gaps[place] = static_cast<float>(order.gaps[place]);
      facts_.pictures = static_cast<std::uint32_t>(place + 1);
    }
    map_images_.push_back(point);
    images.push_back(images_[i]);
    places.push_back(places_[i]);
  }
  images_ = std::move(images);
  places_ = std::move(places);
}

void MapWriter::measure_classes() {
  const std::size_t classes =
      std::min<std::size_t>(training_.data().classes.size(), std::size_t{kFrameMaxClasses});
  map_classes_.resize(classes);
  facts_.classes = static_cast<std::uint32_t>(classes);
  for (std::size_t c = 0; c < classes; ++c) {
    std::array<double, 2> sum{};
    double count = 0;
    for (std::size_t i = 0; i < places_.size(); ++i) {
      if (map_images_[i].label != c) continue;
      sum = {sum[0] + places_[i][0], sum[1] + places_[i][1]};
      ++count;
    }
    // 0 / 0 is not a number.
    map_classes_[c].mean_x = static_cast<float>(sum[0] / count);
    map_classes_[c].mean_y = static_cast<float>(sum[1] / count);
  }
}

// Around the images and the mean of all, where the arrows begin.
void MapWriter::frame_square() {
  std::array<double, 2> low{}, high{};
  for (const auto& place : places_)
    for (std::size_t k = 0; k < 2; ++k) {
      low[k] = std::min(low[k], place[k]);
      high[k] = std::max(high[k], place[k]);
    }
  facts_.center_x = static_cast<float>((low[0] + high[0]) / 2);
  facts_.center_y = static_cast<float>((low[1] + high[1]) / 2);
  facts_.half = static_cast<float>(kRoomAround * std::max(high[0] - low[0], high[1] - low[1]) / 2);
  // With classes that the slot has no room for, softmax would not be the head's.
  if (head_->classes() > kFrameMaxClasses) return;
  std::uint32_t side = kMostSide;
  while (side > 5 && head_->cost() * side * side > kProducts) side = side / 2 + 1;
  facts_.side = side;
  map_logits_.resize(std::size_t{facts_.classes} * side * side);
}

void MapWriter::add_to(FrameCapacity& capacity) const {
  if (!plane_) return;
  capacity.map_images = facts_.images;
  capacity.map_classes = facts_.classes;
  capacity.map_side = facts_.side;
}

std::array<double, 2> MapWriter::place_of(std::int32_t image) {
  training_.program().activations(image, std::array{-1}, features_);
  return plane_->place(features_);
}

void MapWriter::look(std::int32_t image, std::span<const float> pixels) {
  const auto [x, y] = place_of(image);
  const auto& labels = training_.data().labels;
  const auto index = static_cast<std::size_t>(image);
  facts_.shown = {.x = static_cast<float>(x),
                  .y = static_cast<float>(y),
                  .label = index < labels.size() ? static_cast<std::uint32_t>(labels[index]) : kNoLabel};
  Thumbnails memory;
  facts_.shown.size =
      put_picture(small_picture(pixels, training_.image_shape(), memory), facts_.pictures, map_pixels_);
}

// What the head says with the weights as they are. Numbers that are none are not shown.
void MapWriter::judge() {
  params_.resize(training_.program().layout().all_floats);
  training_.program().read_params(params_);
  head_->set_weights(params_);
  const std::uint32_t side = facts_.side;
  std::vector<double> logits(head_->classes());
  const std::size_t cells = std::size_t{side} * side;
  for (std::size_t cell = 0; cell < cells; ++cell) {
    const auto along = [&](std::size_t step, float center) {
      const double share = 2 * static_cast<double>(step) / (side - 1) - 1;
      return static_cast<double>(center) + share * static_cast<double>(facts_.half);
    };
    head_->logits({along(cell % side, facts_.center_x), along(cell / side, facts_.center_y)}, logits);
    for (std::size_t c = 0; c < map_classes_.size(); ++c)
      map_logits_[c * cells + cell] = static_cast<float>(logits[c]);
  }
  const std::size_t points = std::clamp<std::size_t>(kProducts / (3 * head_->cost()), 1, places_.size());
  const std::vector<PlaneHead::Point> slopes = mean_slopes(*head_, std::span(places_).first(points));
  for (std::size_t c = 0; c < map_classes_.size(); ++c) {
    map_classes_[c].toward_x = static_cast<float>(slopes[c][0]);
    map_classes_[c].toward_y = static_cast<float>(slopes[c][1]);
  }
  std::ranges::copy(map_classes_, facts_.of_classes.begin());
}

void MapWriter::write(SlotWriter& writer, const FrameSlot& slot, Frame& frame, std::int32_t image,
                      std::span<const float> pixels, std::uint64_t version) {
  if (!plane_) return;
  if (shown_version_ != version) look(image, pixels);
  shown_version_ = version;
  const bool judged = judged_step_ == training_.steps() && judged_generation_ == training_.generation();
  if (looked_at_ && !judged) {
    judge();
    judged_step_ = training_.steps();
    judged_generation_ = training_.generation();
    ++judgements_;
  }
  frame.facts.map = facts_;
  if (judgements_ == 0) frame.facts.map.side = 0;
  const FrameLayout& layout = *slot.layout;
  const auto write = [&](const FrameLayout::Section& section, std::uint64_t its_version, const auto& values) {
    writer.write_kept(slot, section, its_version, std::as_bytes(std::span(values)));
  };
  write(layout.map_images, 1, map_images_);
  write(layout.map_classes, judgements_ + 1, map_classes_);
  if (judgements_ > 0) write(layout.map_logits, judgements_, map_logits_);
  write(layout.map_pixels, version, map_pixels_);
}

}  // namespace fl
