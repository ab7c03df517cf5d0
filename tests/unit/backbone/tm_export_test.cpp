// Exports of Teachable Machine: read in both dialects, folded and cut; and what a bad one is told.
#include "trainer/backbone/tfjs/tm_export.h"

#include <gtest/gtest.h>

#include "tests/support/small_export.h"
#include "tests/unit/data/data_support.h"
#include "trainer/backbone/embedding.h"
#include "trainer/base/random.h"
#include "trainer/compute/backend.h"

namespace fl {
namespace {

using test::SmallExport;
using Dialect = SmallExport::Dialect;

class TmExports : public testing::Test {
 protected:
  // Where the parts stand after `change`, loose; a part that is empty is not written.
  std::filesystem::path spill(const SmallExport& parts) {
    const auto folder = folder_ / "export";
    std::filesystem::remove_all(folder);
    std::filesystem::create_directory(folder);
    if (!parts.model.empty()) test::spill(folder / "model.json", test::bytes_of(parts.model));
    if (!parts.metadata.empty()) test::spill(folder / "metadata.json", test::bytes_of(parts.metadata));
    if (!parts.weights.empty()) test::spill(folder / "weights.bin", parts.weights);
    return folder;
  }
  // The sentence that the small export gets with `from` in its model.json replaced.
  std::string refusal(const std::string& from, const std::string& to) {
    SmallExport parts(Dialect::k2020);
    const auto at = parts.model.find(from);
    EXPECT_NE(at, std::string::npos) << from;
    parts.model.replace(at, from.size(), to);
    return refusal(parts);
  }
  std::string refusal(const SmallExport& parts) { return refusal(spill(parts)); }
  static std::string refusal(const std::filesystem::path& path) {
    const auto read = read_tm_export(path);
    EXPECT_FALSE(read.ok());
    return read.ok() ? "" : read.error().message;
  }

  test::TempFolder folder_;
};

std::vector<double> noise(std::uint32_t which) {
  RandomStream random(4, StreamId::kTest, which);
  std::vector<double> image(3 * 224 * 224);
  for (double& value : image) value = static_cast<double>(static_cast<float>(random.uniform(-1, 1)));
  return image;
}

// [y][x][channel] to [channel][y][x].
std::vector<float> planar(const std::vector<double>& image) {
  constexpr std::size_t kArea = 224 * 224;
  std::vector<float> pixels(image.size());
  for (std::size_t i = 0; i < image.size(); ++i) pixels[i % 3 * kArea + i / 3] = static_cast<float>(image[i]);
  return pixels;
}

TEST_F(TmExports, AreTheNetworkThatTheyDescribe) {
  auto backend = make_cpu_backend(2);
  for (const Dialect dialect : {Dialect::k2019, Dialect::k2020}) {
    const SmallExport parts(dialect);
    const auto read = read_tm_export(spill(parts));
    ASSERT_TRUE(read.ok()) << read.error().message;
    EXPECT_EQ(read->labels, (std::vector<std::string>{"Ruß", "b", "c"}));
    EXPECT_EQ(read->backbone.spec.input, (TensorShape{3, 224, 224}));
    EXPECT_EQ(read->backbone.spec.classes, 6);
    EXPECT_EQ(read->head.spec.input, (TensorShape{6, 1, 1}));
    EXPECT_EQ(ParamLayout::of(read->backbone.spec).floats, 0u) << "a backbone is frozen";
    EXPECT_EQ(read->head.spec.layers.front().name, "dense_Dense1");

    auto embedder = Embedder::make(read->backbone, **backend);
    ASSERT_TRUE(embedder.ok());
    const KnownNetwork whole = whole_network(*read);
    auto program = (*backend)->compile(whole.spec, 1).value();
    program->write_params(whole.params);
    const std::vector<double> image = noise(1);
    const SmallExport::Answer expected = parts.answer(image);
    std::vector<float> embedding(6), probabilities(3);
    embedder->embed(planar(image), embedding);
    program->set_guests(planar(image));
    program->evaluate(std::vector<std::int32_t>{0}, probabilities);
    for (std::size_t i = 0; i < 6; ++i) EXPECT_NEAR(embedding[i], expected.embedding[i], 1e-5) << i;
    for (std::size_t c = 0; c < 3; ++c) EXPECT_NEAR(probabilities[c], expected.probabilities[c], 1e-5) << c;
    EXPECT_GT(std::ranges::max(expected.embedding), 0.1) << "something is there to compare";
  }
}

TEST_F(TmExports, LieInZipsFoldersAndWithinThem) {
  const SmallExport parts(Dialect::k2019);
  const auto bytes = [&](std::string_view text) { return test::bytes_of(text); };
  test::write_zip(folder_ / "a.zip", {{"model.json", bytes(parts.model), true},
                                      {"weights.bin", parts.weights},
                                      {"metadata.json", bytes(parts.metadata)}});
  test::write_zip(folder_ / "deep.zip", {{"__MACOSX/model.json", bytes("rubbish")},
                                         {"my model/weights.bin", parts.weights},
                                         {"my model/metadata.json", bytes(parts.metadata)},
                                         {"my model/model.json", bytes(parts.model)}});
  const auto folder = spill(parts);
  const auto wanted = read_tm_export(folder);
  ASSERT_TRUE(wanted.ok()) << wanted.error().message;
  for (const auto& path : {folder_ / "a.zip", folder_ / "deep.zip", folder / "model.json"}) {
    const auto read = read_tm_export(path);
    ASSERT_TRUE(read.ok()) << read.error().message;
    EXPECT_EQ(read->backbone.params, wanted->backbone.params);
    EXPECT_EQ(read->backbone.spec.layers, wanted->backbone.spec.layers);
    EXPECT_EQ(read->head.params, wanted->head.params);
  }
}

// One after the other in several files.
TEST_F(TmExports, WeightsMayBeInShards) {
  SmallExport parts(Dialect::k2019);
  const auto wanted = read_tm_export(spill(parts));
  const std::string one = R"(["weights.bin"])", two = R"(["shard1of2","shard2of2"])";
  parts.model.replace(parts.model.find(one), one.size(), two);
  const auto folder = spill(parts);
  const auto bytes = std::span<const std::byte>(parts.weights);
  test::spill(folder / "shard1of2", bytes.first(101));
  test::spill(folder / "shard2of2", bytes.subspan(101));
  const auto read = read_tm_export(folder);
  ASSERT_TRUE(read.ok()) << read.error().message;
  EXPECT_EQ(read->backbone.params, wanted->backbone.params);
}

// TensorFlow's "same" has the odd zero at the end: of an even size and stride 2, what the padding before it
// had.
TEST_F(TmExports, SamePaddingIsTensorFlows) {
  SmallExport parts(Dialect::k2020);
  const auto wanted = read_tm_export(spill(parts));
  for (const auto& [from, to] :
       {std::pair{R"(["Conv1_pad",0,0,{}])", R"(["input_1",0,0,{}])"},
        {R"("strides":[2,2],"padding":"valid")", R"("strides":[2,2],"padding":"same")"}}) {
    const auto at = parts.model.find(from);
    ASSERT_NE(at, std::string::npos) << from;
    parts.model.replace(at, std::string_view(from).size(), to);
  }
  const auto read = read_tm_export(spill(parts));
  ASSERT_TRUE(read.ok()) << read.error().message;
  EXPECT_EQ(read->backbone.spec.layers, wanted->backbone.spec.layers);
  EXPECT_EQ(read->backbone.spec.layers.front().padding, 0);
  EXPECT_EQ(read->backbone.spec.layers.front().padding_end, 1);
}

TEST_F(TmExports, PartsThatAreMissingOrCut) {
  SmallExport parts(Dialect::k2020);
  parts.weights.resize(parts.weights.size() - 6);
  EXPECT_SAYS(refusal(parts), "cut short");
  parts.weights.resize(parts.weights.size() + 60);
  EXPECT_SAYS(refusal(parts), "longer than");
  parts.weights.clear();
  EXPECT_SAYS(refusal(parts), "lacks its weights.bin");
  parts = SmallExport(Dialect::k2020);
  parts.metadata.clear();
  EXPECT_SAYS(refusal(parts), "lacks its metadata.json");
  parts.metadata = "{}";
  EXPECT_SAYS(refusal(parts), "no list of labels");
  parts.metadata = R"({"labels":["a",2,"c"]})";
  EXPECT_SAYS(refusal(parts), "no list of labels");
  parts.metadata = R"({"labels":["a","b"]})";
  EXPECT_SAYS(refusal(parts), "tells 3 classes apart, but its metadata.json has 2 labels");
  parts = SmallExport(Dialect::k2020);
  parts.model.resize(parts.model.size() / 2);
  EXPECT_SAYS(refusal(parts), "not valid JSON");
  parts.model = "{}";
  EXPECT_SAYS(refusal(parts), "has no layers");
  parts = SmallExport(Dialect::k2020);
  std::fill_n(parts.weights.begin(), 4, std::byte{0xFF});
  EXPECT_SAYS(refusal(parts), "not all numbers");
}

TEST_F(TmExports, OtherModels) {
  EXPECT_SAYS(refusal("[null,224,224,3]", "[null,96,96,1]"),
              "embedded image model, for grey images of 96 x 96");
  EXPECT_SAYS(refusal("[null,224,224,3]", "[null,224,160,3]"), "reads images of 160 x 224 with 3 channels");
  EXPECT_SAYS(refusal("[null,224,224,3]", "[null,null,null,3]"), "reads images of");
  EXPECT_SAYS(
      refusal(
          R"("name":"Conv1/kernel","shape":[3,3,3,4],"dtype":"float32")",
          R"("name":"Conv1/kernel","shape":[3,3,3,4],"dtype":"float32","quantization":{"dtype":"uint8"})"),
      "quantised");
  EXPECT_SAYS(refusal(R"("shape":[3,3,3,4],"dtype":"float32")", R"("shape":[3,3,3,4],"dtype":"uint8")"),
              "quantised");
  EXPECT_SAYS(refusal(R"("name":"Conv1/kernel")", R"("name":"Conv1/kernels")"),
              "no weights called Conv1/kernel,");
  EXPECT_SAYS(
      refusal(R"("name":"Conv1/kernel","shape":[3,3,3,4])", R"("name":"Conv1/kernel","shape":[3,3,4,3])"),
      "Conv1/kernel in");
  EXPECT_SAYS(refusal(R"("name":"bn_Conv1/beta")", R"("name":"Conv1/kernel")"), "twice");
  EXPECT_SAYS(refusal(R"("shape":[3,3,3,4])", R"("shape":[3000000,3000000])"), "million weights");
  EXPECT_SAYS(refusal(R"("shape":[3,3,3,4])", R"("shape":[3,3,3,-4])"), "list of weights");
  EXPECT_SAYS(refusal(R"("softmax")", R"("sigmoid")"), "the activation sigmoid");
  EXPECT_SAYS(refusal(R"("softmax")", R"("linear")"), "does not end in a softmax");
  EXPECT_SAYS(refusal("GlobalAveragePooling2D", "GlobalMaxPooling2D"), "the kind GlobalMaxPooling2D");
  EXPECT_SAYS(refusal(R"("max_value":6)", R"("max_value":5)"), "a shape of ReLU");
  EXPECT_SAYS(refusal(R"("filters":4)", R"("filters":40)"), "Conv1/kernel");
  EXPECT_SAYS(refusal(R"(["block_project_BN",0,0,{}])", R"(["nothing",0,0,{}])"), "make no sense");
  EXPECT_SAYS(refusal(R"(["out_relu",0,0])", R"(["Conv_1_bn",0,0])"), "nobody reads");
  EXPECT_SAYS(refusal(R"("kernel_size":[3,3])", R"("kernel_size":[3,2])"), "a kernel or strides");
  EXPECT_SAYS(refusal(R"("padding":[[0,1],[0,1]])", R"("padding":[[0,4],[0,4]])"), "does not fit together");
  EXPECT_SAYS(refusal(R"("padding":[[0,1],[0,1]])", R"("padding":[[0,1],[0,0]])"), "a padding");
  const std::string dense = R"({"class_name":"Dense","config":{"units":3)";
  EXPECT_SAYS(
      refusal(dense,
              R"({"class_name":"Reshape","config":{"name":"maps","target_shape":[1,1,5]}},)"
              R"({"class_name":"MaxPooling2D","config":{"name":"m","pool_size":[1,1],"strides":[1,1]}},)" +
                  dense),
      "does not fit together: Layer m: it needs an image");
  EXPECT_SAYS(refusal(R"("dilation_rate":[1,1])", R"("dilation_rate":[2,2])"), "a dilation");
}

TEST_F(TmExports, OtherThings) {
  EXPECT_SAYS(refusal(folder_ / "nothing"), "nothing");
  test::write_zip(folder_ / "lite.zip",
                  {{"model.tflite", test::bytes_of("x")}, {"labels.txt", test::bytes_of("a")}});
  EXPECT_SAYS(refusal(folder_ / "lite.zip"), "an export for TensorFlow Lite");
  test::write_zip(folder_ / "keras.zip", {{"keras_model.h5", test::bytes_of("x")}});
  EXPECT_SAYS(refusal(folder_ / "keras.zip"), "an export for Keras");
  test::write_zip(folder_ / "project.tm", test::project_entries({"a", "b"}, 2));
  EXPECT_SAYS(refusal(folder_ / "project.tm"), "a project, not a model");
  test::write_zip(folder_ / "images.zip", {{"a/1.jpg", test::bytes_of("x")}});
  EXPECT_SAYS(refusal(folder_ / "images.zip"), "no TensorFlow.js export");
  test::spill(folder_ / "text.zip", test::bytes_of("hello"));
  EXPECT_SAYS(refusal(folder_ / "text.zip"), "text.zip");
}

}  // namespace
}  // namespace fl
