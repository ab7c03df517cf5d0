#pragma once
// Results are only out once standard output has taken them.

#include "trainer/base/result.h"

namespace fl {

// Before anything is opened: a closed standard stream must not become the next file's descriptor; and a reader who goes
// away, or a file that grows too large, is an error of that write, not the end of the program.
void prepare_standard_streams();

// At the end of every command; `failure`: the errno with which printing ended early, 0: it did not. Errors: what was
// printed did not get out.
Result<void> finish_standard_output(int failure = 0);

}  // namespace fl
