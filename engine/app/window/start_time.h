#pragma once

namespace fl {

// Seconds since the system started this process; a negative number where the system does not tell.
[[nodiscard]] double seconds_since_start();
// Processor time that the calling thread has used.
[[nodiscard]] double thread_seconds();

}  // namespace fl
