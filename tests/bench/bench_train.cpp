// Training images a second, whole optimizer steps with Adam, as a training without a picture takes them: in bursts
// where the device likes them.
#include <fmt/format.h>

#include "tests/bench/measure.h"
#include "tests/bench/random_task.h"
#include "tests/bench/step_work.h"

int main(int argc, char** argv) {
  using namespace fl::bench;
  const Options options = parse(argc, argv, "Training images a second");
  std::vector<int> batches = {16, 64};
  if (options.backend.kind == fl::BackendKind::kCuda) batches.push_back(256);
  std::vector<Figure> figures;
  std::string device;
  for (const int batch : batches) {
    RandomTask task(options, batch);
    device = task.backend->device();
    const auto size = static_cast<std::size_t>(batch);
    std::vector<fl::TrainBatch> steps(task.program->burst());
    std::vector<fl::StepResult> results(steps.size());
    std::size_t at = 0;
    const auto images_per_second = [&] {
      return batch * static_cast<double>(steps.size()) / seconds_per_call(options.seconds, [&] {
               for (fl::TrainBatch& step : steps) {
                 step = {std::span<const std::int32_t>(task.images).subspan(at, size), 1e-3};
                 at = (at + size) % task.images.size();
               }
               task.program->train_steps(steps, results);
             });
    };
    figures.push_back({fmt::format("train, batch {}", batch), "images/s", images_per_second()});
    task.program->set_augmentation({.flip = true, .rotate = 15, .shift = 0.1});
    figures.push_back({fmt::format("train augmented, batch {}", batch), "images/s", images_per_second()});
  }
  // What the figures above are worth on a device whose ceilings are known.
  const Work work = work_per_image(make_spec(options));
  figures.push_back({"arithmetic an image", "MFLOP", work.flops / 1e6});
  figures.push_back({"traffic an image", "MB", work.bytes / 1e6});
  tell(options, device, figures);
}
