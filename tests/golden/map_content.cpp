#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

#include "tests/golden/flat_scene.h"
#include "trainer/backbone/principal_plane.h"

namespace fl::flat {
namespace {

// Numbers in [-1, 1) that depend on their index alone.
float scatter(std::uint32_t i) {
  i = (i ^ i >> 15U) * 0x2C1B3C6DU;
  i = (i ^ i >> 12U) * 0x297A2D39U;
  return static_cast<float>((i ^ i >> 15U) >> 8U) / 8388608.0F - 1;
}

struct Group {
  float x, y, wide, high;
};
Group group(std::uint32_t label, std::uint32_t classes) {
  const float turn = 6.2832F * static_cast<float>(label) / static_cast<float>(classes) + 0.5F;
  return {6 * std::cos(turn), 4 * std::sin(turn), 7.5F - 0.5F * static_cast<float>(classes), 4};
}

// A slice of its own for each image: brighter or darker, its mark elsewhere.
void paint(std::uint32_t image, std::uint32_t label, std::span<std::uint32_t> pixels) {
  for (std::uint32_t i = 0; i < kMapSide * kMapSide; ++i) {
    const float x = 2 * (static_cast<float>(i % kMapSide) + 0.5F) / kMapSide - 1;
    const float y = 2 * (static_cast<float>(i / kMapSide) + 0.5F) / kMapSide - 1;
    const float head = std::hypot(x / 0.74F, y / 0.92F);
    float value = head > 1 ? 0.03F : head > 0.9F ? 0.97F : 0.42F + 0.08F * scatter(image);
    const float spot = std::hypot(x - 0.4F * scatter(image + 50), y - 0.4F * scatter(image + 90));
    if (label == 0 && spot < 0.22F) value = 0.9F;
    const auto grey = static_cast<std::uint32_t>(std::lround(255 * value));
    pixels[i] = grey | grey << 8U | grey << 16U;
  }
}

}  // namespace

void fill_map(std::uint32_t images, const FrameSlot& slot, Frame& frame) {
  MapFacts& map = frame.facts.map;
  const std::uint32_t classes = frame.facts.class_count;
  map.images = map.training_images = images;
  map.classes = classes;
  map.side = slot.layout->capacity.map_side;
  map.center_x = 0.5F;
  map.half = 15;
  map.share1 = 0.38F;
  map.share2 = 0.14F;
  std::vector<std::array<double, 2>> places;
  for (std::uint32_t i = 0; i < images; ++i) {
    const Group g = group(i % classes, classes);
    const auto spread = [i](std::uint32_t seed) {
      return 0.5F * (scatter(i + seed) + scatter(i + 1000 + seed) + scatter(i + 2000 + seed));
    };
    places.push_back({g.x + g.wide * spread(0), g.y + g.high * spread(500)});
  }
  const SpreadOrder order = spread_order(places);
  map.pictures = std::min(images, kMapPictures);
  std::vector<MapClass> of(classes);
  std::vector<float> counts(classes);
  for (std::uint32_t i = 0; i < images; ++i) {
    const std::size_t place = order.points[i];
    const auto label = static_cast<std::uint32_t>(place % classes);
    const auto x = static_cast<float>(places[place][0]), y = static_cast<float>(places[place][1]);
    // Every seventh picture is a low one.
    slot.map_images()[i] = {x, y, label,
                            i < map.pictures ? kMapSide + 256 * (i % 7 == 3 ? 30 : kMapSide) : 0};
    of[label].mean_x += x;
    of[label].mean_y += y;
    ++counts[label];
    if (i >= map.pictures) continue;
    map.gaps[i] = static_cast<float>(order.gaps[i]);
    paint(i, label, slot.map_pixels().subspan(i * kMapSide * kMapSide, kMapSide * kMapSide));
  }
  for (std::uint32_t c = 0; c < classes; ++c) {
    const Group g = group(c, classes);
    of[c] = {of[c].mean_x / counts[c], of[c].mean_y / counts[c], 0.07F * g.x, 0.07F * g.y};
    slot.map_classes()[c] = map.of_classes[c] = of[c];
    for (std::uint32_t cell = 0; cell < map.side * map.side; ++cell) {
      const auto along = [&](std::uint32_t step) {
        return 2 * static_cast<float>(step) / static_cast<float>(map.side - 1) - 1;
      };
      const float x = map.center_x + map.half * along(cell % map.side), y = map.half * along(cell / map.side);
      const float bend = 0.02F * y * y * (c == 0 ? 1.0F : -1.0F);
      slot.map_logits()[c * map.side * map.side + cell] = 0.07F * (g.x * x + g.y * y) + bend;
    }
  }
  map.shown = {-4, 5, 0, kMapSide + 256 * kMapSide};
  paint(7, 0, slot.map_pixels().subspan(map.pictures * kMapSide * kMapSide, kMapSide * kMapSide));
}

}  // namespace fl::flat
