#pragma once
// What the benchmarks share: how long, how often, and how the result is told.
//
// One figure is the median over many short windows, so that a neighbour's burst on the machine changes little.
// Every program is run several times by compare.py, turn about with its peer.

#include <functional>
#include <string>
#include <vector>

#include "trainer/compute/backend_choice.h"

namespace fl::bench {

struct Options {
  int threads = 2;
  double seconds = 2;  // of measuring, for each figure
  BackendChoice backend{.kind = BackendKind::kCpu, .tf32 = false, .deterministic = true};
  std::string network = "ct-small";
  bool json = false;   // one object on stdout instead of lines
};

// Parses the command line; ends the program where that is all there is to do (--help, a mistake).
Options parse(int argc, char** argv, const std::string& what);

struct Figure {
  std::string name;
  std::string unit;
  double value = 0;
};

// Seconds a call takes: warm-up, then the median over windows of at least a tenth of a second. A call that takes longer
// than all of the measuring is to take is made once.
double seconds_per_call(double seconds, const std::function<void()>& call);

// Seconds that one call takes, without a warm-up.
double seconds_of(const std::function<void()>& call);

// Prints the figures as `options` ask.
void tell(const Options& options, const std::string& subject, const std::vector<Figure>& figures);

}  // namespace fl::bench
