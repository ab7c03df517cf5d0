#include "tests/bench/measure.h"

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <map>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "trainer/base/json.h"

namespace fl::bench {
namespace {

using Clock = std::chrono::steady_clock;

constexpr double kWarmUp = 0.3;  // seconds: threads started, caches and clocks settled
constexpr double kWindow = 0.1;

double since(Clock::time_point start) { return std::chrono::duration<double>(Clock::now() - start).count(); }

// Calls until `seconds` have passed, at least once; returns the mean time of a call.
double window(double seconds, const std::function<void()>& call) {
  const auto start = Clock::now();
  int calls = 0;
  do {
    call();
    ++calls;
  } while (since(start) < seconds);
  return since(start) / calls;
}

}  // namespace

double seconds_of(const std::function<void()>& call) {
  const auto start = Clock::now();
  call();
  return since(start);
}

Options parse(int argc, char** argv, const std::string& what) {
  Options options;
  CLI::App app{what};
  app.add_option("--threads", options.threads, "Threads that train")->check(CLI::Range(1, 256))->capture_default_str();
  app.add_option("--seconds", options.seconds, "Time to measure each figure")->check(CLI::Range(0.1, 600.0))->capture_default_str();
  const std::map<std::string, BackendKind> kinds = {{"cpu", BackendKind::kCpu}, {"cuda", BackendKind::kCuda}};
  app.add_option("--backend", options.backend.kind, "cpu or cuda")->transform(CLI::CheckedTransformer(kinds));
  app.add_flag("--tf32", options.backend.tf32, "CUDA: products with 10-bit mantissas");
  app.add_flag("!--any-order", options.backend.deterministic, "CUDA: the fastest algorithms, whatever order they sum in");
  app.add_option("--network", options.network, "ct-small, ct-resnet, or head: 100 units on 1,280 numbers")->check(CLI::IsMember({"ct-small", "ct-resnet", "head"}));
  app.add_flag("--json", options.json, "One JSON object instead of lines");
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& e) {
    std::exit(app.exit(e) == 0 ? 0 : 2);
  }
  return options;
}

double seconds_per_call(double seconds, const std::function<void()>& call) {
  const double first = window(kWarmUp, call);
  if (first > seconds) return first;
  std::vector<double> windows;
  const auto start = Clock::now();
  do windows.push_back(window(kWindow, call));
  while (since(start) < seconds);
  const auto middle = windows.begin() + static_cast<std::ptrdiff_t>(windows.size() / 2);
  std::ranges::nth_element(windows, middle);
  return *middle;
}

void tell(const Options& options, const std::string& subject, const std::vector<Figure>& figures) {
  if (!options.json) {
    fmt::print("{}\n", subject);
    for (const Figure& figure : figures)
      fmt::print("  {:<38} {:>10.2f} {}\n", figure.name, figure.value, figure.unit);
    return;
  }
  Json::Array list;
  for (const Figure& figure : figures)
    list.emplace_back(Json::Object{{"name", figure.name}, {"unit", figure.unit}, {"value", figure.value}});
  fmt::print("{}\n", Json(Json::Object{{"subject", subject}, {"figures", std::move(list)}}).line());
}

}  // namespace fl::bench
