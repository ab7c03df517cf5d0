// The view in session files.
#include "engine/app/studio/view_json.h"

#include <gtest/gtest.h>

namespace fl {
namespace {

ViewState another_view() {
  ViewState view;
  view.camera = {.yaw = 0.1f, .pitch = -0.05f, .distance = 3.3f, .target = {0.25f, 0.5f, -1}};
  view.framed = false;
  view.set_light(true);
  for (const std::string& name : color_map_names())
    if (name != view.colors->name) view.colors = &color_map(name);
  view.height.choose(true);
  view.curves.loss_axis = LossAxis::kLog;
  view.curves.kind = CurvesKind::kClasses;
  view.curves.steps = true;
  view.curves.earlier = false;
  view.wall.room = false;
  view.wall.tile = TileChoice{2, 5};
  view.presenter = true;
  view.fill(StageFill::kWall);
  view.set_map(MapPlace::kWall);
  return view;
}

TEST(ViewJson, AViewIsReadAsItWasWritten) {
  for (const ViewState& view : {ViewState{}, another_view()}) {
    const Json::Object members = view_members(view, 1.25f);
    // Through text, as in a file.
    const auto read = Json::parse(Json(members).line());
    ASSERT_TRUE(read.has_value());
    ViewState taken = another_view();
    taken.camera.yaw = 1;
    float aspect = 0;
    ASSERT_TRUE(set_view(*read, taken, aspect).ok());
    EXPECT_EQ(aspect, 1.25f);
    EXPECT_EQ(taken.camera.yaw, view.camera.yaw);
    EXPECT_EQ(taken.camera.target, view.camera.target);
    EXPECT_EQ(taken.height.log(), view.height.log());
    EXPECT_EQ(taken.parts, view.parts);
    EXPECT_EQ(taken.curves, view.curves);
    EXPECT_EQ(view_members(taken, 1.25f), members);
  }
}

// What a film of a session shows otherwise than the session did.
TEST(ViewJson, KeysOfASceneDecideMembers) {
  using Names = std::vector<std::string>;
  EXPECT_EQ(members_of_keys({}).value(), Names{});
  EXPECT_EQ(members_of_keys({"camera.yaw=20", "view.theme=light"}).value(),
            (Names{"camera", "framed", "theme"}));
  EXPECT_EQ(members_of_keys({"view.themes=light"}).error().message, "view.themes");
  EXPECT_EQ(members_of_keys({"view.curves=norms"}).value(), Names{"curves"});
  const Json::Object all = view_members(ViewState{}, 1);
  EXPECT_EQ(without_members(all, {}), all);
  EXPECT_EQ(without_members(all, {"camera"}).size(), all.size() - 1);
  ViewState taken = another_view();
  float aspect = 0;
  ASSERT_TRUE(set_view(without_members(all, {"theme", "camera", "framed"}), taken, aspect).ok());
  EXPECT_TRUE(taken.light());
  EXPECT_EQ(taken.camera, another_view().camera);
  EXPECT_FALSE(taken.presenter) << "that is the session's";
}

TEST(ViewJson, OnlyWhatChangedIsKept) {
  const Json::Object before = view_members(ViewState{}, 1);
  EXPECT_TRUE(changed_members(before, before).empty());
  EXPECT_EQ(changed_members({}, before), before);
  ViewState view;
  view.set_light(true);
  EXPECT_EQ(changed_members(before, view_members(view, 1)), (Json::Object{{"theme", "light"}}));
  float aspect = 1;
  ViewState taken;
  taken.presenter = true;
  ASSERT_TRUE(set_view(Json::Object{{"theme", "light"}}, taken, aspect).ok());
  EXPECT_TRUE(taken.light());
  EXPECT_TRUE(taken.presenter) << "the rest stays";
}

TEST(ViewJson, WhatNoViewHasIsNamed) {
  const auto said = [](const char* text) {
    ViewState view;
    float aspect = 1;
    const auto done = set_view(*Json::parse(text), view, aspect);
    return done ? std::string("nothing") : done.error().message;
  };
  EXPECT_EQ(said(R"({"theme": "dark"})"), "nothing");
  EXPECT_EQ(said(R"({"zoom": 3})"), "no view has \"zoom\": 3.");
  EXPECT_EQ(said(R"({"theme": "pink"})"), "no view has \"theme\": \"pink\".");
  EXPECT_EQ(said(R"({"colors": "pink"})"), "no view has \"colors\": \"pink\".");
  EXPECT_EQ(said(R"({"loss": 3})"), "no view has \"loss\": 3.");
  EXPECT_EQ(said(R"({"curves": "rates"})"), "no view has \"curves\": \"rates\".");
  EXPECT_EQ(said(R"({"curves_over": "days"})"), "no view has \"curves_over\": \"days\".");
  EXPECT_EQ(said(R"({"framed": "yes"})"), "no view has \"framed\": \"yes\".");
  EXPECT_EQ(said(R"({"aspect": 0})"), "no view has \"aspect\": 0.");
  EXPECT_EQ(said(R"({"camera": [0, 0, 0, 0, 0, 0]})"), "no view has \"camera\": [0,0,0,0,0,0].");
  EXPECT_EQ(said(R"({"camera": [0, 0, 1e300, 0, 0, 0]})"), "no view has \"camera\": [0,0,1e+300,0,0,0].");
  EXPECT_EQ(said(R"({"camera": [0, 0, 1]})"), "no view has \"camera\": [0,0,1].");
  EXPECT_EQ(said(R"({"tile": [99, 0]})"), "no view has \"tile\": [99,0].");
  EXPECT_EQ(said(R"({"tile": null})"), "nothing");
  EXPECT_EQ(said(R"({"map": "room"})"), "no view has \"map\": \"room\".");
  EXPECT_EQ(said(R"({"map": "stage"})"), "nothing");
  EXPECT_EQ(said(R"({"fill": "room"})"), "no view has \"fill\": \"room\".");
  EXPECT_EQ(said(R"({"fill": "curves"})"), "nothing");
}

}  // namespace
}  // namespace fl
