#pragma once
// A network compiled for a device, which can do all that a run asks for: it owns data set, parameters,
// gradients and moments there. Whoever needs a part of that takes the part: an Evaluator, a Trainer, a
// SliceEvaluator or a FeatureSource. One thread uses a program at a time, through whichever of them.

#include <functional>

#include "trainer/compute/evaluator.h"
#include "trainer/compute/feature_source.h"
#include "trainer/compute/slice_evaluator.h"
#include "trainer/compute/trainer.h"

namespace fl {

class Program : public Evaluator, public Trainer, public SliceEvaluator, public FeatureSource {
 public:
  // `rest` is called in the middle of evaluations, by each thread that does a part of one, and may keep it
  // waiting. Only the CPU has such a middle.
  virtual void let_rest(std::function<void()> /*rest*/) {}
};

}  // namespace fl
