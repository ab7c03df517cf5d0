#include "engine/ui/panels/under_the_hood.h"

#include <algorithm>
#include <cmath>
#include <string>

#include <fmt/format.h>
#include <imgui/imgui.h>

#include "engine/ui/actions.h"
#include "engine/ui/panels/curves_panel.h"
#include "engine/ui/panels/warning.h"
#include "engine/ui/panels/words.h"
#include "engine/ui/places.h"
#include "engine/ui/style.h"
#include "engine/ui/thumbnails/thumbnails.h"
#include "trainer/base/counted.h"
#include "trainer/subjects/record/findings.h"
#include "trainer/subjects/record/interval.h"

namespace fl {
namespace {

constexpr const char* kChosen = "cell";  // in ImGui's storage: truth * classes + predicted + 1
constexpr int kMostRows = 200;           // of wrong images: nobody scrolls through more

std::string class_word(const TestFigures& test, std::size_t index) {
  return fl::class_word(test.accuracy_per_class[index].name, index);
}

// Of all test images, now and at the end of the run before.
void draw_all(const Status& status, const ActionContext& actions) {
  int correct = 0, samples = 0;
  for (const ClassAccuracy& one : status.figures.test->accuracy_per_class) {
    correct += one.correct;
    samples += one.samples;
  }
  const bool known = status.figures.test->has_predictions() && samples > 0;
  const std::string now = accuracy_words(known ? static_cast<double>(correct) / samples : std::nan(""));
  heading("Found, of all test images");
  ImGui::TextUnformatted(fmt::format("now: {}", now).c_str());
  note_item("found-now");
  const auto& earlier = status.figures.earlier;
  if (!earlier || earlier->empty()) return;
  const std::string before = accuracy_words(static_cast<double>(earlier->front().test_accuracy));
  const FrameFacts& shown = actions.shown.facts;
  const std::string words = shown.earlier_count > 0 ? shown.earlier.front().words.data() : "";
  ImGui::SameLine(0, 1.5f * ImGui::GetFontSize());
  const std::string text = fmt::format("before: {}{}", before, words.empty() ? "" : " (" + words + ")");
  ImGui::TextUnformatted(shortened(text, ImGui::GetContentRegionAvail().x).c_str());
  note_item("found-before");
  if (ImGui::IsItemHovered()) ImGui::SetTooltip("The run before: %s", words.c_str());
}

// The share that is found, and the interval it may be in.
void draw_share(const ClassAccuracy& one, const Theme& theme) {
  const float size = ImGui::GetFontSize(), height = 0.55f * size, width = ImGui::GetContentRegionAvail().x;
  const ImVec2 at = ImGui::GetCursorScreenPos();
  ImDrawList& list = *ImGui::GetWindowDrawList();
  list.AddRectFilled(at, {at.x + width, at.y + height}, colour(theme.grid, 0.55f), height / 4);
  const auto x = [&](double share) { return at.x + width * static_cast<float>(share); };
  if (one.samples > 0) {
    const double share = static_cast<double>(one.correct) / one.samples;
    const Interval sure = wilson_interval(one.correct, one.samples);
    list.AddRectFilled(at, {x(share), at.y + height}, colour(theme.accent), height / 4);
    const float middle = std::round(at.y + height / 2), tick = height * 0.7f, line = std::max(1.5f, size / 9);
    list.AddLine({x(sure.low), middle}, {x(sure.high), middle}, colour(theme.text), line);
    for (const double end : {sure.low, sure.high})
      list.AddLine({x(end), middle - tick}, {x(end), middle + tick}, colour(theme.text), line);
  }
  ImGui::Dummy({width, height + 0.2f * size});
}

void draw_classes(const TestFigures& test, const Theme& theme) {
  heading("Found, of the test images of a class");
  for (std::size_t c = 0; c < test.accuracy_per_class.size(); ++c) {
    const ClassAccuracy& one = test.accuracy_per_class[c];
    std::string words = "no test images";
    if (one.samples > 0 && test.has_predictions()) {
      const Interval sure = wilson_interval(one.correct, one.samples);
      words = fmt::format("{} of {}: {:.0f} to {:.0f} %", one.correct, one.samples,
                          std::round(100 * sure.low), std::round(100 * sure.high));
    }
    const float width = ImGui::CalcTextSize(words.c_str()).x;
    const float room = ImGui::GetContentRegionAvail().x - width - ImGui::GetFontSize();
    ImGui::TextUnformatted(shortened(class_word(test, c), room).c_str());
    note_item(fmt::format("found-name-{}", c));
    if (ImGui::IsItemHovered()) ImGui::SetTooltip("%s", class_word(test, c).c_str());
    ImGui::SameLine(std::max(ImGui::GetWindowContentRegionMax().x - width, 0.0f));
    ImGui::TextUnformatted(words.c_str());
    note_item(fmt::format("found-{}", c));
    draw_share(one, theme);
    if (const double precision = test.precision(c); std::isfinite(precision)) {
      ImGui::PushTextWrapPos(0);
      ImGui::TextDisabled(
          "%s",
          fmt::format("right in {:.0f} % of the times it is named", std::round(100 * precision)).c_str());
      ImGui::PopTextWrapPos();
    }
  }
}

// One cell; true where it is clicked.
bool draw_cell(int count, double share, bool right, bool chosen, ImVec2 size, const Theme& theme) {
  const ImVec2 at = ImGui::GetCursorScreenPos();
  const bool clicked = ImGui::InvisibleButton("##cell", size);
  ImDrawList& list = *ImGui::GetWindowDrawList();
  const ImVec2 end{at.x + size.x, at.y + size.y};
  const glm::vec4 full = right ? theme.accent : theme.warning;
  const float rounding = 0.2f * ImGui::GetFontSize();
  list.AddRectFilled(at, end, colour(theme.grid, 0.35f), rounding);
  list.AddRectFilled(at, end, colour(full, 0.75f * static_cast<float>(share)), rounding);
  if (chosen || ImGui::IsItemHovered() || ImGui::IsItemFocused())
    list.AddRect(at, end, colour(theme.text, chosen ? 1 : 0.6f), rounding, 0, chosen ? 2.5f : 1.5f);
  const std::string text = fmt::format("{}", count);
  const ImVec2 words = ImGui::CalcTextSize(text.c_str());
  list.AddText({std::round(at.x + (size.x - words.x) / 2), std::round(at.y + (size.y - words.y) / 2)},
               colour(count > 0 ? theme.text : theme.text_muted), text.c_str());
  return clicked;
}

// A row a class, a column each it may be called. The chosen cell, as kChosen keeps it.
int draw_matrix(const TestFigures& test, int chosen, const Theme& theme) {
  const auto classes = test.confusion_matrix.size();
  heading("What it is, and what it is called");
  const float size = ImGui::GetFontSize(), gap = 0.25f * size, width = ImGui::GetContentRegionAvail().x;
  const float names = std::min(0.36f * width, 7 * size);
  const float cell =
      std::clamp((width - names) / static_cast<float>(classes) - gap, 2.2f * size, 6.5f * size);
  const float height = std::min(cell, 2.4f * size);
  ImGui::BeginChild("##matrix", {0, (height + gap) * static_cast<float>(classes) + 2.2f * size}, false,
                    ImGuiWindowFlags_HorizontalScrollbar);
  ImGui::PushStyleVar(ImGuiStyleVar_ItemSpacing, {gap, gap});
  ImGui::Dummy({names, size});
  for (std::size_t c = 0; c < classes; ++c) {
    ImGui::SameLine(names + gap + static_cast<float>(c) * (cell + gap));
    ImGui::TextDisabled("%s", shortened(class_word(test, c), cell).c_str());
    if (ImGui::IsItemHovered()) ImGui::SetTooltip("Called %s", class_word(test, c).c_str());
  }
  for (std::size_t truth = 0; truth < classes; ++truth) {
    const std::vector<int>& row = test.confusion_matrix[truth];
    const int all = test.accuracy_per_class[truth].samples;
    const float top = ImGui::GetCursorPosY();
    ImGui::SetCursorPosY(top + (height - size) / 2);
    ImGui::TextUnformatted(shortened(class_word(test, truth), names).c_str());
    for (std::size_t called = 0; called < classes; ++called) {
      ImGui::SetCursorPos({names + gap + static_cast<float>(called) * (cell + gap), top});
      const int number = static_cast<int>(truth * classes + called) + 1;
      ImGui::PushID(number);
      const double share = all > 0 ? static_cast<double>(row[called]) / all : 0;
      if (draw_cell(row[called], share, truth == called, chosen == number, {cell, height}, theme))
        chosen = chosen == number ? 0 : number;
      note_item(fmt::format("cell-{}-{}", truth, called));
      if (ImGui::IsItemHovered())
        ImGui::SetTooltip("%d of %d: %s, called %s", row[called], all, class_word(test, truth).c_str(),
                          class_word(test, called).c_str());
      ImGui::PopID();
    }
  }
  ImGui::PopStyleVar();
  ImGui::EndChild();
  return chosen;
}

// The wrong images of a cell, or of all; a click shows one on the wall.
void draw_wrong(const TestFigures& test, int chosen, ActionContext& actions) {
  const auto classes = static_cast<int>(test.confusion_matrix.size());
  const int truth = (chosen - 1) / std::max(classes, 1), called = (chosen - 1) % std::max(classes, 1);
  if (chosen > 0 && truth == called) {
    heading("These are right; choose another cell for wrong ones.");
    return;
  }
  if (test.worst.empty()) {
    heading("None is wrong.");
    return;
  }
  const auto of_cell = [&](const WrongImage& one) {
    return chosen == 0 || (one.truth == truth && one.predicted == called);
  };
  const auto count = std::ranges::count_if(test.worst, of_cell);
  heading(fmt::format("Wrong: {}, the worst first. A click shows one.", counted(count, "image")).c_str());
  int row = 0;
  const float size = ImGui::GetFontSize(), side = 2.4f * size;
  std::vector<ThumbnailSpot> spots;
  for (const WrongImage& one : test.worst) {
    if (!of_cell(one) || row >= kMostRows) continue;
    const auto predicted = static_cast<std::size_t>(one.predicted);
    std::string words = fmt::format("image {}: ", one.image + 1);
    if (chosen == 0) words += class_word(test, static_cast<std::size_t>(one.truth)) + ", ";
    words += fmt::format("called {}, {:.0f} %", class_word(test, predicted),
                         std::round(100 * one.probabilities[predicted]));
    ImGui::PushID(one.image);
    const bool shown = actions.shown.facts.image == one.image;
    if (ImGui::Selectable("##row", shown, 0, {0, side}))
      actions.commands.push_back(command::ShowImage{one.image});
    note_item(fmt::format("wrong-{}", row));
    if (ImGui::IsItemHovered()) ImGui::SetTooltip("%s", words.c_str());
    if (ImGui::IsItemVisible()) {
      const ImVec2 low = ImGui::GetItemRectMin();
      spots.push_back({static_cast<std::size_t>(one.image), low, {low.x + side, low.y + side}});
      ImGui::GetWindowDrawList()->AddText(
          {low.x + side + 0.5f * size, std::round(low.y + (side - size) / 2)},
          ImGui::GetColorU32(ImGuiCol_Text),
          shortened(words, ImGui::GetItemRectMax().x - low.x - side - size).c_str());
    }
    ImGui::PopID();
    ++row;
  }
  draw_thumbnails(actions.lesson, spots);
}

}  // namespace

void draw_under_the_hood(const Status& status, ViewState& view, ActionContext& actions) {
  const Theme& theme = *view.theme;
  const TestFigures* test = status.figures.test.get();
  std::vector<std::string> names;
  for (std::size_t c = 0; test != nullptr && c < test->accuracy_per_class.size(); ++c)
    names.push_back(class_word(*test, c));
  for (const Finding& one : findings(status.figures, names)) draw_warning(one.sentence, theme);
  if (test == nullptr || test->accuracy_per_class.empty()) {
    paragraph("There are no figures yet. They come with the first epoch of a training that has test images.");
    return;
  }
  draw_all(status, actions);
  draw_classes(*test, theme);
  if (!test->has_predictions()) return;
  ImGuiStorage& kept = *ImGui::GetStateStorage();
  const ImGuiID key = ImGui::GetID(kChosen);
  const auto cells = test->confusion_matrix.size() * test->confusion_matrix.size();
  const int last = kept.GetInt(key);  // perhaps of a lesson with more classes
  const int chosen = draw_matrix(*test, static_cast<std::size_t>(last) <= cells ? last : 0, theme);
  kept.SetInt(key, chosen);
  draw_wrong(*test, chosen, actions);
}

}  // namespace fl
