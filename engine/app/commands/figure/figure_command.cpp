#include "engine/app/commands/figure/figure_command.h"

#include <algorithm>
#include <cmath>

#include "engine/app/commands/figure/read_report.h"
#include "engine/app/commands/inputs.h"
#include "engine/app/commands/output_folder.h"
#include "engine/figures/curves_figure.h"
#include "engine/figures/inks.h"
#include "trainer/base/counted.h"
#include "trainer/base/printable.h"
#include "trainer/files/run_folder.h"

namespace fl {
namespace fs = std::filesystem;
namespace {

constexpr double kWidth = 1280, kHeight = 720, kMargin = 32, kTop = 100, kBetween = 28;

Curve curve(const char* name, bool test, const std::vector<double>& values) {
  return {.name = name,
          .ink = test ? kTestInk : kTrainInk,
          .dash = test ? std::span<const double>(kTestDash) : std::span<const double>(),
          .values = values};
}

// What was never tested has no curve.
void add_tested(std::vector<Curve>& curves, const std::vector<double>& values) {
  if (std::ranges::any_of(values, [](double value) { return std::isfinite(value); }))
    curves.push_back(curve("test", true, values));
}

CurvesFigure losses(const ReportedRun& run) {
  CurvesFigure figure{
      .title = "Loss", .up = {.low = 0, .high = 0}, .curves = {curve("training", false, run.loss)}};
  add_tested(figure.curves, run.test_loss);
  return figure;
}
CurvesFigure accuracies(const ReportedRun& run) {
  CurvesFigure figure{
      .title = "Accuracy", .up = {.low = 0, .high = 1}, .curves = {curve("training", false, run.accuracy)}};
  add_tested(figure.curves, run.test_accuracy);
  return figure;
}

std::string subtitle(const ReportedRun& run) {
  std::string words = fmt::format("{} after {}, {} training and {} test images", run.state,
                                  counted(run.loss.size(), "epoch"), run.train_images, run.test_images);
  if (!run.test_accuracy.empty() && std::isfinite(run.test_accuracy.back()))
    words += fmt::format("; test accuracy {:.3f}", run.test_accuracy.back());
  return words;
}

Result<fs::path> report_of(const fs::path& run) {
  std::error_code code;
  const fs::path file = fs::is_directory(run, code) ? run / "report.json" : run;
  if (!fs::exists(file, code))
    return error("There is no {}; name a run folder saved by \"fallline train\".", printable(file.string()));
  return file;
}

}  // namespace

Result<void> draw_figure(const FigureOptions& options) {
  FL_TRY_LET(file, report_of(options.run));
  FL_TRY_LET(run, read_report(*file));
  const bool curves = options.of != "confusion",
             confusion = options.of != "curves" && !run->confusion.counts.empty();
  if (options.of == "confusion" && !confusion)
    return error("{} has no confusion matrix, because nothing was predicted.", printable(file->string()));
  if (curves && run->loss.empty()) return error("{} has no epoch to draw.", printable(file->string()));
  Inputs inputs;
  inputs.add_run(file->parent_path());
  FL_TRY(inputs.check(options.out, "-o"));
  FL_TRY_LET(folder, OutputFolder::make(options.out.parent_path()));
  FL_TRY(check_new_file(options.out, options.replace));

  Paper paper(kWidth, kHeight);
  paper.words({kMargin, 36}, run->scene, {.size = 30, .bold = true, .width = kWidth - 2 * kMargin});
  paper.words({kMargin, 72}, subtitle(*run), {.size = 18, .width = kWidth - 2 * kMargin});
  const glm::dvec2 room(kWidth - 2 * kMargin, kHeight - kTop - 12);
  const double left = !confusion ? room.x : curves ? room.x * 0.56 : 0;
  if (curves && !confusion) {  // side by side
    const glm::dvec2 half((room.x - kBetween) / 2, room.y);
    draw_curves(paper, {kMargin, kTop}, half, losses(*run));
    draw_curves(paper, {kMargin + half.x + kBetween, kTop}, half, accuracies(*run));
  } else if (curves) {
    const glm::dvec2 half(left, room.y / 2);
    draw_curves(paper, {kMargin, kTop}, half, losses(*run));
    draw_curves(paper, {kMargin, kTop + half.y}, half, accuracies(*run));
  }
  if (confusion)
    draw_confusion(paper, {kMargin + left + (curves ? kBetween : 0), kTop},
                   {room.x - left - (curves ? kBetween : 0), room.y}, run->confusion);
  FL_TRY(paper.save(options.out));
  fmt::print("Saved in {}\n", printable(options.out.string()));
  return {};
}

}  // namespace fl
