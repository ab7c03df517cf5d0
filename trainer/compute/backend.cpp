#include "trainer/compute/backend.h"

#include "trainer/base/check.h"
#include "trainer/base/threads.h"
#include "trainer/compute/cpu/cpu_backend.h"
#include "trainer/compute/group_backend.h"

namespace fl {
namespace {

Result<void> check_number(int threads) {
  if (threads < 0 || threads > 1024)
    return error("The program cannot train with {} threads; use 1 to 1024, or 0 for one per core.", threads);
  return {};
}

}  // namespace

Result<std::unique_ptr<Backend>> make_cpu_backend(int threads) {
  FL_TRY(check_number(threads));
  return std::unique_ptr<Backend>(std::make_unique<CpuBackend>(threads));
}

Result<std::unique_ptr<GroupBackend>> make_cpu_group(const GroupOptions& options) {
  FL_TRY(check_number(options.threads));
  FL_CHECK(options.shares >= 1);
  // OpenMP ends the program where it finds out itself.
  FL_TRY(check_threads(options.threads, "use fewer at once"));
  return started_cpu_group(options);
}

}  // namespace fl
