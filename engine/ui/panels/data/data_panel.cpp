#include "engine/ui/panels/data/data_panel.h"

#include <fmt/format.h>
#include <imgui/imgui.h>

#include "engine/ui/imgui_layer.h"
#include "engine/ui/panels/data/data_desk.h"
#include "engine/ui/panels/warning.h"
#include "engine/ui/panels/words.h"
#include "engine/ui/places.h"
#include "trainer/base/counted.h"
#include "trainer/data/dataset.h"
#include "trainer/subjects/record/findings.h"

namespace fl {
namespace {

void draw_summary(const LessonInfo& lesson) {
  const Dataset& data = *lesson.data;
  paragraph(fmt::format("{} in {}: {} to train on, {} to test with.", counted(data.size(), "image"),
                        counted(data.classes.size(), "class"), lesson.split->train.size(),
                        lesson.split->test.size()));
  note_item("data-summary");
}

// Copies among the images; the other findings are not about them.
void draw_findings(const Status& status, const LessonInfo& lesson, const Theme& theme) {
  const SameImages* same = status.figures.same.get();
  if (same == nullptr || same->marked.empty()) return;
  for (const Finding& one : findings({.same = status.figures.same}, class_words(lesson.data->classes)))
    draw_warning(one.sentence, theme);
}

void draw_left_out(const Dataset& data) {
  if (data.left_out.empty())
    paragraph(data.contents.empty() ? "These images are drawn by the program: none is left out."
                                    : "Nothing is left out: every image of the source is here.");
  ImGui::BeginChild("##left out");
  for (const std::string& sentence : data.left_out) {
    ImGui::Bullet();
    paragraph(sentence);
    note_item("left-out");
  }
  if (!data.colour.empty()) {
    heading("How colour is dealt with");
    paragraph(data.colour.substr(0, 7) == "colour:" ? "Colour" + data.colour.substr(6) + "." : data.colour);
  }
  ImGui::EndChild();
}

bool begin_tab(const char* words, const char* place) {
  const bool open = ImGui::BeginTabItem(words);
  note_item(place);
  return open;
}

}  // namespace

void draw_data(const Status& status, ViewState& view, ActionContext& actions) {
  const LessonInfo& lesson = actions.lesson;
  if (lesson.data == nullptr || !lesson.desk) {
    paragraph(
        "This lesson has no images. A training has: open a project, a folder of class folders, or the "
        "phantoms.");
    return;
  }
  DataDesk& desk = *lesson.desk;
  if (!ImGui::BeginTabBar("##parts")) return;
  if (begin_tab("Images", "tab-images")) {
    draw_summary(lesson);
    draw_findings(status, lesson, *view.theme);
    draw_image_grid(desk, *view.theme, actions, draft_height(desk));
    draw_draft(desk, *view.theme, actions);
    ImGui::EndTabItem();
  }
  if (begin_tab("Preparation", "tab-preparation")) {
    draw_preparing(desk, *view.theme, actions);
    ImGui::EndTabItem();
  }
  const std::size_t left_out = lesson.data->left_out.size();
  const std::string words = left_out > 0 ? fmt::format("Left out ({})###left", left_out) : "Left out###left";
  if (begin_tab(words.c_str(), "tab-left-out")) {
    draw_left_out(*lesson.data);
    ImGui::EndTabItem();
  }
  ImGui::EndTabBar();
  if (desk.busy()) ImGuiLayer::ask_for_frame();
}

}  // namespace fl
