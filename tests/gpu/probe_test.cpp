// Run by check.sh before anything else, and under its sanitizers.
#include "tests/gpu/probe.h"

#include <numeric>

#include <gtest/gtest.h>

#include "tests/gpu/subject.h"

namespace fl::test {
namespace {

constexpr std::size_t kCount = 1001;  // leaves room behind it, as memory is given out in larger pieces

class Probe : public testing::Test {
 protected:
  void SetUp() override {
    if (const std::string reason = why_no_subject(); !reason.empty()) GTEST_SKIP() << reason;
  }
};

std::vector<std::uint32_t> counted() {
  std::vector<std::uint32_t> words(kCount);
  std::iota(words.begin(), words.end(), 0u);
  return words;
}

TEST_F(Probe, AKernelRuns) {
  EXPECT_EQ(count_on_device(kCount, false), counted());
}

// A fault on purpose: what is to find faults has to find this one. Not run unless asked for.
TEST_F(Probe, DISABLED_AKernelWritesBeyondItsMemory) {
  EXPECT_EQ(count_on_device(kCount, true), counted());
}

}  // namespace
}  // namespace fl::test
