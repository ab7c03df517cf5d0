// Where the pointer is on the landscape: its ray, and what place of the plane a hit means; no window and no
// device.
#include "engine/ui/panels/landscape_panel.h"

#include <gtest/gtest.h>

#include "engine/ui/viewer.h"

namespace fl {
namespace {

TEST(LandscapePanel, APointOfTheDrawnSurfaceHasAPlaceOnThePlane) {
  FrameHeader header;
  header.a_min = -2;
  header.a_max = 6;
  header.b_min = 1;
  header.b_max = 3;
  EXPECT_EQ(place_on_plane(header, std::nullopt), std::nullopt);
  EXPECT_EQ(place_on_plane(header, glm::vec3(-1, 0.4f, 1)), (LandscapePlace{-2, 1}))
      << "b runs away from the viewer";
  EXPECT_EQ(place_on_plane(header, glm::vec3(0, 7, 0)), (LandscapePlace{2, 2}));
  EXPECT_EQ(place_on_plane(header, glm::vec3(1.0001f, 0, -1.0001f)), (LandscapePlace{6, 3}))
      << "never outside";
}

TEST(LandscapePanel, ThePointersRayIsThatOfADoubleClickThere) {
  ViewState view;
  Viewer viewer;
  Frame frame{};
  viewer.watch(view);
  viewer.resize({1280, 800}, {.bottom = 80});
  EXPECT_FALSE(viewer.pointer_ray());
  const glm::vec2 inside{300, 300};
  viewer.point_at(inside, frame);
  ASSERT_TRUE(viewer.pointer_ray());
  const Ray ray = *viewer.pointer_ray();
  WindowInput click;
  click.double_click = inside;
  viewer.handle(click, frame, 0.01);
  ASSERT_TRUE(viewer.question());
  EXPECT_EQ(viewer.question()->ray, ray);
  viewer.point_at(glm::vec2{301, 300}, frame);
  EXPECT_NE(viewer.pointer_ray(), ray);
  viewer.point_at(glm::vec2{300, 790}, frame);
  EXPECT_FALSE(viewer.pointer_ray()) << "the bar is no landscape";
  viewer.point_at(inside, frame);
  viewer.point_at(std::nullopt, frame);
  EXPECT_FALSE(viewer.pointer_ray());
}

}  // namespace
}  // namespace fl
