#include <string>

#include <fmt/format.h>
#include <imgui/imgui.h>
#include <imgui/imgui_stdlib.h>

#include "engine/ui/imgui_layer.h"
#include "engine/ui/panels/data/data_desk.h"
#include "engine/ui/panels/data/data_panel.h"
#include "engine/ui/panels/warning.h"
#include "engine/ui/panels/words.h"
#include "engine/ui/places.h"
#include "engine/ui/style.h"
#include "engine/ui/typed_path.h"
#include "trainer/base/counted.h"
#include "trainer/base/printable.h"

namespace fl {
namespace {

bool button(const char* words, const char* place, const char* tip, bool enabled = true) {
  if (!enabled) ImGui::BeginDisabled();
  const bool clicked = ImGui::Button(words);
  note_item(place);
  if (ImGui::IsItemHovered()) ImGui::SetTooltip("%s", tip);
  if (!enabled) ImGui::EndDisabled();
  return clicked;
}

// What is typed into a field; true when Enter ends it.
bool type_into(const char* id, const char* place, std::string& text) {
  const bool entered = ImGui::InputText(id, &text, ImGuiInputTextFlags_EnterReturnsTrue);
  note_item(place);
  return entered;
}

std::string chosen_words(const DataDesk& desk) {
  const std::vector<std::size_t> chosen = desk.chosen();
  if (chosen.empty()) return "A click chooses an image and shows it; Ctrl and Shift choose several.";
  if (chosen.size() > 1) return counted(chosen.size(), "image") + " chosen";
  return fmt::format("image {}, {}", chosen.front() + 1,
                     desk.tests(chosen.front()) ? "a test image" : "to train on");
}

// One class that all chosen images are of.
std::optional<std::size_t> class_of_chosen(const DataDesk& desk) {
  std::optional<std::size_t> found;
  for (const std::size_t image : desk.chosen()) {
    const auto c = static_cast<std::size_t>(desk.edits().labels()[image]);
    if (found && *found != c) return std::nullopt;
    found = c;
  }
  return found;
}

void draw_changes(DataDesk& desk, DataDesk::Plans& plans) {
  const std::vector<std::string>& classes = desk.edits().classes();
  const bool any = desk.chosen_count() > 0;
  if (!any) ImGui::BeginDisabled();
  ImGui::SetNextItemWidth(5.6f * ImGui::GetFontSize());
  const bool open = ImGui::BeginCombo("##move", "Move to");
  note_item("move-to");
  if (open) {
    for (std::size_t c = 0; c < classes.size(); ++c) {
      ImGui::PushID(static_cast<int>(c));
      if (text_row(class_word(classes[c], c))) desk.move_chosen(c);
      note_item(fmt::format("move-to-{}", c));
      ImGui::PopID();
    }
    ImGui::EndCombo();
  }
  if (!any) ImGui::EndDisabled();
  ImGui::SameLine();
  if (button("Remove", "remove-images", "Out of the draft; the files stay", any)) desk.remove_chosen();
  ImGui::SameLine();
  const auto c = class_of_chosen(desk);
  if (button("Rename class", "rename-class", "The class of what is chosen", c.has_value())) {
    plans.renaming = c;
    plans.name = classes[*c];
    ImGui::SetKeyboardFocusHere();
  }
}

void draw_renaming(DataDesk& desk, DataDesk::Plans& plans) {
  ImGui::SetNextItemWidth(-7 * ImGui::GetFontSize());
  const bool entered = type_into("##name", "class-name", plans.name);
  ImGui::SameLine();
  const bool renamed = button("Rename", "rename", "The class is called so in the draft") || entered;
  ImGui::SameLine();
  const bool left = button("x##leave", "leave-rename", "Leaves its name as it is");
  if (renamed) {
    const auto done = desk.rename(*plans.renaming, plans.name);
    plans.refused = done ? std::string() : done.error().message;
    if (done) plans.renaming.reset();
  } else if (left) {
    plans.renaming.reset();
    plans.refused.clear();
  }
}

void draw_saving(DataDesk& desk, DataDesk::Plans& plans, const Theme& theme, ActionContext& actions) {
  const DataDesk::Saving saved = desk.saved();
  if (plans.saving) {
    ImGui::SetNextItemWidth(-7 * ImGui::GetFontSize());
    const bool entered = type_into("##path", "project-name", plans.path);
    ImGui::SameLine();
    if (button("Save", "save", "Writes the draft there; nothing is replaced", !saved.busy) || entered) {
      desk.save(typed_path(plans.path));
      plans.saving = false;
    }
    ImGui::SameLine();
    if (button("x##leave", "leave-save", "Saves nothing")) plans.saving = false;
  } else if (!desk.edits().empty()) {
    if (button("Undo", "undo-edit", "Takes the last change back")) desk.undo();
    ImGui::SameLine();
    if (button("Undo all", "undo-edits", "The draft is as the images are")) desk.clear();
    ImGui::SameLine();
    const PrimaryButton primary(theme, true);
    if (button("Save as .tm", "save-as", "Another project, with these settings; what is open stays as it is",
               !saved.busy)) {
      plans.saving = true;
      plans.path = free_project_name(actions.lesson.what).string();
    }
  }
  if (saved.path.empty()) return;
  const std::string file = printable(saved.path.filename().string());
  if (saved.busy) {
    paragraph(fmt::format("{} is being written ...", file));
  } else if (saved.failed) {
    draw_warning(saved.words, theme);
    note_item("not-saved");
  } else {
    paragraph(fmt::format("Saved as {}", printable(saved.path.string())));
    note_item("saved");
    if (button("Open it", "open-saved", "Trains on the changed images; a draft that is not saved goes"))
      actions.wishes.open = saved.path.string();
  }
}

}  // namespace

float draft_height(const DataDesk& desk) {
  const DataDesk::Plans& plans = desk.plans();
  const DataDesk::Saving saved = desk.saved();
  const float line = ImGui::GetTextLineHeightWithSpacing(), row = ImGui::GetFrameHeightWithSpacing();
  float height = 2 * line + row + ImGui::GetFontSize();  // what is chosen, and the buttons for it
  if (plans.renaming) height += row;
  if (!plans.refused.empty()) height += 2.5f * line;
  if (!desk.edits().empty()) height += line + row;
  if (!saved.path.empty()) height += saved.busy ? line : saved.failed ? 3 * line : 2 * line + row;
  return height;
}

void draw_draft(DataDesk& desk, const Theme& theme, ActionContext& actions) {
  DataDesk::Plans& plans = desk.plans();
  paragraph(chosen_words(desk));
  note_item("chosen");
  draw_changes(desk, plans);
  if (plans.renaming) draw_renaming(desk, plans);
  if (!plans.refused.empty()) {
    draw_warning(plans.refused, theme);
    note_item("refused");
  }
  if (!desk.edits().empty()) {
    paragraph("Draft: " + desk.edits().words());
    note_item("draft");
  }
  draw_saving(desk, plans, theme, actions);
}

}  // namespace fl
