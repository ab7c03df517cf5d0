// Where the window says a message, by what the bar's font can write; no window and no device.
#include "engine/app/window/message_place.h"

#include <gtest/gtest.h>
#include <imgui.h>

#include "engine/text/font.h"
#include "engine/ui/imgui_layer.h"

namespace fl {
namespace {

class MessagePlace : public ::testing::Test {
 protected:
  void load(const std::string& font) {
    ImGui::CreateContext();
    ImGuiLayer::load_font({font, 16});
    ASSERT_TRUE(ImGui::GetIO().Fonts->Build());
  }
  void TearDown() override { ImGui::DestroyContext(); }
};

TEST_F(MessagePlace, TheBarSaysWhatItsFontCanWrite) {
  const auto font = font_path(FontWeight::kRegular);
  if (!font) GTEST_SKIP() << "no typeface is installed";
  load(*font);
  for (const char* message : {"", "shaders reloaded", "Der Ordner \xc3\x9c" "bung ist leer: 3 \xe2\x86\x92 4",
                              "first line\nsecond\tline"})
    EXPECT_FALSE(said_on_stage(message, false)) << message;
}

TEST_F(MessagePlace, TheStageSaysWhatItCannot) {
  const auto font = font_path(FontWeight::kRegular);
  if (!font) GTEST_SKIP() << "no typeface is installed";
  load(*font);
  for (const char* name : {"\xd8\xb7\xd8\xa8\xd9\x8a\xd8\xb9\xd9\x8a", "\xd7\x93\xd7\x99", "\xe4\xb8\xad",
                           "\xed\x95\x9c", "\xf0\x9f\x98\x80"})
    EXPECT_TRUE(said_on_stage(std::string("There is no file or folder ") + name + ".", false)) << name;
}

TEST_F(MessagePlace, ThePlainFontKnowsLess) {
  load("");
  EXPECT_FALSE(said_on_stage("shaders reloaded", false));
  EXPECT_TRUE(said_on_stage("3 \xe2\x86\x92 4", false));
}

TEST_F(MessagePlace, APresenterHasNoBar) {
  load("");
  EXPECT_TRUE(said_on_stage("shaders reloaded", true));
}

}  // namespace
}  // namespace fl
