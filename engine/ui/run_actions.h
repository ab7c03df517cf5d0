#pragma once
// What a person does with several runs: the lanes of a race, or a run and its forks.

#include <cstdint>
#include <vector>

#include "engine/ui/actions.h"
#include "trainer/subjects/forks/fork_change.h"

namespace fl {

// Of the runs that are shown together, in their order: ViewState::hidden_runs has their bits. Empty: there is
// one, or none.
[[nodiscard]] std::vector<std::uint32_t> run_numbers(const ActionContext& context);

// One alone, from the first to the last, then all again.
bool next_run(ActionContext& context);
// Or says why not.
bool make_fork(ActionContext& context, ForkChange what);
template <ForkChange What>
bool fork_run(ActionContext& context) {
  return make_fork(context, What);
}
bool remove_forks(ActionContext& context);
// One of them, by its number. Where it was the only one shown, all others are.
void remove_fork(ActionContext& context, std::uint32_t number);
// The forks of the step before or after, where the run's fate is asked.
bool move_fork_step(ActionContext& context, int by);
template <int By>
bool fork_step(ActionContext& context) {
  return move_fork_step(context, By);
}
// Forks that are not there any more, as after a rewind, hide nothing: another one comes under their number.
void forget_gone_forks(ActionContext& context);

}  // namespace fl
