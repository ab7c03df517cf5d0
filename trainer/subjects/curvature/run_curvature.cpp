#include "trainer/subjects/curvature/run_curvature.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "trainer/base/json.h"
#include "trainer/curvature/hessian.h"
#include "trainer/curvature/lanczos.h"

namespace fl {
namespace {

using Vector = std::vector<double>;

double dot(const Vector& a, const Vector& b) {
  return std::inner_product(a.begin(), a.end(), b.begin(), 0.0);
}

// Images of the training set with the weights of the moment.
struct Probe {
  std::vector<float> params, statistics, images;
  std::vector<std::int32_t> labels;

  Probe(Training& training, std::size_t count) {
    Program& program = training.program();
    params.resize(program.layout().all_floats);
    program.read_params(params);
    statistics.resize(program.layout().statistic_floats);
    program.read_statistics(statistics);
    const std::vector<std::int32_t>& train = training.split().train;
    const std::size_t floats = program.spec().input.floats();
    const int input[] = {NetSpec::kImage};
    labels.resize(std::min(count, train.size()));
    images.resize(labels.size() * floats);
    for (std::size_t i = 0; i < labels.size(); ++i) {
      // Spread over the set, whose images lie class by class.
      const std::int32_t image = train[i * train.size() / labels.size()];
      labels[i] = training.data().labels[static_cast<std::size_t>(image)];
      program.activations(image, input, std::span(images).subspan(i * floats, floats));
    }
  }
  // Its images from `first` on, `step` apart.
  [[nodiscard]] LossAt all() const { return {params, statistics, images, labels}; }
  [[nodiscard]] Probe every(std::size_t first, std::size_t step) const {
    Probe some = *this;
    some.images.clear(), some.labels.clear();
    const std::size_t floats = images.size() / labels.size();
    for (std::size_t i = first; i < labels.size(); i += step) {
      const auto begin = images.begin() + static_cast<std::ptrdiff_t>(i * floats);
      some.images.insert(some.images.end(), begin, begin + static_cast<std::ptrdiff_t>(floats));
      some.labels.push_back(labels[i]);
    }
    return some;
  }
};

double batch_sharpness(const NetSpec& network, const Probe& probe, int batch_size) {
  const auto batches = std::max<std::size_t>(1, probe.labels.size() / static_cast<std::size_t>(batch_size));
  double sum = 0;
  for (std::size_t b = 0; b < batches; ++b) {
    const Probe batch = probe.every(b, batches);
    Hessian<float> hessian(network, fast_multiply, batch.all());
    Vector gradient(hessian.size()), product(hessian.size());
    hessian.multiply(Vector(hessian.size()), product, gradient);
    hessian.multiply(gradient, product);
    sum += dot(gradient, product) / dot(gradient, gradient);
  }
  return sum / static_cast<double>(batches);
}

// Where parameters lie that are trained.
std::vector<std::uint8_t> trained(const ParamLayout& layout) {
  std::vector<std::uint8_t> mask(layout.floats);
  for (const ParamTensor& tensor : layout.tensors)
    if (!tensor.frozen)
      std::fill_n(mask.begin() + static_cast<std::ptrdiff_t>(tensor.offset), tensor.count, std::uint8_t{1});
  return mask;
}

}  // namespace

Result<RunCurvature> measure_curvature(Training& training, const CurvatureSpec& spec) {
  const NetSpec& network = training.program().spec();
  FL_TRY(check_tangents(network));
  const auto no_number = [&] {
    return error("The curvature at step {} is no number; the training has diverged there, or is about to.",
                 training.steps());
  };
  const Probe probe(training, spec.images);
  RunCurvature found;
  found.step = training.steps();
  found.images = probe.labels.size();
  Hessian<float> hessian(network, fast_multiply, probe.all());
  Vector gradient(hessian.size()), scratch(hessian.size());
  found.loss = hessian.multiply(Vector(hessian.size()), scratch, gradient);
  found.gradient_norm = std::sqrt(dot(gradient, gradient));
  if (!std::isfinite(found.loss) || !std::isfinite(found.gradient_norm)) return no_number();
  const std::vector<std::uint8_t> mask = trained(training.program().layout());
  LanczosOptions options{.values = spec.values, .tolerance = spec.tolerance, .most = spec.products};
  const auto largest = largest_eigenvalues(
      mask, [&](auto direction, auto product) { hessian.multiply(direction, product); }, options);
  if (!largest) return no_number();
  found.values = largest->values;
  found.error = largest->error;
  found.batch_sharpness = batch_sharpness(network, probe, training.spec().batch_size);

  const RunSpec& run = training.spec();
  const double rate = scheduled_rate(run.schedule, training.rate(),
                                     {training.steps(), training.total_steps(), training.steps_per_epoch()});
  found.limit = stability_limit(run.optimizer, rate);
  if (!found.limit || !found.limit->preconditioned) {
    found.sharpness = found.values.front();
    return found;
  }
  const ProgramState state = training.program().save_state();
  Vector root = preconditioner(run.optimizer, state.optimizer_arrays, state.optimizer_steps);
  if (root.empty()) return found;
  for (double& value : root) value = 1 / std::sqrt(value);
  // As sharp as P^-1 H, and symmetric: P^-1/2 H P^-1/2.
  options.values = 1;
  const auto divided = largest_eigenvalues(
      mask,
      [&](std::span<const double> direction, std::span<double> product) {
        std::ranges::transform(direction, root, scratch.begin(), std::multiplies<>());
        hessian.multiply(scratch, product);
        std::ranges::transform(product, root, product.begin(), std::multiplies<>());
      },
      options);
  if (!divided) return no_number();
  found.sharpness = divided->values.front();
  return found;
}

std::string RunCurvature::json() const {
  return Json(Json::Object{{"step", step},
                           {"images", images},
                           {"loss", loss},
                           {"gradient_norm", gradient_norm},
                           {"curvatures", Json::list(values)},
                           {"error", error},
                           {"batch_sharpness", batch_sharpness},
                           {"sharpness", sharpness ? Json(*sharpness) : Json()},
                           {"limit", limit ? Json(limit->sharpness) : Json()},
                           {"preconditioned", limit ? Json(limit->preconditioned) : Json()}})
             .pretty() +
         "\n";
}

}  // namespace fl
