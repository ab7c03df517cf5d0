// What the device can do at best, measured by the same libraries in the same run as the rest: bytes a second
// that a copy within its memory moves (read and written), and the arithmetic of one large product of
// matrices.
#include <fmt/format.h>

#include "tests/bench/measure.h"
#include "trainer/compute/cuda/cuda_backend.h"
#include "trainer/compute/cuda/plan/dense.h"

namespace {

constexpr std::size_t kCopied = std::size_t{256} << 20;  // bytes: beyond any cache
constexpr int kSide = 4096;
constexpr int kAtOnce = 8;  // between two waits

double copy_ceiling(double seconds) {
  const fl::cuda::Stream stream;
  const fl::cuda::DeviceArray<std::byte> from(kCopied), to(kCopied);
  const double call = fl::bench::seconds_per_call(seconds, [&] {
    for (int i = 0; i < kAtOnce; ++i) fl::cuda::copy_on_device(stream, to.data(), from.data(), kCopied);
    stream.synchronize();
  });
  return 2.0 * kCopied * kAtOnce / call;
}

double product_ceiling(double seconds, bool tf32) {
  const fl::cuda::Stream stream;
  fl::cuda::MathOptions math;
  math.tf32 = tf32;
  fl::cuda::DenseProducts products(stream, math);
  const std::size_t floats = std::size_t{kSide} * kSide;
  const fl::cuda::DeviceArray<float> input(floats), weights(floats), output(floats);
  const double call = fl::bench::seconds_per_call(seconds, [&] {
    for (int i = 0; i < kAtOnce; ++i)
      products.forward({.batch = kSide, .in = kSide, .out = kSide}, input.data(), weights.data(),
                       output.data());
    stream.synchronize();
  });
  return 2.0 * kSide * static_cast<double>(floats) * kAtOnce / call;
}

}  // namespace

int main(int argc, char** argv) {
  const fl::bench::Options options =
      fl::bench::parse(argc, argv, "The device's copy and arithmetic ceilings");
  try {
    const fl::cuda::CudaFacts facts = fl::cuda::cuda_facts();
    const fl::cuda::DeviceChoice choice = fl::cuda::choose_device(facts);
    if (!choice.device) {
      fmt::print(stderr, "No ceilings to measure: {}.\n", choice.reason);
      return 1;
    }
    fl::cuda::use_device(*choice.device);
    fl::bench::tell(options, facts.devices[static_cast<std::size_t>(*choice.device)].name,
                    {{"copy", "GB/s", copy_ceiling(options.seconds) / 1e9},
                     {"product, fp32", "GFLOP/s", product_ceiling(options.seconds, false) / 1e9},
                     {"product, tf32", "GFLOP/s", product_ceiling(options.seconds, true) / 1e9}});
  } catch (const fl::DeviceError& e) {
    fmt::print(stderr, "{}\n", e.what());
    return 1;
  }
}
