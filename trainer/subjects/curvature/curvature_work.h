#pragma once
// Measures how sharp the valley is in which a training stood at one moment, a product of the Hessian after
// the other, so that the training goes on between two of them.

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "trainer/curvature/hessian.h"
#include "trainer/curvature/lanczos.h"
#include "trainer/curvature/stability.h"
#include "trainer/subjects/training.h"

namespace fl {

struct CurvatureSpec {
  std::size_t images = 64;    // of the training set, spread over it: the probe, the same each time
  std::size_t values = 3;     // so many of the largest curvatures
  double tolerance = 1e-3;    // of the largest one
  std::size_t products = 60;  // at most, for each matrix
};

// The images that a loss is over, as the network sees them.
struct CurvatureProbe {
  std::vector<float> images;  // [image][input]
  std::vector<std::int32_t> labels;

  // `count` of `from`, of the data set, spread evenly: they lie class by class.
  [[nodiscard]] static CurvatureProbe of(Training& training, std::span<const std::int32_t> from,
                                         std::size_t count);
  // Its images from `first` on, `step` apart.
  [[nodiscard]] CurvatureProbe every(std::size_t first, std::size_t step) const;
};

// What curvature depends on at one moment of a training; copied.
struct CurvatureMoment {
  std::int64_t step = 0;
  double rate = 0;  // of the next step
  OptimizerSpec optimizer;
  std::vector<float> params, statistics;
  std::vector<double> root{};  // of 1 / preconditioner(), of a limit that is for P^-1 H; empty before a step

  [[nodiscard]] static CurvatureMoment of(const Training& training);
};

struct MeasuredCurvature {
  std::int64_t step = 0;
  std::size_t images = 0;              // that were taken
  double loss = 0, gradient_norm = 0;  // over them, in evaluation mode (but for batch norms, see TangentNet)
  std::vector<double> values;          // the largest eigenvalues of the Hessian of that loss, descending
  double error = 0;                    // how far off they may be: their largest residual
  // Of the batches that the probe makes: the mean of g H g / |g|^2, each with its own loss (Andreyev and
  // Beneventano 2024, arXiv:2412.20553). What training in batches keeps at the limit.
  double batch_sharpness = 0;
  // What the optimizer's limit is to be compared with: values[0], or the largest eigenvalue of P^-1 H; none
  // before an optimizer that divides has made a step.
  std::optional<double> sharpness;
  std::optional<StabilityLimit> limit;  // at the rate of the next step; none where none is known

  [[nodiscard]] CurvatureRecord record() const;
};

// Where parameters lie that are trained.
[[nodiscard]] std::vector<std::uint8_t> trained_places(const ParamLayout& layout);

class CurvatureWork {
 public:
  // `network` and `probe` must outlive it. Precondition: check_tangents(network) has no error.
  CurvatureWork(const NetSpec& network, const CurvatureProbe& probe, CurvatureMoment moment, int batch_size,
                const CurvatureSpec& spec);

  // One product, or one batch. False: there was nothing left to do.
  bool step();
  [[nodiscard]] bool done() const { return stage_ == Stage::kDone; }
  // The weights give no number.
  [[nodiscard]] bool failed() const { return failed_; }
  // Precondition: done, and not failed.
  [[nodiscard]] const MeasuredCurvature& found() const { return found_; }

 private:
  enum class Stage { kGradient, kLargest, kBatches, kDivided, kDone };
  void take_gradient();
  void take_largest();
  void take_batch();
  void take_divided();
  void fail();
  [[nodiscard]] std::size_t batches() const;

  const NetSpec& network_;
  const CurvatureProbe& probe_;
  CurvatureMoment moment_;
  std::size_t batch_size_ = 1;
  LanczosOptions options_;
  Hessian<float> hessian_;
  std::vector<std::uint8_t> mask_;
  Lanczos lanczos_;
  std::vector<double> product_, scratch_;
  MeasuredCurvature found_;
  Stage stage_ = Stage::kGradient;
  std::size_t batch_ = 0;  // the next one
  double batches_sum_ = 0;
  bool failed_ = false;
};

}  // namespace fl
