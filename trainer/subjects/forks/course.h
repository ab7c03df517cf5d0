#pragma once
// The course of a training: everything that its steps change, and everything that was set while it ran. A
// clone of a training at a step is another course of the same one; images, network and memory to compute in
// are shared (Training::exchange).

#include <cstdint>
#include <memory>
#include <vector>

#include "trainer/compute/program.h"
#include "trainer/seam/frame.h"
#include "trainer/subjects/record/history.h"
#include "trainer/subjects/record/test_figures.h"

namespace fl {

// What a course does otherwise than its scene says, from a step on.
struct Turn {
  std::int64_t order_from = -1;  // the order of the images; -1: it is the scene's
  std::uint64_t order_seed = 0;
  std::int64_t fall_from = -1;  // the rate falls in a line towards nothing; -1: it does not
  std::int64_t fall_end = 0;    // after so many steps of the course, with which that ends
};

struct Course {
  ProgramState program;
  History history;
  RunState state = RunState::kReady;
  std::uint64_t seed = 0;
  double rate = 0;
  OptimizerSpec optimizer;
  Turn turn;
  // Of the epoch in hand, and clocks.
  double epoch_loss = 0, epoch_seconds = 0, training_seconds = 0;
  int epoch_correct = 0, epoch_images = 0;
  // Of the last evaluation of the test set.
  std::vector<float> test_probabilities;
  double test_loss = 0;
  std::int64_t tested_step = -1;
  std::shared_ptr<const TestFigures> test_figures;
};

}  // namespace fl
