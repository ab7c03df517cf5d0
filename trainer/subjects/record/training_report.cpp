// What a training says of itself in the end.
#include "trainer/subjects/training.h"

namespace fl {

Report Training::report() {
  Report report;
  report.scene = spec_.title;
  report.seed = seed_;
  report.device = device();
  report.classes = data_.classes;
  report.train_images = split_.train.size();
  report.test_images = split_.test.size();
  report.skipped_images = data_.skipped;
  report.parameters = program_->layout().parameters;
  report.epochs = history_.epochs;
  report.curvatures = history_.curvatures;
  report.lines = history_.lines;
  report.state = over() ? state_ : RunState::kStopped;
  if (!tested()) evaluate_test_set();
  // A training that was stopped right behind the step that was too far.
  if (!over() && steps() > 0 && !weights_give_numbers(test_loss_)) report.state = RunState::kDiverged;
  static_cast<TestFigures&>(report) = *test_figures();
  for (const std::int32_t image : report.wrong)
    report.wrong_images.push_back(data_.names[static_cast<std::size_t>(image)]);
  double images = 0;
  for (const StepRecord& s : history_.steps) images += static_cast<double>(images_of_step(s.step));
  if (training_seconds_ > 0) report.images_per_second = images / training_seconds_;
  return report;
}

void Training::note_line(const LineRecord& record) {
  auto& all = history_.lines;
  const auto place = std::ranges::lower_bound(all, record.fork_step, {}, &LineRecord::fork_step);
  if (place != all.end() && place->fork_step == record.fork_step)
    *place = record;
  else
    all.insert(place, record);
}

void Training::note_curvature(const CurvatureRecord& record) {
  auto& all = history_.curvatures;
  const auto place = std::ranges::lower_bound(all, record.step, {}, &CurvatureRecord::step);
  if (place != all.end() && place->step == record.step)
    *place = record;
  else
    all.insert(place, record);
}

}  // namespace fl
