#pragma once
// The door of the CUDA module. The backend with its libraries is a shared object of its own, loaded when it is
// wanted: cuDNN and cuBLAS take a fifth of a second to load, and a machine without them runs the rest all the
// same. Both sides are built together; `version` makes sure of it.

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "trainer/compute/backend.h"

namespace fl::cuda {

struct ModuleOptions {
  bool tf32 = false;
  bool deterministic = true;
};

// What `fallline doctor` tells.
struct ModuleReport {
  std::vector<std::string> libraries;  // "runtime 13.0", "driver 13.0", "cuDNN 9.19.0"
  std::vector<std::string> devices;    // with a reason where one is not usable
  std::string reason;                  // why no device is used; empty where one is
  std::optional<DeviceUuid> chosen;    // the one that is
};

struct Module {
  const char* version;
  ModuleReport (*report)();
  Result<std::unique_ptr<Backend>> (*make)(const ModuleOptions& options);
};

inline constexpr const char* kModuleFile = "libfallline_cuda.so";
inline constexpr const char* kModuleSymbol = "fallline_cuda_module";

}  // namespace fl::cuda
