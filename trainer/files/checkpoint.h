#pragma once
// A training on disk: checkpoint.safetensors holds its weights under the names that weights.safetensors uses,
// batch-norm statistics, the optimizer's arrays, the whole history, and in its metadata the scalars. A
// training restored from it leaves the same bytes as one that never stopped.

#include <chrono>
#include <filesystem>

#include "trainer/files/safetensors.h"
#include "trainer/subjects/training.h"

namespace fl {

inline constexpr const char* kCheckpointFile = "checkpoint.safetensors";

Safetensors checkpoint_of(const Training& training);
Result<void> write_checkpoint(const std::filesystem::path& path, const Training& training);

// Errors: cannot be read, damaged, something else than a checkpoint.
Result<Safetensors> read_checkpoint(const std::filesystem::path& path);
// Errors: a checkpoint of another network or other data, one that contradicts itself. `path` is what they
// name; `training` is then as it was.
Result<void> restore_checkpoint(const Safetensors& checkpoint, const std::filesystem::path& path,
                                Training& training);

// Writes checkpoints while a training goes on, so that a power cut loses little: at the end of an epoch, and
// no more often than every `interval`. Writing changes nothing in the training.
class CheckpointTimer {
 public:
  using Clock = std::chrono::steady_clock;
  static constexpr Clock::duration kInterval = std::chrono::seconds(30);

  explicit CheckpointTimer(std::filesystem::path path, Clock::duration interval = kInterval)
      : path_(std::move(path)), interval_(interval) {}
  // To be called after each step. The error is write_file_atomic's; the next try comes an interval later.
  Result<void> after_step(const Training& training);

 private:
  std::filesystem::path path_;
  Clock::duration interval_;
  Clock::time_point next_{};  // the first epoch's end is always due
};

}  // namespace fl
