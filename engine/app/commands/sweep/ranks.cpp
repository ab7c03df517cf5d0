#include "engine/app/commands/sweep/ranks.h"

#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <initializer_list>
#include <string_view>
#include <thread>

#include <sched.h>

namespace fl {
namespace {

int first_number(std::initializer_list<const char*> names, int otherwise) {
  for (const char* name : names) {
    const char* text = std::getenv(name);
    if (text == nullptr) continue;
    const std::string_view view(text);
    int value = 0;
    // Slurm writes "4(x2)" for four on each of two machines.
    const auto [end, code] = std::from_chars(view.data(), view.data() + view.size(), value);
    if (code == std::errc() && value >= 0) return value;
  }
  return otherwise;
}

}  // namespace

Ranks ranks() {
  return {.rank = first_number({"OMPI_COMM_WORLD_RANK", "PMIX_RANK", "PMI_RANK", "SLURM_PROCID"}, 0),
          .local = std::max(
              1, first_number({"OMPI_COMM_WORLD_LOCAL_SIZE", "MPI_LOCALNRANKS", "SLURM_STEP_TASKS_PER_NODE"},
                              1))};
}

int own_cores(const Ranks& ranks) {
  const int machine = static_cast<int>(std::max(1u, std::thread::hardware_concurrency()));
  cpu_set_t allowed;
  CPU_ZERO(&allowed);
  const int bound = ::sched_getaffinity(0, sizeof allowed, &allowed) == 0 ? CPU_COUNT(&allowed) : machine;
  // A launcher that binds has divided them already.
  return std::max(1, bound < machine ? bound : machine / ranks.local);
}

}  // namespace fl
