#include "trainer/compute/cpu/cpu_group.h"

#include <algorithm>
#include <exception>

#include <omp.h>

#include "trainer/base/check.h"
#include "trainer/compute/cpu/cpu_backend.h"
#include "trainer/compute/cpu/cpu_program.h"

namespace fl {
namespace {

constexpr std::size_t kKept = 4;
constexpr std::size_t kLine = 16;  // floats of a line of cache: two runs never write to one

}  // namespace

CpuGroup::CpuGroup(const GroupOptions& options)
    : options_(options), threads_(options.threads > 0 ? options.threads : omp_get_num_procs()) {}

std::string CpuGroup::device() const {
  return CpuBackend(threads_).device();
}

std::shared_ptr<CpuGroup::Shared> CpuGroup::shared(const NetSpec& spec) {
  auto found = std::ranges::find_if(kept_, [&](const auto& each) { return each->network.spec == spec; });
  if (found == kept_.end()) {
    if (kept_.size() == kKept) kept_.pop_back();
    found = kept_.insert(kept_.begin(), std::make_shared<Shared>(spec));
    Shared& fresh = **found;
    fresh.stride = (fresh.network.layout.all_floats + kLine - 1) / kLine * kLine;
    fresh.arena.resize(options_.in_arena * fresh.stride);
  }
  std::rotate(kept_.begin(), found, found + 1);
  return kept_.front();
}

Result<std::unique_ptr<Program>> CpuGroup::compile(const NetSpec& spec, int max_batch) {
  FL_TRY(layer_shapes(spec));
  if (max_batch < 1) return error("The batch size must be at least 1, not {}.", max_batch);
  const std::scoped_lock lock(mutex_);
  const std::shared_ptr<Shared> own = shared(spec);
  const CpuTeam team{.threads = 1, .shares = options_.shares};
  // All of it lives as long as a program does.
  const std::shared_ptr<CpuNetwork> network(own, &own->network);
  if (options_.in_arena == 0) return std::unique_ptr<Program>(std::make_unique<CpuProgram>(network, team));
  FL_CHECK_MSG(own->compiled < options_.in_arena, "more than {} programs", options_.in_arena);
  const auto params =
      std::span(own->arena).subspan(own->compiled++ * own->stride, network->layout.all_floats);
  return std::unique_ptr<Program>(std::make_unique<CpuProgram>(network, team, params));
}

void CpuGroup::each(std::size_t count, const std::function<void(std::size_t)>& work) {
  std::exception_ptr thrown;
#pragma omp parallel for num_threads(threads_) schedule(dynamic, 1)
  for (std::size_t i = 0; i < count; ++i) {
    omp_set_num_threads(1);
    try {
      work(i);
    } catch (...) {
#pragma omp critical(fl_group_thrown)
      if (!thrown) thrown = std::current_exception();
    }
  }
  if (thrown) std::rethrow_exception(thrown);
}

std::unique_ptr<GroupBackend> started_cpu_group(const GroupOptions& options) {
  return std::make_unique<CpuGroup>(options);
}

std::span<const float> CpuGroup::arena() const {
  return kept_.empty() ? std::span<const float>() : std::span<const float>(kept_.front()->arena);
}

std::size_t CpuGroup::arena_stride() const {
  return kept_.empty() ? 0 : kept_.front()->stride;
}

}  // namespace fl
