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

}  // namespace
}  // namespace fl
