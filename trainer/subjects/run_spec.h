#pragma once
// What one training is: the scene's [data], [network], [train] and [landscape] tables, one row a key.

#include <cstdint>
#include <string>
#include <vector>

#include <toml++/toml.h>

#include "trainer/compute/augment_spec.h"
#include "trainer/data/dataset.h"
#include "trainer/net/net_spec.h"
#include "trainer/optim/optimizer.h"
#include "trainer/optim/schedule.h"
#include "trainer/scene/key_table.h"
#include "trainer/subjects/landscape/landscape_spec.h"

namespace fl {

// No seed that a scene could say.
inline constexpr std::uint64_t kSameSeed = ~std::uint64_t{0};

struct RunSpec {
  std::string title;  // what the picture and the report call this training

  DataSpec data;

  std::string network = "ct-small";
  std::vector<LayerSpec> layers;  // not empty: the network, in place of one with a name
  std::string backbone;           // not empty: an export, relative to the scene; the network is a head on it
  std::vector<int> head = {100};  // units of its dense layers but the last
  int unfreeze = 0;               // so many of the backbone's last stages are layers of the network, too
  bool skip = true;               // ct-resnet: its residual additions
  int blocks = 1;                 // ct-resnet: in each of its stages
  double dropout = 0;             // share of values dropped before the last dense layer while training
  std::string init = "he";
  double init_scale = 1;

  int epochs = 15;
  int batch_size = 16;
  double rate = 1e-3;          // the base of the schedule
  double backbone_rate = 0.1;  // of the rate, at which the backbone's unfrozen stages learn
  OptimizerSpec optimizer;
  ScheduleSpec schedule;
  std::uint64_t seed = 1;
  std::uint64_t order_seed = kSameSeed;  // of the order of the images alone; kSameSeed: `seed`
  // "epoch": a new order every epoch; "once": the same batches in the same order, as Teachable Machine does.
  std::string shuffle = "epoch";
  // With a backbone: an epoch has each training image twice, as it is and mirrored left to right.
  bool mirror = false;
  AugmentSpec augment;  // of training images only
  // How classes of unequal size are treated in training; "sample": every epoch draws each class equally
  // often; "weight": the loss of class c counts n / (C n_c), so that the batch and epoch losses of the
  // history are weighted, too.
  std::string balance = "off";
  double loss_clip = 0;  // NetSpec::clip
  int threads = 0;       // 0: one a core
  std::vector<int> fork_steps;  // at which its fate is asked (fate/fate.h), ascending; empty: it is not

  LandscapeSpec landscape;
};

// The keys read here, for people; anything else in a scene belongs to somebody else or is an error.
std::vector<TableText> run_tables();

// Reads those tables over `defaults`. Errors name line, key, and what would be right.
Result<RunSpec> parse_run_spec(const toml::table& scene, const RunSpec& defaults);

// The scene that says all of `spec`.
toml::table scene_of(const RunSpec& spec);

// The network that `spec` describes, for these images (with a backbone: what it makes of them) and classes;
// that of a backbone which is not all frozen is made elsewhere (unfrozen.h). Errors: an image too small for
// it, layers that do not fit each other or the classes, with their lines.
Result<NetSpec> network_of(const RunSpec& spec, TensorShape input, int classes);

}  // namespace fl
