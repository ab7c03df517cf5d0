#include "engine/ui/panels/data/draft_guard.h"

#include <algorithm>
#include <string>
#include <utility>

#include <GLFW/glfw3.h>
#include <fmt/format.h>
#include <imgui/imgui.h>

#include "engine/ui/imgui_layer.h"
#include "engine/ui/panels/data/data_desk.h"
#include "engine/ui/panels/question.h"
#include "engine/ui/panels/words.h"
#include "engine/ui/places.h"
#include "engine/ui/style.h"
#include "engine/ui/timeline/film_desk.h"
#include "trainer/base/printable.h"

namespace fl {
namespace {

constexpr const char* kQuestion = "##unsaved draft";

bool images_unsaved(const LessonInfo& lesson) {
  return lesson.desk && lesson.desk->unsaved();
}

bool unsaved(const LessonInfo& lesson) {
  return images_unsaved(lesson) || (lesson.film_desk && lesson.film_desk->missed());
}

// Begun again with other settings a lesson keeps its draft, unless its images are others.
bool brings_other_images(const Wishes& wishes) {
  const auto of_images = [](const std::string& setting) {
    return setting.starts_with("data.phantom_counts=");
  };
  return wishes.open || (wishes.again && std::ranges::any_of(*wishes.again, of_images));
}

}  // namespace

bool DraftGuard::ask(Outcome then, const LessonInfo& lesson) {
  if (!unsaved(lesson)) return false;
  if (!asked_) asked_.emplace(Asked{.then = {}, .path = free_project_name(lesson.what)});
  asked_->then = std::move(then);
  return true;
}

bool DraftGuard::lets(const Wishes& wishes, const LessonInfo& lesson) {
  const bool same = !wishes.open || *wishes.open == lesson.what;
  if (same && !images_unsaved(lesson)) return true;  // a timeline goes on
  return !brings_other_images(wishes) || !ask({.wishes = wishes}, lesson);
}

bool DraftGuard::lets_arrive(const LessonInfo& lesson) {
  return !asking() && !ask({.arrived = true}, lesson);
}

bool DraftGuard::lets_close(const LessonInfo& lesson) {
  return !ask({.close = true}, lesson);
}

std::optional<DraftGuard::Outcome> DraftGuard::end(Outcome outcome) {
  ImGui::CloseCurrentPopup();
  asked_.reset();
  return outcome;
}

std::optional<DraftGuard::Outcome> DraftGuard::put_question(DataDesk& desk, const Theme& theme) {
  paragraph(fmt::format("You changed the images ({}) and have not saved that; {} loses it.",
                        desk.edits().words(),
                        asked_->then.close ? "closing the window" : "opening another lesson"));
  note_item("draft-question");
  ImGui::Dummy({0, 0.3f * ImGui::GetFontSize()});
  bool save = false;
  {
    const PrimaryButton primary(theme, true);
    const std::string file = printable(asked_->path.filename().string());
    save = question_answer(shortened(fmt::format("Save it as {}", file),
                                     ImGui::GetContentRegionAvail().x - 5 * ImGui::GetFontSize()) +
                               "  (S)",
                           "draft-save", GLFW_KEY_S);
  }
  if (save) {
    desk.save(asked_->path);
    asked_->saving = true;
  }
  if (question_answer("Let it go  (D)", "draft-discard", GLFW_KEY_D)) desk.let_go();
  const bool stay = question_answer("Stay here  (Escape)", "draft-stay", GLFW_KEY_ESCAPE);
  if (stay) return end({.stays = true, .arrived = asked_->then.arrived});
  if (save || !desk.unsaved()) ImGuiLayer::ask_for_frame();
  return std::nullopt;
}

std::optional<DraftGuard::Outcome> DraftGuard::ask_for_timeline(FilmDesk& desk, const Theme& theme) {
  ImGuiLayer::ask_for_frame();
  if (desk.saving()) {
    paragraph(fmt::format("{} is being written ...", printable(desk.source().path.filename().string())));
    return std::nullopt;
  }
  if (std::exchange(asked_->saving_timeline, false) && desk.failed())
    return end({.stays = true, .arrived = asked_->then.arrived, .failure = desk.words()});
  paragraph(fmt::format("You changed the timeline and have not saved that; {} loses it.",
                        asked_->then.close ? "closing the window" : "opening another lesson"));
  note_item("draft-question");
  ImGui::Dummy({0, 0.3f * ImGui::GetFontSize()});
  {
    const PrimaryButton primary(theme, true);
    if (question_answer("Save it in its scene  (S)", "draft-save", GLFW_KEY_S)) {
      desk.save();
      asked_->saving_timeline = true;
    }
  }
  if (question_answer("Let it go  (D)", "draft-discard", GLFW_KEY_D)) desk.let_go();
  if (question_answer("Stay here  (Escape)", "draft-stay", GLFW_KEY_ESCAPE))
    return end({.stays = true, .arrived = asked_->then.arrived});
  return std::nullopt;
}

std::optional<DraftGuard::Outcome> DraftGuard::draw(const LessonInfo& lesson, const Theme& theme) {
  if (!asked_) return std::nullopt;
  const Question question(kQuestion);
  if (!question) return std::nullopt;
  std::optional<Outcome> outcome;
  if (!unsaved(lesson)) {
    // It is saved by now, or gone.
    Outcome then = std::move(asked_->then);
    if (asked_->saving && lesson.desk) then.saved = lesson.desk->saved().path;
    outcome = end(std::move(then));
  } else if (asked_->saving && images_unsaved(lesson)) {
    const DataDesk::Saving saving = lesson.desk->saved();
    if (saving.failed)
      outcome = end({.stays = true, .arrived = asked_->then.arrived, .failure = saving.words});
    else
      paragraph(fmt::format("{} is being written ...", printable(saving.path.filename().string())));
    ImGuiLayer::ask_for_frame();
  } else if (!images_unsaved(lesson)) {
    outcome = ask_for_timeline(*lesson.film_desk, theme);
  } else {
    outcome = put_question(*lesson.desk, theme);
  }
  return outcome;
}

}  // namespace fl
