#include "trainer/compute/backend.h"

#include "trainer/compute/cpu/cpu_backend.h"

namespace fl {

Result<std::unique_ptr<Backend>> make_cpu_backend(int threads) {
  if (threads < 0 || threads > 1024)
    return error("The program cannot train with {} threads; use 1 to 1024, or 0 for one per core.", threads);
  return std::unique_ptr<Backend>(std::make_unique<CpuBackend>(threads));
}

}  // namespace fl
