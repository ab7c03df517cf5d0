#pragma once
// What a person can do, one row an action: its name, its keys, a line of help, and what it does. Keys,
// buttons, the help over the stage and the README's table of keys all come from here, and tests ask for
// actions by name.

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/ui/controls.h"
#include "engine/ui/lesson_info.h"
#include "engine/ui/viewer.h"
#include "engine/ui/wishes.h"
#include "trainer/session/status.h"
#include "trainer/subjects/command.h"

namespace fl {

struct StartDesk;

// What an action acts on.
struct ActionContext {
  const Status& status;
  const LessonInfo& lesson;
  const Frame& shown;  // of the picture that is seen
  ViewState& view;
  Viewer& viewer;
  std::string_view& panel;              // the open one, by name; empty: none
  std::vector<Command>& commands;       // for the session: an action adds its own
  Wishes& wishes;                       // for the window
  Controls& controls;                   // of this lesson
  std::optional<std::uint64_t> seed{};  // what "reset" begins with; none: the session's own
  StartDesk* start = nullptr;           // of the panel at the start; null: it is empty
};

struct Action {
  std::string_view name;
  std::array<int, 2> keys;  // as WindowInput has them; 0: none
  // What it does, as a person would say it. Empty: the line of the action above covers this one, too.
  std::string_view help;
  bool (*does)(ActionContext& context) = nullptr;  // null: opens the panel of its name, or closes it
  bool repeats = false;                            // while its key is held
  bool hidden = false;                             // from the tables of keys: another line says it

  // False: it means nothing now, and its key is the next action's that has it.
  bool act(ActionContext& context) const;
};

// Those of the panels (panels/panels.h) among them.
[[nodiscard]] std::span<const Action> actions();
// Throws CheckFailure where there is no such action: names stand in the program alone.
const Action& action(std::string_view name);
// That "new-start" begins with.
[[nodiscard]] std::uint64_t next_seed(std::uint64_t seed);
// Does what the key means. `held`: it repeats by itself. False: the key means nothing now.
bool press(int key, bool held, ActionContext& context);

// A line of a table of keys: what stands on each of them, and what they do.
struct KeyLine {
  std::vector<std::string> keys;
  std::string help;
  [[nodiscard]] std::string joined() const;  // "W A S D"
};
// In the order of the actions; those without a key have none.
[[nodiscard]] std::vector<KeyLine> key_lines();
// The line an action's button shows under the pointer: "One step of the optimizer (→)".
[[nodiscard]] std::string tip(std::string_view name);

}  // namespace fl
