#pragma once
// What a network says of images from outside of its data set (preview.h), as a snapshot to be shared.

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace fl {

struct PreviewImage {
  std::string name;       // of its file, in an archive with the path inside; printable
  std::string failure{};  // why it cannot be looked at, in one sentence; empty: it can
};

struct PreviewResults {
  std::uint64_t version = 0;  // another one, another snapshot
  std::vector<std::string> classes{};
  // In their order, failures among them. Never null.
  std::shared_ptr<const std::vector<PreviewImage>> images =
      std::make_shared<const std::vector<PreviewImage>>();
  // [image][class]; not numbers where an image was not looked at yet, or where the network's outputs are
  // none.
  std::vector<float> probabilities{};
  std::vector<std::int64_t> steps{};  // of the weights, by image; -1: not looked at yet
  bool reading = false;               // more are on their way
  std::int32_t shown = -1;            // the image that was asked for last to be shown
  std::string note{};                 // what there is to say of all of them: one sentence; empty: nothing
  std::string saved{};                // what came of the last save(): one sentence
  bool save_failed = false;

  [[nodiscard]] std::span<const float> row(std::size_t image) const {
    return std::span(probabilities).subspan(image * classes.size(), classes.size());
  }
  // The most probable class; nothing where that is not known.
  [[nodiscard]] std::optional<std::size_t> prediction(std::size_t image) const;
  // Images with a prediction, and those that failed.
  [[nodiscard]] std::size_t predicted() const;
  [[nodiscard]] std::size_t failed() const;
};

// Their order for a table: as they are, or those first that the network is least sure of; what has no
// prediction comes last.
enum class PreviewOrder { kAsGiven, kLeastSure };
[[nodiscard]] std::vector<std::size_t> preview_order(const PreviewResults& results, PreviewOrder order);

// As RFC 4180 has it, a row an image: "image,prediction,probability", a column for each class,
// "step,problem". An image without a prediction has empty ones; four digits.
[[nodiscard]] std::string preview_csv(const PreviewResults& results);

}  // namespace fl
