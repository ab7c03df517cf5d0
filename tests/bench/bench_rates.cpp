// How long a trainability map takes: its first coarse picture, and all of 256 x 256, in float32 on the whole
// and in float64 where it is zoomed in. Medians of three.
#include <algorithm>
#include <array>
#include <vector>

#include "tests/bench/measure.h"
#include "trainer/subjects/trainability/trainability.h"

namespace {

using fl::RateView;

struct Times {
  double first = 0, all = 0, slice = 0;
};

Times times_of(const fl::bench::Options& options, const RateView& view) {
  fl::TrainabilitySpec spec;
  spec.middle = {view.first, view.second};
  spec.span = view.span;
  auto backend = fl::make_backend(options.backend, options.threads).value();
  fl::Trainability map(spec, backend->rate_runs(fl::make_rate_task(spec.seed, spec.steps)).value());
  Times times;
  times.first = fl::bench::seconds_of([&] {
    std::vector<float> shades(std::size_t{256} * 256);
    do {
      map.work(2);
      map.map().write_shades(shades);
    } while (std::ranges::count(shades, fl::RateMap::kUnknown) > 0);
  });
  bool more = true;
  times.all = times.first;
  while (more) {
    const double slice = fl::bench::seconds_of([&] { more = map.work(2); });
    times.all += slice;
    times.slice = std::max(times.slice, slice);
  }
  return times;
}

double median(std::array<double, 3> of) {
  std::ranges::sort(of);
  return of[1];
}

}  // namespace

int main(int argc, char** argv) {
  const auto options = fl::bench::parse(argc, argv, "How long a map of learning rates takes");
  std::vector<fl::bench::Figure> figures;
  for (const auto& [name, view] :
       {std::pair{"float32", RateView{}}, std::pair{"float64", RateView{0.6875, 1.75, 1e-4}}}) {
    std::array<double, 3> first{}, all{}, slice{};
    for (std::size_t i = 0; i < first.size(); ++i) {
      const Times times = times_of(options, view);
      first[i] = times.first;
      all[i] = times.all;
      slice[i] = times.slice;
    }
    figures.push_back({std::string(name) + ", first picture", "s", median(first)});
    figures.push_back({std::string(name) + ", 256 x 256", "s", median(all)});
    figures.push_back({std::string(name) + ", longest wait to stop", "ms", 1e3 * median(slice)});
  }
  fl::bench::tell(options, "trainability map", figures);
}
