// Many small runs at once beside the same runs one after the other, each of which then has all threads to
// itself: sixteen of lesson 1, which differ in rate and start. Both ways in turn, round for round, in one
// process.
#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "tests/bench/measure.h"
#include "trainer/base/check.h"
#include "trainer/subjects/group/run_group.h"

namespace fl::bench {
namespace {

constexpr std::size_t kRuns = 16;
constexpr int kRounds = 3;

RunSpec lesson(int threads) {
  const auto scene = toml::parse_file(FALLLINE_SOURCE_DIR "/scenes/1-too-few-images.toml");
  RunSpec spec = parse_run_spec(scene, {}).value();
  spec.threads = threads;
  return spec;
}

std::vector<GroupRun> runs_of(const RunSpec& spec) {
  std::vector<GroupRun> runs;
  for (std::size_t i = 0; i < kRuns; ++i) {
    runs.push_back({spec, i + 1});
    runs.back().spec.rate = 1e-4 * std::pow(30.0, static_cast<double>(i) / (kRuns - 1));
  }
  return runs;
}

double median(std::vector<double> values) {
  std::ranges::sort(values);
  return values[values.size() / 2];
}

void train_alone(std::span<const GroupRun> runs, const Dataset& data, int threads) {
  for (const GroupRun& run : runs) {
    auto training = Training::create(run.spec, data, make_cpu_backend(threads).value()).value();
    FL_CHECK(training->reset(*run.start).ok());
    while (training->step()) {
    }
  }
}

void train_together(std::span<const GroupRun> runs, const Dataset& data, int threads, int shares) {
  auto group = RunGroup::create(runs, data, threads, shares).value();
  while (group->advance(group->run(0).steps_per_epoch()) > 0) {
  }
}

void measure(const Options& options) {
  const RunSpec spec = lesson(options.threads);
  const Dataset data = load_dataset(spec.data, ".", spec.seed).value();
  const std::vector<GroupRun> runs = runs_of(spec);
  const std::vector<int> shares = {1, 2, 8};
  train_alone(std::span(runs).first(1), data, options.threads);  // warms up
  std::vector<double> alone;
  std::vector<std::vector<double>> together(shares.size()), ratios(shares.size());
  for (int round = 0; round < kRounds; ++round) {
    alone.push_back(seconds_of([&] { train_alone(runs, data, options.threads); }));
    for (std::size_t i = 0; i < shares.size(); ++i) {
      together[i].push_back(seconds_of([&] { train_together(runs, data, options.threads, shares[i]); }));
      ratios[i].push_back(alone.back() / together[i].back());
    }
  }
  const std::string group = fmt::format("{} runs", kRuns);
  std::vector<Figure> figures{{group + " one after the other", "s", median(alone)}};
  for (std::size_t i = 0; i < shares.size(); ++i) {
    const std::string what =
        fmt::format("{} at once, {} share{} a batch", group, shares[i], shares[i] == 1 ? "" : "s");
    figures.push_back({what, "s", median(together[i])});
    figures.push_back({what, "times as fast", median(ratios[i])});
  }
  tell(options, make_cpu_backend(options.threads).value()->device(), figures);
}

}  // namespace
}  // namespace fl::bench

int main(int argc, char** argv) {
  fl::bench::measure(fl::bench::parse(argc, argv, "Many small runs at once"));
}
