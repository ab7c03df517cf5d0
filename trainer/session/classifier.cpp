#include "trainer/session/classifier.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <thread>

#include "trainer/base/check.h"
#include "trainer/base/printable.h"
#include "trainer/base/threads.h"
#include "trainer/compute/backend.h"
#include "trainer/exports/read_export.h"

namespace fl {
namespace fs = std::filesystem;

Result<Classifier> Classifier::open(const fs::path& run) {
  std::error_code code;
  const fs::path weights = fs::is_directory(run, code) ? run / kWeightsFile : run;
  const bool exported = is_export(run) && (weights == run || !fs::exists(weights, code));
  FL_TRY_LET(trained, exported ? read_export(run) : read_weights(weights));
  int threads = trained->spec.threads;
  if (!check_threads(threads > 0 ? threads : static_cast<int>(std::thread::hardware_concurrency())))
    threads = 1;
  FL_TRY_LET(backend, make_cpu_backend(threads));
  FL_TRY_LET(program, (*backend)->compile(trained->network, 1));
  std::optional<Embedder> embedder;
  if (trained->backbone) {
    FL_TRY_LET(made, Embedder::make(*trained->backbone, **backend));
    embedder = *std::move(made);
  }
  return Classifier(printable(run.string()), std::move(*trained), std::move(*program), std::move(embedder));
}

Classifier::Classifier(std::string name, TrainedNetwork trained, std::unique_ptr<Evaluator> network,
                       std::optional<Embedder> embedder)
    : name_(std::move(name)),
      trained_(std::move(trained)),
      network_(std::move(network)),
      embedder_(std::move(embedder)) {
  network_->write_params(trained_.params);
  network_->write_statistics(trained_.statistics);
}

Result<void> Classifier::prepare(std::span<const std::byte> file, std::string_view name,
                                 std::span<float> input, ImageRemarks* remarks) const {
  // With a backbone that is of its numbers.
  const Standardisation none;
  return prepare_input({trained_.spec.data, embedder_ ? none : trained_.standardisation}, file, name, input,
                       remarks);
}

Result<void> Classifier::classify(std::span<const float> inputs, std::span<float> probabilities) {
  FL_CHECK(inputs.size() % input_floats() == 0);
  std::vector<std::int32_t> guests(inputs.size() / input_floats());
  std::iota(guests.begin(), guests.end(), 0);  // there is no data set before them
  std::vector<float> features;
  if (embedder_) inputs = features = features_of(*embedder_, trained_.standardisation, inputs);
  network_->set_guests(inputs);
  network_->evaluate(guests, probabilities);
  if (!std::ranges::all_of(probabilities, [](float value) { return std::isfinite(value); }))
    return error(
        "The network in {} cannot classify: its outputs are not numbers, because its training diverged; "
        "train it again "
        "with a lower learning rate.",
        name_);
  return {};
}

}  // namespace fl
