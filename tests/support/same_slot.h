#pragma once
// A slot that a device's writer filled, beside one that the host filled for the same state of the same run.

#include <algorithm>
#include <cmath>
#include <cstring>

#include <gtest/gtest.h>

#include "trainer/seam/frame.h"

namespace fl::test {

// Coordinates are sums over the weights, which a device forms in an order of its own: 1e-5 of the plane's
// extent, and of 1 the share that is off the plane, where a point in it has the root of a rounding error. All
// else is equal.
inline void expect_same_path(const FrameSlot& host, const Frame& h, const FrameSlot& device) {
  const float extent = std::max(h.header.a_max - h.header.a_min, h.header.b_max - h.header.b_min);
  for (std::uint32_t i = 0; i < h.header.path_count; ++i) {
    const PathPoint& wanted = host.path()[i];
    PathPoint found = device.path()[i];
    EXPECT_NEAR(found.a, wanted.a, 1e-5F * extent) << "point " << i << " of step " << h.facts.step;
    EXPECT_NEAR(found.b, wanted.b, 1e-5F * extent) << "point " << i << " of step " << h.facts.step;
    EXPECT_NEAR(found.off_plane, wanted.off_plane, 1e-5F) << "point " << i << " of step " << h.facts.step;
    found.a = wanted.a;
    found.b = wanted.b;
    found.off_plane = wanted.off_plane;
    // An unknown loss is not a number, whichever.
    if (std::isnan(found.slice_loss) && std::isnan(wanted.slice_loss)) found.slice_loss = wanted.slice_loss;
    EXPECT_EQ(std::memcmp(&found, &wanted, sizeof(found)), 0)
        << "point " << i << " of step " << h.facts.step << ": losses " << found.real_loss << " and "
        << found.slice_loss << " for " << wanted.real_loss << " and " << wanted.slice_loss << ", length "
        << found.step_length << " for " << wanted.step_length << ", step " << found.step << " for "
        << wanted.step << ", rate " << found.rate << " for " << wanted.rate;
  }
}

// What of two slots shaders may look at.
inline void expect_same(const FrameSlot& host, const Frame& h, const FrameSlot& device) {
  FrameHeader d;
  std::memcpy(&d, device.memory.data() + device.layout->header.offset, sizeof(d));
  EXPECT_EQ(std::memcmp(&h.header, &d, sizeof(d)), 0) << "header of step " << h.facts.step;
  const auto same = [&](const FrameLayout::Section& section, std::size_t bytes, const char* what) {
    EXPECT_EQ(std::memcmp(host.memory.data() + section.offset, device.memory.data() + section.offset, bytes),
              0)
        << what << " of step " << h.facts.step;
  };
  const std::size_t cells = std::size_t{h.facts.grid_side} * h.facts.grid_side;
  std::size_t floats = 0;
  for (std::uint32_t l = 0; l < h.facts.layer_count; ++l)
    floats += std::size_t{h.header.layers[l].channels} * h.header.layers[l].height * h.header.layers[l].width;
  same(host.layout->heights, cells * sizeof(float), "heights");
  same(host.layout->cells, cells * sizeof(std::uint32_t), "cells");
  if (h.facts.test_evaluated > 0) {
    same(host.layout->test_heights, cells * sizeof(float), "test set's heights");
    same(host.layout->test_cells, cells * sizeof(std::uint32_t), "test set's cells");
  }
  expect_same_path(host, h, device);
  same(host.layout->features, floats * sizeof(float), "features");
  same(host.layout->steps, h.facts.step_count * sizeof(StepPoint), "steps");
  same(host.layout->step_rates, h.facts.step_count * sizeof(float), "rates");
  same(host.layout->class_accuracies,
       std::size_t{h.facts.class_points} * h.facts.curve_classes * sizeof(float), "accuracies by class");
  for (std::uint32_t i = 0; i < h.facts.earlier_count; ++i) {
    FrameLayout::Section run = host.layout->earlier;
    run.offset += i * kEarlierPoints * sizeof(EpochPoint);
    same(run, h.facts.earlier[i].count * sizeof(EpochPoint), "an earlier run");
  }
  const MapFacts& map = h.facts.map;
  if (map.images > 0) {
    same(host.layout->map_images, map.images * sizeof(MapImage), "images on the map");
    same(host.layout->map_classes, map.classes * sizeof(MapClass), "classes on the map");
    same(host.layout->map_logits, std::size_t{map.classes} * map.side * map.side * sizeof(float), "the head");
    same(host.layout->map_pixels, (map.pictures + 1) * kMapSide * kMapSide * sizeof(std::uint32_t),
         "pictures");
  }
  same(host.layout->heat, std::size_t{h.header.heat_width} * h.header.heat_height * sizeof(float), "heat");
  same(host.layout->epochs, h.facts.epoch_count * sizeof(EpochPoint), "epochs");
}

}  // namespace fl::test
