#include <cmath>

#include <fmt/format.h>

#include "trainer/base/counted.h"
#include "trainer/subjects/trainability/trainability.h"

namespace fl {
namespace {

const char* outcome(const RateRun& run, int steps) {
  if (run.trained != 0) return "trained";
  return run.steps < static_cast<std::uint32_t>(steps) ? "diverged" : "not trained";
}

}  // namespace

std::string rate_map_csv(const RateMap& map, int steps) {
  std::string text = "log10_first,log10_second,outcome,steps,loss\n";
  const std::uint32_t side = map.side();
  const RateView& view = map.view();
  for (std::uint32_t pixel = 0; pixel < side * side; ++pixel) {
    if (!map.knows(pixel)) continue;
    const RateRun& run = map.run(pixel);
    const bool whole = run.steps == static_cast<std::uint32_t>(steps);
    fmt::format_to(std::back_inserter(text), "{},{},{},{},{}\n",
                   rate_at(view.first, view.span, pixel % side + 0.5, side),
                   rate_at(view.second, view.span, pixel / side + 0.5, side), outcome(run, steps), run.steps,
                   whole ? fmt::format("{}", run.loss) : "");
  }
  return text;
}

std::string rate_map_sentence(const RateMap& map) {
  return fmt::format("{} of {} of learning rates train.", map.trained(), counted(map.known(), "pair"));
}

std::vector<std::string> rate_answer_words(const RateAnswer& answer) {
  const auto rate = [](double power) { return fmt::format("{:.6g}", std::pow(10.0, power)); };
  std::vector<std::string> words = {fmt::format("rates {} and {}", rate(answer.first), rate(answer.second))};
  const RateRun& run = answer.run;
  if (!answer.known)
    words.emplace_back("not trained yet");
  else if (run.trained != 0)
    words.push_back(fmt::format("trains: loss {:.3g} of the first", run.loss));
  else if (run.steps < static_cast<std::uint32_t>(answer.steps))
    words.push_back(fmt::format("diverges after {}", counted(run.steps, "step")));
  else
    words.push_back(fmt::format("does not come down: loss {:.3g} of the first", run.loss));
  return words;
}

}  // namespace fl
