#include "trainer/compute/backend_choice.h"

#include <dlfcn.h>

#include <fmt/ranges.h>

#include "fallline_build_info.h"

#include "trainer/base/log.h"
#include "trainer/base/name_list.h"
#include "trainer/compute/cuda/module.h"

namespace fl {
namespace {

// The module stays loaded until the program ends: its backends' code lives there.
Result<const cuda::Module*> load_module() {
  if (!FALLLINE_HAS_CUDA) return error("this version was built without CUDA");
  void* library = ::dlopen(cuda::kModuleFile, RTLD_NOW | RTLD_LOCAL);
  if (library == nullptr) return error("the CUDA module cannot be loaded: {}", ::dlerror());
  const auto* module = static_cast<const cuda::Module*>(::dlsym(library, cuda::kModuleSymbol));
  if (module == nullptr || std::string(module->version) != FALLLINE_VERSION)
    return error("{} belongs to another version of this program", cuda::kModuleFile);
  return module;
}

bool there_is_a_driver() {
  void* driver = ::dlopen("libcuda.so.1", RTLD_LAZY | RTLD_LOCAL);
  if (driver != nullptr) ::dlclose(driver);
  return driver != nullptr;
}

void say_what_the_cpu_ignores(const BackendChoice& choice) {
  const std::vector<std::string> ignored = cuda_options(choice);
  if (!ignored.empty())
    log_warning("{} will change nothing: the CPU trains, not CUDA.", fmt::join(ignored, " and "));
}

Result<std::unique_ptr<Backend>> make_cuda_backend(const BackendChoice& choice) {
  // Without a driver the rest, which takes its time, need not be loaded.
  if (FALLLINE_HAS_CUDA && !there_is_a_driver()) return error("there is no NVIDIA driver (libcuda.so.1)");
  FL_TRY_LET(module, load_module());
  return (*module)->make({.tf32 = choice.tf32, .deterministic = choice.deterministic});
}

}  // namespace

const std::vector<std::string>& backend_names() {
  static const std::vector<std::string> names = {"auto", "cpu", "cuda"};
  return names;
}

Result<BackendKind> backend_by_name(const std::string& name) {
  const auto& names = backend_names();
  for (std::size_t i = 0; i < names.size(); ++i)
    if (name == names[i]) return static_cast<BackendKind>(i);
  return error("There is no backend called \"{}\"; the choices are {}.", name, name_list(names));
}

std::vector<std::string> cuda_options(const BackendChoice& choice) {
  std::vector<std::string> options;
  if (choice.kind == BackendKind::kCuda) options.emplace_back("--backend cuda");
  if (choice.tf32) options.emplace_back("--tf32");
  if (!choice.deterministic) options.emplace_back("--any-order");
  return options;
}

Result<std::unique_ptr<Backend>> make_backend(const BackendChoice& choice, int threads) {
  if (choice.kind == BackendKind::kCpu) {
    say_what_the_cpu_ignores(choice);
    return make_cpu_backend(threads);
  }
  auto backend = make_cuda_backend(choice);
  if (backend) return backend;
  if (choice.kind == BackendKind::kCuda)
    return error("Cannot train with CUDA: {}; leave out --backend cuda to train on the CPU.", backend.error().message);
  // Without a driver nobody expects more; with one, whoever watches wants to know.
  if (FALLLINE_HAS_CUDA && there_is_a_driver()) log_info("training on the CPU: {}", backend.error().message);
  say_what_the_cpu_ignores(choice);
  return make_cpu_backend(threads);
}

CudaReport cuda_report() {
  const auto module = load_module();
  if (!module) return {{}, {}, module.error().message, {}};
  cuda::ModuleReport report = (*module)->report();
  return {std::move(report.libraries), std::move(report.devices), std::move(report.reason), report.chosen};
}

std::optional<DeviceUuid> training_gpu(const BackendChoice& choice) {
  if (choice.kind == BackendKind::kCpu || !FALLLINE_HAS_CUDA || !there_is_a_driver()) return std::nullopt;
  return cuda_report().chosen;
}

}  // namespace fl
