#pragma once
// A slot that a device's writer filled, beside one that the host filled for the same state of the same run.

#include <cstring>

#include <gtest/gtest.h>

#include "trainer/base/frame.h"

namespace fl::test {

// What of two slots shaders may look at.
inline void expect_same(const FrameSlot& host, const FrameHeader& h, const FrameSlot& device) {
  FrameHeader d;
  std::memcpy(&d, device.memory.data() + device.layout->header.offset, sizeof(d));
  EXPECT_EQ(std::memcmp(&h, &d, sizeof(h)), 0) << "header of step " << h.step;
  const auto same = [&](const FrameLayout::Section& section, std::size_t bytes, const char* what) {
    EXPECT_EQ(std::memcmp(host.memory.data() + section.offset, device.memory.data() + section.offset, bytes),
              0)
        << what << " of step " << h.step;
  };
  const std::size_t cells = std::size_t{h.grid_side} * h.grid_side;
  std::size_t floats = 0;
  for (std::uint32_t l = 0; l < h.layer_count; ++l)
    floats += std::size_t{h.layers[l].channels} * h.layers[l].height * h.layers[l].width;
  same(host.layout->heights, cells * sizeof(float), "heights");
  same(host.layout->cells, cells * sizeof(std::uint32_t), "cells");
  if (h.test_evaluated > 0) {
    same(host.layout->test_heights, cells * sizeof(float), "test set's heights");
    same(host.layout->test_cells, cells * sizeof(std::uint32_t), "test set's cells");
  }
  same(host.layout->path, h.path_count * sizeof(PathPoint), "path");
  same(host.layout->features, floats * sizeof(float), "features");
  same(host.layout->step_losses, h.step_count * sizeof(float), "step losses");
  same(host.layout->epochs, h.epoch_count * sizeof(EpochPoint), "epochs");
}

}  // namespace fl::test
