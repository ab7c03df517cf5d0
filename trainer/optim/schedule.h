#pragma once
// How the learning rate changes while training goes on. A schedule is a pure function of the step, so that a
// run resumed in its middle, or a base rate moved by hand, needs no memory of what came before.

#include <cstdint>
#include <string>
#include <vector>

#include "trainer/base/result.h"

namespace fl {

enum class ScheduleKind {
  kConstant,
  kStep,    // multiplied by step_factor after every step_epochs epochs
  kCosine,  // half a cosine from the base rate towards zero (Loshchilov and Hutter 2017, without restarts)
};

struct ScheduleSpec {
  ScheduleKind kind = ScheduleKind::kConstant;
  // The rate first grows in equal parts, from base / n at the first of these n steps to the base at the
  // last (Goyal et al. 2017). A step schedule counts its epochs from the start of the training all the same;
  // a cosine begins when the warm-up has ended.
  double warmup_epochs = 0;
  int step_epochs = 10;
  double step_factor = 0.1;
};

// Where a training stands; the step about to be taken counts from 0.
struct ScheduleClock {
  std::int64_t step = 0;
  std::int64_t total_steps = 1;
  std::int64_t steps_per_epoch = 1;
};

// The rate of that step. A cosine would reach zero one step after the last, so that no step is wasted.
double scheduled_rate(const ScheduleSpec& schedule, double base_rate, const ScheduleClock& clock);

const char* schedule_name(ScheduleKind kind);
// All of them, in ScheduleKind's order.
const std::vector<std::string>& schedule_names();
// Errors name what exists.
Result<ScheduleKind> schedule_by_name(const std::string& name);

}  // namespace fl
