#include "trainer/backend/cpu/cpu_backend.h"

#include <atomic>
#include <system_error>
#include <thread>
#include <vector>

#include <omp.h>

#include "trainer/backend/cpu/cpu_program.h"

namespace fl {
namespace {

// OpenMP ends the program where it finds out itself.
Result<void> check_threads(int threads) {
  std::atomic<bool> enough{false};
  std::vector<std::jthread> others;
  try {
    for (int t = 1; t < threads; ++t) others.emplace_back([&] { enough.wait(false); });
  } catch (const std::system_error&) {
  }
  const std::size_t started = others.size() + 1;
  enough = true;
  enough.notify_all();
  if (started >= static_cast<std::size_t>(threads)) return {};
  return error(
      "Only {} of {} threads can be started here; set train.threads = 1, close other programs, or raise the limit on "
      "processes (ulimit -u).",
      started, threads);
}

}  // namespace

CpuBackend::CpuBackend(int threads) : threads_(threads > 0 ? threads : omp_get_num_procs()) {}

std::string CpuBackend::device() const {
  const dnnl_version_t* version = dnnl_version();
  return fmt::format("CPU (oneDNN {}.{}.{}, {} thread{})", version->major, version->minor, version->patch,
                     threads_, threads_ == 1 ? "" : "s");
}

Result<std::unique_ptr<Program>> CpuBackend::compile(const NetSpec& spec, int max_batch) {
  if (auto shapes = layer_shapes(spec); !shapes) return shapes.error();
  if (max_batch < 1) return error("The batch size must be at least 1, not {}.", max_batch);
  if (auto can = check_threads(threads_); !can) return can.error();
  return std::unique_ptr<Program>(std::make_unique<CpuProgram>(spec, threads_));
}

}  // namespace fl
