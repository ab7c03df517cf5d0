#pragma once
// Training the backbone: pictures are drawn on threads of their own while the network learns from those
// before. It goes by chunks; between two of them it can be saved, and goes on from there with the same bytes.

#include <filesystem>
#include <functional>
#include <memory>
#include <string>

#include "trainer/compute/backend.h"
#include "trainer/files/backbone_file.h"
#include "trainer/pretraining/examples.h"

namespace fl {

inline constexpr int kChunk = 512;

// All that decides what comes out, beside the number of threads.
struct PretrainingRecipe {
  std::uint64_t seed = 1;
  std::int64_t images = 600'000;  // pictures to learn from, each once
  int batch = 32;
  double rate = 1.5e-3;  // AdamW's, rising over the first chunks, then falling as a cosine
  double weight_decay = 0.02;
  int chunk =
      kChunk;  // pictures that are drawn, then learned from, at a time; a whole number of them is used
  bool operator==(const PretrainingRecipe&) const = default;
  // "seed 1, 160000 pictures, ..."
  [[nodiscard]] std::string text() const;
};

// How many the figures are of.
inline constexpr std::size_t kHeldOut = 512;

// Of pictures that nothing was learned from.
struct PretrainingFigures {
  std::size_t pictures = 0;
  double loss = 0;
  double blood = 0;  // share of pictures where it says rightly whether there is blood
  double area = 0;   // under the curve of true over false alarms
  double kinds = 0;  // share of right answers about the kinds
  double level = 0;
};

class Pretraining {
 public:
  // Errors: a recipe without a chunk of pictures, or with batches that do not make up a chunk; those of
  // Backend::compile.
  static Result<Pretraining> make(const PretrainingRecipe& recipe, Backend& backend, int threads);
  // Goes on where `saved`, a file of unfinished(), stopped. Errors: another recipe, damaged.
  Result<void> resume(const Safetensors& saved);

  [[nodiscard]] std::int64_t images() const { return chunk_ * recipe_.chunk; }
  [[nodiscard]] std::int64_t all_images() const { return chunks() * recipe_.chunk; }
  [[nodiscard]] bool finished() const { return chunk_ == chunks(); }

  // The next chunk; its mean loss. The loss is not finite, and nothing is learned any more, where training
  // diverged.
  double advance();
  // On `pictures` of another seed, drawn when first asked for.
  PretrainingFigures judge(std::size_t pictures = kHeldOut);

  // What read_phantom_backbone() reads, with these figures among its metadata. Precondition: finished().
  [[nodiscard]] Safetensors result(const PretrainingFigures& figures) const;
  [[nodiscard]] Safetensors unfinished() const;

  ~Pretraining();
  Pretraining(Pretraining&&) noexcept;
  Pretraining& operator=(Pretraining&&) noexcept;

 private:
  Pretraining(const PretrainingRecipe& recipe, std::unique_ptr<Program> program, int threads);
  [[nodiscard]] std::int64_t chunks() const { return recipe_.images / recipe_.chunk; }
  void draw_ahead();
  [[nodiscard]] Safetensors weights() const;

  PretrainingRecipe recipe_;
  std::unique_ptr<Program> program_;
  int threads_;
  std::int64_t chunk_ = 0;
  struct Drawing;
  std::unique_ptr<Drawing> drawing_;  // of chunk `chunk_`
  Examples held_out_;
};

}  // namespace fl
