#pragma once
// What a person has done at the controls of a lesson, beside what the lesson itself is: the settings that are
// collected for its next start, and the changes that can be taken back, the last one first.

#include <map>
#include <optional>
#include <span>
#include <string>
#include <variant>
#include <vector>

#include "engine/ui/lesson_info.h"
#include "engine/ui/wishes.h"
#include "trainer/session/status.h"
#include "trainer/subjects/command.h"
#include "trainer/subjects/settings/run_settings.h"

namespace fl {

// For the next start. They change nothing of the run that is shown.
struct Draft {
  std::vector<Setting> settings{};
  std::string preset{};  // the one that they came from, by name, while they hold what it sets; empty: none
  bool operator==(const Draft&) const = default;

  [[nodiscard]] const Setting* find(std::string_view key) const;
  // In place of what it had for this key.
  void set(Setting setting);
  void erase(std::string_view key);
};

// What is typed as the formula of a surface of two parameters.
struct FormulaField {
  std::string text;
  std::string shown;  // the formula whose surface was shown last
  std::string fault;  // what is wrong with the text, in a sentence; empty: nothing, or nobody asked
};

class Controls {
 public:
  static constexpr std::size_t kMostChanges = 100;  // that can be taken back

  // Another lesson is shown. Where it is the one that start_again() asked for, it goes on as the one before
  // was set, by commands: seed and speed; and trains.
  void begin(const LessonInfo& lesson, std::vector<Command>& commands);

  [[nodiscard]] const Draft& draft() const { return draft_; }
  void change_draft(Draft draft);
  // The preset that the run was started with; empty: none, or it was changed since.
  [[nodiscard]] const std::string& preset() const { return preset_; }
  // The lesson as it was before it was started again with other settings.
  [[nodiscard]] const RunSpec& own() const { return own_; }
  // The run as it is by now, with what commands changed.
  [[nodiscard]] RunSpec in_use(const LessonInfo& lesson, const Status& status) const;
  // Why the last setting was not taken, in a sentence; empty: it was.
  [[nodiscard]] const std::string& refused() const { return refused_; }
  void refuse(std::string why) { refused_ = std::move(why); }
  [[nodiscard]] FormulaField& formula() { return formula_; }
  // Asks for the same lesson with what is drafted. The draft stays until that one is there.
  void start_again(const LessonInfo& lesson, const Status& status, Wishes& wishes);

  // These commands are about to be obeyed. `held`: by a widget that is still held, whose commands until it is
  // let go are one change.
  void note(std::span<const Command> commands, const Status& status, bool held);
  [[nodiscard]] bool changed() const { return !changes_.empty(); }
  // Takes the last change back. False: there is none.
  bool take_back(const Status& status, std::vector<Command>& commands, Wishes& wishes);

 private:
  using Settings = std::vector<Setting>;  // that a run is to be started again with
  using Commands = std::vector<Command>;  // the first is of the kind that is taken back
  using Change = std::variant<Commands, Draft, Settings>;
  void remember(Change undone);
  void note_one(const Command& command, const Status& status);
  [[nodiscard]] bool goes_on(const Command& command) const;
  // What was asked for last, where anything was: the status follows when a step has ended.
  template <typename C>
  [[nodiscard]] std::optional<C> asked() const {
    const auto found = asked_.find(Command(C{}).index());
    return found != asked_.end() ? std::optional(std::get<C>(found->second)) : std::nullopt;
  }
  void ask(const Command& command) { asked_.insert_or_assign(command.index(), command); }

  Draft draft_;
  std::string preset_, refused_;
  FormulaField formula_;
  RunSpec own_;
  std::vector<Change> changes_;  // what takes each back
  bool open_ = false;            // the last one goes on: its widget is held
  bool taking_back_ = false;
  std::map<std::size_t, Command> asked_;  // by kind of command
  struct Again {
    std::vector<std::string> settings;
    Settings undone;
    Draft draft;
    std::uint64_t seed = 0;
    std::optional<command::SetPace> pace;
  };
  std::optional<Again> again_;  // is being opened
};

}  // namespace fl
