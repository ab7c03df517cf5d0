#include <cmath>

#include <gtest/gtest.h>

#include "trainer/base/random.h"
#include "trainer/data/standardise.h"

namespace fl {
namespace {

// Channel 0: mean 5, deviation 2. Channel 1: always 7. The last image is far from the others.
Dataset two_channels(int images) {
  Dataset data;
  data.shape = {2, 4, 4};
  data.labels.resize(static_cast<std::size_t>(images));
  RandomStream random(1, StreamId::kTest);
  for (int i = 0; i < images; ++i) {
    const double offset = i == images - 1 ? 1000 : 0;
    for (int p = 0; p < 16; ++p) data.pixels.push_back(static_cast<float>(random.normal(5, 2) + offset));
    for (int p = 0; p < 16; ++p) data.pixels.push_back(static_cast<float>(7 + offset));
  }
  return data;
}

TEST(Standardise, TrainingImagesGetZeroMeanAndUnitVariance) {
  Dataset data = two_channels(40);
  std::vector<std::int32_t> train(39);
  for (std::size_t i = 0; i < train.size(); ++i) train[i] = static_cast<std::int32_t>(i);
  const Standardisation measured = measure_standardisation(data, train);
  EXPECT_NEAR(measured.mean[0], 5.0, 0.4);  // the far image is not among them
  apply_standardisation(measured, data.shape, data.pixels);
  double sum = 0, squares = 0;
  for (const std::int32_t i : train)
    for (const float v : data.image(static_cast<std::size_t>(i)).first(16)) {
      sum += static_cast<double>(v);
      squares += static_cast<double>(v) * static_cast<double>(v);
    }
  EXPECT_NEAR(sum / (39 * 16), 0.0, 1e-5);
  EXPECT_NEAR(squares / (39 * 16), 1.0, 1e-5);
  EXPECT_NEAR(data.image(39)[0], 500.0, 60.0);  // measured with the same ruler
}

TEST(Standardise, AConstantChannelKeepsItsScale) {
  Dataset data = two_channels(4);
  const Standardisation measured = measure_standardisation(data, std::vector<std::int32_t>{0, 1, 2});
  EXPECT_FLOAT_EQ(measured.mean[1], 7.0f);
  EXPECT_FLOAT_EQ(measured.inverse_deviation[1], 1.0f);
  apply_standardisation(measured, data.shape, data.pixels);
  EXPECT_FLOAT_EQ(data.image(0)[16], 0.0f);
  EXPECT_FLOAT_EQ(data.image(3)[16], 1000.0f);
}

}  // namespace
}  // namespace fl
