// How few points tell a surface: over whole surfaces that record_surfaces wrote, evaluates cell by cell what
// the adaptive surface asks for and prints how many it needed, which error it stated, and which error is
// true. Both are shares of the height range, the largest over all cells. Where NAME-small.f32 lies beside
// NAME.f32, the same surface over a probe of --share as many images, it is also evaluated over both probes;
// `cost` counts points of the whole probe.
#include <algorithm>
#include <cmath>
#include <filesystem>
#include <fstream>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "trainer/landscape/surface.h"

namespace {

std::vector<float> read(const std::string& path) {
  std::vector<float> values(std::filesystem::file_size(path) / sizeof(float));
  std::ifstream in(path, std::ios::binary);
  in.read(reinterpret_cast<char*>(values.data()),
          static_cast<std::streamsize>(values.size() * sizeof(float)));
  if (!in) throw std::runtime_error("cannot read " + path);
  return values;
}

double height(double loss, fl::LossScale scale) {
  return scale == fl::LossScale::kLog ? std::log(loss) : loss;
}

double true_error(const fl::Surface& surface, const std::vector<float>& whole, fl::LossScale scale) {
  double low = INFINITY, high = -INFINITY, largest = 0;
  for (std::size_t i = 0; i < whole.size(); ++i) {
    if (!std::isfinite(whole[i])) continue;
    const double h = height(whole[i], scale);
    low = std::min(low, h);
    high = std::max(high, h);
    largest = std::max(largest, std::abs(height(surface.heights()[i], scale) - h));
  }
  return largest / (high - low);
}

struct Row {
  std::uint32_t points = 0;
  double cost = 0;
  double stated = 1, error = 1;
};

// Until it ends, or `most` points are evaluated.
Row run(const std::vector<float>& whole, const std::vector<float>& small, double share, fl::LossScale scale,
        double aim, std::size_t most) {
  const auto side = static_cast<std::uint32_t>(std::lround(std::sqrt(static_cast<double>(whole.size()))));
  fl::Surface surface(side, fl::Plane{}, aim, !small.empty());
  double cost = 0;
  surface.choose(scale);
  while (!surface.finished() && surface.evaluated() < most)
    for (const fl::Surface::Cell& cell : surface.next(8)) {
      cost += cell.whole ? 1 : share;
      surface.set(cell, static_cast<double>((cell.whole ? whole : small)[cell.row * side + cell.column]));
    }
  return {surface.evaluated(), cost, surface.error(scale), true_error(surface, whole, scale)};
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app{"How few points tell a surface"};
  std::vector<std::string> files;
  double aim = 0.01;
  double share = 0.25;
  std::size_t most = 512;
  app.add_option("FILES", files, "what record_surfaces wrote")->required();
  app.add_option("--error", aim, "share of the height range")->capture_default_str();
  app.add_option("--most", most, "points")->capture_default_str();
  app.add_option("--share", share, "images of the small probe over those of the whole one")
      ->capture_default_str();
  CLI11_PARSE(app, argc, argv);
  fmt::print("{:<40} {:>6} {:>6} {:>8} {:>7} {:>6} {:>6} {:>8} {:>7}\n", "surface", "linear", "cost",
             "stated %", "true %", "log", "cost", "stated %", "true %");
  bool bound_holds = true;
  const auto show = [&](const std::string& name, const std::vector<float>& whole,
                        const std::vector<float>& small) {
    fmt::print("{:<40}", name);
    for (const fl::LossScale scale : fl::kLossScales) {
      const Row row = run(whole, small, share, scale, aim, most);
      fmt::print(" {:>6} {:>6.1f} {:>8.2f} {:>7.2f}", row.points, row.cost, 100 * row.stated,
                 100 * row.error);
      bound_holds = bound_holds && row.error <= row.stated;
    }
    fmt::print("\n");
  };
  for (const std::string& file : files) {
    const std::filesystem::path path = file;
    const std::vector<float> whole = read(file);
    show(path.stem().string(), whole, {});
    const std::filesystem::path small = path.parent_path() / (path.stem().string() + "-small.f32");
    if (std::filesystem::exists(small)) show("  over both probes", whole, read(small.string()));
  }
  fmt::print("the stated error {} the true one everywhere\n", bound_holds ? "is at least" : "IS BELOW");
  return bound_holds ? 0 : 1;
}
