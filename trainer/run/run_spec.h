#pragma once
// What one training is: the scene's [data], [network], [train] and [landscape] tables.

#include <cstdint>
#include <string>

#include <toml++/toml.h>

#include "trainer/data/dataset.h"
#include "trainer/optim/optimizer.h"
#include "trainer/optim/schedule.h"

namespace fl {

struct RunSpec {
  std::string title;  // what the picture and the report call this training

  DataSpec data;

  std::string network = "ct-small";
  bool skip = true;    // ct-resnet: its residual additions
  double dropout = 0;  // share of values dropped before the last dense layer while training
  std::string init = "he";
  double init_scale = 1;

  int epochs = 15;
  int batch_size = 16;
  double rate = 1e-3;  // the base of the schedule
  OptimizerSpec optimizer;
  ScheduleSpec schedule;
  std::uint64_t seed = 1;
  // "epoch": a new order every epoch; "once": the same batches in the same order, as Teachable Machine does.
  std::string shuffle = "epoch";
  int threads = 0;  // 0: one a core

  struct Landscape {
    std::string directions = "pca";  // or "random": filter-normalised
    int grid = 33;                   // points a side of the finest level
    int probe_images = 256;          // at most; the first of the training set's order
    std::string surfaces = "train";  // or "both": the test set's surface over the same plane too
    int snapshots = 192;             // path points kept
  } landscape;
};

// Names of the tables read here; anything else in a scene belongs to somebody else or is an error.
const std::vector<std::string>& run_tables();

// Reads those tables over `defaults`. Errors name line, key, and what would be right.
Result<RunSpec> parse_run_spec(const toml::table& scene, const RunSpec& defaults);

}  // namespace fl
