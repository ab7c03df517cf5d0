#include "trainer/compute/cpu/rates/cpu_rate_runs.h"

#include <algorithm>
#include <array>

#include "trainer/base/check.h"

namespace fl {
namespace {

// A call: some 6 ms in float, 15 in double, so that whoever wants to stop waits no longer.
constexpr std::size_t kPixelsAThread = 16;

template <typename Side, typename T = typename decltype(Side::values)::value_type>
void fill(const RateTask& task, Side& side) {
  const std::array<const std::vector<float>*, 4> parts = {&task.inputs, &task.targets, &task.first,
                                                          &task.second};
  for (const auto* part : parts) side.values.insert(side.values.end(), part->begin(), part->end());
  std::array<const T*, 4> places{};
  std::size_t at = 0;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    places[i] = side.values.data() + at;
    at += parts[i]->size();
  }
  side.examples = {places[0], places[1], places[2], places[3], task.steps};
}

}  // namespace

CpuRateRuns::CpuRateRuns(const RateTask& task, int threads, [[maybe_unused]] bool wide) : threads_(threads) {
  fill(task, floats_);
  fill(task, doubles_);
  floats_.team = rates::any_floats();
  doubles_.team = rates::any_doubles();
#ifdef FL_RATES_AVX2
  if (!wide || __builtin_cpu_supports("avx2") == 0) return;
  floats_.team = rates::avx2_floats();
  doubles_.team = rates::avx2_doubles();
#endif
}

std::size_t CpuRateRuns::at_once() const {
  return static_cast<std::size_t>(threads_) * kPixelsAThread;
}

template <typename T>
void CpuRateRuns::run_side(const Side<T>& side, std::span<const RatePair> pairs,
                           std::span<RateRun> runs) const {
  const auto abreast = static_cast<std::size_t>(side.team.pixels);
  const auto groups = static_cast<int>((pairs.size() + abreast - 1) / abreast);
#pragma omp parallel for num_threads(std::min(groups, threads_)) schedule(dynamic, 1)
  for (int group = 0; group < groups; ++group) {
    const std::size_t begin = static_cast<std::size_t>(group) * abreast;
    const std::size_t count = std::min(abreast, pairs.size() - begin);
    // A last group that is not full trains its last pixel several times.
    std::array<RatePair, rates::kMostAbreast> own{};
    std::array<RateRun, rates::kMostAbreast> done{};
    for (std::size_t i = 0; i < abreast; ++i) own[i] = pairs[begin + std::min(i, count - 1)];
    side.team.train(side.examples, own.data(), done.data());
    std::copy_n(done.begin(), count, runs.begin() + static_cast<std::ptrdiff_t>(begin));
  }
}

void CpuRateRuns::run(std::span<const RatePair> pairs, RatePrecision precision, std::span<RateRun> runs) {
  FL_CHECK(runs.size() == pairs.size());
  if (pairs.empty()) return;
  if (precision == RatePrecision::kFloat)
    run_side(floats_, pairs, runs);
  else
    run_side(doubles_, pairs, runs);
}

}  // namespace fl
