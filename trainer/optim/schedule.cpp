#include "trainer/optim/schedule.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "trainer/base/check.h"
#include "trainer/base/name_list.h"

namespace fl {
namespace {

// The share of the base rate that is left without any warm-up.
double decay(const ScheduleSpec& schedule, std::int64_t warmup_steps, const ScheduleClock& clock) {
  switch (schedule.kind) {
    case ScheduleKind::kConstant:
      return 1;
    case ScheduleKind::kStep:
      return std::pow(schedule.step_factor,
                      static_cast<double>(clock.step / clock.steps_per_epoch / schedule.step_epochs));
    case ScheduleKind::kCosine: {
      const auto done = static_cast<double>(std::max<std::int64_t>(clock.step - warmup_steps, 0));
      const auto all = static_cast<double>(std::max<std::int64_t>(clock.total_steps - warmup_steps, 1));
      return 0.5 * (1 + std::cos(std::numbers::pi * std::min(done / all, 1.0)));
    }
  }
  return 1;
}

}  // namespace

double scheduled_rate(const ScheduleSpec& schedule, double base_rate, const ScheduleClock& clock) {
  FL_CHECK(clock.step >= 0 && clock.steps_per_epoch >= 1 && schedule.step_epochs >= 1);
  const std::int64_t warmup_steps =
      std::llround(schedule.warmup_epochs * static_cast<double>(clock.steps_per_epoch));
  const double rate = base_rate * decay(schedule, warmup_steps, clock);
  if (clock.step >= warmup_steps) return rate;
  return rate * (static_cast<double>(clock.step + 1) / static_cast<double>(warmup_steps));
}

const std::vector<std::string>& schedule_names() {
  static const std::vector<std::string> names = {"constant", "step", "cosine"};
  return names;
}

const char* schedule_name(ScheduleKind kind) {
  return schedule_names().at(static_cast<std::size_t>(kind)).c_str();
}

Result<ScheduleKind> schedule_by_name(const std::string& name) {
  const auto& names = schedule_names();
  const auto found = std::ranges::find(names, name);
  if (found != names.end()) return static_cast<ScheduleKind>(found - names.begin());
  return error("There is no schedule called \"{}\"; the choices are {}.", name, name_list(names));
}

}  // namespace fl
