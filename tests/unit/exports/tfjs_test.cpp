// Models in TensorFlow.js form, by a reader that shares nothing with the program; and opened here again.
#include <gtest/gtest.h>

#include "tests/support/leaving_models.h"
#include "tests/support/plain_tfjs.h"
#include "tests/unit/data/data_support.h"
#include "trainer/backbone/tfjs/tm_export.h"
#include "trainer/exports/tfjs_layers.h"
#include "trainer/exports/tfjs_zip.h"

namespace fl {
namespace {

using test::NamedModel;
using test::PlainTfjs;

class TfjsExports : public testing::Test {
 protected:
  std::filesystem::path save(const LeavingModel& model) {
    const auto check = self_check_of(model);
    EXPECT_TRUE(check.ok());
    const auto bytes = tfjs_zip_of(model, *check, "model.zip");
    EXPECT_TRUE(bytes.ok()) << bytes.error().message;
    test::spill(folder_ / "model.zip", *bytes);
    return folder_ / "model.zip";
  }
  test::TempFolder folder_;
};

TEST_F(TfjsExports, SayElsewhereWhatTheySayHere) {
  for (const NamedModel& named : test::leaving_models()) {
    SCOPED_TRACE(named.name);
    const PlainTfjs reader(test::unzip(save(named.model)));
    ASSERT_EQ(reader.side(), named.model.side);
    EXPECT_EQ(reader.labels(), named.model.labels);
    std::vector<Bitmap> images;
    for (std::uint32_t i = 0; i < 4; ++i) images.push_back(test::patches(reader.side(), i));
    const auto here = probabilities_of(named.model, images);
    ASSERT_TRUE(here.ok()) << here.error().message;
    double spread = 0;
    for (std::size_t i = 0; i < images.size(); ++i) {
      const auto there = reader.probabilities(images[i].pixels);
      ASSERT_EQ(there.size(), named.model.labels.size());
      for (std::size_t c = 0; c < there.size(); ++c) {
        EXPECT_NEAR(there[c], (*here)[i * there.size() + c], 1e-4) << "image " << i << ", class " << c;
        spread = std::max(spread, std::abs(there[c] - static_cast<double>(here->at(c))));
      }
    }
    EXPECT_GT(spread, 0.002) << "the images are told apart";
  }
}

TEST_F(TfjsExports, OpenHereAgain) {
  for (const NamedModel& named : test::leaving_models()) {
    SCOPED_TRACE(named.name);
    const auto again = open_leaving_model(save(named.model));
    ASSERT_TRUE(again.ok()) << again.error().message;
    EXPECT_EQ(again->labels, named.model.labels);
    EXPECT_EQ(again->network.input.width, named.model.network.input.width);
    std::vector<Bitmap> images;
    for (std::uint32_t i = 0; i < 4; ++i) images.push_back(test::patches(named.model.side, i));
    if (again->side != named.model.side) continue;  // it would be given other images
    const auto here = probabilities_of(named.model, images), there = probabilities_of(*again, images);
    ASSERT_TRUE(here.ok() && there.ok());
    for (std::size_t i = 0; i < here->size(); ++i) EXPECT_NEAR((*there)[i], (*here)[i], 1e-4) << i;
  }
}

// What a model cannot do itself goes with it from format to format.
TEST_F(TfjsExports, WhatSlicesWentThroughIsSaid) {
  LeavingModel model = test::noise_model(ct_small({3, 16, 16}, 2), kTmImageSize, {1, 14});
  for (const std::optional<SliceLook>& look : {std::optional<SliceLook>(), std::optional(SliceLook{{40, 80}}),
                                               std::optional(SliceLook{{75, 215}, HuRange{50, 90}})}) {
    model.look = look;
    const auto again = open_leaving_model(save(model));
    ASSERT_TRUE(again.ok()) << again.error().message;
    EXPECT_EQ(again->look, look);
    EXPECT_EQ(again->network.input.width, 16);
  }
}

TEST_F(TfjsExports, VerifyThemselves) {
  const auto models = test::leaving_models();
  const auto files = test::unzip(save(models.front().model));
  const PlainTfjs reader(files);
  const auto& check = reader.metadata().at("userMetadata").at("fallline").at("selfCheck");
  const auto image = decode_image(files.at(check.at("image").get<std::string>()), "self-check");
  ASSERT_TRUE(image.ok()) << image.error().message;
  ASSERT_EQ(image->channels, 3) << "there is colour, so that the order of channels is checked";
  const auto probabilities = reader.probabilities(image->pixels);
  for (std::size_t c = 0; c < probabilities.size(); ++c)
    EXPECT_NEAR(probabilities[c], check.at("probabilities")[c].get<double>(),
                check.at("tolerance").get<double>());
  const auto bytes = test::slurp(folder_ / "model.zip");
  EXPECT_EQ(test::slurp(save(models.front().model)), bytes);
}

// What shrinks the image is left out here, so nobody else may read what it reads.
TEST_F(TfjsExports, NobodyGoesAroundTheShrinking) {
  auto files = test::unzip(save(test::noise_model(ct_small({3, 64, 64}, 2), kTmImageSize, {2, 7})));
  const auto refusal = [&](const std::string& from, const std::string& to) {
    const auto& bytes = files.at("model.json");
    std::string text(reinterpret_cast<const char*>(bytes.data()), bytes.size());
    const auto at = text.find(from);
    EXPECT_NE(at, std::string::npos) << from;
    text.replace(at, from.size(), to);
    test::write_zip(folder_ / "other.zip", {{"model.json", test::bytes_of(text)},
                                            {"weights.bin", files.at("weights.bin")},
                                            {"metadata.json", files.at("metadata.json")}});
    const auto read = read_image_model(folder_ / "other.zip");
    EXPECT_FALSE(read.ok());
    return read.ok() ? std::string() : read.error().message;
  };
  EXPECT_SAYS(refusal(R"([["shrink",0,0,{}]])", R"([["image",0,0,{}]])"), "enlarge with an enlargement");
  EXPECT_SAYS(refusal(R"([["shrink",0,0,{}]])", R"([["enlarge",0,0,{}]])"),
              "shrink with a way to shrink its image");
  EXPECT_SAYS(refusal(R"("pool_size":[7,7],"strides":[7,7])", R"("pool_size":[7,7],"strides":[6,6])"),
              "a way to shrink");
  EXPECT_SAYS(refusal(R"("size":[2,2])", R"("size":[70,70])"), "an enlargement");
  EXPECT_SAYS(refusal("[null,224,224,3]", "[null,224,225,3]"), "square images in colour");
  EXPECT_SAYS(refusal("[null,224,224,3]", "[null,224,224,1]"), "for grey images of 224 x 224");
}

// The form that Teachable Machine's pages and their users' programs know.
TEST_F(TfjsExports, HaveTeachableMachinesForm) {
  const auto models = test::leaving_models();
  const auto files = test::unzip(save(models.front().model));
  for (const char* name : {"model.json", "weights.bin", "metadata.json"})
    EXPECT_TRUE(files.contains(name)) << name;
  const auto& text = files.at("model.json");
  const auto json =
      nlohmann::json::parse(std::string(reinterpret_cast<const char*>(text.data()), text.size()));
  const auto& outer = json.at("modelTopology");
  ASSERT_EQ(outer.at("class_name"), "Sequential");
  const auto& parts = outer.at("config").at("layers");
  ASSERT_EQ(parts.size(), 2u);
  EXPECT_EQ(parts[0].at("config").at("layers")[0].at("class_name"), "Model");
  EXPECT_EQ(parts[0].at("config").at("layers")[1].at("class_name"), "GlobalAveragePooling2D");
  EXPECT_EQ(parts[1].at("config").at("layers")[0].at("class_name"), "Dense");
  EXPECT_EQ(PlainTfjs(files).side(), kTmImageSize);
}

TEST_F(TfjsExports, NamesAreThoseThatTensorFlowTakes) {
  for (const NamedModel& named : test::leaving_models()) {
    const PlainTfjs reader(test::unzip(save(named.model)));
    for (const std::string& name : reader.names())
      EXPECT_TRUE(std::isalnum(static_cast<unsigned char>(name.front()))) << named.name << ": " << name;
  }
}

TEST_F(TfjsExports, APaddingThatTensorFlowHasNotIsNamed) {
  NetSpec net{"n", {3, 16, 16}, 2, {}};
  net.layers = {{.kind = LayerKind::kAveragePool, .name = "p", .kernel = 4, .stride = 3, .padding = 3},
                {.kind = LayerKind::kDense, .name = "d", .out_channels = 2}};
  const auto made = tfjs_model_of(test::noise_model(std::move(net), 16));
  ASSERT_FALSE(made.ok());
  EXPECT_SAYS(made.error().message,
              "no layer there pads as its Layer p does, by 3 pixels; export it to a name that ends in .onnx");
}

}  // namespace
}  // namespace fl
