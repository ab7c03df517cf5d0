#pragma once
// What a training needs to go on as if it had never stopped: what it changed, and what it must find again as
// it was. checkpoint.h keeps it on disk.

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "trainer/base/tensor_shape.h"
#include "trainer/compute/backend.h"
#include "trainer/data/dataset.h"
#include "trainer/subjects/record/history.h"

namespace fl {

struct TrainingState {
  ProgramState program;
  History history;
  bool diverged = false;
  std::uint64_t seed = 0;  // of the start and the order
  double rate = 0;
  OptimizerSpec optimizer;

  // Sums over the epoch in hand, and clocks.
  double epoch_loss = 0;
  int epoch_correct = 0, epoch_images = 0;
  double epoch_seconds = 0, training_seconds = 0;

  // What the scene said, to tell a later change of the scene from one made while it ran.
  double scene_rate = 0;
  OptimizerSpec scene_optimizer;

  // The images of one class, in their order, as they came out of preprocessing; wherever they lay.
  struct ClassImages {
    std::string name;
    std::size_t images = 0;
    std::uint64_t checksum = 0;  // of the pixels
    bool operator==(const ClassImages&) const = default;
  };
  // What it belongs to.
  struct Origin {
    std::uint64_t seed = 0;  // of the split and the phantoms
    std::vector<ClassImages> classes;
    std::size_t train_images = 0, test_images = 0;
    TensorShape image;
    int batch_size = 0;
    bool operator==(const Origin&) const = default;
  } origin;
};

std::vector<TrainingState::ClassImages> class_images(const Dataset& data);

// Whether `state` can go on in a training of `origin` that lasts `epochs`. The error is a reason to put into
// a sentence.
Result<void> check_state(const TrainingState& state, const TrainingState::Origin& origin, int epochs);

}  // namespace fl
