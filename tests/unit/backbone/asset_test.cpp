// The backbone that comes with the program: the file that docs/backbone.md speaks of, and as good as it says.
#include <gtest/gtest.h>

#include "trainer/backbone/embedding.h"
#include "trainer/backbone/phantom_network.h"
#include "trainer/base/atomic_file.h"
#include "trainer/base/checksum.h"
#include "trainer/pretraining/pretraining.h"

namespace fl {
namespace {

const std::filesystem::path kSource = FALLLINE_SOURCE_DIR;
const std::filesystem::path kAsset = kSource / "assets" / "backbone.safetensors";

TEST(BackboneAsset, IsTheFileOfTheDocument) {
  const auto bytes = read_file(kAsset, 2'500'000);
  ASSERT_TRUE(bytes.ok()) << bytes.error().message;
  const auto backbone = read_phantom_backbone(kAsset);
  ASSERT_TRUE(backbone.ok()) << backbone.error().message;
  EXPECT_EQ(backbone->facts.at("recipe"), PretrainingRecipe{}.text())
      << "the command would train another one";
  const auto text = read_text_file(kSource / "docs" / "backbone.md", 1 << 20);
  ASSERT_TRUE(text.ok());
  for (const std::string& fact : {backbone->facts.at("recipe"), backbone->facts.at("figures"),
                                  fmt::format("{:016x}", checksum(*bytes))})
    EXPECT_NE(text->find(fact), std::string::npos) << "docs/backbone.md does not say " << fact;
}

TEST(BackboneAsset, TellsBloodFromEverythingElseOnPhantoms) {
  const auto backbone = read_phantom_backbone(kAsset);
  ASSERT_TRUE(backbone.ok());
  auto backend = make_cpu_backend(1);
  auto embedder = Embedder::make(backbone->network, **backend);
  ASSERT_TRUE(embedder.ok());
  constexpr std::size_t kPictures = 160;
  const Examples examples = make_examples(held_out_seed(PretrainingRecipe{}.seed), 0, kPictures, 2);
  std::vector<float> features(kPictures * embedder->floats());
  embedder->embed(examples.pixels, features);
  double right = 0, ahead = 0, pairs = 0;
  const auto blood = [&](std::size_t i) { return features[(i + 1) * embedder->floats() - 10]; };
  for (std::size_t i = 0; i < kPictures; ++i) {
    right += (blood(i) > 0) == (examples.blood[i] > 0) ? 1 : 0;
    if (examples.blood[i] == 0) continue;
    for (std::size_t k = 0; k < kPictures; ++k)
      if (examples.blood[k] == 0) {
        ahead += blood(i) > blood(k) ? 1 : 0;
        ++pairs;
      }
  }
  EXPECT_GT(right / kPictures, 0.84);
  EXPECT_GT(ahead / pairs, 0.90);
}

}  // namespace
}  // namespace fl
