#include "engine/view/view_spec.h"

#include <gtest/gtest.h>

namespace fl {
namespace {

TEST(ViewSpec, ReadsWhatItSaysAndKeepsDefaultsElsewhere) {
  const auto spec = parse_view_spec(toml::parse(R"(
    [view]
    theme = "light"
    presenter = true
    wall = "flat"
    [camera]
    yaw = -30
  )"));
  ASSERT_TRUE(spec.ok()) << spec.error().message;
  EXPECT_EQ(spec->theme, "light");
  EXPECT_TRUE(spec->presenter);
  EXPECT_EQ(spec->wall, "flat");
  EXPECT_EQ(spec->yaw, -30);
  EXPECT_EQ(spec->colors, "tide");
  EXPECT_EQ(spec->pitch, ViewSpec{}.pitch);
  EXPECT_FALSE(parse_view_spec(toml::table{})->presenter);
}

TEST(ViewSpec, NamesLineKeyAndWhatWouldBeRight) {
  const auto failure = [](const char* text) {
    const auto spec = parse_view_spec(toml::parse(text));
    return spec ? "" : spec.error().message;
  };
  const std::string unknown = failure("[view]\npresentr = true");
  EXPECT_NE(unknown.find("line 2"), std::string::npos) << unknown;
  EXPECT_NE(unknown.find("presenter"), std::string::npos) << unknown;
  const std::string theme = failure("[view]\ntheme = \"drak\"");
  EXPECT_NE(theme.find("dark"), std::string::npos) << theme;
  EXPECT_NE(failure("[camera]\npitch = 91").find("89"), std::string::npos);
  EXPECT_NE(failure("[view]\npresenter = 1").find("presenter"), std::string::npos);
}

TEST(ViewSpec, EveryKeyHasATextAndIsReadAsItWasWritten) {
  for (const TableText& table : {view_keys().describe(), camera_keys().describe()})
    for (const KeyText& key : table.keys) {
      EXPECT_TRUE(key.text.ends_with('.')) << key.name;
      EXPECT_FALSE(key.kind.empty() || key.preset.empty()) << key.name;
    }
  const auto written = [](const ViewSpec& spec) {
    return toml::table{{"view", view_keys().write(spec)}, {"camera", camera_keys().write(spec)}};
  };
  const ViewSpec other{.theme = "light",
                       .colors = "ember",
                       .height = "log",
                       .steps_per_second = 0,
                       .autoplay = false,
                       .loss = "linear",
                       .presenter = true,
                       .wall = "flat",
                       .cues = {{Cue::Kind::kAsk, "why?", "the answer"}, {Cue::Kind::kWatch, "it falls"}},
                       .tile = "conv 1:5",
                       .yaw = -30,
                       .pitch = 12,
                       .distance = 4};
  for (const ViewSpec& spec : {ViewSpec{}, other}) {
    const auto read = parse_view_spec(written(spec));
    ASSERT_TRUE(read.ok()) << read.error().message;
    EXPECT_EQ(*read, spec);
  }
}

}  // namespace
}  // namespace fl
