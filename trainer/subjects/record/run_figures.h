#pragma once
// What a training measured so far, for whoever shows it while it goes on. Each part is made once and shared:
// a copy costs five pointers, and nobody changes what another looks at.

#include <memory>
#include <vector>

#include "trainer/data/same_images.h"
#include "trainer/subjects/record/earlier_runs.h"
#include "trainer/subjects/record/history.h"
#include "trainer/subjects/record/test_figures.h"

namespace fl {

struct RunFigures {
  // So many steps are in `steps`.
  static constexpr std::size_t kMostSteps = 512;

  // Null: there is none yet, or nothing is trained.
  std::shared_ptr<const std::vector<StepRecord>> steps{};    // the newest, the last of them last
  std::shared_ptr<const std::vector<EpochRecord>> epochs{};  // all that are completed
  std::shared_ptr<const TestFigures> test{};                 // of the last evaluation of the test set
  std::shared_ptr<const SameImages> same{};                  // among its images
  std::shared_ptr<const EarlierRuns> earlier{};              // of the same lesson
};

}  // namespace fl
