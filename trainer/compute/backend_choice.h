#pragma once
// Which backend trains: a machine's and a user's choice, never a scene's.

#include <memory>
#include <string>
#include <vector>

#include "trainer/compute/backend.h"

namespace fl {

enum class BackendKind { kAuto, kCpu, kCuda };  // auto: CUDA where a device can be used, else the CPU

struct BackendChoice {
  BackendKind kind = BackendKind::kAuto;
  bool tf32 = false;          // CUDA: faster products with 10-bit mantissas
  bool deterministic = true;  // CUDA: the same bits each time
};

const std::vector<std::string>& backend_names();  // in BackendKind's order
// Errors name what exists.
Result<BackendKind> backend_by_name(const std::string& name);

// The command-line options in a choice that mean something with CUDA alone, as they were typed.
[[nodiscard]] std::vector<std::string> cuda_options(const BackendChoice& choice);

// Warns where an option is for CUDA and the CPU trains.
// `threads`: of the CPU backend; 0: one a core. Error: kCuda where no device can be used, with the reason.
Result<std::unique_ptr<Backend>> make_backend(const BackendChoice& choice, int threads);

// What is known of CUDA here, and why it is not used where it is not.
struct CudaReport {
  std::vector<std::string> libraries, devices;
  std::string reason;                // empty where CUDA can be used
  std::optional<DeviceUuid> chosen;  // the device that it is used on
};
CudaReport cuda_report();

// The card that make_backend(choice) would train on; none where it would be the CPU. For whoever has to
// choose a card to draw on while the backend is still being made.
std::optional<DeviceUuid> training_gpu(const BackendChoice& choice);

}  // namespace fl
