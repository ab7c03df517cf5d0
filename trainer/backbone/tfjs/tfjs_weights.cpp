#include "trainer/backbone/tfjs/tfjs_weights.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>

#include "trainer/base/printable.h"

namespace fl {
namespace {

static_assert(std::endian::native == std::endian::little, "TensorFlow.js stores numbers so");

constexpr std::size_t kMaxTensors = 10'000, kMaxFiles = 1'000, kMaxDimensions = 8;

Error senseless(const std::string& file) {
  return error("The list of weights in {} makes no sense; export the model again.", file);
}

struct Entry {
  std::string name;
  std::vector<int> shape;
  std::size_t numbers = 1;
};

// `room`: for so many numbers.
Result<Entry> read_entry(const Json& json, const std::string& file, std::size_t room) {
  const Json *name = json.find("name"), *type = json.find("dtype"), *shape = json.find("shape");
  if (name == nullptr || name->text() == nullptr || shape == nullptr || shape->array() == nullptr ||
      shape->array()->size() > kMaxDimensions)
    return senseless(file);
  Entry entry{.name = *name->text(), .shape = {}};
  if (json.find("quantization") != nullptr || type == nullptr || type->text() == nullptr ||
      *type->text() != "float32")
    return error(
        "The weights {} in {} are quantised, not floats of 32 bits; export the model without quantisation, "
        "as "
        "Teachable Machine does for TensorFlow.js.",
        printable(entry.name, 80), file);
  for (const Json& extent : *shape->array()) {
    const auto value = extent.whole();
    if (!value || *value < 1 || *value > kMaxTfNumbers) return senseless(file);
    entry.shape.push_back(static_cast<int>(*value));
    if (entry.numbers > room / *value)
      return error("{} has more than {} million weights, which is the limit; open a smaller model.", file,
                   kMaxTfNumbers / 1'000'000);
    entry.numbers *= *value;
  }
  return entry;
}

using ReadFile = std::function<Result<std::vector<std::byte>>(const std::string&)>;

// The files of one group, one behind the other. `expected`: how many bytes there should be.
Result<std::vector<std::byte>> read_group(const Json::Array& paths, std::size_t expected,
                                          const std::string& file, const ReadFile& read) {
  std::vector<std::byte> all;
  for (const Json& path : paths) {
    if (path.text() == nullptr) return senseless(file);
    FL_TRY_LET(bytes, read(*path.text()));
    if (bytes->size() > expected - all.size())
      return error(
          "The weights of {} are longer than the {} bytes that its model.json lists; export the model again.",
          file, expected);
    all.insert(all.end(), bytes->begin(), bytes->end());
  }
  if (all.size() < expected)
    return error("The weights of {} are cut short: {} of {} bytes are there; export or copy the model again.",
                 file, all.size(), expected);
  return all;
}

}  // namespace

Result<TfWeights> read_tf_weights(const Json& manifest, const std::string& file, const ReadFile& read) {
  if (manifest.array() == nullptr) return senseless(file);
  TfWeights weights;
  std::size_t room = kMaxTfNumbers, files = 0;
  for (const Json& group : *manifest.array()) {
    const Json *paths = group.find("paths"), *listed = group.find("weights");
    if (paths == nullptr || paths->array() == nullptr || listed == nullptr || listed->array() == nullptr)
      return senseless(file);
    if ((files += paths->array()->size()) > kMaxFiles ||
        weights.size() + listed->array()->size() > kMaxTensors)
      return error("The list of weights in {} is too long; open a smaller model.", file);
    std::vector<Entry> entries;
    std::size_t numbers = 0;
    for (const Json& json : *listed->array()) {
      FL_TRY_LET(entry, read_entry(json, file, room));
      room -= entry->numbers;
      numbers += entry->numbers;
      entries.push_back(*std::move(entry));
    }
    FL_TRY_LET(bytes, read_group(*paths->array(), numbers * sizeof(float), file, read));
    const std::byte* from = bytes->data();
    for (Entry& entry : entries) {
      TfTensor tensor{std::move(entry.shape), std::vector<float>(entry.numbers)};
      std::memcpy(tensor.values.data(), from, entry.numbers * sizeof(float));
      from += entry.numbers * sizeof(float);
      if (!std::ranges::all_of(tensor.values, [](float value) { return std::isfinite(value); }))
        return error("The weights {} in {} are not all numbers; export the model again.",
                     printable(entry.name, 80), file);
      if (!weights.emplace(entry.name, std::move(tensor)).second)
        return error("{} has the weights {} twice; export the model again.", file, printable(entry.name, 80));
    }
  }
  return weights;
}

}  // namespace fl
