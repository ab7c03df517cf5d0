#pragma once
// What a viewer may ask of a run: applied between two steps and logged with the step, so that a session can
// be replayed.

namespace fl {

enum class CommandKind { kPlay, kPause, kStep, kReset, kSetRate, kSetOptimizer, kSetPace, kShowImage };
const char* command_name(CommandKind kind);

struct Command {
  CommandKind kind = CommandKind::kPlay;
  // kReset: the seed. kSetRate: the learning rate. kSetOptimizer: an OptimizerKind. kSetPace: steps a second,
  // 0 for as fast as it goes. kShowImage: an image of the data set.
  double value = 0;
};

}  // namespace fl
