#include "tests/support/reference_net.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "trainer/compute/kernels/softmax_kernels.h"

namespace fl::test {
namespace {

// Calls f(y, x, iy, ix, ky, kx) for every product of a sliding window.
template <typename F>
void window(const LayerSpec& layer, TensorShape in, TensorShape out, F f) {
  for (int y = 0; y < out.height; ++y)
    for (int x = 0; x < out.width; ++x)
      for (int ky = 0; ky < layer.kernel; ++ky)
        for (int kx = 0; kx < layer.kernel; ++kx) {
          const int iy = y * layer.stride + ky - layer.padding;
          const int ix = x * layer.stride + kx - layer.padding;
          if (iy >= 0 && iy < in.height && ix >= 0 && ix < in.width) f(y, x, iy, ix, ky, kx);
        }
}

}  // namespace

double ReferenceNet::loss(std::span<const double> params, std::span<const double> images,
                          std::span<const int> labels, std::span<double> gradients) {
  forward(params, images);
  std::ranges::fill(gradients, 0.0);
  double total = 0;
  const auto classes = static_cast<std::size_t>(spec_.classes);
  std::vector<double> above(labels.size() * classes);
  for (std::size_t i = 0; i < labels.size(); ++i) {
    double* row = above.data() + i * classes;
    const double weight =
        kernels::class_weight(class_weights_.empty() ? nullptr : class_weights_.data(), labels[i]);
    const auto outcome = kernels::softmax_cross_entropy(values_.back().data() + i * classes, labels[i],
                                                        spec_.classes, row, spec_.clip);
    total += weight * outcome.loss;
    for (std::size_t c = 0; c < classes; ++c)
      row[c] = kernels::cross_entropy_gradient(row[c], static_cast<int>(c) == labels[i],
                                               outcome.slope * weight / static_cast<double>(labels.size()));
  }
  if (!gradients.empty()) {
    std::vector<std::vector<double>> all = no_gradients();
    all.back() = std::move(above);
    backward(params, std::move(all), gradients);
  }
  return total / static_cast<double>(labels.size());
}

double ReferenceNet::target_loss(std::span<const double> params, std::span<const double> images,
                                 std::span<const double> targets, std::span<double> gradients) {
  forward(params, images);
  std::ranges::fill(gradients, 0.0);
  std::vector<std::vector<double>> above = no_gradients();
  double total = 0;
  std::size_t begin = 0;  // of the output in a row of targets
  for (const OutputSpec& output : spec_.outputs) {
    const TensorShape s = shape(output.layer);
    const std::size_t floats = s.floats(), channels = static_cast<std::size_t>(s.channels),
                      pixels = floats / channels;
    for (std::size_t n = 0; n < batch_; ++n) {
      const double* z = values_[at(output.layer)].data() + n * floats;
      const double* t = targets.data() + n * static_cast<std::size_t>(spec_.classes) + begin;
      double* g = above[at(output.layer)].data() + n * floats;
      const bool each = output.loss == LossKind::kSigmoid;
      const double share =
          output.weight / static_cast<double>(batch_) / static_cast<double>(each ? floats : pixels);
      for (std::size_t p = 0; p < pixels; ++p) {
        double sum = 0;
        for (std::size_t c = 0; c < channels; ++c) sum += std::exp(z[c * pixels + p]);
        for (std::size_t c = 0; c < channels; ++c) {
          const std::size_t i = c * pixels + p;
          const double says = each ? 1 / (1 + std::exp(-z[i])) : std::exp(z[i]) / sum;
          total -= share * t[i] * std::log(says);
          if (each) total -= share * (1 - t[i]) * std::log(1 - says);
          g[i] = share * (says - t[i]);
        }
      }
    }
    begin += floats;
  }
  if (!gradients.empty()) backward(params, std::move(above), gradients);
  return total;
}

const std::vector<std::vector<double>>& ReferenceNet::forward(std::span<const double> params,
                                                              std::span<const double> images) {
  input_.assign(images.begin(), images.end());
  batch_ = images.size() / spec_.input.floats();
  values_.assign(spec_.layers.size(), {});
  for (int l = 0; l < static_cast<int>(spec_.layers.size()); ++l) {
    values_[at(l)].assign(batch_ * shape(l).floats(), 0.0);
    visit(l, params, nullptr, {});
  }
  return values_;
}

const std::vector<std::vector<double>>& ReferenceNet::forward_from(int layer, std::span<const double> values,
                                                                   std::span<const double> params) {
  (layer == NetSpec::kImage ? input_ : values_[at(layer)]).assign(values.begin(), values.end());
  for (int l = layer + 1; l < static_cast<int>(spec_.layers.size()); ++l) {
    std::ranges::fill(values_[at(l)], 0.0);
    visit(l, params, nullptr, {});
  }
  return values_;
}

void ReferenceNet::visit(int l, std::span<const double> params, std::vector<std::vector<double>>* above,
                         std::span<double> gradients) {
  const LayerSpec& layer = spec_.layers[at(l)];
  const std::vector<int> sources = spec_.sources(l);
  const int s = sources.front();
  const TensorShape in = shape(s), out = shape(l);
  const std::vector<double>& x_in = value(s);
  std::vector<double>& y_out = values_[at(l)];
  std::vector<double> unused;
  if (above != nullptr) unused.assign(x_in.size(), 0.0);
  std::vector<double>& below = above == nullptr || s == NetSpec::kImage ? unused : (*above)[at(s)];
  const std::vector<double>& g = above == nullptr ? unused : (*above)[at(l)];
  const bool forward_pass = above == nullptr;

  switch (layer.kind) {
    case LayerKind::kConvolution:
    case LayerKind::kDepthwise: {
      const bool depthwise = layer.kind == LayerKind::kDepthwise;
      const std::size_t w = find(l, ".weight")->offset;
      const ParamTensor* bias = find(l, ".bias");
      for (std::size_t n = 0; n < batch_; ++n)
        for (int o = 0; o < out.channels; ++o) {
          for (int p = 0; bias != nullptr && p < out.height * out.width; ++p) {
            const std::size_t k = bias->offset + at(o);
            if (forward_pass)
              y_out[pixel(out, n, o, 0, p)] = params[k];
            else
              gradients[k] += g[pixel(out, n, o, 0, p)];
          }
          const int first = depthwise ? o : 0, last = depthwise ? o + 1 : in.channels;
          for (int i = first; i < last; ++i)
            window(layer, in, out, [&](int y, int x, int iy, int ix, int ky, int kx) {
              const int filter = depthwise ? o : o * in.channels + i;
              const std::size_t k = w + at((filter * layer.kernel + ky) * layer.kernel + kx);
              const std::size_t to = pixel(out, n, o, y, x), from = pixel(in, n, i, iy, ix);
              if (forward_pass) {
                y_out[to] += params[k] * x_in[from];
              } else {
                gradients[k] += g[to] * x_in[from];
                below[from] += g[to] * params[k];
              }
            });
        }
      break;
    }
    case LayerKind::kDense: {
      const std::size_t w = find(l, ".weight")->offset;
      const ParamTensor* bias = find(l, ".bias");
      for (std::size_t n = 0; n < batch_; ++n)
        for (std::size_t o = 0; o < out.floats(); ++o) {
          const std::size_t to = n * out.floats() + o;
          if (bias != nullptr) {
            if (forward_pass)
              y_out[to] = params[bias->offset + o];
            else
              gradients[bias->offset + o] += g[to];
          }
          for (std::size_t i = 0; i < in.floats(); ++i) {
            const std::size_t k = w + o * in.floats() + i, from = n * in.floats() + i;
            if (forward_pass) {
              y_out[to] += params[k] * x_in[from];
            } else {
              gradients[k] += g[to] * x_in[from];
              below[from] += g[to] * params[k];
            }
          }
        }
      break;
    }
    case LayerKind::kBatchNorm:
      for (int c = 0; c < in.channels; ++c) {
        const std::size_t scale = find(l, ".scale")->offset + at(c),
                          shift = find(l, ".shift")->offset + at(c);
        std::vector<std::size_t> where;
        for (std::size_t n = 0; n < batch_; ++n)
          for (int p = 0; p < in.height * in.width; ++p) where.push_back(pixel(in, n, c, 0, p));
        const double m = static_cast<double>(where.size());
        double mean = 0, variance = 0;
        for (const std::size_t i : where) mean += x_in[i] / m;
        for (const std::size_t i : where) variance += (x_in[i] - mean) * (x_in[i] - mean) / m;
        if (!statistics_.empty()) {
          mean = statistics_[find(l, ".mean")->offset + at(c)];
          variance = statistics_[find(l, ".variance")->offset + at(c)];
        }
        const double inverse = 1 / std::sqrt(variance + static_cast<double>(layer.epsilon));
        if (forward_pass) {
          for (const std::size_t i : where)
            y_out[i] = params[scale] * (x_in[i] - mean) * inverse + params[shift];
          continue;
        }
        double sum = 0, product = 0;
        for (const std::size_t i : where) {
          sum += g[i];
          product += g[i] * (x_in[i] - mean) * inverse;
        }
        gradients[scale] += product;
        gradients[shift] += sum;
        for (const std::size_t i : where)
          below[i] += params[scale] * inverse * (g[i] - sum / m - (x_in[i] - mean) * inverse * product / m);
      }
      break;
    case LayerKind::kRelu:
    case LayerKind::kRelu6: {
      const double limit = layer.kind == LayerKind::kRelu6 ? 6.0 : std::numeric_limits<double>::max();
      for (std::size_t i = 0; i < x_in.size(); ++i) {
        if (forward_pass)
          y_out[i] = std::clamp(x_in[i], 0.0, limit);
        else if (x_in[i] > 0.0 && x_in[i] < limit)
          below[i] += g[i];
      }
      break;
    }
    case LayerKind::kMaxPool:
    case LayerKind::kAveragePool: {
      const bool max = layer.kind == LayerKind::kMaxPool;
      for (std::size_t n = 0; n < batch_; ++n)
        for (int c = 0; c < out.channels; ++c) {
          std::vector<int> seen(out.floats());  // how many pixels each output covers
          std::vector<bool> given(out.floats());
          window(layer, in, out, [&](int y, int x, int, int, int, int) { ++seen[pixel(out, 0, 0, y, x)]; });
          std::vector<bool> started(out.floats());
          window(layer, in, out, [&](int y, int x, int iy, int ix, int, int) {
            const std::size_t o = pixel(out, 0, 0, y, x), to = pixel(out, n, c, y, x);
            const std::size_t from = pixel(in, n, c, iy, ix);
            const double share = 1.0 / static_cast<double>(seen[o]);
            if (forward_pass) {
              if (max)
                y_out[to] = started[o] ? std::max(y_out[to], x_in[from]) : x_in[from];
              else
                y_out[to] += share * x_in[from];
              started[o] = true;
            } else if (!max) {
              below[from] += share * g[to];
            } else if (!given[o] && x_in[from] == y_out[to]) {  // a tie goes to the first
              below[from] += g[to];
              given[o] = true;
            }
          });
        }
      break;
    }
    case LayerKind::kGlobalAveragePool: {
      const int area = in.height * in.width;
      for (std::size_t n = 0; n < batch_; ++n)
        for (int c = 0; c < in.channels; ++c)
          for (int p = 0; p < area; ++p) {
            const std::size_t to = n * out.floats() + at(c), from = pixel(in, n, c, 0, p);
            if (forward_pass)
              y_out[to] += x_in[from] / static_cast<double>(area);
            else
              below[from] += g[to] / static_cast<double>(area);
          }
      break;
    }
    case LayerKind::kAdd: {
      const std::vector<double>& second = value(sources[1]);
      for (std::size_t i = 0; i < x_in.size(); ++i) {
        if (forward_pass) {
          y_out[i] = x_in[i] + second[i];
        } else {
          below[i] += g[i];
          if (sources[1] != NetSpec::kImage) (*above)[at(sources[1])][i] += g[i];
        }
      }
      break;
    }
    case LayerKind::kPart:
      for (std::size_t n = 0; forward_pass && n < batch_; ++n)
        std::copy_n(x_in.begin() + static_cast<std::ptrdiff_t>(n * in.floats() + layer.begin), out.floats(),
                    y_out.begin() + static_cast<std::ptrdiff_t>(n * out.floats()));
      break;
    case LayerKind::kDropout: {
      const auto mask = masks_.find(l);
      for (std::size_t i = 0; i < x_in.size(); ++i) {
        const double factor = mask == masks_.end() ? 1.0 : mask->second[i];
        if (forward_pass)
          y_out[i] = factor * x_in[i];
        else
          below[i] += factor * g[i];
      }
      break;
    }
  }
}

std::vector<std::vector<double>> ReferenceNet::no_gradients() const {
  std::vector<std::vector<double>> above(values_.size());
  for (std::size_t l = 0; l < values_.size(); ++l) above[l].assign(values_[l].size(), 0.0);
  return above;
}

void ReferenceNet::backward(std::span<const double> params, std::vector<std::vector<double>> above,
                            std::span<double> gradients) {
  for (int l = static_cast<int>(values_.size()); l-- > 0;) visit(l, params, &above, gradients);
}

}  // namespace fl::test
