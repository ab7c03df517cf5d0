#pragma once
// What the parity tests test: the CUDA backend on a real device, or, in another binary, the same code on a device
// made of host memory (tests/support/fake_device).

#include <cstddef>
#include <memory>
#include <string>

#include "trainer/compute/backend.h"

namespace fl::test {

struct SubjectOptions {
  bool graphs = true;
  bool tf32 = false;
  std::size_t kept_steps = std::size_t{1} << 18;  // whose outcomes stay on the device
  std::size_t pass_bytes = std::size_t{512} << 20;  // of one evaluation pass
};

// Why nothing can be tested here; empty where something can.
std::string why_no_subject();
std::unique_ptr<Program> make_subject(const NetSpec& spec, const SubjectOptions& options = {});

}  // namespace fl::test
