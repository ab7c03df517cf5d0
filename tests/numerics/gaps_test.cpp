// Places in one block of device memory lie apart on the devices of the tests, and who writes between them is
// found: each fault that a kernel, a copy, a fill or a product can have is made on purpose, and named.
#include <cmath>
#include <optional>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "tests/support/fake_device/gap_watch.h"
#include "tests/support/fake_device/trainer/compute/cuda/parallel.h"
#include "tests/support/small_nets.h"
#include "trainer/compute/cuda/lane.h"
#include "trainer/compute/cuda/places.h"
#include "trainer/compute/cuda/plan/net_plan.h"

namespace fl::test {
namespace {

using cuda::fake::take_gap_reports;

// One report for each list, and in it each of these texts, in order.
void expect_reports(const std::vector<std::string>& reports,
                    const std::vector<std::vector<std::string>>& texts) {
  ASSERT_EQ(reports.size(), texts.size()) << (reports.empty() ? "nothing was found" : reports.front());
  for (std::size_t i = 0; i < reports.size(); ++i) {
    std::size_t at = 0;
    for (const std::string& text : texts[i]) {
      at = reports[i].find(text, at);
      ASSERT_NE(at, std::string::npos) << "no '" << text << "' in: " << reports[i];
      at += text.size();
    }
  }
}

const std::vector<std::string> none;

struct Store {
  float* to;
  std::size_t stride = 1;
  void operator()(std::size_t i) const { to[i * stride] = 1; }
};

// Three places, of 40, 8 and 40 floats.
class Gaps : public testing::Test {
 protected:
  Gaps() {
    cuda::use_device(1);
    stream_.emplace();
    places_.add<float>("left", kSide);
    middle_ = places_.add<float>("middle", kMiddle);
    places_.add<float>("right", kSide);
    block_ = cuda::DeviceArray<std::byte>(places_.bytes());
    places_.watch(*stream_, block_.data());
  }
  [[nodiscard]] DevicePtr<float> middle() const { return block_.data().as<float>() + middle_; }
  std::vector<std::string> reports() {
    stream_->synchronize();
    return take_gap_reports();
  }

  static constexpr std::size_t kSide = 40, kMiddle = 8;
  std::optional<cuda::Stream> stream_;
  cuda::Places places_;
  std::size_t middle_ = 0;
  cuda::DeviceArray<std::byte> block_;
};

TEST_F(Gaps, WhatStaysInItsPlaceIsNotReported) {
  cuda::for_each_index(*stream_, kMiddle, Store{middle().get()});
  cuda::fill_zero(*stream_, middle(), kMiddle * sizeof(float));
  const std::vector<float> values(kMiddle, 2);
  cuda::upload(*stream_, middle(), values.data(), kMiddle * sizeof(float));
  EXPECT_EQ(reports(), none);
}

TEST_F(Gaps, AKernelThatWritesBehindItsPlaceIsNamed) {
  cuda::for_each_index(*stream_, kMiddle + 3, Store{middle().get()});
  expect_reports(reports(),
                 {{"Store wrote 12 bytes where no place is", "the first 0 bytes behind the end of \"middle\"",
                   "bytes before the beginning of \"right\""}});
  EXPECT_EQ(reports(), none) << "said once";
}

TEST_F(Gaps, AKernelThatWritesBeforeItsPlaceIsNamed) {
  cuda::for_each_index(*stream_, 1, Store{middle().get() - 2});
  expect_reports(reports(), {{"Store wrote 4 bytes", "behind the end of \"left\"",
                              ", 8 bytes before the beginning of \"middle\""}});
}

TEST_F(Gaps, AWrongStrideIsNamed) {
  cuda::for_each_index(*stream_, kMiddle, Store{middle().get(), 2});
  expect_reports(reports(), {{"Store wrote 16 bytes", "0 bytes behind the end of \"middle\""}});
}

TEST_F(Gaps, AnOverlongFillIsNamed) {
  cuda::fill_zero(*stream_, middle(), kMiddle * sizeof(float) + 1);
  expect_reports(reports(), {{"A fill wrote 1 bytes", "0 bytes behind the end of \"middle\""}});
}

TEST_F(Gaps, AnOverlongCopyIsNamed) {
  const std::vector<float> values(kMiddle + 4, 2);
  cuda::upload(*stream_, middle(), values.data(), values.size() * sizeof(float));
  cuda::copy_on_device(*stream_, middle(), block_.data(), (kMiddle + 1) * sizeof(float));
  expect_reports(reports(), {{"A copy wrote 16 bytes"}, {"A copy wrote", "the end of \"middle\""}});
}

TEST_F(Gaps, AProductOfAnotherShapeIsNamed) {
  cuda::DenseProducts products(*stream_, {});
  const cuda::DeviceArray<float> weights(3 * 5), input(2 * 5);
  products.forward({.batch = 2, .in = 5, .out = 3}, input.data(), weights.data(), middle());
  EXPECT_EQ(reports(), none);
  const cuda::DeviceArray<float> more(3 * 5);
  products.forward({.batch = 3, .in = 5, .out = 3}, more.data(), weights.data(), middle());
  expect_reports(reports(), {{"A product wrote 4 bytes", "0 bytes behind the end of \"middle\""}});
}

TEST_F(Gaps, TheEndsOfTheBlockAreWatched) {
  cuda::for_each_index(*stream_, 1, Store{block_.data().as<float>().get()});
  cuda::for_each_index(*stream_, 1,
                       Store{block_.data().as<float>().get() + places_.bytes() / sizeof(float) - 1});
  expect_reports(reports(),
                 {{"256 bytes before the beginning of \"left\""}, {"252 bytes behind the end of \"right\""}});
}

// What reads there gets no number.
TEST_F(Gaps, WhatIsReadThereIsNoNumber) {
  float behind = 0;
  double before = 0;
  cuda::download(*stream_, &behind, middle() + kMiddle, sizeof(behind));
  cuda::download(*stream_, &before, block_.data(), sizeof(before));
  EXPECT_TRUE(std::isnan(behind));
  EXPECT_TRUE(std::isnan(before));
}

// Of a network's plan: each layer's values, gradients and winners lie apart, and plans take turns in a lane's
// block.
TEST(GapsOfAPlan, LieBetweenAllItsPlaces) {
  cuda::use_device(1);
  const NetSpec spec = mixed_net();
  const ParamLayout layout = ParamLayout::of(spec);
  cuda::Lane lane({}, cuda::Priority::kNormal);
  cuda::NetPlan plan(spec, layout, 3, cuda::NetPlan::Mode::kTraining, lane);
  cuda::NetPlan other(spec, layout, 2, cuda::NetPlan::Mode::kInference, lane);
  const auto reports = [&] {
    lane.stream.synchronize();
    return take_gap_reports();
  };
  plan.begin();
  cuda::for_each_index(lane.stream, 3 * spec.input.floats(), Store{plan.input().get()});
  other.begin();
  cuda::for_each_index(lane.stream, 2 * spec.input.floats(), Store{other.input().get()});
  EXPECT_EQ(reports(), none);
  plan.begin();
  cuda::for_each_index(lane.stream, 3 * spec.input.floats() + 1, Store{plan.input().get()});
  cuda::for_each_index(lane.stream, 1, Store{plan.output(0).get() - 1});
  const std::string first = "\"" + spec.layers[0].name + "'s values\"";
  expect_reports(reports(),
                 {{"0 bytes behind the end of \"images\""}, {", 4 bytes before the beginning of " + first}});
  // Each gap between two places: that behind a layer's values is before the next place of the layer.
  const TensorShape shape = layer_shapes(spec).value().front();
  cuda::for_each_index(lane.stream, 1, Store{plan.output(0).get() + 3 * shape.floats()});
  expect_reports(reports(), {{"behind the end of " + first,
                              "beginning of \"" + spec.layers[0].name + "'s gradients\""}});
}

// An address of device memory is not to be followed by the host, nor mistaken for one that is.
template <typename P>
concept Followed = requires(P p) {
  *p;
}
|| requires(P p) {
  p[0];
}
|| requires(P p) {
  p.operator->();
};
static_assert(Followed<float*> && !Followed<DevicePtr<float>>);
static_assert(!std::is_convertible_v<float*, DevicePtr<float>> &&
              !std::is_convertible_v<DevicePtr<float>, float*>);
static_assert(!std::is_convertible_v<DevicePtr<const float>, DevicePtr<float>>);
static_assert(std::is_convertible_v<DevicePtr<float>, DevicePtr<const void>>);

}  // namespace
}  // namespace fl::test
