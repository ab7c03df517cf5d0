#pragma once
// What a race says at its end: a line a run.

#include <string>
#include <vector>

#include "trainer/subjects/race/race_spec.h"
#include "trainer/subjects/training.h"

namespace fl {

struct RaceResult {
  std::string value;  // what it has of the key that varies
  std::string state;  // report_state(): "finished", "diverged", "stopped"
  int epochs = 0;     // completed
  std::int64_t steps = 0;
  // Of its last epoch, as EpochRecord has them; not numbers where it completed none.
  double loss = 0, accuracy = 0, test_loss = 0, test_accuracy = 0;
  bool diverged = false;
};
[[nodiscard]] RaceResult race_result(const std::string& value, const Training& training);

// CSV (RFC 4180): run, the key, state, diverged, epochs, steps, loss, accuracy, test_loss, test_accuracy.
// Runs count from 1; what is no number is an empty field.
[[nodiscard]] std::string race_table(const RaceSpec& race, const std::vector<RaceResult>& results);
// The same as JSON, with the scene's title.
[[nodiscard]] std::string race_json(const std::string& title, const RaceSpec& race,
                                    const std::vector<RaceResult>& results);

}  // namespace fl
