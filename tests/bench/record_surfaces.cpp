// Records whole surfaces of a lesson for the study of how few points tell one: the slice at every cell of a
// grid, at the start and at the end of the training, over random and principal planes. Writes one file each,
// NAME-DIRECTIONS-WHEN.f32: row-major little-endian floats, side x side. With --small N,
// NAME-DIRECTIONS-WHEN-small.f32 beside it: the same over the small probe of N images that the landscape
// would take.
#include <fstream>
#include <span>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "engine/app/open_training.h"
#include "trainer/subjects/landscape/landscape_tracker.h"

namespace {

void write(std::span<const float> heights, const std::string& path) {
  std::ofstream out(path, std::ios::binary);
  out.write(reinterpret_cast<const char*>(heights.data()), static_cast<std::streamsize>(heights.size_bytes()));
  if (!out) throw std::runtime_error("cannot write " + path);
}

std::vector<float> over_small_probe(fl::Training& training, fl::LandscapeTracker& landscape,
                                    std::size_t images) {
  const fl::Plane& plane = *landscape.plane();
  const std::uint32_t side = landscape.surface()->side();
  std::vector<fl::SlicePoint> points;
  for (std::uint32_t row = 0; row < side; ++row)
    for (std::uint32_t column = 0; column < side; ++column)
      points.push_back({plane.a_min + column * ((plane.a_max - plane.a_min) / (side - 1)),
                        plane.b_min + row * ((plane.b_max - plane.b_min) / (side - 1))});
  std::vector<double> losses(points.size());
  training.program().set_slice(fl::Framing(training).small_probe_of(landscape.probe(), images), plane.origin,
                               plane.d1, plane.d2);
  training.program().evaluate_slice(points, losses);
  return {losses.begin(), losses.end()};
}

void save(fl::Training& training, fl::LandscapeTracker& landscape, std::size_t small,
          const std::string& name) {
  write(landscape.surface()->heights(), name + ".f32");
  if (small > 0) write(over_small_probe(training, landscape, small), name + "-small.f32");
  fmt::print("{} {}x{} losses {} to {}\n", name, landscape.surface()->side(), landscape.surface()->side(),
             landscape.surface()->minimum(), landscape.surface()->maximum());
  std::fflush(stdout);
}

fl::Result<void> record(const std::string& lesson, const std::string& directions, int grid, double early,
                        std::size_t small, const std::string& prefix, std::vector<std::string> overrides) {
  overrides.push_back("landscape.directions=" + directions);
  overrides.push_back(fmt::format("landscape.grid={}", grid));
  overrides.push_back("landscape.error=0");
  auto scene = fl::open_scene(lesson, overrides);
  if (!scene) return scene.error();
  auto training = fl::open_training(*scene, {.kind = fl::BackendKind::kCpu});
  if (!training) return training.error();
  fl::LandscapeTracker landscape(**training);
  const auto finish = [&] {
    while (landscape.work(64)) {
    }
  };
  const auto train_to = [&](std::int64_t steps) {
    while ((*training)->steps() < steps && (*training)->step()) landscape.after_steps();
  };
  train_to(directions == "pca" ? static_cast<std::int64_t>(early * static_cast<double>((*training)->total_steps()))
                               : 0);
  finish();
  save(**training, landscape, small, fmt::format("{}-{}-start", prefix, directions));
  train_to((*training)->total_steps());
  finish();
  save(**training, landscape, small, fmt::format("{}-{}-end", prefix, directions));
  return {};
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app{"Records whole surfaces of a lesson"};
  std::string lesson, prefix = "surface";
  int grid = 33;
  std::size_t small = 0;
  double early = 0.1;
  std::vector<std::string> overrides;
  app.add_option("LESSON", lesson)->required();
  app.add_option("--grid", grid)->capture_default_str();
  app.add_option("--early", early, "Share of the training after which \"start\" is, on principal planes")
      ->capture_default_str();
  app.add_option("--small", small, "Images of the small probe; 0: none")->capture_default_str();
  app.add_option("--prefix", prefix)->capture_default_str();
  app.add_option("--set", overrides)->allow_extra_args(false);
  CLI11_PARSE(app, argc, argv);
  for (const char* directions : {"random", "pca"})
    if (auto done = record(lesson, directions, grid, early, small, prefix, overrides); !done) {
      fmt::print(stderr, "{}\n", done.error().message);
      return 1;
    }
}
