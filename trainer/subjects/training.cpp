#include "trainer/subjects/training.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <future>
#include <numeric>
#include <utility>

#include "trainer/base/check.h"
#include "trainer/base/log.h"
#include "trainer/net/init.h"
#include "trainer/subjects/fate/fate_steps.h"

namespace fl {

namespace {

// Batch norm needs more than one value a channel. Error: it never has them. A warning where only the last
// batch of an epoch lacks them.
Result<void> check_norms(const NetSpec& network, std::size_t images, int batch_size) {
  const LayerSpec* norm = norm_of_single_values(network);
  const auto batch = static_cast<std::size_t>(batch_size);
  if (norm == nullptr || images % batch != (batch == 1 ? 0 : 1)) return {};
  if (batch == 1 || images == 1)
    return error(
        "{}: batch norm over a single value makes all images look alike, so nothing is learnt with {}; {}.",
        norm->called(), batch == 1 ? "train.batch_size = 1" : "one training image",
        batch == 1 ? "make it 2 or more" : "add images");
  std::size_t better = batch + 1;
  while (images % better == 1) ++better;
  log_warning(
      "{}: the last batch of every epoch holds a single image (of {}), from which batch norm learns nothing; "
      "train.batch_size = {} avoids that.",
      norm->called(), images, better);
  return {};
}

}  // namespace

Result<std::unique_ptr<Training>> Training::create(const RunSpec& spec, Dataset data,
                                                   std::shared_ptr<Backend> backend,
                                                   std::unique_ptr<Embedder> embedder,
                                                   std::vector<float> start,
                                                   std::optional<KnownNetwork> above) {
  FL_CHECK(embedder == nullptr || data.shape == embedder->shape());
  FL_TRY_LET(split, split_dataset(data, spec.data.test_fraction, spec.seed));
  FL_TRY(check_class_count(data.classes.size(), spec.title));
  const int classes = static_cast<int>(data.classes.size());
  std::optional<Unfrozen> unfrozen;
  if (above) {
    FL_CHECK(embedder != nullptr && above->spec.input.floats() == data.shape.floats());
    Standardisation standardisation;
    if (spec.data.standardise) {
      FL_TRY_LET(measured, measure_outputs(*above, data, split->train, *backend));
      standardisation = *std::move(measured);
    }
    unfrozen.emplace(spec, *std::move(above), standardisation, classes);
  }
  FL_TRY_LET(network,
             unfrozen ? Result<NetSpec>(unfrozen->network()) : network_of(spec, data.shape, classes));
  FL_TRY(check_norms(*network, split->train.size(), spec.batch_size));
  FL_TRY_LET(program, backend->compile(*network, spec.batch_size));
  std::unique_ptr<Training> training(new Training(spec, std::move(data), *std::move(split),
                                                  std::move(backend), *std::move(program),
                                                  std::move(embedder), std::move(unfrozen)));
  FL_CHECK(start.empty() || training->unfrozen_ || start.size() == training->program_->layout().all_floats);
  training->start_ = std::move(start);
  FL_TRY(training->reset(spec.seed));
  if (!spec.fork_steps.empty() && training->gpu())
    return error(
        "[train] fork_steps clones the run on the CPU alone; open {} with --backend cpu, or remove the key.",
        spec.title);
  FL_TRY(check_fork_steps(spec.fork_steps, training->total_steps()));
  return training;
}

Training::Training(RunSpec spec, Dataset data, Split split, std::shared_ptr<Backend> backend,
                   std::unique_ptr<Program> program, std::unique_ptr<Embedder> embedder,
                   std::optional<Unfrozen> unfrozen)
    : spec_(std::move(spec)),
      data_(std::move(data)),
      split_(std::move(split)),
      backend_(std::move(backend)),
      program_(std::move(program)),
      embedder_(std::move(embedder)),
      unfrozen_(std::move(unfrozen)),
      scene_optimizer_(spec_.optimizer),
      rate_(spec_.rate) {
  if (spec_.backbone.empty()) spec_.data.channels = data_.shape.channels;  // what "auto" came to
  // Beside the measuring, where there is a thread to be had: a large set is waited for.
  auto by_class = std::async([this] { return class_images(data_); });
  const bool standardise = spec_.data.standardise && !unfrozen_;
  if (standardise) standardisation_ = measure_standardisation(data_, split_.train);
  class_images_ = by_class.get();
  if (standardise)
    for (std::vector<float>* numbers : {&data_.pixels, &data_.mirrored})
      apply_standardisation(standardisation_, data_.shape, *numbers);
  same_images_ = std::make_shared<const SameImages>(fl::same_images(data_, split_));
  hand_over_data();
  program_->set_augmentation(spec_.augment);
  if (spec_.balance == "weight")
    program_->set_class_weights(
        balanced_class_weights(split_.train, data_.labels, static_cast<int>(data_.classes.size())));
}

void Training::hand_over_data() {
  const auto images = static_cast<std::int32_t>(data_.size());
  std::vector<float> pixels = std::exchange(data_.pixels, {});
  std::vector<std::int32_t> labels = data_.labels;
  trained_ = split_.train;
  if (spec_.mirror) {
    FL_CHECK(data_.mirrored.size() == pixels.size());
    pixels.insert(pixels.end(), data_.mirrored.begin(), data_.mirrored.end());
    labels.insert(labels.end(), data_.labels.begin(), data_.labels.end());
    for (const std::int32_t image : split_.train) trained_.push_back(image + images);
  }
  data_.mirrored = {};
  first_guest_ = static_cast<std::int32_t>(labels.size());
  const auto all = static_cast<std::int64_t>(trained_.size());
  steps_per_epoch_ = (all + spec_.batch_size - 1) / spec_.batch_size;  // the last small batch is kept
  if (spec_.balance == "sample") sampler_.emplace(trained_, labels, static_cast<int>(data_.classes.size()));
  program_->set_data(std::move(pixels), labels);
}

Result<std::vector<float>> Training::prepare(std::span<const std::byte> file, std::string_view name,
                                             ImageRemarks* remarks) const {
  std::vector<float> input(image_shape().floats());
  // With a backbone that is of its numbers.
  const Standardisation none;
  FL_TRY(prepare_input({spec_.data, embedder_ ? none : standardisation_}, file, name, input, remarks));
  return input;
}

std::vector<float> Training::program_input(std::span<const float> pixels) {
  if (embedder_) return features_of(*embedder_, standardisation_, pixels);
  return {pixels.begin(), pixels.end()};
}

void Training::set_guest(std::vector<float> input) {
  guest_ = std::move(input);
  program_->set_guests(guest_);
}

void Training::judge(std::span<const float> inputs, std::span<float> probabilities) {
  std::vector<std::int32_t> guests(probabilities.size() / data_.classes.size());
  std::iota(guests.begin(), guests.end(), first_guest_);
  program_->set_guests(inputs);
  program_->evaluate(guests, probabilities);
  program_->set_guests(guest_);
}

Result<std::vector<float>> Training::starting_weights(std::uint64_t seed) const {
  if (unfrozen_) return unfrozen_->start(spec_, seed, start_);
  if (!start_.empty()) return start_;
  std::vector<float> params(program_->layout().all_floats);
  FL_TRY(initialise(program_->layout(), spec_.init, spec_.init_scale, seed, params));
  return params;
}

Result<void> Training::reset(std::uint64_t seed) {
  FL_TRY_LET(params, starting_weights(seed));
  seed_ = seed;
  ++generation_;
  program_->write_params(*params);
  program_->reset_statistics();
  program_->set_seed(seed);
  program_->set_optimizer(spec_.optimizer);
  program_->set_history({});
  history_ = {};
  turn_ = {};
  forget_test();
  state_ = RunState::kReady;
  epoch_loss_ = epoch_seconds_ = training_seconds_ = 0;
  epoch_correct_ = epoch_images_ = 0;
  begin_epochs_on_device();
  return {};
}

void Training::use_device_slots() {
  slot_writer_ = program_->slot_writer();
  FL_CHECK(slot_writer_ != nullptr);
  begin_epochs_on_device();
}

void Training::begin_epochs_on_device() {
  if (slot_writer_ == nullptr) return;
  std::vector<EpochPoint> known;
  for (const EpochRecord& epoch : history_.epochs) known.push_back(epoch.point());
  slot_writer_->begin_epochs(static_cast<std::size_t>(spec_.epochs), known);
}

TrainingState::Origin Training::origin() const {
  return {.seed = spec_.seed,
          .classes = class_images_,
          .train_images = trained_.size(),
          .test_images = split_.test.size(),
          .image = data_.shape,
          .batch_size = spec_.batch_size};
}

TrainingState Training::save() const {
  return {.program = program_->save_state(),
          .history = history_,
          .diverged = state_ == RunState::kDiverged,
          .seed = seed_,
          .rate = rate_,
          .optimizer = spec_.optimizer,
          .epoch_loss = epoch_loss_,
          .epoch_correct = epoch_correct_,
          .epoch_images = epoch_images_,
          .epoch_seconds = epoch_seconds_,
          .training_seconds = training_seconds_,
          .scene_rate = spec_.rate,
          .scene_optimizer = scene_optimizer_,
          .origin = origin()};
}

void Training::restore(const TrainingState& state) {
  FL_CHECK(can_restore(state).ok());
  const bool other_optimizer = scene_optimizer_ != state.scene_optimizer;
  spec_.optimizer = other_optimizer ? scene_optimizer_ : state.optimizer;
  // No step leads on from a divergence, so its rate stays the one that led there.
  rate_ = spec_.rate != state.scene_rate && !state.diverged ? spec_.rate : state.rate;
  seed_ = state.seed;
  turn_ = {};
  ++generation_;
  program_->set_seed(seed_);
  program_->set_optimizer(spec_.optimizer);
  ProgramState program = state.program;
  if (spec_.optimizer.kind != state.optimizer.kind) {
    ProgramState fresh = program_->save_state();
    program.optimizer_arrays = std::move(fresh.optimizer_arrays);
    program.optimizer_steps = fresh.optimizer_steps;
  }
  program_->restore_state(program);
  history_ = state.history;
  if (!split_.test.empty())  // an older checkpoint does not have them
    history_.class_accuracies.resize(history_.epochs.size() * curve_classes(), std::nanf(""));
  forget_test();
  program_->set_history(results_of_history());
  begin_epochs_on_device();
  epoch_loss_ = state.epoch_loss;
  epoch_correct_ = state.epoch_correct;
  epoch_images_ = state.epoch_images;
  epoch_seconds_ = state.epoch_seconds;
  training_seconds_ = state.training_seconds;
  if (steps() % steps_per_epoch_ != 0) order_epoch(static_cast<int>(steps() / steps_per_epoch_));
  state_ = state.diverged             ? RunState::kDiverged
           : steps() == total_steps() ? state_at_end(history_.epochs.back().test_loss)
           : steps() == 0             ? RunState::kReady
                                      : RunState::kTraining;
}

void Training::set_optimizer(OptimizerKind kind) {
  // From the scene's own, so that coming back to it brings back what the scene says of it.
  spec_.optimizer = with_kind(scene_optimizer_, kind);
  program_->set_optimizer(spec_.optimizer);
}

std::int64_t Training::advance(std::int64_t most) {
  if (over() || most < 1) return 0;
  const auto started = std::chrono::steady_clock::now();
  state_ = RunState::kTraining;
  const std::int64_t index = steps() % steps_per_epoch_;
  if (index == 0) order_epoch(static_cast<int>(steps() / steps_per_epoch_));
  plan_burst(index, std::min(most, steps_per_epoch_ - index));
  const std::size_t made = program_->train_steps(burst_, burst_results_);
  const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - started).count();
  epoch_seconds_ += seconds;
  training_seconds_ += seconds;
  for (std::size_t s = 0; s < made; ++s) record_step(burst_[s].rate, burst_results_[s]);
  if (!std::isfinite(burst_results_[made - 1].batch.loss))
    state_ = RunState::kDiverged;
  else if (steps() % steps_per_epoch_ == 0)
    finish_epoch();
  return static_cast<std::int64_t>(made);
}

void Training::record_step(double rate, const StepResult& result) {
  const auto epoch = static_cast<int>(steps() / steps_per_epoch_);
  const double images = result.batch.images;
  history_.steps.push_back({steps() + 1, epoch, result.batch.loss, result.batch.correct / images, rate,
                            result.gradient_norm, result.update_norm});
  epoch_loss_ += result.batch.loss * images;
  epoch_correct_ += result.batch.correct;
  epoch_images_ += result.batch.images;
}

// `step` from 1.
std::int64_t Training::images_of_step(std::int64_t step) const {
  const std::int64_t before = (step - 1) % steps_per_epoch_ * spec_.batch_size;
  return std::min<std::int64_t>(spec_.batch_size, static_cast<std::int64_t>(trained_.size()) - before);
}

std::vector<StepResult> Training::results_of_history() const {
  std::vector<StepResult> results;
  for (const StepRecord& step : history_.steps) {
    const auto images = static_cast<int>(images_of_step(step.step));
    const auto correct = static_cast<int>(std::lround(step.accuracy * images));
    results.push_back({{step.loss, correct, images}, step.gradient_norm, step.update_norm});
  }
  return results;
}

void Training::finish_epoch() {
  EpochRecord record{.epoch = static_cast<int>(history_.epochs.size())};
  record.loss = epoch_loss_ / epoch_images_;
  record.accuracy = static_cast<double>(epoch_correct_) / epoch_images_;
  record.test_loss = record.test_accuracy = std::nan("");
  if (!split_.test.empty()) {
    const EvalResult test = evaluate_test_set();
    record.test_loss = test.batch.loss;
    if (std::isfinite(record.test_loss))
      record.test_accuracy = static_cast<double>(test.batch.correct) / test.batch.images;
    const auto by_class = class_accuracies(data_, split_.test, test_probabilities_, record.test_loss);
    history_.class_accuracies.insert(history_.class_accuracies.end(), by_class.begin(), by_class.end());
  }
  record.seconds = epoch_seconds_;
  history_.epochs.push_back(record);
  if (slot_writer_ != nullptr)
    slot_writer_->add_epoch({.first = static_cast<std::size_t>(steps() - steps_per_epoch_),
                             .count = static_cast<std::size_t>(steps_per_epoch_),
                             .batch = static_cast<std::size_t>(spec_.batch_size),
                             .images = trained_.size(),
                             .tested = !split_.test.empty()},
                            record.point());
  epoch_loss_ = epoch_seconds_ = 0;
  epoch_correct_ = epoch_images_ = 0;
  if (steps() == last_step()) state_ = state_at_end(record.test_loss);
}

EvalResult Training::evaluate_test_set() {
  EvalResult result;
  test_probabilities_.resize(split_.test.size() * data_.classes.size());
  if (!split_.test.empty()) result = program_->evaluate(split_.test, test_probabilities_);
  test_loss_ = result.batch.loss;
  tested_step_ = steps();
  test_figures_.reset();
  return result;
}

std::shared_ptr<const TestFigures> Training::test_figures() {
  if (tested_step_ >= 0 && !test_figures_) {
    TestFigures figures = fl::test_figures(data_, split_.test, test_probabilities_, test_loss_);
    figures.step = tested_step_;
    test_figures_ = std::make_shared<const TestFigures>(std::move(figures));
  }
  return test_figures_;
}

void Training::forget_test() {
  tested_step_ = -1;
  test_figures_.reset();
}

RunState Training::state_at_end(double test_loss) {
  return weights_give_numbers(test_loss) ? RunState::kFinished : RunState::kDiverged;
}

bool Training::weights_give_numbers(double test_loss) {
  if (!split_.test.empty() && !std::isfinite(test_loss)) return false;
  const ParamLayout& layout = program_->layout();
  std::vector<float> values(std::max(layout.all_floats, layout.statistic_floats));
  const auto finite = [](float value) { return std::isfinite(value); };
  const auto statistics = std::span(values).first(layout.statistic_floats);
  program_->read_statistics(statistics);
  if (!std::ranges::all_of(statistics, finite)) return false;
  const auto params = std::span(values).first(layout.all_floats);
  program_->read_params(params);
  if (!std::ranges::all_of(params, finite)) return false;
  const auto batch = std::min(static_cast<std::size_t>(spec_.batch_size), split_.train.size());
  return std::isfinite(program_->evaluate(std::span(split_.train).first(batch), {}).batch.loss);
}

}  // namespace fl
