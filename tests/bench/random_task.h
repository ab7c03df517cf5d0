#pragma once
// The reference task of the benchmarks: a network, ct-small where nothing else is said, on one-channel images of 64x64
// with two classes, random pixels. peer_torch.py states the same one. Or a head as Teachable Machine trains it, on
// random embeddings.

#include <cstdint>
#include <cstdlib>
#include <memory>
#include <numeric>
#include <random>
#include <vector>

#include "tests/bench/measure.h"
#include "trainer/base/check.h"
#include "trainer/compute/backend_choice.h"
#include "trainer/net/init.h"
#include "trainer/net/networks.h"

namespace fl::bench {

inline constexpr TensorShape kImage{1, 64, 64};
inline constexpr int kClasses = 2;
inline constexpr int kImages = 512;

inline NetSpec make_spec(const Options& options) {
  if (options.network == "head") return dense_head({1280, 1, 1}, {100}, kClasses);
  return make_network(options.network, kImage, kClasses).value();
}

struct RandomTask {
  std::unique_ptr<Backend> backend;
  std::unique_ptr<Program> program;
  std::vector<std::int32_t> images;  // all of them, in order

  explicit RandomTask(const Options& options, int max_batch) : backend(open(options)) {
    program = backend->compile(make_spec(options), max_batch).value();
    std::mt19937 random(1);
    std::vector<float> pixels(kImages * program->spec().input.floats());
    for (float& pixel : pixels) pixel = static_cast<float>(random()) / 4294967296.0f * 2 - 1;
    std::vector<std::int32_t> labels(kImages);
    for (std::int32_t& label : labels) label = static_cast<std::int32_t>(random() % kClasses);
    program->set_data(pixels, labels);
    std::vector<float> params(program->layout().floats);
    FL_CHECK(static_cast<bool>(initialise(program->layout(), "he", 1, 1, params)));
    program->write_params(params);
    program->set_optimizer({});
    images.resize(kImages);
    std::iota(images.begin(), images.end(), 0);
  }

 private:
  // One sentence and out where that backend is not to be had.
  static std::unique_ptr<Backend> open(const Options& options) {
    auto made = make_backend(options.backend, options.threads);
    if (made) return *std::move(made);
    fmt::print(stderr, "{}\n", made.error().message);
    std::exit(1);
  }
};

}  // namespace fl::bench
