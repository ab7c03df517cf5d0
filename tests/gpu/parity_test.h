#pragma once
// What the parity tests share: the same problem in two programs, the CPU's and the subject's.

#include <algorithm>
#include <cmath>
#include <numeric>

#include <gtest/gtest.h>

#include "tests/gpu/subject.h"
#include "tests/support/gradient_problem.h"
#include "tests/support/small_nets.h"
#include "trainer/net/networks.h"

namespace fl::test {

class Parity : public testing::Test {
 protected:
  void SetUp() override {
    if (const std::string reason = why_no_subject(); !reason.empty()) GTEST_SKIP() << reason;
  }
};

inline std::unique_ptr<Program> cpu_program(const NetSpec& spec) {
  return make_cpu_backend(2).value()->compile(spec, 64).value();
}

inline void load(Program& program, const Problem& problem) {
  program.set_data(problem.images, problem.labels);
  program.write_params(problem.params);
  program.set_optimizer({});
  program.set_seed(77);
}

struct Pair {
  std::unique_ptr<Program> cpu, subject;
  Pair(const Problem& problem, const SubjectOptions& options = {})
      : cpu(cpu_program(problem.spec)), subject(make_subject(problem.spec, options)) {
    load(*cpu, problem);
    load(*subject, problem);
  }
};

inline std::vector<std::int32_t> first_images(std::size_t count, std::int32_t from = 0) {
  std::vector<std::int32_t> images(count);
  std::iota(images.begin(), images.end(), from);
  return images;
}

inline std::vector<float> params_of(const Network& network) {
  std::vector<float> params(network.layout().floats);
  network.read_params(params);
  return params;
}

inline std::vector<float> gradients_of(const Program& program) {
  std::vector<float> gradients(program.layout().floats);
  program.read_gradients(gradients);
  return gradients;
}

inline std::vector<float> statistics_of(const Network& network) {
  std::vector<float> statistics(network.layout().statistic_floats);
  network.read_statistics(statistics);
  return statistics;
}

// Normalised mean squared error.
inline double nmse(std::span<const float> values, std::span<const float> expected) {
  EXPECT_EQ(values.size(), expected.size());
  double error = 0, norm = 0;
  for (std::size_t i = 0; i < values.size(); ++i) {
    error += std::pow(static_cast<double>(values[i]) - static_cast<double>(expected[i]), 2);
    norm += std::pow(static_cast<double>(expected[i]), 2);
  }
  return norm > 0 ? error / norm : error;
}

inline constexpr double kFp32 = 1e-7;  // NMSE that the same sums in another order stay below
// Operands of 10 bits decide a few ReLUs and poolings otherwise: 0.6e-5 to 6e-5 over all gradients together,
// up to 7e-4 for those of the first layer alone.
inline constexpr double kTf32 = 2e-4;

}  // namespace fl::test
