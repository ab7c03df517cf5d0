#pragma once
// fallline doctor: what this machine offers, what is used, and, where something is not, why.

#include "trainer/base/result.h"

namespace fl {

// Prints to stdout; fails only where no lesson could be shown at all.
Result<void> run_doctor();

}  // namespace fl
