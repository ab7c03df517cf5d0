#include "engine/ui/run_actions.h"

#include <algorithm>

namespace fl {

namespace {

std::uint32_t bits_of(const std::vector<std::uint32_t>& numbers) {
  std::uint32_t bits = 0;
  for (const std::uint32_t number : numbers) bits |= 1u << number;
  return bits;
}

}  // namespace

std::vector<std::uint32_t> run_numbers(const ActionContext& c) {
  std::vector<std::uint32_t> numbers;
  for (std::uint32_t i = 0; i < c.lesson.raced.size(); ++i) numbers.push_back(i);
  if (c.shown.facts.race.forks > 0)
    for (std::uint32_t i = 0; i < std::min(c.shown.facts.race.lanes, kFrameMaxPaths); ++i)
      numbers.push_back(c.shown.header.paths[i].color);
  return numbers;
}

bool next_run(ActionContext& c) {
  const std::vector<std::uint32_t> numbers = run_numbers(c);
  if (numbers.empty()) return false;
  const std::uint32_t all = bits_of(numbers);
  const auto hides = [&](std::uint32_t number) { return (c.view.hidden_runs >> number & 1u) != 0; };
  std::size_t next = 0;
  if (std::ranges::count_if(numbers, hides) + 1 == std::ssize(numbers))
    next = static_cast<std::size_t>(std::ranges::find_if_not(numbers, hides) - numbers.begin()) + 1;
  c.view.hidden_runs = next < numbers.size() ? all & ~(1u << numbers[next]) : 0;
  return true;
}

bool make_fork(ActionContext& c, ForkChange what) {
  if (!c.status.no_fork.empty()) {
    c.wishes.say = c.status.no_fork;
    return true;
  }
  c.view.hidden_runs = 0;
  c.commands.push_back(command::MakeFork{what});
  return true;
}

bool remove_forks(ActionContext& c) {
  const bool any = c.shown.facts.race.forks > 0 && c.shown.facts.fate.count == 0;
  if (any) c.commands.push_back(command::RemoveFork{});
  c.view.hidden_runs = any ? 0 : c.view.hidden_runs;
  return any;
}

void remove_fork(ActionContext& c, std::uint32_t number) {
  c.commands.push_back(command::RemoveFork{static_cast<std::int32_t>(number)});
  const std::uint32_t others = bits_of(run_numbers(c)) & ~(1u << number);
  c.view.hidden_runs &= ~(1u << number);
  if (c.view.hidden_runs == others) c.view.hidden_runs = 0;
}

bool move_fork_step(ActionContext& c, int by) {
  const FateFacts& fate = c.shown.facts.fate;
  if (fate.count == 0) return false;
  const int next = std::clamp(static_cast<int>(fate.chosen) + by, 0, static_cast<int>(fate.count) - 1);
  const std::uint32_t step = fate.steps.at(static_cast<std::size_t>(next)).step;
  c.commands.push_back(command::ChooseForkStep{static_cast<std::int32_t>(step)});
  return true;
}

void forget_gone_forks(ActionContext& c) {
  if (c.lesson.raced.empty()) c.view.hidden_runs &= bits_of(run_numbers(c));
}

}  // namespace fl
