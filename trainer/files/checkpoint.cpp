#include "trainer/files/checkpoint.h"

#include <charconv>
#include <concepts>
#include <optional>

#include "trainer/base/json.h"

namespace fl {
namespace fs = std::filesystem;
namespace {

constexpr const char* kCheckpointFormat = "fall-line-checkpoint";
constexpr const char* kCheckpointVersion = "2";
constexpr const char* kFrozen = "frozen";
constexpr const char* kClassAccuracies = "history.class_accuracies";
constexpr const char* kCurvatures = "history.curvatures";
constexpr std::size_t kStepColumns = 5, kEpochColumns = 5, kCurvatureColumns = 5;

std::string array_name(std::size_t index) {
  return fmt::format("optimizer.{}", index);
}

// Scalars as texts that read back exactly.
class MetadataWriter {
 public:
  explicit MetadataWriter(std::map<std::string, std::string>& metadata) : metadata_(metadata) {}
  template <typename T>
  void operator()(const std::string& key, const T& value) {
    metadata_[key] = fmt::format("{}", value);
  }
  void operator()(const std::string& key, OptimizerKind kind) { metadata_[key] = optimizer_name(kind); }

 private:
  std::map<std::string, std::string>& metadata_;
};

// The first failure is kept for finish().
class MetadataReader {
 public:
  explicit MetadataReader(const std::map<std::string, std::string>& metadata) : metadata_(metadata) {}

  template <typename T>
  requires std::integral<T> || std::floating_point<T>
  void operator()(const std::string& key, T& value) {
    const std::string& text = find(key);
    const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (code != std::errc{} || end != text.data() + text.size()) fail(key);
  }
  void operator()(const std::string& key, bool& value) {
    value = find(key) == "true";
    if (!value && find(key) != "false") fail(key);
  }
  void operator()(const std::string& key, OptimizerKind& kind) {
    const auto found = optimizer_by_name(find(key));
    if (found)
      kind = *found;
    else
      fail(key);
  }
  [[nodiscard]] Result<void> finish() const {
    if (failure_) return *failure_;
    return {};
  }

 private:
  const std::string& find(const std::string& key) const {
    static const std::string none;
    const auto found = metadata_.find(key);
    return found == metadata_.end() ? none : found->second;
  }
  void fail(const std::string& key) {
    if (!failure_) failure_ = error("its value of {} is missing or invalid; use another copy.", key);
  }

  const std::map<std::string, std::string>& metadata_;
  std::optional<Error> failure_;
};

// What the classes hold: [[name, images, checksum], ...].
std::string classes_text(const std::vector<TrainingState::ClassImages>& classes) {
  Json::Array list;
  for (const auto& one : classes) list.emplace_back(Json::Array{one.name, one.images, one.checksum});
  return Json(std::move(list)).line();
}

Result<std::vector<TrainingState::ClassImages>> read_classes(const Safetensors& file) {
  const Error missing = error("its list of classes is missing or invalid; use another copy.");
  const auto found = file.metadata.find("classes");
  const auto list = found == file.metadata.end() ? std::nullopt : Json::parse(found->second);
  if (!list || list->array() == nullptr) return missing;
  std::vector<TrainingState::ClassImages> classes;
  for (const Json& entry : *list->array()) {
    const Json::Array* parts = entry.array();
    if (parts == nullptr || parts->size() != 3) return missing;
    const auto images = (*parts)[1].whole(), sum = (*parts)[2].whole();
    if ((*parts)[0].text() == nullptr || !images || !sum) return missing;
    classes.push_back({*(*parts)[0].text(), static_cast<std::size_t>(*images), *sum});
  }
  return classes;
}

// One list of the scalars for writing and reading: `visit(key, value)`.
template <typename Visit, typename Spec>
void visit_optimizer(Visit& visit, const std::string& prefix, Spec& spec) {
  visit(prefix, spec.kind);
  for (const OptimizerNumber& number : kOptimizerNumbers)
    visit(fmt::format("{}.{}", prefix, number.name), spec.*number.value);
}

template <typename Visit, typename State>
void visit_scalars(Visit& visit, State& state) {
  visit("optimizer_steps", state.program.optimizer_steps);
  visit("updates", state.program.updates);
  visit("diverged", state.diverged);
  visit("seed", state.seed);
  visit("rate", state.rate);
  visit_optimizer(visit, "optimizer", state.optimizer);
  visit("epoch_loss", state.epoch_loss);
  visit("epoch_correct", state.epoch_correct);
  visit("epoch_images", state.epoch_images);
  visit("epoch_seconds", state.epoch_seconds);
  visit("training_seconds", state.training_seconds);
  visit("scene_rate", state.scene_rate);
  visit_optimizer(visit, "scene_optimizer", state.scene_optimizer);
  visit("scene_seed", state.origin.seed);
  visit("train_images", state.origin.train_images);
  visit("test_images", state.origin.test_images);
  visit("channels", state.origin.image.channels);
  visit("height", state.origin.image.height);
  visit("width", state.origin.image.width);
  visit("batch_size", state.origin.batch_size);
}

void add_history(Safetensors& file, const History& history, std::size_t curve_classes) {
  std::vector<double> steps, epochs;
  for (const StepRecord& s : history.steps)
    steps.insert(steps.end(), {s.loss, s.accuracy, s.rate, s.gradient_norm, s.update_norm});
  for (const EpochRecord& e : history.epochs)
    epochs.insert(epochs.end(), {e.loss, e.accuracy, e.test_loss, e.test_accuracy, e.seconds});
  const auto rows = [](std::size_t count, std::size_t columns) {
    return std::vector<std::int64_t>{static_cast<std::int64_t>(count), static_cast<std::int64_t>(columns)};
  };
  file.add("history.steps", rows(history.steps.size(), kStepColumns), std::span<const double>(steps));
  file.add("history.epochs", rows(history.epochs.size(), kEpochColumns), std::span<const double>(epochs));
  std::vector<double> curvatures;
  for (const CurvatureRecord& c : history.curvatures)
    curvatures.insert(curvatures.end(),
                      {static_cast<double>(c.step), c.largest, c.batch_sharpness, c.sharpness, c.limit});
  if (!curvatures.empty())
    file.add(kCurvatures, rows(history.curvatures.size(), kCurvatureColumns),
             std::span<const double>(curvatures));
  if (const std::vector<double> classes(history.class_accuracies.begin(), history.class_accuracies.end());
      !classes.empty())
    file.add(kClassAccuracies, rows(classes.size() / curve_classes, curve_classes),
             std::span<const double>(classes));
}

Result<History> read_history(const Safetensors& file, std::int64_t steps_per_epoch,
                             std::size_t curve_classes) {
  FL_TRY_LET(steps, file.read_table("history.steps", kStepColumns));
  FL_TRY_LET(epochs, file.read_table("history.epochs", kEpochColumns));
  History history;
  for (std::size_t i = 0; i < steps->size() / kStepColumns; ++i) {
    const double* row = steps->data() + i * kStepColumns;
    const auto step = static_cast<std::int64_t>(i);
    history.steps.push_back(
        {step + 1, static_cast<int>(step / steps_per_epoch), row[0], row[1], row[2], row[3], row[4]});
  }
  for (std::size_t i = 0; i < epochs->size() / kEpochColumns; ++i) {
    const double* row = epochs->data() + i * kEpochColumns;
    history.epochs.push_back({static_cast<int>(i), row[0], row[1], row[2], row[3], row[4]});
  }
  // Only curves show the rest, and older files do not have it.
  if (file.find(kCurvatures) != nullptr) {
    FL_TRY_LET(curvatures, file.read_table(kCurvatures, kCurvatureColumns));
    for (std::size_t i = 0; i < curvatures->size(); i += kCurvatureColumns) {
      const double* row = curvatures->data() + i;
      const auto step = static_cast<double>(history.steps.size());
      // Steps of this history, ascending; what else a file may say is left out.
      if (!(row[0] >= 0 && row[0] <= step) ||
          (!history.curvatures.empty() && row[0] <= static_cast<double>(history.curvatures.back().step)))
        continue;
      history.curvatures.push_back({static_cast<std::int64_t>(row[0]), row[1], row[2], row[3], row[4]});
    }
  }
  if (file.find(kClassAccuracies) == nullptr || curve_classes == 0) return history;
  FL_TRY_LET(classes, file.read_table(kClassAccuracies, curve_classes));
  for (const double accuracy : *classes) history.class_accuracies.push_back(static_cast<float>(accuracy));
  return history;
}

// Which tensors were left alone: moments have no place for them, so that others could be taken for theirs.
// Empty where all are trained.
std::string frozen_text(const ParamLayout& layout) {
  std::vector<std::string> names;
  for (const ParamTensor& tensor : layout.tensors)
    if (tensor.frozen) names.push_back(tensor.name);
  return names.empty() ? std::string() : Json::list(names).line();
}

Result<void> read_arrays(const Safetensors& file, const ParamLayout& layout, TrainingState& state) {
  ProgramState& program = state.program;
  program.params.resize(layout.all_floats);
  program.statistics.resize(layout.statistic_floats);
  const auto frozen = file.metadata.find(kFrozen);
  if ((frozen == file.metadata.end() ? std::string() : frozen->second) != frozen_text(layout))
    return error("other layers were frozen");
  if (auto done = file.read_arena(layout.tensors, program.params); !done) return done;
  if (auto done = file.read_arena(layout.statistics, program.statistics); !done) return done;
  const std::int64_t shape[] = {static_cast<std::int64_t>(layout.floats)};
  program.optimizer_arrays.assign(static_cast<std::size_t>(optimizer_info(state.optimizer.kind).state_arrays),
                                  std::vector<float>(layout.floats));
  for (std::size_t i = 0; i < program.optimizer_arrays.size(); ++i)
    if (auto done = file.read(array_name(i), shape, program.optimizer_arrays[i]); !done) return done;
  return {};
}

Result<void> restore_state(const Safetensors& file, Training& training) {
  TrainingState state;
  MetadataReader reader(file.metadata);
  visit_scalars(reader, state);
  if (auto read = reader.finish(); !read) return read;
  FL_TRY_LET(classes, read_classes(file));
  state.origin.classes = *std::move(classes);
  auto history = read_history(file, training.steps_per_epoch(), training.curve_classes());
  if (!history) return error("{}; use another copy.", history.error().message);
  state.history = std::move(*history);
  if (auto fits = training.can_restore(state); !fits) return fits;
  if (auto read = read_arrays(file, training.program().layout(), state); !read)
    return error("{}, so it belongs to a different network; use the [network] settings it began with.",
                 read.error().message);
  training.restore(state);
  return {};
}

}  // namespace

Safetensors checkpoint_of(const Training& training) {
  const TrainingState state = training.save();
  const ParamLayout& layout = training.program().layout();
  Safetensors file;
  file.metadata = {{"format", kCheckpointFormat}, {"version", kCheckpointVersion}};
  MetadataWriter writer(file.metadata);
  visit_scalars(writer, state);
  if (const std::string frozen = frozen_text(layout); !frozen.empty()) file.metadata[kFrozen] = frozen;
  file.metadata["classes"] = classes_text(state.origin.classes);
  file.add_arena(layout.tensors, state.program.params);
  file.add_arena(layout.statistics, state.program.statistics);
  for (std::size_t i = 0; i < state.program.optimizer_arrays.size(); ++i)
    file.add(array_name(i), {static_cast<std::int64_t>(layout.floats)},
             std::span<const float>(state.program.optimizer_arrays[i]));
  add_history(file, state.history, training.curve_classes());
  return file;
}

Result<void> write_checkpoint(const fs::path& path, const Training& training) {
  return write_safetensors(path, checkpoint_of(training));
}

Result<Safetensors> read_checkpoint(const fs::path& path) {
  FL_TRY_LET(file, read_safetensors(path));
  if (auto same = file->check_format(kCheckpointFormat, kCheckpointVersion); !same)
    return error(
        "{} is not a checkpoint to resume from: {}; name a run saved by this version of \"fallline train\".",
        path.string(), same.error().message);
  return file;
}

Result<void> restore_checkpoint(const Safetensors& checkpoint, const fs::path& path, Training& training) {
  const auto restored = restore_state(checkpoint, training);
  if (!restored) return error("Cannot resume from {}: {}", path.string(), restored.error().message);
  return {};
}

Result<void> CheckpointTimer::after_step(const Training& training) {
  const bool epoch_ended = training.steps() % training.steps_per_epoch() == 0;
  const auto now = Clock::now();
  if (!epoch_ended || now < next_) return {};
  next_ = now + interval_;
  return write_checkpoint(path_, training);
}

}  // namespace fl
