#pragma once
// Runs of one lesson that differ in their seed alone: how their test accuracies are spread, beside the spread
// that so few test images alone would give. Jordan 2023 ("Calibrated Chaos: Variance Between Runs of Neural
// Network Training is Harmless and Inevitable", arXiv 2304.01910) compares the two.

#include <vector>

#include "trainer/subjects/sweep_map/sweep_grid.h"

namespace fl {

// Whether the only axis is a seed: kStartAxis, or train.seed, which draws other images, too.
[[nodiscard]] bool vary_in_seed(const SweepPlan& plan);

// Of the runs that have a test accuracy. `bars`: as SeedFacts says of the slot's section. Nothing (no bars)
// where there is none, or nobody knows how many test images there are.
[[nodiscard]] SeedFacts seed_bars(const SweepResults& results, std::vector<float>& bars);

// The probability of `hits` out of `trials`, each with the probability `share`.
[[nodiscard]] double binomial(int hits, int trials, double share);

}  // namespace fl
