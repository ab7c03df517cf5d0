#pragma once
// A hand on a trainability map: the wheel and drags become other views of it, asked of the session by a
// command. Until a picture shows what was asked for, the next move goes on from there.

#include <optional>

#include "engine/pass/pass.h"
#include "engine/ui/window_input.h"
#include "trainer/seam/frame_facts.h"
#include "trainer/subjects/command.h"
#include "trainer/subjects/trainability/rate_view.h"

namespace fl {

class RatesHand {
 public:
  // The pointer's part of the input over the map, which the last picture showed in `plot`; `seconds` since
  // the last call.
  void handle(const WindowInput& input, const RatesFacts& shown, const Rect& plot, double seconds);
  // About the middle; by shares of the map, to the right and down.
  void zoom(double factor);
  void move(glm::vec2 shares);
  void show_whole();
  // What is asked for since the last call.
  [[nodiscard]] std::optional<command::ShowRates> take();

 private:
  [[nodiscard]] RateView now() const;
  // About a place of the map, 0 to 1 to the right and upward, which stays where it is.
  void zoom_about(glm::dvec2 share, double factor);
  void ask(const RateView& view);

  RatesFacts shown_;
  std::optional<RateView> asked_;  // that no picture shows yet
  double age_ = 0;                 // seconds since then
  bool news_ = false;
};

// log10 of the rates under a pixel of the picture; nothing beside the map.
[[nodiscard]] std::optional<glm::dvec2> rates_under(const RatesFacts& shown, const Rect& plot,
                                                    glm::vec2 pixel);

}  // namespace fl
