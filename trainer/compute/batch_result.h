#pragma once
// What came out of a batch of images, trained on or evaluated.

namespace fl {

struct BatchResult {
  double loss = 0;  // mean over the images; not finite when training diverged
  int correct = 0;  // images whose largest logit is their label
  int images = 0;
};

}  // namespace fl
