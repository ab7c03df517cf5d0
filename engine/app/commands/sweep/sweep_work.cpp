#include "engine/app/commands/sweep/sweep_work.h"

#include <atomic>
#include <chrono>
#include <thread>
#include <utility>

#include "engine/app/interrupt.h"
#include "trainer/base/failure_text.h"

namespace fl {
namespace {

using namespace std::chrono_literals;

}  // namespace

SweepWork::SweepWork(SceneFile scene, BackendChoice backend, const SweepFolder& folder)
    : folder_(folder), cells_(std::move(scene), folder.plan(), backend, 1) {}

CellResult SweepWork::train(std::size_t cell) {
  try {
    const auto training = cells_.open(cell);
    if (!training) return CellTrainer::failed(cell, training.error().message);
    while (!interrupted() && (*training)->advance((*training)->burst()) > 0) {
    }
    return CellTrainer::result_of(cell, **training);
  } catch (const std::exception& failure) {
    return CellTrainer::failed(cell, failure_text(failure) + ".");
  }
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
