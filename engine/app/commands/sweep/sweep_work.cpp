#include "engine/app/commands/sweep/sweep_work.h"

#include <algorithm>
#include <atomic>
#include <charconv>
#include <chrono>
#include <optional>
#include <thread>

#include "engine/app/interrupt.h"
#include "engine/app/loading/own_folders.h"
#include "engine/app/open_training.h"
#include "trainer/base/failure_text.h"
#include "trainer/session/session_file.h"

namespace fl {
namespace {

using namespace std::chrono_literals;

// The value of kStartAxis; nothing where there is no such axis.
std::optional<std::uint64_t> start_of(const SweepPlan& plan, std::size_t cell) {
  for (std::size_t i = 0; i < plan.axes.size(); ++i) {
    if (plan.axes[i].key != kStartAxis) continue;
    const std::string& text = plan.value(cell, i);
    std::uint64_t seed = 0;
    std::from_chars(text.data(), text.data() + text.size(), seed);
    return seed;
  }
  return std::nullopt;
}

void put_figures(Training& training, CellResult& result) {
  result.state = report_state(training.state());
  result.steps = training.steps();
  const auto& epochs = training.history().epochs;
  result.epochs = static_cast<int>(epochs.size());
  result.weights = weights_checksum(training);
  if (epochs.empty()) return;
  const EpochRecord& last = epochs.back();
  result.loss = last.loss;
  result.accuracy = last.accuracy;
  result.test_loss = last.test_loss;
  result.test_accuracy = last.test_accuracy;
}

}  // namespace

Result<SceneFile> open_cell(const std::string& scene, const std::vector<std::string>& overrides,
                            const SweepPlan& plan, std::size_t cell) {
  std::vector<std::string> settings = overrides;
  for (std::size_t i = 0; i < plan.axes.size(); ++i)
    if (plan.axes[i].key != kStartAxis) settings.push_back(plan.axes[i].key + "=" + plan.value(cell, i));
  return open_scene(scene, settings);
}

SweepWork::SweepWork(std::string scene, std::vector<std::string> overrides, BackendChoice backend,
                     const SweepFolder& folder)
    : scene_(std::move(scene)), overrides_(std::move(overrides)), backend_(backend), folder_(folder) {
  if (backend.kind != BackendKind::kCpu || !cuda_options(backend).empty()) return;
  if (auto made = make_cpu_group({.threads = 1})) group_ = *std::move(made);
}

std::shared_ptr<Backend> SweepWork::backend_of(const SceneFile& scene) const {
  return scene.run.threads == 1 ? group_ : nullptr;
}

CellResult SweepWork::train(std::size_t cell) {
  CellResult result{.cell = cell, .state = kCellFailed, .weights = {}, .note = {}};
  try {
    const auto scene = open_cell(scene_, overrides_, folder_.plan(), cell);
    auto training =
        scene ? open_training(*scene, backend_, {}, {.cache = cache_folder()}, &sets_, backend_of(*scene))
              : scene.error();
    if (training)
      if (const auto start = start_of(folder_.plan(), cell))
        if (auto begun = (*training)->reset(*start); !begun) training = begun.error();
    if (!training) {
      result.note = training.error().message;
      return result;
    }
    while (!interrupted() && (*training)->advance((*training)->burst()) > 0) {
    }
    put_figures(**training, result);
  } catch (const std::exception& failure) {
    result.note = failure_text(failure) + ".";
  }
  return result;
}

Result<void> SweepWork::work(std::size_t number) {
  FL_TRY_LET(worker, folder_.worker(number));
  while (!interrupted()) {
    FL_TRY_LET(cell, worker->next());
    if (!*cell) return {};
    const CellResult result = train(**cell);
    if (!interrupted()) FL_TRY(worker->finish(result));
  }
  return {};
}

Result<void> SweepWork::run(int threads, const std::function<void()>& look) {
  std::vector<Result<void>> ends(static_cast<std::size_t>(threads));
  std::atomic<int> working = threads;
  {
    std::vector<std::jthread> workers;
    for (std::size_t i = 0; i < ends.size(); ++i)
      workers.emplace_back([&, i] {
        ends[i] = work(i);
        --working;
      });
    // Looking reads a file, which may be another machine's.
    for (int turn = 1; working > 0; ++turn) {
      std::this_thread::sleep_for(20ms);
      if (turn % 50 == 0) look();
    }
  }
  for (const Result<void>& end : ends)
    if (!end) return end;
  return {};
}

}  // namespace fl
