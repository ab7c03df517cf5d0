#pragma once
// The safetensors format (github.com/huggingface/safetensors, README, "Format"), in which weights and
// checkpoints are kept: a JSON header that names little-endian arrays and where they lie, then the arrays. A
// file may come from anywhere, so every number in its header is checked against the file before it is used.

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "trainer/base/result.h"
#include "trainer/net/param_layout.h"

namespace fl {

enum class TensorType { kF32, kF64 };

struct NamedTensor {
  TensorType type = TensorType::kF32;
  std::vector<std::int64_t> shape;
  std::vector<std::byte> bytes;  // little-endian
};

struct Safetensors {
  std::map<std::string, std::string> metadata;               // what the format calls __metadata__
  std::vector<std::pair<std::string, NamedTensor>> tensors;  // in the order of the file

  [[nodiscard]] const NamedTensor* find(std::string_view name) const;

  // Preconditions: the shape holds as many values as are given, and no tensor has that name yet.
  void add(std::string name, std::vector<std::int64_t> shape, std::span<const float> values);
  void add(std::string name, std::vector<std::int64_t> shape, std::span<const double> values);
  // One tensor for each of `layout`, out of an arena.
  void add_arena(std::span<const ParamTensor> layout, std::span<const float> arena);

  // Whether the metadata say that this is our `format` of this `version`; the error is a reason.
  [[nodiscard]] Result<void> check_format(std::string_view format, std::string_view version) const;
  // The errors of these are reasons to put into a sentence: no such tensor, another shape or type.
  Result<void> read(std::string_view name, std::span<const std::int64_t> shape,
                    std::span<float> values) const;
  Result<void> read_arena(std::span<const ParamTensor> layout, std::span<float> arena) const;
  // [rows][columns] in double, however many rows there are.
  [[nodiscard]] Result<std::vector<double>> read_table(std::string_view name, std::size_t columns) const;
};

inline constexpr std::size_t kMaxSafetensorsHeader = std::size_t{8} << 20;
inline constexpr std::size_t kMaxSafetensorsBytes = std::size_t{8} << 30;

std::vector<std::byte> encode_safetensors(const Safetensors& file);
// The error is a reason to put into a sentence: "its header ends too early".
Result<Safetensors> decode_safetensors(std::span<const std::byte> bytes);

// Atomic, as write_file_atomic.
Result<void> write_safetensors(const std::filesystem::path& path, const Safetensors& file);
// Errors: cannot be read, too large, broken, truncated, another format.
Result<Safetensors> read_safetensors(const std::filesystem::path& path);

}  // namespace fl
