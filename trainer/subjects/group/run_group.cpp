#include "trainer/subjects/group/run_group.h"

#include <algorithm>
#include <utility>

namespace fl {
namespace {

Result<void> check_images(std::span<const GroupRun> runs) {
  const RunSpec& first = runs.front().spec;
  for (std::size_t i = 1; i < runs.size(); ++i)
    if (runs[i].spec.data != first.data || runs[i].spec.seed != first.seed || !runs[i].spec.backbone.empty())
      return error(
          "Run {} of {} has other images than the first; runs that are trained together have the same [data] "
          "and train.seed, and no backbone.",
          i + 1, runs.size());
  return {};
}

}  // namespace

Result<std::unique_ptr<RunGroup>> RunGroup::create(std::span<const GroupRun> runs, const Dataset& data,
                                                   int threads, int shares) {
  if (runs.empty()) return error("There are no runs to train together; name at least one.");
  FL_TRY(check_images(runs));
  FL_TRY_LET(made, make_cpu_group({.threads = threads, .shares = shares, .in_arena = runs.size()}));
  std::unique_ptr<RunGroup> group(new RunGroup(*std::move(made)));
  for (std::size_t i = 0; i < runs.size(); ++i) {
    FL_TRY_LET(training, Training::create(runs[i].spec, data, group->backend_));
    if (i > 0 && (*training)->program().spec() != group->run(0).program().spec())
      return error(
          "Run {} of {} has another network than the first; runs that are trained together differ in numbers "
          "only, such as train.rate.",
          i + 1, runs.size());
    if (runs[i].start) FL_TRY((*training)->reset(*runs[i].start));
    group->runs_.push_back(*std::move(training));
  }
  return group;
}

std::span<const float> RunGroup::weights(std::size_t index) const {
  return backend_->arena().subspan(index * weights_stride(), run(index).program().layout().all_floats);
}

std::size_t RunGroup::advance(std::int64_t steps) {
  backend_->each(size(), [&](std::size_t index) {
    Training& training = run(index);
    for (std::int64_t left = steps; left > 0 && !training.over();) left -= training.advance(left);
  });
  return static_cast<std::size_t>(
      std::ranges::count_if(runs_, [](const auto& training) { return !training->over(); }));
}

}  // namespace fl
