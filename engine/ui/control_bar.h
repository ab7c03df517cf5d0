#pragma once
// The bar of controls along the window's lower edge: train, pause, one step, reset, learning rate,
// optimizer, speed; how the surface is shown; and the status line. It sends commands and shows small
// facts; landscape, path, features and curves never pass through here.

#include <optional>
#include <string>

#include "engine/ui/actions.h"
#include "trainer/session/pace/governor.h"

namespace fl {

// What the bar shows of the window, beside the session's status.
struct WindowFacts {
  std::string renderer;  // what draws
  std::string ring;      // how trainer and renderer share memory
  double frames_per_second = 0;
  std::optional<Shares> shares{};  // of the processor that both trains and draws, as measured
  bool lesson = true;              // there is one; else there is nothing to control
  std::string film{};              // of takes and renders; empty: there are none
  std::string message;             // the last thing worth a sentence; empty: none
  bool message_is_error = false;
};

class ControlBar {
 public:
  // Height in pixels at this scale, for the layout above it: at most a fifth of the picture's, unless one row
  // takes more, and a long message more while it stands. What finds no room is left out; its keys and panels
  // stay.
  [[nodiscard]] float height(float scale) const;
  // Draws into the current ImGui frame, over the lower edge of a picture of this size, and does in `context`
  // what is asked for.
  void draw(float width, float picture_height, float scale, const WindowFacts& facts, ActionContext context);

 private:
  // Sets rate_; true when the viewer changed it.
  void seed_control(float scale, std::vector<Command>& commands);
  bool rate_control(float scale, double current);
  void speed_control(float scale, double current, const char* unit, std::vector<Command>& commands);
  // The next group stands beside the last one where it fits, else it begins a row. False: there is no room
  // for another row.
  bool next_group(float needed, float width, float scale);
  void draw_status(float width, float scale, const ActionContext& context, const WindowFacts& facts);

  // Widgets keep their value while the pointer holds them; otherwise they follow the run.
  double rate_ = 0;
  bool holding_rate_ = false;
  float pace_ = 0;  // log10 of steps a second
  bool holding_pace_ = false;
  std::int64_t seed_ = 1;
  int rows_ = 1, most_rows_ = 1;
  int message_rows_ = 0, most_message_rows_ = 0;  // that a long message takes besides
  std::uint64_t shown_seed_ = ~0ull;
};

}  // namespace fl
