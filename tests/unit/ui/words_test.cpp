// Words of panels and of the bar, as Dear ImGui draws them: no window and no device.
#include "engine/ui/panels/words.h"

#include <algorithm>
#include <cstdlib>
#include <functional>
#include <string>

#include <gtest/gtest.h>
#include <imgui/imgui.h>

#include "engine/ui/actions.h"
#include "engine/ui/control_bar.h"
#include "engine/ui/typed_path.h"
#include "tests/unit/ui/headless_imgui.h"

namespace fl {
namespace {

class Words : public ::testing::Test {
 protected:
  testing::HeadlessImGui imgui_;

  // How many vertices a frame draws.
  static int frame(const std::function<void()>& draw) {
    ImGui::NewFrame();
    draw();
    ImGui::Render();
    return ImGui::GetDrawData()->TotalVtxCount;
  }
  static int row(const std::string& text) {
    return frame([&] {
      ImGui::SetNextWindowSize({300, 60});
      ImGui::Begin("rows", nullptr, ImGuiWindowFlags_NoDecoration);
      text_row(text);
      ImGui::End();
    });
  }
  float bar_height(const std::string& message, float width, float height) {
    WindowFacts facts;
    facts.message = message;
    frame([&] {
      bar_.draw(width, height, 1, facts,
                {status_, lesson_, shown_, view_, viewer_, panel_, commands_, wishes_, controls_});
    });
    return bar_.height(1);
  }

  ControlBar bar_;
  Status status_;
  LessonInfo lesson_;
  Frame shown_{};
  ViewState view_;
  Viewer viewer_;
  std::string_view panel_;
  std::vector<Command> commands_;
  Wishes wishes_;
  Controls controls_;
};

TEST_F(Words, LinesEndBetweenWords) {
  frame([] {
    const std::string text = "All 10 test images are called \"Normal\", whatever they are.";
    const float width = ImGui::CalcTextSize("All 10 test images are called \"Normal\"").x + 1;
    EXPECT_EQ(wrapped(text, width), "All 10 test images are called\n\"Normal\", whatever they are.");
    EXPECT_EQ(wrapped(text, 1e4f), text);
    EXPECT_EQ(wrapped("one\ntwo three", ImGui::CalcTextSize("two three").x + 1), "one\ntwo three");
    EXPECT_EQ(wrapped("a longer-than-that b", ImGui::CalcTextSize("longer").x), "a\nlonger-than-that\nb");
    EXPECT_EQ(wrapped("", 10), "");
  });
}

TEST_F(Words, ARowShowsItsWholeName) {
  row("scan");
  EXPECT_GT(row("scan##2.png"), row("scan"));
  EXPECT_GT(row("##id"), row(""));
}

TEST_F(Words, TheBarGrowsForALongMessage) {
  const float short_bar = bar_height("", 1280, 800);
  EXPECT_EQ(bar_height("It is done.", 1280, 800), short_bar);
  std::string sentence;
  for (int i = 0; i < 60; ++i) sentence += "sentence ";
  bar_height(sentence, 1280, 800);
  const float with_message = bar_height(sentence, 1280, 800);
  const float needed = static_cast<float>(sentence.size()) * 7 / 1240 * 13;  // of Dear ImGui's own font
  EXPECT_GE(with_message - short_bar, needed - 2 * 13);
  EXPECT_LE(with_message, 400);
  for (int i = 0; i < 3; ++i) sentence += sentence;
  bar_height(sentence, 320, 240);
  EXPECT_LE(bar_height(sentence, 320, 240), 120) << "half of the picture stays";
  bar_height("", 1280, 800);
  EXPECT_EQ(bar_height("", 1280, 800), short_bar);
}

TEST(TypedPath, KnowsTheShortNameOfOnesOwnFolder) {
  const char* before = std::getenv("HOME");
  const std::string kept = before == nullptr ? "" : before;
  setenv("HOME", "/home/eve", 1);
  EXPECT_EQ(typed_path("~/a b.tm"), "/home/eve/a b.tm");
  EXPECT_EQ(typed_path("~"), "/home/eve");
  EXPECT_EQ(typed_path("~/"), "/home/eve");
  EXPECT_EQ(typed_path("  ~/x.csv\n"), "/home/eve/x.csv");
  EXPECT_EQ(typed_path("~adam/x"), "~adam/x");
  EXPECT_EQ(typed_path("/data/~/x"), "/data/~/x");
  EXPECT_EQ(typed_path("plain.tm"), "plain.tm");
  EXPECT_EQ(typed_path("  "), "");
  // In a scene, too; what is called so stays as it is when it is written.
  EXPECT_EQ(path_in_scene("~/data/x.tm"), "/home/eve/data/x.tm");
  EXPECT_EQ(path_in_scene(scene_path("~/x")), "~/x");
  EXPECT_EQ(scene_path("/data/~/x"), "/data/~/x");
  unsetenv("HOME");
  EXPECT_EQ(typed_path("~/x"), "~/x");
  if (before != nullptr) setenv("HOME", kept.c_str(), 1);
}

}  // namespace
}  // namespace fl
