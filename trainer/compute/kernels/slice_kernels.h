#pragma once
// Points o + a d1 + b d2 of a landscape slice, one after the other, without the host looking.

#include "trainer/compute/kernels/arena_kernels.h"
#include "trainer/compute/kernels/pointwise_kernels.h"
#include "trainer/compute/kernels/sums.h"

namespace fl::kernels {

struct PlanePoint {
  float a = 0, b = 0;
};

// Which point is next, where several streams share them out; past the end the last one is computed once more
// and goes nowhere.
struct SliceCursor {
  std::size_t point = 0, stride = 1, count = 0;
  PlanePoint at;
};

// The first thing at a point; index 0 only.
struct BeginPoint {
  SliceCursor* cursor;
  const PlanePoint* points;
  FL_HD void operator()(std::size_t) const {
    cursor->at = points[cursor->point < cursor->count ? cursor->point : cursor->count - 1];
  }
};

// Index: over the parameter arena.
struct FormPoint {
  const float *origin, *d1, *d2;
  const SliceCursor* cursor;
  float* params;
  FL_HD void operator()(std::size_t i) const {
    params[i] = slice_point(origin[i], d1[i], d2[i], cursor->at.a, cursor->at.b);
  }
};

// The first layer is linear in the weights, and the images stay: conv(x; o + a d1 + b d2) is the same
// combination of three convolutions that are computed once. y = f(y0 + a y1 + b y2 + bias).
struct LinearLayer {
  const float *origin, *along_a, *along_b;
  const SliceCursor* cursor;
  const float* bias;  // of the point; may be null
  float* output;
  std::size_t channels, area;
  Activation activation;
  FL_HD void operator()(std::size_t i) const {
    const float y = slice_point(origin[i], along_a[i], along_b[i], cursor->at.a, cursor->at.b);
    output[i] = activate(activation, bias == nullptr ? y : y + bias[i / area % channels]);
  }
};

// Over the images of the probe; the last thing at a point.
struct PointLoss {
  static constexpr int kSums = 1;
  const float* losses;
  double images;
  SliceCursor* cursor;
  double* results;
  FL_HD Sums<1> term(std::size_t, std::size_t i) const { return {{static_cast<double>(losses[i])}}; }
  FL_HD void finish(std::size_t, const Sums<1>& total) const {
    if (cursor->point < cursor->count) results[cursor->point] = total.values[0] / images;
    cursor->point += cursor->stride;
  }
};

}  // namespace fl::kernels
