#include "trainer/pretraining/pretraining.h"

#include <algorithm>
#include <cmath>
#include <future>
#include <numeric>

#include "trainer/backbone/phantom_network.h"
#include "trainer/base/check.h"
#include "trainer/base/number_text.h"
#include "trainer/base/random.h"
#include "trainer/net/init.h"
#include "trainer/optim/schedule.h"

namespace fl {
namespace {

constexpr double kWarmupChunks = 8;

std::string array_name(std::size_t k) {
  return fmt::format("optimizer.{}", k);
}

// The area under the curve of true over false alarms: how often a picture with blood is ahead of one without.
double area_under_curve(const std::vector<std::pair<float, bool>>& said) {
  std::vector<std::pair<float, bool>> sorted = said;
  std::ranges::sort(sorted);
  double ahead = 0, below = 0, with = 0;
  for (std::size_t i = 0; i < sorted.size();) {
    double ties = 0, tied_with = 0;
    for (const float value = sorted[i].first; i < sorted.size() && sorted[i].first == value; ++i)
      (sorted[i].second ? tied_with : ties) += 1;
    ahead += tied_with * (below + ties / 2);
    below += ties;
    with += tied_with;
  }
  return with > 0 && below > 0 ? ahead / (with * below) : 0;
}

}  // namespace

struct Pretraining::Drawing {
  std::stop_source stop;
  std::future<Examples> examples;
  ~Drawing() { stop.request_stop(); }
};

std::string PretrainingRecipe::text() const {
  return fmt::format(
      "seed {}, {} pictures of varied phantoms (version {}, {} of a head), batch {}, adamw, rate {}, weight "
      "decay {}, "
      "cosine",
      seed, images, kVariedVersion, kPicturesOfHead, batch, number_text(rate), number_text(weight_decay));
}

Pretraining::Pretraining(const PretrainingRecipe& recipe, std::unique_ptr<Program> program, int threads)
    : recipe_(recipe), program_(std::move(program)), threads_(threads) {}
Pretraining::~Pretraining() = default;
Pretraining::Pretraining(Pretraining&&) noexcept = default;
Pretraining& Pretraining::operator=(Pretraining&&) noexcept = default;

Result<Pretraining> Pretraining::make(const PretrainingRecipe& recipe, Backend& backend, int threads) {
  FL_CHECK(recipe.chunk > 0 && recipe.chunk % kPicturesOfHead == 0);
  if (recipe.images < recipe.chunk || recipe.images > 50'000'000)
    return error("A backbone is trained on {} to 50 million pictures, not {}.", recipe.chunk, recipe.images);
  if (recipe.batch < 2 || recipe.chunk % recipe.batch != 0)
    return error("Batches must divide {} pictures evenly; {} do not.", recipe.chunk, recipe.batch);
  FL_TRY_LET(program, backend.compile(phantom_network(), recipe.batch));
  Pretraining made(recipe, *std::move(program), threads);
  Program& p = *made.program_;
  std::vector<float> params(p.layout().all_floats);
  FL_TRY(initialise(p.layout(), "he", 1.0, recipe.seed, params));
  p.write_params(params);
  p.set_seed(recipe.seed);
  p.set_optimizer({.kind = OptimizerKind::kAdamW, .epsilon = 1e-8, .weight_decay = recipe.weight_decay});
  return made;
}

void Pretraining::draw_ahead() {
  drawing_ = std::make_unique<Drawing>();
  const auto first = static_cast<std::uint32_t>(images());
  const auto count = static_cast<std::size_t>(recipe_.chunk);
  drawing_->examples = std::async(std::launch::async, [seed = recipe_.seed, first, count, threads = threads_,
                                                       stop = drawing_->stop.get_token()] {
    return make_examples(seed, first, count, threads, stop);
  });
}

double Pretraining::advance() {
  FL_CHECK(!finished());
  const auto count = static_cast<std::size_t>(recipe_.chunk);
  if (!drawing_) draw_ahead();
  Examples examples = drawing_->examples.get();
  program_->set_data(std::move(examples.pixels), std::vector<std::int32_t>(count, 0));
  program_->set_targets(std::move(examples.targets));
  const std::int64_t now = chunk_++;
  finished() ? drawing_.reset() : draw_ahead();

  std::vector<std::int32_t> order(count);
  std::iota(order.begin(), order.end(), 0);
  RandomStream random(recipe_.seed, StreamId::kOrder, static_cast<std::uint32_t>(now));
  shuffle(std::span(order), random);
  const std::int64_t steps = recipe_.chunk / recipe_.batch;
  const ScheduleSpec schedule{.kind = ScheduleKind::kCosine, .warmup_epochs = kWarmupChunks};
  double loss = 0;
  for (std::int64_t s = 0; s < steps; ++s) {
    const ScheduleClock clock{
        .step = now * steps + s, .total_steps = chunks() * steps, .steps_per_epoch = steps};
    const auto batch = std::span(order).subspan(static_cast<std::size_t>(s * recipe_.batch),
                                                static_cast<std::size_t>(recipe_.batch));
    loss += program_->train_step(batch, scheduled_rate(schedule, recipe_.rate, clock)).batch.loss;
  }
  return loss / static_cast<double>(steps);
}

PretrainingFigures Pretraining::judge(std::size_t pictures) {
  if (held_out_.blood.size() != pictures)
    held_out_ = make_examples(held_out_seed(recipe_.seed), 0, pictures, threads_);
  program_->set_data(held_out_.pixels, std::vector<std::int32_t>(pictures, 0));
  program_->set_targets(held_out_.targets);
  std::vector<std::int32_t> all(pictures);
  std::iota(all.begin(), all.end(), 0);
  const auto row = static_cast<std::size_t>(program_->spec().classes);
  std::vector<float> says(pictures * row);
  PretrainingFigures figures{.pictures = pictures};
  figures.loss = program_->evaluate(all, says).batch.loss;
  std::vector<std::pair<float, bool>> blood;
  constexpr std::size_t kAnswers = 1 + kBleedKinds + kVariedLevels;
  for (std::size_t i = 0; i < pictures; ++i) {
    const float* said = says.data() + (i + 1) * row - kAnswers;
    const float* truth = held_out_.targets.data() + (i + 1) * row - kAnswers;
    const auto right = [&](std::size_t k) { return (said[k] > 0.5f) == (truth[k] > 0.5f) ? 1.0 : 0.0; };
    blood.emplace_back(said[0], truth[0] > 0.5f);
    figures.blood += right(0);
    for (std::size_t k = 1; k <= kBleedKinds; ++k) figures.kinds += right(k) / kBleedKinds;
    const float* levels = said + 1 + kBleedKinds;
    figures.level +=
        truth[1 + kBleedKinds + (std::max_element(levels, levels + kVariedLevels) - levels)] > 0.5f;
  }
  for (double* share : {&figures.blood, &figures.kinds, &figures.level})
    *share /= static_cast<double>(pictures);
  figures.area = area_under_curve(blood);
  return figures;
}

Safetensors Pretraining::weights() const {
  const ParamLayout& layout = program_->layout();
  std::vector<float> params(layout.all_floats), statistics(layout.statistic_floats);
  program_->read_params(params);
  program_->read_statistics(statistics);
  Safetensors file;
  file.add_arena(layout.tensors, params);
  file.add_arena(layout.statistics, statistics);
  file.metadata = {{"format", kBackboneFormat}, {"version", kBackboneVersion}, {"recipe", recipe_.text()}};
  return file;
}

Safetensors Pretraining::result(const PretrainingFigures& figures) const {
  FL_CHECK(finished());
  Safetensors file = weights();
  file.metadata["figures"] = fmt::format(
      "of {} pictures held out: loss {}, blood {:.3f}, area {:.3f}, kinds {:.3f}, level {:.3f}",
      figures.pictures, number_text(figures.loss), figures.blood, figures.area, figures.kinds, figures.level);
  return file;
}

Safetensors Pretraining::unfinished() const {
  Safetensors file = weights();
  const ProgramState state = program_->save_state();
  for (std::size_t k = 0; k < state.optimizer_arrays.size(); ++k)
    file.add(array_name(k), {static_cast<std::int64_t>(state.optimizer_arrays[k].size())},
             std::span<const float>(state.optimizer_arrays[k]));
  const double place[] = {static_cast<double>(chunk_), static_cast<double>(state.optimizer_steps),
                          static_cast<double>(state.updates)};
  file.add("place", {1, 3}, std::span<const double>(place));
  file.metadata["unfinished"] = fmt::format("{} of {} pictures", images(), all_images());
  return file;
}

Result<void> Pretraining::resume(const Safetensors& saved) {
  FL_TRY(saved.check_format(kBackboneFormat, kBackboneVersion));
  if (const auto recipe = saved.metadata.find("recipe");
      recipe == saved.metadata.end() || recipe->second != recipe_.text())
    return error("it was trained by another recipe");
  FL_TRY_LET(place, saved.read_table("place", 3));
  if (place->size() != 3 || !std::ranges::all_of(*place, [](double v) { return v >= 0 && v < 1e12; }) ||
      (*place)[0] > static_cast<double>(chunks()))
    return error("its place is none of this training");
  const ParamLayout& layout = program_->layout();
  ProgramState state = program_->save_state();
  FL_TRY(saved.read_arena(layout.tensors, state.params));
  FL_TRY(saved.read_arena(layout.statistics, state.statistics));
  for (std::size_t k = 0; k < state.optimizer_arrays.size(); ++k) {
    const std::int64_t shape[] = {static_cast<std::int64_t>(layout.floats)};
    FL_TRY(saved.read(array_name(k), shape, state.optimizer_arrays[k]));
  }
  state.optimizer_steps = static_cast<std::int64_t>((*place)[1]);
  state.updates = static_cast<std::int64_t>((*place)[2]);
  program_->restore_state(state);
  chunk_ = static_cast<std::int64_t>((*place)[0]);
  drawing_.reset();
  return {};
}

}  // namespace fl
