// Training images a second, whole optimizer steps with Adam.
#include <fmt/format.h>

#include "tests/bench/measure.h"
#include "tests/bench/random_task.h"

int main(int argc, char** argv) {
  using namespace fl::bench;
  const Options options = parse(argc, argv, "Training images a second of ct-small");
  std::vector<Figure> figures;
  std::string device;
  for (const int batch : {16, 64}) {
    RandomTask task(options.threads, batch);
    device = task.backend->device();
    std::size_t at = 0;
    const auto measured = [&] {
      return seconds_per_call(options.seconds, [&] {
        task.program->train_step(std::span(task.images).subspan(at, static_cast<std::size_t>(batch)), 1e-3);
        at = (at + static_cast<std::size_t>(batch)) % task.images.size();
      });
    };
    const double seconds = measured();
    figures.push_back({fmt::format("train, batch {}", batch), "images/s", batch / seconds});
    task.program->set_augmentation({.flip = true, .rotate = 15, .shift = 0.1});
    figures.push_back({fmt::format("train augmented, batch {}", batch), "images/s", batch / measured()});
  }
  tell(options, device, figures);
}
