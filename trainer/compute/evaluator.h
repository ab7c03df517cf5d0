#pragma once
// Evaluation: what a network says of images. It is all that classifying needs, so a program that never trains
// (weights from a file, a backbone that embeds each image once) can be this and no more.
//
// Images are resident and named by their index: first those of the data set, then the guests, images from
// outside of it that are looked at for a while. Nothing trains on a guest.

#include <cstdint>
#include <span>
#include <vector>

#include "trainer/base/check.h"
#include "trainer/compute/batch_result.h"
#include "trainer/compute/network.h"

namespace fl {

struct EvalResult {
  BatchResult batch;
  double standard_error = 0;  // s / sqrt(n) of the per-image losses; 0 for a single image
};

// Which batch-norm statistics an evaluation uses.
enum class NormStatistics {
  kRunning,      // those of the run, gathered while it trained
  kReestimated,  // those of the very images evaluated, in one batch: running ones belong to one weight vector
                 // and would make every other point of a landscape look worse than it is
};

class Evaluator : public Network {
 public:
  // Makes a data set resident in place of the one before: pixels [image][channel][y][x], labels [image] in
  // [0, classes). The guests go.
  virtual void set_data(std::vector<float> pixels, std::span<const std::int32_t> labels) = 0;
  // What a network with several outputs is trained towards, [image][classes], for the images of the data set;
  // its losses are weighed by these, and labels mean nothing. Set anew behind each set_data() and before such
  // a network is trained or evaluated. Precondition: the network has outputs, for which the backend compiled
  // it.
  virtual void set_targets(std::vector<float> /*targets*/) { FL_CHECK(false); }
  // Makes guests resident in place of those before, none where `pixels` is empty: [image][channel][y][x],
  // prepared as those of the data set were. With a data set of n images their indices begin at n. May be
  // called between any two other calls; weights, statistics and what training does stay the same to the byte.
  // Costs no memory where there are none.
  virtual void set_guests(std::span<const float> pixels) = 0;

  // Evaluation mode. `probabilities` is empty or [images][classes]. With running statistics an image's share
  // does not depend on those it is evaluated with. A guest counts as one of class 0: nobody has said what it
  // shows, so losses and counts mean something only without guests; a network with several outputs is
  // evaluated without. Such a network counts none as correct.
  virtual EvalResult evaluate(std::span<const std::int32_t> images, std::span<float> probabilities,
                              NormStatistics statistics = NormStatistics::kRunning) = 0;
  // What the last layer gives for each image in evaluation mode, [images][classes]: the logits, or an
  // embedding, where the network is a backbone. An image's do not depend on those beside it either.
  virtual void outputs(std::span<const std::int32_t> images, std::span<float> out) = 0;
};

}  // namespace fl
