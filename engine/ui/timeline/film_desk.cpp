#include "engine/ui/timeline/film_desk.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include <fmt/ranges.h>
#include <glm/trigonometric.hpp>

#include "trainer/base/log.h"
#include "trainer/base/printable.h"
#include "trainer/scene/toml_edit.h"
#include "trainer/scene/toml_text.h"

namespace fl {
namespace fs = std::filesystem;
namespace {

constexpr const char* kList = "timeline";
constexpr double kTenth = 10;  // times that a hand gives are of tenths of a second
constexpr double kSameMoment = 0.05;
constexpr const char* kNoScene =
    "This lesson was opened without a scene file, so its timeline cannot be changed; open a .toml to do so.";

double rounded(double value, double parts) {
  return std::round(value * parts) / parts + 0.0;  // no -0
}

// The keys of an entry that a mark of a row is of. A caption or a card has its seconds and its fade.
std::vector<std::string> keys_of(FilmRow row) {
  switch (row) {
    case FilmRow::kCamera:
      return {"camera"};
    case FilmRow::kDeeds:
      return {"pace", "do", "show", "cue"};
    case FilmRow::kCaptions:
      return {"caption", "place", "seconds", "fade"};
    case FilmRow::kCards:
      return {"card", "subtitle", "seconds", "fade"};
  }
  return {};
}

std::string camera_words(const CameraKey& key) {
  std::vector<std::string> all;
  if (key.yaw) all.push_back(fmt::format("yaw {:g}", *key.yaw));
  if (key.pitch) all.push_back(fmt::format("pitch {:g}", *key.pitch));
  if (key.distance)
    all.push_back(*key.distance > 0 ? fmt::format("distance {:g}", *key.distance) : "all in sight");
  if (key.orbit) all.push_back(fmt::format("round in {:g} s", *key.orbit));
  return fmt::format("{}", fmt::join(all, ", "));
}

std::string deed_words(const TimelineEntry& entry) {
  std::vector<std::string> all = entry.does;
  if (entry.pace) all.insert(all.begin(), fmt::format("pace {:g}", *entry.pace));
  if (entry.show)
    for (const auto& [key, value] : *entry.show)
      all.push_back(std::string(key.str()) + " " + toml_value(value));
  if (entry.cue) all.push_back(*entry.cue > 0 ? fmt::format("cue {}", *entry.cue) : "no cue");
  return fmt::format("{}", fmt::join(all, ", "));
}

// Whether the entry does anything that a mark of another row is of.
bool does_more(const TimelineEntry& entry, FilmRow than) {
  const bool deeds = entry.pace || !entry.does.empty() || entry.show || entry.cue;
  return (than != FilmRow::kCamera && entry.camera) || (than != FilmRow::kDeeds && deeds) ||
         (than != FilmRow::kCaptions && entry.caption) || (than != FilmRow::kCards && entry.card);
}

// As scenes have it. `yaw`: of the key before, which it is nearest to.
std::string camera_text(const ViewState& view, double yaw, bool target) {
  const OrbitCamera& camera = view.camera;
  double turned = glm::degrees(static_cast<double>(camera.yaw));
  turned += 360 * std::round((yaw - turned) / 360);
  std::string text =
      fmt::format("{{yaw = {:g}, pitch = {:g}, distance = {:g}", rounded(turned, 10),
                  std::clamp(rounded(glm::degrees(static_cast<double>(camera.pitch)), 10), -11.0, 89.0),
                  view.framed ? 0 : std::min(rounded(static_cast<double>(camera.distance), 1000), 20.0));
  if (target || !view.framed) {
    const auto within = [](float value) {
      return std::clamp(rounded(static_cast<double>(value), 1000), -2.0, 2.0);
    };
    text += fmt::format(", target = [{:g}, {:g}, {:g}]", within(camera.target.x), within(camera.target.y),
                        within(-camera.target.z));
  }
  return text + "}";
}

}  // namespace

FilmDesk::FilmDesk(SceneSource source, std::vector<TimelineEntry> entries, std::size_t cues, LayOut lay_out)
    : source_(std::move(source)),
      text_(source_.text),
      let_go_(source_.text),
      entries_(std::move(entries)),
      cues_(cues),
      lay_out_(std::move(lay_out)) {
  if (auto timeline = lay_out_(entries_))
    timeline_ = *std::move(timeline);
  else
    say(timeline.error().message, true);
  lay_marks();
}

void FilmDesk::go_on_from(FilmDesk& before) {
  open = before.open;
  // What is being saved may be there by now.
  const bool saved = before.saving_ && !before.saving_->copy() && before.saving_->text() == source_.text;
  if (before.source_.path != source_.path || (before.source_.text != source_.text && !saved)) return;
  saving_ = std::exchange(before.saving_, std::nullopt);
  save_again_ = before.save_again_;
  playhead_ = std::min(before.playhead_, seconds());
  if (before.unsaved() && !take(before.text_)) return;
  before_ = before.before_;
}

double FilmDesk::seconds() const {
  return timeline_ ? std::max(timeline_->seconds(), 1.0) : 1;
}

void FilmDesk::place(double seconds) {
  playhead_ = std::clamp(rounded(seconds, kTenth), 0.0, this->seconds());
  placed_ = true;
}

void FilmDesk::follow(double seconds) {
  playhead_ = std::min(seconds, this->seconds());
  placed_ = false;
}

bool FilmDesk::choose_next(int way) {
  const auto count = static_cast<std::ptrdiff_t>(marks_.size());
  std::ptrdiff_t next = way > 0 ? count : -1;
  if (chosen_) {
    next = static_cast<std::ptrdiff_t>(*chosen_) + way;
  } else {
    for (std::ptrdiff_t i = 0; i < count; ++i) {
      const double begin = marks_[static_cast<std::size_t>(i)].begin;
      if (way < 0 && begin < playhead_) next = i;
      if (way > 0 && begin > playhead_ && next == count) next = i;
    }
  }
  if (next < 0 || next >= count) return false;
  chosen_ = static_cast<std::size_t>(next);
  place(marks_[*chosen_].begin);
  return true;
}

void FilmDesk::lay_marks() {
  marks_.clear();
  if (!timeline_) return;
  for (const Timeline::Event& event : timeline_->events()) {
    const TimelineEntry& entry = entries_[event.entry];
    const Timeline::Seen seen = timeline_->seen(event.entry);
    const auto add = [&](FilmRow row, double end, std::string words) {
      marks_.push_back({row, event.entry, event.seconds, end, std::move(words)});
    };
    if (entry.camera) add(FilmRow::kCamera, event.seconds, camera_words(*entry.camera));
    if (entry.pace || !entry.does.empty() || entry.show || entry.cue)
      add(FilmRow::kDeeds, event.seconds, deed_words(entry));
    if (entry.caption) add(FilmRow::kCaptions, seen.end, *entry.caption);
    if (entry.card) add(FilmRow::kCards, seen.end, *entry.card);
  }
}

Result<void> FilmDesk::take(std::string text) {
  FL_TRY_LET(scene, parse_toml(text, "The scene"));
  FL_TRY_LET(entries, parse_timeline(*scene, cues_));
  FL_TRY_LET(timeline, lay_out_(*entries));
  text_ = std::move(text);
  entries_ = *std::move(entries);
  timeline_ = *std::move(timeline);
  chosen_.reset();
  lay_marks();
  ++revision_;
  return {};
}

void FilmDesk::say(std::string words, bool failed) {
  words_ = std::move(words);
  failed_ = failed;
  if (!words_.empty()) log_line(failed ? LogLevel::kWarning : LogLevel::kInfo, words_);
}

void FilmDesk::change(Result<std::string> text) {
  if (source_.path.empty()) return say(kNoScene, true);
  if (!text) return say(text.error().message, true);
  std::string before = text_;
  if (auto taken = take(*std::move(text)); !taken) return say(taken.error().message, true);
  if (before_.size() == kMostChanges) before_.erase(before_.begin());
  before_.push_back(std::move(before));
  playhead_ = std::min(playhead_, seconds());
  say({}, false);
}

void FilmDesk::add_camera_key(const ViewState& view) {
  if (!timeline_) return;
  double yaw = glm::degrees(static_cast<double>(view.camera.yaw));
  std::optional<std::size_t> behind, there;
  bool target = false;
  for (const Timeline::Event& event : timeline_->events()) {
    const TimelineEntry& entry = entries_[event.entry];
    const bool here = std::abs(event.seconds - playhead_) < kSameMoment;
    if (entry.camera && here) there = event.entry;
    if (entry.camera && entry.camera->target) target = true;
    if (event.seconds > playhead_ + kSameMoment) continue;
    behind = event.entry;
    if (entry.camera && !here) yaw = entry.camera->yaw.value_or(yaw);
  }
  const std::string camera = camera_text(view, yaw, target);
  change(there ? with_value(text_, {kList, *there}, "camera", camera)
               : with_entry(text_, kList, behind,
                            fmt::format("time = {:g}\ncamera = {}\n", rounded(playhead_, kTenth), camera)));
  if (failed_) return;
  const auto added = std::ranges::find_if(marks_, [&](const FilmMark& mark) {
    return mark.row == FilmRow::kCamera && std::abs(mark.begin - playhead_) < kSameMoment;
  });
  if (added != marks_.end()) chosen_ = static_cast<std::size_t>(added - marks_.begin());
}

void FilmDesk::move(std::size_t mark, double seconds) {
  const FilmMark moved = marks_.at(mark);
  const TimelineEntry& entry = entries_[moved.entry];
  seconds = std::clamp(rounded(seconds, kTenth), 0.0, kMostFilmSeconds);
  const TomlEntry place{kList, moved.entry};
  if (entry.time) {
    change(with_value(text_, place, "time", fmt::format("{:g}", seconds)));
  } else {
    // Its own pace does not decide when it comes.
    std::vector<TimelineEntry> others = entries_;
    others.erase(others.begin() + static_cast<std::ptrdiff_t>(moved.entry));
    const auto without = lay_out_(others);
    if (!without) return say(without.error().message, true);
    const std::int64_t step = without->steps_at(seconds);
    const auto of_epoch = static_cast<double>(std::max<std::int64_t>(without->steps_per_epoch(), 1));
    change(entry.step ? with_value(text_, place, "step", fmt::format("{}", step))
                      : with_value(text_, place, "epoch",
                                   fmt::format("{:g}", rounded(static_cast<double>(step) / of_epoch, 100))));
  }
  const auto there = std::ranges::find_if(
      marks_, [&](const FilmMark& one) { return one.row == moved.row && one.entry == moved.entry; });
  if (there != marks_.end()) chosen_ = static_cast<std::size_t>(there - marks_.begin());
}

void FilmDesk::remove(std::size_t mark) {
  const FilmMark gone = marks_.at(mark);
  const TomlEntry place{kList, gone.entry};
  if (!does_more(entries_[gone.entry], gone.row)) return change(without_entry(text_, place));
  Result<std::string> text(text_);
  for (const std::string& key : keys_of(gone.row))
    if (text) text = without_key(*text, place, key);
  change(std::move(text));
}

void FilmDesk::take_back() {
  if (before_.empty()) return;
  std::string text = std::move(before_.back());
  before_.pop_back();
  auto taken = take(std::move(text));
  say(taken ? "" : taken.error().message, !taken);
}

void FilmDesk::save() {
  if (source_.path.empty()) return say(kNoScene, true);
  if (saving_) {
    save_again_ = true;
    return;
  }
  saving_ = SceneSaving::over(source_.path, source_.text, text_);
}

void FilmDesk::save_copy() {
  if (source_.path.empty()) return say(kNoScene, true);
  if (!saving_) saving_ = SceneSaving::beside(source_.path, text_);
}

bool FilmDesk::hear() {
  if (!saving_ || !saving_->done()) return false;
  end_saving();
  return true;
}

void FilmDesk::wait() {
  while (saving_) end_saving();
}

void FilmDesk::end_saving() {
  const auto saved = saving_->end();
  const bool copy = saving_->copy();
  if (saved) (copy ? let_go_ : source_.text) = saving_->text();
  saving_.reset();
  if (saved)
    say(fmt::format("{} in {}", copy ? "a copy is saved" : "saved", printable(saved->string())), false);
  else
    say(saved.error().message, true);
  if (std::exchange(save_again_, false) && saved && unsaved()) save();
}

}  // namespace fl
