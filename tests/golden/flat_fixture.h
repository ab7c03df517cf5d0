#pragma once
// Text, feature wall, bars and curves alone on a picture, in both themes, any validation message a failure.

#include <filesystem>
#include <functional>
#include <optional>
#include <ostream>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "tests/golden/flat_scene.h"
#include "tests/support/golden.h"
#include "tests/support/headless_stage.h"
#include "tests/support/reference_font.h"

namespace fl::flat {

struct Look {
  const char* name;
  const Theme& (*theme)();
};
inline void PrintTo(const Look& look, std::ostream* out) {
  *out << look.name;
}
inline constexpr Look kLooks[] = {{"dark", dark_theme}, {"light", light_theme}};

inline const testing::GoldenFolders kFolders{std::filesystem::path(FALLLINE_SOURCE_DIR) / "tests/golden/reference",
                                      FALLLINE_GOLDEN_FAILED};

class Flat : public ::testing::TestWithParam<Look> {
 protected:
  void SetUp() override {
    std::string reason;
    auto* stage = testing::HeadlessStage::get(reason);
    if (stage == nullptr) GTEST_SKIP() << reason;
    ASSERT_TRUE(stage->instance->validation()) << "install vulkan-validationlayers";
    clear_validation_messages();
    scene_.emplace(*stage->device, *stage->font);
  }
  void TearDown() override {
    scene_.reset();
    for (const std::string& message : validation_messages()) ADD_FAILURE() << message;
  }

  void publish(const Content& content) {
    content_ = content;
    scene_->publish([&](const FrameSlot& slot, Frame& frame) { fill_content(content, slot, frame); });
  }
  [[nodiscard]] static PictureInfo info(VkExtent2D extent) {
    return {.extent = extent, .theme = &GetParam().theme()};
  }
  [[nodiscard]] StageTexts texts() const { return content_texts(content_.classes); }

  void expect_golden(const char* what, VkExtent2D extent,
                     const std::function<void(const PassContext&, std::vector<ScreenLabel>&)>& record) {
    const Picture picture = scene_->draw(info(extent), record);
    if (!testing::has_reference_font()) GTEST_SKIP() << "drawn in another typeface than the references";
    EXPECT_EQ(testing::compare_golden(kFolders, fmt::format("flat_{}_{}", what, GetParam().name), picture),
              "");
  }

  std::optional<Scene> scene_;
  Content content_;
};

}  // namespace fl::flat
