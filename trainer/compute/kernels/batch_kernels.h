#pragma once
// What surrounds the layers of one batch: bringing its images together, dropout, the loss of each image.

#include <cstddef>
#include <cstdint>

#include "trainer/base/philox.h"
#include "trainer/compute/kernels/pointwise_kernels.h"
#include "trainer/compute/kernels/softmax_kernels.h"
#include "trainer/compute/kernels/target_kernels.h"

namespace fl::kernels {

// Which part of a list of images a batch is; lives on the device, so that the same recorded work serves every
// batch. Images behind the list's end, in a batch that is not full, repeat its last one and count nowhere.
struct BatchCursor {
  std::size_t begin = 0;  // place of the batch's first image in the list
  std::size_t count = 0;  // images of the whole list
};

FL_HD inline std::size_t list_place(const BatchCursor& cursor, std::size_t n) {
  const std::size_t at = cursor.begin + n;
  return at < cursor.count ? at : cursor.count - 1;
}

// The images that are not of the data set; their indices follow.
struct GuestImages {
  const float* pixels = nullptr;
  std::size_t first = 0;  // index of the first of them: images of the data set
};

// The list of an evaluation. Where its guests are is told anew with each list, so they can be replaced
// without recording anything anew.
struct EvaluationCursor {
  BatchCursor batch;
  GuestImages guests;
};

// Index: over [image][float].
struct Gather {
  const float* pixels;  // of the data set
  std::size_t floats;   // of an image
  const std::int32_t* list;
  const BatchCursor* cursor;
  float* batch;
  const GuestImages* guests = nullptr;  // null: the list has none
  FL_HD void operator()(std::size_t i) const {
    const std::size_t image = static_cast<std::size_t>(list[list_place(*cursor, i / floats)]);
    const bool guest = guests != nullptr && image >= guests->first;
    const float* from = guest ? guests->pixels + (image - guests->first) * floats : pixels + image * floats;
    batch[i] = from[i % floats];
  }
};

// The last thing in a batch of several; index 0 only.
struct AdvanceBatch {
  BatchCursor* cursor;
  std::size_t batch;
  FL_HD void operator()(std::size_t) const { cursor->begin += batch; }
};

// What every random number of a step is drawn from, beside its own place.
struct DrawKey {
  std::uint64_t seed = 0;
  std::uint64_t update = 0;  // updates since the seed was set
};

// The multiplier of value `i` of a dropout layer: 0, or 1 / (1 - rate). One stream for each update and layer.
FL_HD inline float dropout_factor(const DrawKey& key, int layer, std::size_t i, double rate) {
  const auto index = static_cast<std::uint32_t>(key.update) * 64u + static_cast<std::uint32_t>(layer) % 64u;
  const PhiloxWords words = stream_block(key.seed, StreamId::kDropout, index, i / 4);
  return unit_uniform<double>(words.word[i % 4]) < rate ? 0.0f : static_cast<float>(1 / (1 - rate));
}

// to (+)= from * mask: the way up and, drawn again, the way back.
struct Dropout {
  const float* from;
  float* to;
  const DrawKey* key;
  int layer;
  double rate;
  bool accumulate;
  FL_HD void operator()(std::size_t i) const {
    deliver(to[i], from[i] * dropout_factor(*key, layer, i, rate), accumulate);
  }
};

// Loss, verdict and, where wanted, probabilities and logit gradients of each image. Index: over the batch.
struct ImageLoss {
  float* logits;  // [batch][classes]; overwritten by the probabilities unless there are gradients
  int classes;
  const std::int32_t* labels;  // of the data set
  std::size_t labelled;        // its images; a guest counts as one of class 0
  const float* class_weights;  // what a loss counts for, by class; null: 1
  const std::int32_t* list;
  const BatchCursor* cursor;
  float* losses;         // by place in the list
  std::int32_t* hits;    // by place in the list: 1 where the largest logit is the label
  float* probabilities;  // [list][classes], or null; only without gradients
  float* gradients;      // [batch][classes] of the mean over `batch` images, or null
  float share;           // 1 / images of the batch
  float clip;            // of the loss: NetSpec::clip
  TargetTable table =
      {};  // where the network has outputs of its own; none is a hit then, and no guest is there
  FL_HD void operator()(std::size_t n) const {
    const std::size_t place = list_place(*cursor, n);
    const auto image = static_cast<std::size_t>(list[place]);
    const std::int32_t label = image < labelled ? labels[image] : 0;
    const float weight = class_weight(class_weights, label);
    const std::size_t first = n * static_cast<std::size_t>(classes);
    float* row = (gradients != nullptr ? gradients : logits) + first;
    if (table.parts != nullptr) return weigh(place, image, logits + first, row, n);
    const CrossEntropy<float> outcome = softmax_cross_entropy(logits + first, label, classes, row, clip);
    if (gradients != nullptr)
      for (int c = 0; c < classes; ++c)
        row[c] = cross_entropy_gradient(row[c], c == label, outcome.slope * weight * share);
    keep(place, row, n, weight * outcome.loss, outcome.prediction == label);
  }

 private:
  FL_HD void weigh(std::size_t place, std::size_t image, const float* own, float* row, std::size_t n) const {
    const float* targets = table.targets + image * static_cast<std::size_t>(classes);
    const float loss = weigh_targets(table, own, targets, row);
    if (gradients != nullptr) differentiate_targets(table, targets, share, row);
    keep(place, row, n, loss, false);
  }
  FL_HD void keep(std::size_t place, const float* row, std::size_t n, float loss, bool hit) const {
    if (cursor->begin + n >= cursor->count) return;
    losses[place] = loss;
    hits[place] = hit ? 1 : 0;
    if (probabilities == nullptr) return;
    for (int c = 0; c < classes; ++c)
      probabilities[place * static_cast<std::size_t>(classes) + static_cast<std::size_t>(c)] = row[c];
  }
};

}  // namespace fl::kernels
