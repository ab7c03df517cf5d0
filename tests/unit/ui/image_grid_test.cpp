// The grid makes widgets of what is in sight alone, however many images there are, wherever it is scrolled
// to.
#include <algorithm>
#include <chrono>
#include <cstdio>

#include <gtest/gtest.h>
#include <imgui/imgui.h>

#include "engine/ui/actions.h"
#include "engine/ui/panels/data/data_desk.h"
#include "engine/ui/panels/data/data_panel.h"
#include "tests/unit/ui/headless_imgui.h"

namespace fl {
namespace {

class Grid : public ::testing::Test {
 protected:
  static Dataset many() {
    Dataset data;
    data.classes = {"A", "B"};
    for (int i = 0; i < 32'000; ++i) {
      data.labels.push_back(i % 2);
      data.names.emplace_back("image");
    }
    return data;
  }
  Grid() {
    for (int i = 0; i < 32'000; i += 7) split_.test.push_back(i);
  }

  // A frame in which the wheel turned by so much over the grid; how many vertices it draws.
  int frame(float wheel) {
    ImGuiIO& io = ImGui::GetIO();
    io.MousePos = {150, 300};
    io.MouseWheel = wheel;
    ImGui::NewFrame();
    ImGui::SetNextWindowPos({0, 0});
    ImGui::SetNextWindowSize({380, 640});
    ImGui::Begin("data", nullptr, ImGuiWindowFlags_NoDecoration);
    ActionContext context{status_, lesson_, shown_, view_, viewer_, panel_, commands_, wishes_, controls_};
    draw_image_grid(desk_, *view_.theme, context, 100);
    draw_draft(desk_, *view_.theme, context);
    ImGui::End();
    ImGui::Render();
    return ImGui::GetDrawData()->TotalVtxCount;
  }

  testing::HeadlessImGui imgui_;
  Dataset data_ = many();
  Split split_;
  RunSpec run_;
  Background background_;
  DataDesk desk_{data_, split_, run_, background_};
  LessonInfo lesson_{.trains = true, .run = {}, .data = &data_, .split = &split_};
  Status status_;
  Frame shown_;
  ViewState view_;
  Viewer viewer_;
  std::string_view panel_ = "data";
  std::vector<Command> commands_;
  Wishes wishes_;
  Controls controls_;
};

TEST_F(Grid, OfManyImagesCostsWhatIsInSight) {
  frame(0);
  const int first = frame(0);
  const auto begun = std::chrono::steady_clock::now();
  int most = 0;
  constexpr int kFrames = 200;
  for (int i = 0; i < kFrames; ++i) most = std::max(most, frame(i < kFrames / 2 ? -40.0f : 10.0f));
  const std::chrono::duration<double, std::milli> each = (std::chrono::steady_clock::now() - begun) / kFrames;
  std::printf("%.3f ms a frame, %d vertices at most\n", each.count(), most);
  EXPECT_GT(first, 500);
  EXPECT_LT(most, 3 * first);
}

}  // namespace
}  // namespace fl
