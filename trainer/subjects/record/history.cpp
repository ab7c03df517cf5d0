#include "trainer/subjects/record/history.h"

#include <cmath>
#include <iterator>

#include <fmt/format.h>

namespace fl {

namespace {

// All its digits, and "nan" whatever the sign that one may carry.
std::string exactly(double value) {
  return std::isnan(value) ? "nan" : fmt::format("{}", value);
}

}  // namespace

std::string History::csv() const {
  fmt::memory_buffer out;
  const auto to = std::back_inserter(out);
  fmt::format_to(to,
                 "step,epoch,loss,accuracy,rate,gradient_norm,update_norm,"
                 "epoch_loss,epoch_accuracy,test_loss,test_accuracy\n");
  for (std::size_t i = 0; i < steps.size(); ++i) {
    const StepRecord& s = steps[i];
    fmt::format_to(to, "{},{},{},{},{},{},{}", s.step, s.epoch, exactly(s.loss), exactly(s.accuracy),
                   exactly(s.rate), exactly(s.gradient_norm), exactly(s.update_norm));
    const auto epoch = static_cast<std::size_t>(s.epoch);
    const bool last = i + 1 == steps.size() || steps[i + 1].epoch != s.epoch;
    if (last && epoch < epochs.size()) {
      const EpochRecord& e = epochs[epoch];
      fmt::format_to(to, ",{},{},{},{}\n", exactly(e.loss), exactly(e.accuracy), exactly(e.test_loss),
                     exactly(e.test_accuracy));
    } else {
      fmt::format_to(to, ",,,,\n");
    }
  }
  return fmt::to_string(out);
}

std::string History::curvature_csv() const {
  if (curvatures.empty()) return {};
  std::string out = "step,largest,batch_sharpness,sharpness,limit\n";
  for (const CurvatureRecord& c : curvatures)
    out += fmt::format("{},{},{},{},{}\n", c.step, exactly(c.largest), exactly(c.batch_sharpness),
                       exactly(c.sharpness), exactly(c.limit));
  return out;
}

std::string History::lines_csv() const {
  std::string text;
  for (const LineRecord& line : lines)
    for (std::size_t i = 0; i < line.losses.size(); ++i)
      text += fmt::format("{},{},{},{},{}\n", line.fork_step, line.step,
                          static_cast<double>(i) / static_cast<double>(line.losses.size() - 1),
                          line.losses[i], line.ridge);
  return text.empty() ? text : "fork_step,step,along,loss,ridge\n" + text;
}

}  // namespace fl
