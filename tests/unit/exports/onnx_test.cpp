// Models in ONNX, by an evaluator that shares nothing with the program but the format.
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "tests/support/leaving_models.h"
#include "tests/support/plain_onnx.h"
#include "tests/unit/data/data_support.h"
#include "trainer/exports/onnx_file.h"

namespace fl {
namespace {

using test::NamedModel;
using test::PlainOnnx;

std::vector<std::byte> file_of(const LeavingModel& model) {
  const auto check = self_check_of(model);
  EXPECT_TRUE(check.ok());
  const auto bytes = onnx_file_of(model, *check, "model.onnx");
  EXPECT_TRUE(bytes.ok()) << bytes.error().message;
  return *bytes;
}

std::vector<std::byte> from_base64(const std::string& text) {
  const std::string digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::vector<std::byte> bytes;
  std::uint32_t group = 0;
  int bits = 0;
  for (const char c : text) {
    if (c == '=') break;
    group = group << 6 | static_cast<std::uint32_t>(digits.find(c));
    bits += 6;
    if (bits < 8) continue;
    bits -= 8;
    bytes.push_back(static_cast<std::byte>(group >> bits & 255));
  }
  return bytes;
}

TEST(OnnxExports, SayElsewhereWhatTheySayHere) {
  for (const NamedModel& named : test::leaving_models()) {
    SCOPED_TRACE(named.name);
    const PlainOnnx reader(file_of(named.model));
    ASSERT_EQ(reader.side(), named.model.side);
    EXPECT_EQ(nlohmann::json::parse(reader.metadata("labels")), nlohmann::json(named.model.labels));
    std::vector<Bitmap> images;
    for (std::uint32_t i = 0; i < 4; ++i) images.push_back(test::patches(reader.side(), i));
    const auto here = probabilities_of(named.model, images);
    ASSERT_TRUE(here.ok()) << here.error().message;
    for (std::size_t i = 0; i < images.size(); ++i) {
      const auto there = reader.probabilities(images[i].pixels);
      ASSERT_EQ(there.size(), named.model.labels.size());
      for (std::size_t c = 0; c < there.size(); ++c)
        EXPECT_NEAR(there[c], (*here)[i * there.size() + c], 1e-4) << "image " << i << ", class " << c;
    }
  }
}

// What TensorFlow.js has no layer for.
TEST(OnnxExports, HaveAnyPadding) {
  NetSpec net{"n", {3, 16, 16}, 2, {}};
  net.layers = {{.kind = LayerKind::kAveragePool, .name = "p", .kernel = 4, .stride = 3, .padding = 3},
                {.kind = LayerKind::kMaxPool, .name = "m", .kernel = 3, .stride = 2, .padding = 2},
                {.kind = LayerKind::kDense, .name = "d", .out_channels = 2}};
  const LeavingModel model = test::noise_model(std::move(net), 16);
  const Bitmap image = test::patches(16, 1);
  const auto there = PlainOnnx(file_of(model)).probabilities(image.pixels);
  EXPECT_NEAR(there[0], probabilities_of(model, std::span(&image, 1)).value()[0], 1e-4);
}

TEST(OnnxExports, VerifyThemselves) {
  const auto models = test::leaving_models();
  const auto file = file_of(models[1].model);
  const PlainOnnx reader(file);
  const auto check = nlohmann::json::parse(reader.metadata("fallline")).at("selfCheck");
  const auto image = decode_image(from_base64(reader.metadata("self_check_png")), "self-check");
  ASSERT_TRUE(image.ok()) << image.error().message;
  const auto probabilities = reader.probabilities(image->pixels);
  for (std::size_t c = 0; c < probabilities.size(); ++c)
    EXPECT_NEAR(probabilities[c], check.at("probabilities")[c].get<double>(),
                check.at("tolerance").get<double>());
  EXPECT_EQ(file_of(models[1].model), file) << "the same bytes again";
}

}  // namespace
}  // namespace fl
