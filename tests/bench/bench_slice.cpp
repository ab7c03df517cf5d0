// Landscape points a second: each is the loss of o + a d1 + b d2 over a probe.
#include <algorithm>

#include <fmt/format.h>

#include "tests/bench/measure.h"
#include "tests/bench/random_task.h"
#include "trainer/landscape/directions.h"

int main(int argc, char** argv) {
  using namespace fl::bench;
  const Options options = parse(argc, argv, "Landscape points a second");
  RandomTask task(options, 16);
  const fl::ParamLayout& layout = task.program->layout();
  std::vector<float> origin(layout.floats);
  task.program->read_params(origin);
  const auto d1 = fl::filter_normalised_direction(layout, origin, 1, 0);
  const auto d2 = fl::filter_normalised_direction(layout, origin, 1, 1);

  std::vector<Figure> figures;
  const bool cuda = options.backend.kind == fl::BackendKind::kCuda;
  std::vector<std::size_t> probes = {50, 256};
  if (cuda) probes.push_back(512);
  for (const std::size_t probe : probes) {
    task.program->set_slice(std::span(task.images).first(probe), origin, d1, d2);
    // As many at a time as a live run asks for; on a GPU, a row of a surface.
    std::vector<fl::SlicePoint> points(cuda ? 129 : std::max<std::size_t>(4, 2 * task.program->points_at_once()));
    std::vector<double> losses(points.size());
    int call = 0;
    const double seconds = seconds_per_call(options.seconds, [&] {
      for (std::size_t i = 0; i < points.size(); ++i)
        points[i] = {0.01 * ((call + static_cast<int>(i)) % 100) - 0.5, 0.01 * (call % 97) - 0.5};
      ++call;
      task.program->evaluate_slice(points, losses);
    });
    figures.push_back({fmt::format("landscape, probe of {}", probe), "points/s", static_cast<double>(points.size()) / seconds});
  }
  if (task.program->points_at_once() > 1) {
    const double plane = seconds_per_call(
        options.seconds, [&] { task.program->set_slice(std::span(task.images).first(256), origin, d1, d2); });
    figures.push_back({"another plane, probe of 256", "ms", 1e3 * plane});
    const double point = seconds_per_call(options.seconds, [&] {
      task.program->evaluate(std::span(task.images).first(256), {}, fl::NormStatistics::kReestimated);
    });
    figures.push_back({"point of the path, probe of 256", "ms", 1e3 * point});
  }
  if (cuda) {
    // A whole surface, its plane included: what somebody waits for. As many of its rows as there is time for, in one
    // call; the others take as long.
    constexpr int kSide = 129;
    const double row_seconds = kSide / figures.back().value;  // a probe of 512, too
    const int rows = static_cast<int>(std::clamp(2 * options.seconds / row_seconds, 1.0, double{kSide}));
    std::vector<fl::SlicePoint> surface;
    for (int i = 0; i < rows * kSide; ++i) surface.push_back({(i % kSide) / 64.0 - 1, (i / kSide) / 64.0 - 1});  // NOLINT
    std::vector<double> losses(surface.size());
    const double plane = seconds_of([&] { task.program->set_slice(task.images, origin, d1, d2); });
    const double heights = seconds_of([&] { task.program->evaluate_slice(surface, losses); });
    figures.push_back({"129x129 surface, probe of 512", "s", plane + heights * kSide / rows});
    figures.push_back({"129x129 surface, rows timed", "rows", static_cast<double>(rows)});
  }
  tell(options, task.backend->device(), figures);
}
