// What is shown and how: as a scene asks for it, and as a viewer changes it.
#include "engine/stage/view_state.h"

#include <gtest/gtest.h>

#include "engine/view/view_spec.h"

namespace fl {
namespace {

Frame plane(std::uint32_t number, float low, float high, bool ready = true) {
  Frame frame;
  frame.facts.plane_number = number;
  frame.facts.grid_ready = ready;
  frame.facts.loss_min = low;
  frame.facts.loss_max = high;
  return frame;
}

TEST(HeightScale, IsDecidedOnceForEachPlane) {
  HeightScale height;
  EXPECT_FALSE(height.log());
  height.decide(plane(1, 0.1f, 50, false));
  EXPECT_FALSE(height.log()) << "it has no heights yet";
  height.decide(plane(1, 0.1f, 50));
  EXPECT_TRUE(height.log());
  height.decide(plane(1, 0.1f, 0.2f));
  EXPECT_TRUE(height.log()) << "the same plane, refined";
  height.decide(plane(2, 0.1f, 0.9f));
  EXPECT_FALSE(height.log());
  height.decide(plane(3, 0, 50));
  EXPECT_FALSE(height.log()) << "0 has no logarithm";
}

TEST(HeightScale, AChoiceStays) {
  HeightScale height;
  height.choose(true);
  EXPECT_TRUE(height.log());
  height.decide(plane(1, 0.1f, 0.2f));
  EXPECT_TRUE(height.log());
  height.choose(false);
  height.decide(plane(2, 0.1f, 50));
  EXPECT_FALSE(height.log());
}

TEST(ViewState, IsWhatTheSceneSays) {
  const ViewState usual = view_state(ViewSpec{});
  EXPECT_TRUE(usual.framed);
  EXPECT_FALSE(usual.light());
  EXPECT_EQ(usual.colors->name, "tide");
  EXPECT_EQ(usual.curves.loss_axis, LossAxis::kAuto);
  EXPECT_TRUE(usual.wall.room);
  EXPECT_EQ(usual.text_scale(), 1);

  ViewSpec spec;
  spec.theme = "light";
  for (const std::string& name : color_map_names())
    if (name != "tide") spec.colors = name;
  spec.height = "log";
  spec.loss = "linear";
  spec.presenter = true;
  spec.wall = "flat";
  spec.yaw = 90;
  spec.pitch = 45;
  spec.distance = 3;
  ViewState view = view_state(spec);
  EXPECT_TRUE(view.light());
  EXPECT_EQ(view.colors->name, spec.colors);
  EXPECT_TRUE(view.height.log());
  EXPECT_EQ(view.curves.loss_axis, LossAxis::kLinear);
  EXPECT_FALSE(view.wall.room);
  EXPECT_EQ(view.text_scale(), kPresenterText);
  EXPECT_FALSE(view.framed);
  EXPECT_FLOAT_EQ(view.camera.yaw, 1.5707964f);
  EXPECT_FLOAT_EQ(view.camera.pitch, 0.7853982f);
  EXPECT_FLOAT_EQ(view.camera.distance, 3);
  view.set_light(false);
  EXPECT_EQ(view.theme, &dark_theme());
}

}  // namespace
}  // namespace fl
