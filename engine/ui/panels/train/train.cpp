#include "engine/ui/panels/train/train.h"

#include <algorithm>
#include <string>
#include <utility>

#include <fmt/format.h>
#include <imgui/imgui.h>

#include "engine/ui/log_slider.h"
#include "engine/ui/panels/train/fields.h"
#include "engine/ui/panels/train/learning.h"
#include "engine/ui/panels/warning.h"
#include "engine/ui/panels/words.h"
#include "engine/ui/places.h"
#include "engine/ui/style.h"
#include "trainer/optim/optimizer.h"
#include "trainer/subjects/record/findings.h"
#include "trainer/subjects/settings/presets.h"

namespace fl {
namespace {

void wrapped(const std::string& text, const ImVec4& colour) {
  ImGui::PushTextWrapPos(0);
  ImGui::TextColored(colour, "%s", text.c_str());
  ImGui::PopTextWrapPos();
}

ImVec4 shade(glm::vec4 of) {
  return {of.x, of.y, of.z, of.w};
}

// A title, a line under it, and the sentence that belongs to both.
void draw_group(const char* title, const char* sentence) {
  ImGui::Dummy({0, 0.2f * ImGui::GetFontSize()});
  ImGui::TextUnformatted(title);
  ImGui::Separator();
  remark(sentence);
}

void draw_button(std::string_view name, const char* words, float width, ActionContext& context) {
  if (ImGui::Button(words, {width, 0})) action(name).act(context);
  note_item(fmt::format("train-{}", name));
  if (ImGui::IsItemHovered()) ImGui::SetTooltip("%s", tip(name).c_str());
}

// Null: there is none of this name.
const Preset* find_preset(std::string_view name) {
  const auto found = std::ranges::find(presets(), name, &Preset::name);
  return found == presets().end() ? nullptr : &*found;
}

bool has_key(const Preset& preset, std::string_view key) {
  return std::ranges::any_of(preset.settings, [&](const Setting& one) { return key.starts_with(one.key); });
}

// The panel of one picture.
class TrainPanel {
 public:
  TrainPanel(const Theme& theme, ActionContext& context)
      : theme_(theme),
        context_(context),
        lesson_(context.lesson),
        controls_(context.controls),
        now_(controls_.in_use(lesson_, context.status)),
        next_(now_),
        // What it is drafted as was checked when it was set.
        scene_now_(scene_of(now_)) {
    if (auto drafted = with_settings(now_, controls_.draft().settings)) next_ = *std::move(drafted);
    scene_next_ = scene_of(next_);
  }

  void draw() {
    ImGui::BeginChild("##settings", {0, lesson_.trains ? -foot_height() : 0});
    draw_at_once();
    if (lesson_.trains)
      draw_next_start();
    else if (!lesson_.raced.empty())
      remark("The runs of a race are as its scene says. The panel Curves shows and hides them.");
    else
      remark("No network is trained here, so there is nothing more to set.");
    ImGui::EndChild();
    if (lesson_.trains) draw_foot();
  }

 private:
  [[nodiscard]] float foot_height() const {
    const float buttons = ImGui::GetFrameHeight() + 2 * ImGui::GetStyle().ItemSpacing.y,
                width = ImGui::GetContentRegionAvail().x;
    if (controls_.refused().empty()) return buttons;
    return buttons + ImGui::CalcTextSize(controls_.refused().c_str(), nullptr, false, width).y +
           ImGui::GetStyle().ItemSpacing.y;
  }
  [[nodiscard]] const Draft& draft() const { return controls_.draft(); }

  void draw_at_once() {
    draw_starts();
    draw_divergence();
    if (!lesson_.raced.empty() || (!lesson_.trains && context_.status.rate < kMinRate)) return;
    draw_group("At once", "Takes effect at the next step, while it trains.");
    draw_rate();
    draw_optimizer();
  }

  void draw_starts() {
    const float gap = ImGui::GetStyle().ItemSpacing.x;
    const int buttons = lesson_.trains ? 3 : 2;
    const float width = (ImGui::GetContentRegionAvail().x - gap * static_cast<float>(buttons - 1)) /
                        static_cast<float>(buttons);
    draw_button("reset", "Rewind", width, context_);
    ImGui::SameLine();
    if (lesson_.trains) {
      draw_button("new-start", "New start", width, context_);
      ImGui::SameLine();
    }
    const bool changed = controls_.changed();
    if (!changed) ImGui::BeginDisabled();
    draw_button("undo", "Undo", width, context_);
    if (!changed) ImGui::EndDisabled();
    if (lesson_.trains)
      remark(fmt::format("Rewind: same weights, same order. New start: others, of seed {}.",
                         next_seed(context_.status.seed)));
  }

  // What no longer trains, says why. Other findings come and go, and would move what is below them.
  void draw_divergence() {
    for (const Finding& one : findings(context_.status.figures)) {
      if (one.kind != Finding::Kind::kDiverged) continue;
      ImGui::Dummy({0, 0.1f * ImGui::GetFontSize()});
      draw_warning(one.sentence, theme_);
      note_item("train-warning");
    }
  }

  void draw_rate() {
    constexpr FieldText kText{"learning rate", "train-rate"};
    const KeyText& key = run_key("train.rate");
    draw_label(kText, key);
    double rate = now_.rate;
    const float width = ImGui::GetContentRegionAvail().x,
                field = std::min(0.48f * width, 6 * ImGui::GetFontSize());
    bool changed = log_slider("##rate slider", width - field - ImGui::GetStyle().ItemSpacing.x, kSlowRate,
                              kFastRate, rate);
    note_item("train-rate-slider");
    ImGui::SameLine();
    if (const auto typed = draw_value(kText, key, run_value(scene_now_, "train.rate"), field)) {
      const auto read = with_settings(now_, {{"train.rate", *typed}});
      if (read)
        rate = read->rate;
      else
        controls_.refuse(read.error().message);
      changed = read.ok();
    }
    if (changed) context_.commands.push_back(command::SetRate{rate});
    draw_drafted("train.rate", kText);
  }

  void draw_optimizer() {
    if (!context_.status.optimizer) return;
    constexpr FieldText kText{"optimizer", "train-optimizer", optimizer_label};
    const KeyText& key = run_key("train.optimizer");
    draw_label(kText, key);
    const std::string value = fmt::format("\"{}\"", optimizer_name(*context_.status.optimizer));
    if (const auto chosen = draw_value(kText, key, value, -1))
      context_.commands.push_back(command::SetOptimizer{optimizer_by_name(shown_value({}, *chosen)).value()});
    draw_drafted("train.optimizer", kText);
  }

  // That a draft will change what is set above at once.
  void draw_drafted(const char* key, const FieldText& text) {
    const Setting* set = draft().find(key);
    if (set != nullptr && set->value != run_value(scene_now_, key))
      draw_mark("then " + shown_value(text, set->value), false, theme_);
  }

  void draw_next_start() {
    draw_group("At the next start", "None of it changes this run. What differs from this run is in colour.");
    draw_presets();
    for (const LearningGroup& group : learning_groups()) {
      bool begun = false;
      for (const LearningField& field : group.fields) {
        if (field.shown != nullptr && !field.shown(next_)) continue;
        if (!std::exchange(begun, true)) {
          ImGui::Dummy({0, 0.1f * ImGui::GetFontSize()});
          ImGui::TextDisabled("%s", group.title);
        }
        draw_setting(field);
      }
      if (group.title == kNetworkGroup) draw_network(begun);
    }
  }

  void draw_presets() {
    const std::string& name = draft().settings.empty() ? controls_.preset() : draft().preset;
    const Preset* chosen = find_preset(name);
    ImGui::SetNextItemWidth(-1);
    const bool open = ImGui::BeginCombo(
        "##presets", chosen != nullptr ? std::string(chosen->title).c_str() : "Presets: something to try",
        ImGuiComboFlags_HeightLargest);
    note_item("presets");
    if (open) {
      for (const bool good : {true, false}) {
        ImGui::TextDisabled("%s", good ? "To learn well" : "To see what goes wrong");
        for (const Preset& one : presets())
          if (one.good == good && suits(one, lesson_.run)) draw_preset(one, &one == chosen);
      }
      ImGui::EndCombo();
    }
    if (chosen == nullptr) return;
    paragraph(std::string(chosen->sentence));
    note_item(fmt::format("sentence-{}", chosen->name));
  }

  void draw_preset(const Preset& preset, bool chosen) {
    if (ImGui::Selectable(std::string(preset.title).c_str(), chosen)) {
      auto settings = preset_settings(preset, controls_.own(), now_);
      if (settings)
        controls_.change_draft({*std::move(settings), std::string(preset.name)});
      else
        controls_.refuse(settings.error().message);
    }
    note_item(fmt::format("preset-{}", preset.name));
    if (ImGui::IsItemHovered()) {
      ImGui::BeginTooltip();
      ImGui::PushTextWrapPos(20 * ImGui::GetFontSize());
      ImGui::TextUnformatted(preset.sentence.data(), preset.sentence.data() + preset.sentence.size());
      ImGui::PopTextWrapPos();
      ImGui::EndTooltip();
    }
  }

  void draw_setting(const LearningField& field) {
    const KeyText& key = run_key(field.key);
    const std::string now = run_value(scene_now_, field.key), next = run_value(scene_next_, field.key);
    draw_label(field.text, key);
    if (!key.names.empty() || key.bounds || key.kind == "true or false") {
      const float width = key.names.empty() ? 0.37f * ImGui::GetContentRegionAvail().x : -1;
      if (const auto chosen = draw_value(field.text, key, next, width)) change(field.key, *chosen);
    } else {
      ImGui::TextUnformatted(next.c_str());
    }
    if (field.key == kEpochsKey) draw_epochs(next);
    const bool room = field.key != kEpochsKey && key.names.empty();
    if (next != now) draw_mark("now " + shown_value(field.text, now), room, theme_);
  }

  // Those of the workshop, a click each.
  void draw_epochs(const std::string& next) {
    for (const int epochs : kLectureEpochs) {
      ImGui::SameLine(0, 0.35f * ImGui::GetStyle().ItemSpacing.x);
      const std::string value = std::to_string(epochs);
      if (value == next)
        ImGui::PushStyleColor(ImGuiCol_Button, ImGui::GetStyleColorVec4(ImGuiCol_ButtonActive));
      const bool clicked = ImGui::SmallButton(value.c_str());
      if (value == next) ImGui::PopStyleColor();
      note_item(fmt::format("train-epochs-{}", epochs));
      if (clicked) change(kEpochsKey, value);
    }
  }

  void draw_network(bool begun) {
    if (!begun) ImGui::TextDisabled("%s", kNetworkGroup);
    if (const std::string text = network_text(next_); !text.empty()) paragraph(text);
    draw_button("network", lesson_.transfer ? "Train from scratch instead" : "Train on a backbone instead",
                -1, context_);
  }

  void change(std::string_view key, const std::string& value) {
    Draft changed = draft();
    if (const Preset* preset = find_preset(changed.preset); preset != nullptr && has_key(*preset, key))
      changed.preset.clear();
    if (value == run_value(scene_now_, key))
      changed.erase(key);
    else if (key.starts_with(kAugment))
      changed.set({std::string(kAugment), with_part(next_, key, value)});
    else
      changed.set({std::string(key), value});
    if (auto read = with_settings(now_, changed.settings); !read)
      controls_.refuse(read.error().message);
    else
      controls_.change_draft(std::move(changed));
  }

  void draw_foot() {
    ImGui::Separator();
    if (!controls_.refused().empty()) {
      wrapped(controls_.refused(), shade(theme_.warning));
      note_item("train-refused");
    }
    const bool any = !draft().settings.empty();
    if (!any) ImGui::BeginDisabled();
    const float back = 6.2f * ImGui::GetFontSize();
    const std::size_t count = draft().settings.size();
    const std::string words = count == 1  ? "Start again with this"
                              : count > 1 ? fmt::format("Start again with these {}", count)
                                          : "Start again with these";
    {
      const PrimaryButton primary(theme_, any);
      if (ImGui::Button(words.c_str(), {-back - ImGui::GetStyle().ItemSpacing.x, 0}))
        controls_.start_again(lesson_, context_.status, context_.wishes);
    }
    note_item("start-again");
    ImGui::SameLine();
    if (ImGui::Button("Take back", {back, 0})) controls_.change_draft({});
    note_item("take-back");
    if (!any) ImGui::EndDisabled();
  }

  const Theme& theme_;
  ActionContext& context_;
  const LessonInfo& lesson_;
  Controls& controls_;
  const RunSpec now_;
  RunSpec next_;
  toml::table scene_now_, scene_next_;
};

}  // namespace

void draw_train(const Status&, ViewState& view, ActionContext& actions) {
  TrainPanel(*view.theme, actions).draw();
}

}  // namespace fl
