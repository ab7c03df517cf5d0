#pragma once

#include <stdexcept>

namespace fl {

// A device that failed while it worked: out of memory, or lost. What lives on it must be taken as gone. The
// message is one sentence.
class DeviceError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

}  // namespace fl
