// The right column of whole pictures as the stage draws them, in every size that a projector, a film and a
// web page have: feature wall in the room and flat, one tile enlarged, curves, several descents. The
// landscape has pictures of its own (golden_test.cpp).

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <optional>
#include <set>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "engine/bridge/host_ring.h"
#include "engine/film/capture.h"
#include "tests/golden/flat_scene.h"
#include "tests/support/golden.h"
#include "tests/support/headless_stage.h"
#include "tests/support/reference_font.h"

namespace fl::testing {
namespace {

const GoldenFolders kFolders{std::filesystem::path(FALLLINE_SOURCE_DIR) / "tests/golden/reference",
                             FALLLINE_GOLDEN_FAILED};

Picture cropped(const Picture& whole, const Rect& part) {
  const auto x = static_cast<std::size_t>(part.x), y = static_cast<std::size_t>(part.y);
  Picture out{static_cast<std::uint32_t>(part.width), static_cast<std::uint32_t>(part.height), {}};
  for (std::size_t row = y; row < y + out.height; ++row) {
    const auto begin = whole.rgba.begin() + static_cast<std::ptrdiff_t>((row * whole.width + x) * 4);
    out.rgba.insert(out.rgba.end(), begin, begin + static_cast<std::ptrdiff_t>(out.width) * 4);
  }
  return out;
}

class StageColumn : public ::testing::Test {
 protected:
  void SetUp() override {
    std::string reason;
    env_ = HeadlessStage::get(reason);
    if (env_ == nullptr) GTEST_SKIP() << reason;
    ASSERT_TRUE(env_->instance->validation()) << "install vulkan-validationlayers";
    clear_validation_messages();
    ring_.emplace(*env_->device, flat::content_capacity());
    sets_.emplace(*env_->device, ring_->layout(), ring_->buffers());
  }
  void TearDown() override {
    if (env_ == nullptr) return;
    for (const std::string& message : validation_messages()) ADD_FAILURE() << message;
  }

  template <typename Fill>
  void publish(Fill fill) {
    const auto slot = ring_->try_begin_write();
    ASSERT_TRUE(slot);
    Frame frame;
    fill(*slot, frame);
    ring_->publish(*slot, frame);
    if (frame_) ring_->abandoned(*frame_);
    frame_ = ring_->acquire_latest();
  }
  void publish(const flat::Content& content) {
    publish([&](const FrameSlot& slot, Frame& frame) { flat::fill_content(content, slot, frame); });
    texts_ = flat::content_texts(content.classes, content.net);
  }

  [[nodiscard]] Picture shoot(VkExtent2D extent) {
    Capture capture(*env_->device, extent);
    return capture.shoot(*env_->stage, sets_->set(frame_->slot), *frame_, view_, texts_);
  }
  // All that is right of the landscape, or `part` of it, in shares of the picture.
  void expect_golden(const std::string& name, VkExtent2D extent, std::optional<Rect> part = {}) {
    const Picture whole = shoot(extent);
    if (!has_reference_font()) GTEST_SKIP() << "drawn in another typeface than the references";
    const auto width = static_cast<float>(extent.width), height = static_cast<float>(extent.height);
    const float left = Stage::layout(extent, view_).landscape.right();
    Rect rect{left, 0, width - left, height};
    if (part)
      rect = {std::floor(part->x * width), std::floor(part->y * height), std::floor(part->width * width),
              std::floor(part->height * height)};
    EXPECT_EQ(compare_golden(kFolders, "stage_" + name, cropped(whole, rect)), "");
  }

  static constexpr VkExtent2D kUsualSize{1280, 720};
  HeadlessStage* env_ = nullptr;
  std::optional<HostRing> ring_;
  std::optional<SlotSets> sets_;
  std::optional<AcquiredFrame> frame_;
  StageView view_;
  StageTexts texts_;
};

TEST_F(StageColumn, RoomDark) {
  publish({.done = 35});
  expect_golden("room_dark", kUsualSize);
}

TEST_F(StageColumn, RoomLightFullHd) {
  view_.theme = &light_theme();
  publish({.done = 35, .wrong = true});
  expect_golden("room_light_1080", {1920, 1080});
}

// Cards throw soft shadows to all sides, also over what lies left of the column.
TEST_F(StageColumn, ShadowsOfTheRoomFallBeyondTheColumn) {
  view_.theme = &light_theme();
  publish({.done = 5, .net = flat::Net::kFew});
  const float left = Stage::layout(kUsualSize, view_).landscape.right();
  const Rect strip{left - 6, 0, 6, static_cast<float>(kUsualSize.height)};
  const Picture room = cropped(shoot(kUsualSize), strip);
  view_.wall.room = false;
  const Picture flat = cropped(shoot(kUsualSize), strip);
  std::size_t darker = 0;
  for (std::size_t i = 0; i < room.rgba.size(); i += 4) darker += room.rgba[i] + 3 < flat.rgba[i] ? 1 : 0;
  EXPECT_GT(darker, 200u);
}

TEST_F(StageColumn, RoomSmall) {
  publish({.done = 35});
  expect_golden("room_small", {640, 360});
}

// A part of it: the whole would be megabytes.
TEST_F(StageColumn, RoomFourK) {
  publish({.done = 35});
  expect_golden("room_4k", {3840, 2160}, Rect{0.62F, 0.42F, 0.17F, 0.25F});
}

TEST_F(StageColumn, RoomOfFewLayers) {
  view_.theme = &light_theme();
  publish({.done = 5, .net = flat::Net::kFew});
  expect_golden("room_few_light", kUsualSize);
}

TEST_F(StageColumn, RoomOfManyLayersAndClasses) {
  publish({.done = 35, .classes = 5, .net = flat::Net::kMany});
  expect_golden("room_many", kUsualSize);
}

TEST_F(StageColumn, RoomForPresenters) {
  view_.presenter = true;
  publish({.done = 35});
  expect_golden("room_presenter", kUsualSize);
}

TEST_F(StageColumn, FlatSmallLight) {
  view_.wall.room = false;
  view_.theme = &light_theme();
  publish({.done = 35});
  expect_golden("flat_small_light", {640, 360});
}

TEST_F(StageColumn, OneTileEnlarged) {
  view_.wall.tile = TileChoice{2, 6};
  view_.curves.loss_axis = LossAxis::kLog;
  publish({.done = 35});
  expect_golden("close_up", kUsualSize);
  view_.theme = &light_theme();
  view_.presenter = true;
  view_.wall.tile = TileChoice{0, 0};
  expect_golden("close_up_presenter_light", kUsualSize);
}

// An image that is not of the data set has predictions, and no class that they could miss.
TEST_F(StageColumn, AGuestImage) {
  const flat::Content content{.done = 35};
  publish([&](const FrameSlot& slot, Frame& frame) {
    flat::fill_content(content, slot, frame);
    frame.header.image_label = kNoLabel;
  });
  texts_ = flat::content_texts(content.classes, content.net);
  constexpr Rect kWall{0.6F, 0, 0.4F, 0.75F};
  expect_golden("guest", kUsualSize, kWall);
  view_.theme = &light_theme();
  expect_golden("guest_light", kUsualSize, kWall);
}

// Over a lesson that goes on, and for presenters, whose words are large.
TEST_F(StageColumn, TheCardOfWhatIsLoading) {
  publish({.done = 35});
  texts_.loading = {
      .title = "Opening 3-balanced.toml", .words = "Drawing phantoms: 1,240 of 2,000", .share = 0.6};
  constexpr Rect kLower{0, 0.5F, 0.53F, 0.5F};
  expect_golden("loading", kUsualSize, kLower);
  view_.theme = &light_theme();
  view_.presenter = true;
  texts_.message = "broken.tm is not whole; copy it again.";
  texts_.message_is_error = true;
  texts_.loading->share = 0.05;
  expect_golden("loading_presenter_light", kUsualSize, kLower);
}

TEST_F(StageColumn, WhatAFilmSaysOverThePicture) {
  publish({.done = 35});
  texts_.captions = {{"Each step goes straight down the slope, as far as the learning rate says."},
                     {"The test loss turns.", CaptionPlace::kTop}};
  texts_.cards = {{"Gradient descent", "How a network learns, in sixty seconds"}};
  constexpr Rect kLeft{0, 0, 0.62F, 1}, kAll{0, 0, 1, 1};
  view_.caption = {1, 1};
  expect_golden("caption", kUsualSize, kLeft);
  view_.caption = {2, 0.5F};
  view_.theme = &light_theme();
  expect_golden("caption_top_light", kUsualSize, kLeft);
  view_.caption = {1, 1};
  view_.fill(StageFill::kCurves);
  expect_golden("caption_over_curves_light", kUsualSize, Rect{0, 0, 1, 0.2F});
  view_.fill(StageFill::kNone);
  view_.theme = &dark_theme();
  view_.card = {1, 0.6F};
  expect_golden("title_card_fading", kUsualSize, kAll);
}

// The images by their embedding: in the column, and where the landscape is.
class StageMap : public StageColumn {
 protected:
  void publish_map(std::uint32_t images, std::uint32_t classes = 2) {
    const flat::Content content{.done = 35, .classes = classes, .label = 0};
    publish([&](const FrameSlot& slot, Frame& frame) {
      flat::fill_content(content, slot, frame);
      flat::fill_map(images, slot, frame);
    });
    texts_ = flat::content_texts(content.classes, content.net);
  }
};

TEST_F(StageMap, InTheColumn) {
  view_.set_map(MapPlace::kWall);
  publish_map(60);
  constexpr Rect kCard{0.6F, 0, 0.4F, 0.5F};
  expect_golden("map", kUsualSize, kCard);
  view_.theme = &light_theme();
  expect_golden("map_light", kUsualSize, kCard);
  view_.presenter = true;
  publish_map(200, 5);
  expect_golden("map_presenter_light", kUsualSize, Rect{0.5F, 0, 0.5F, 0.5F});
}

TEST_F(StageMap, OnTheStage) {
  view_.set_map(MapPlace::kStage);
  publish_map(136);
  constexpr Rect kStage{0, 0, 0.63F, 1};
  expect_golden("map_large", kUsualSize, kStage);
  view_.theme = &light_theme();
  publish_map(136, 5);
  expect_golden("map_large_light", kUsualSize, kStage);
}

TEST_F(StageMap, Small) {
  view_.set_map(MapPlace::kStage);
  publish_map(136);
  expect_golden("map_large_small", {480, 320}, Rect{0, 0, 0.63F, 1});
}

TEST_F(StageColumn, SeveralDescents) {
  view_.parts = {.tiles = false, .bars = false, .paths = true};
  publish(flat::fill_descents);
  texts_.path_names = {"Gradient descent", "Momentum", "RMSProp", "Adam"};
  expect_golden("descents", kUsualSize);
  view_.theme = &light_theme();
  view_.curves.loss_axis = LossAxis::kLog;
  expect_golden("descents_log_light", kUsualSize);
}

// The curves alone on the picture, as from the last row of a hall.
TEST_F(StageColumn, LargeCurves) {
  publish({.done = 35, .classes = 5, .earlier = 2});
  view_.fill(StageFill::kCurves);
  view_.curves.kind = CurvesKind::kClasses;
  constexpr Rect kWhole{0, 0, 1, 1};
  expect_golden("large_classes", {1024, 640}, kWhole);
  view_.theme = &light_theme();
  view_.curves.kind = CurvesKind::kLoss;
  expect_golden("large_earlier_light", {1024, 640}, kWhole);
}

// A tile that is not there is no reason to draw nothing.
TEST_F(StageColumn, ATileThatIsNotThereLeavesTheWall) {
  publish({.done = 35});
  const Picture wall = shoot(kUsualSize);
  for (const TileChoice tile : {TileChoice{99, 0}, TileChoice{1, 99}, TileChoice{4, 0}}) {
    view_.wall.tile = tile;
    EXPECT_EQ(shoot(kUsualSize).rgba, wall.rgba);
  }
}

// What is seen under the pointer is what a click enlarges.
TEST_F(StageColumn, EveryTileThatIsSeenCanBePicked) {
  publish({.done = 35});
  for (const bool room : {true, false}) {
    view_.wall.room = room;
    std::set<std::pair<std::uint32_t, std::uint32_t>> found;
    for (std::uint32_t x = 780; x < kUsualSize.width; x += 3)
      for (std::uint32_t y = 0; y < kUsualSize.height; y += 3)
        if (const auto tile = Stage::tile_at(kUsualSize, view_, *frame_, {x, y}))
          found.insert({tile->layer, tile->channel});
    EXPECT_TRUE(found.contains({0, 0})) << room;
    for (std::uint32_t channel = 0; channel < 16; ++channel)
      EXPECT_TRUE(found.contains({1, channel})) << channel;
    EXPECT_GE(found.size(), 17U + 18U + 18U);
    for (const auto& [layer, channel] : found) {
      const auto middle = Stage::tile_middle(kUsualSize, view_, *frame_, {layer, channel});
      ASSERT_TRUE(middle) << layer << ' ' << channel;
      EXPECT_EQ(Stage::tile_at(kUsualSize, view_, *frame_, *middle), (TileChoice{layer, channel}));
    }
    EXPECT_FALSE(Stage::tile_middle(kUsualSize, view_, *frame_, {1, 16}));
    EXPECT_FALSE(Stage::tile_at(kUsualSize, view_, *frame_, {300, 300}));
  }
}

}  // namespace
}  // namespace fl::testing
