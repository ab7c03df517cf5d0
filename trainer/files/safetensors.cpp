#include "trainer/files/safetensors.h"

#include <algorithm>
#include <bit>
#include <cstring>
#include <optional>

#include "trainer/base/atomic_file.h"
#include "trainer/base/check.h"
#include "trainer/base/json.h"

namespace fl {
namespace {

static_assert(std::endian::native == std::endian::little, "safetensors is little-endian");

constexpr const char* kMetadata = "__metadata__";
constexpr std::size_t kLengthBytes = sizeof(std::uint64_t);

const char* type_name(TensorType type) {
  return type == TensorType::kF32 ? "F32" : "F64";
}

std::size_t size_of(TensorType type) {
  return type == TensorType::kF32 ? sizeof(float) : sizeof(double);
}

// Bytes of a tensor; nothing where that is more than a file may hold.
std::optional<std::size_t> byte_count(TensorType type, std::span<const std::int64_t> shape) {
  std::size_t count = size_of(type);
  for (const std::int64_t extent : shape) {
    if (extent < 0) return std::nullopt;
    const auto factor = static_cast<std::size_t>(extent);
    if (factor != 0 && count > kMaxSafetensorsBytes / factor) return std::nullopt;
    count *= factor;
  }
  return count;
}

std::string shape_text(std::span<const std::int64_t> shape) {
  return fmt::format("[{}]", fmt::join(shape, ", "));
}

template <typename T>
NamedTensor tensor_of(TensorType type, std::vector<std::int64_t> shape, std::span<const T> values) {
  NamedTensor tensor{type, std::move(shape), {}};
  const auto bytes = std::as_bytes(values);
  FL_CHECK(byte_count(type, tensor.shape) == bytes.size());
  tensor.bytes.assign(bytes.begin(), bytes.end());
  return tensor;
}

std::vector<std::int64_t> shape_of(const ParamTensor& tensor) {
  return {tensor.shape.begin(), tensor.shape.end()};
}

Result<TensorType> read_type(const Json& entry) {
  const Json* found = entry.find("dtype");
  const std::string* name = found != nullptr ? found->text() : nullptr;
  if (name == nullptr) return error("it has no type");
  for (const TensorType type : {TensorType::kF32, TensorType::kF64})
    if (*name == type_name(type)) return type;
  return error("its values are neither F32 nor F64");
}

// A list of whole numbers that are not negative.
std::optional<std::vector<std::int64_t>> read_numbers(const Json& entry, const char* key) {
  const Json* found = entry.find(key);
  if (found == nullptr || found->array() == nullptr) return std::nullopt;
  std::vector<std::int64_t> numbers;
  for (const Json& element : *found->array()) {
    const auto number = element.whole();
    if (!number || *number > kMaxSafetensorsBytes) return std::nullopt;
    numbers.push_back(static_cast<std::int64_t>(*number));
  }
  return numbers;
}

// `at`: where the last tensor ended, which is where this one has to begin.
Result<NamedTensor> read_tensor(const Json& entry, std::span<const std::byte> data, std::size_t& at) {
  if (entry.object() == nullptr) return error("its entry in the header is not a table");
  FL_TRY_LET(type, read_type(entry));
  auto shape = read_numbers(entry, "shape");
  const auto offsets = read_numbers(entry, "data_offsets");
  if (!shape || !offsets || offsets->size() != 2) return error("its shape or its offsets are missing");
  const auto begin = static_cast<std::size_t>((*offsets)[0]), end = static_cast<std::size_t>((*offsets)[1]);
  if (end > data.size()) return error("it runs past the end of the file");
  if (begin != at || end < begin || byte_count(*type, *shape) != end - begin)
    return error("its offsets do not match its shape");
  at = end;
  const auto bytes = data.subspan(begin, end - begin);
  return NamedTensor{*type, std::move(*shape), {bytes.begin(), bytes.end()}};
}

Result<std::map<std::string, std::string>> read_metadata(const Json& entry) {
  std::map<std::string, std::string> metadata;
  if (entry.object() == nullptr) return error("its metadata is not a table");
  for (const auto& [key, value] : *entry.object()) {
    if (value.text() == nullptr) return error("its metadata holds something that is not text");
    metadata[key] = *value.text();
  }
  return metadata;
}

}  // namespace

const NamedTensor* Safetensors::find(std::string_view name) const {
  const auto found = std::ranges::find(tensors, name, &std::pair<std::string, NamedTensor>::first);
  return found == tensors.end() ? nullptr : &found->second;
}

void Safetensors::add(std::string name, std::vector<std::int64_t> shape, std::span<const float> values) {
  FL_CHECK(find(name) == nullptr);
  tensors.emplace_back(std::move(name), tensor_of(TensorType::kF32, std::move(shape), values));
}

void Safetensors::add(std::string name, std::vector<std::int64_t> shape, std::span<const double> values) {
  FL_CHECK(find(name) == nullptr);
  tensors.emplace_back(std::move(name), tensor_of(TensorType::kF64, std::move(shape), values));
}

void Safetensors::add_arena(std::span<const ParamTensor> layout, std::span<const float> arena) {
  for (const ParamTensor& tensor : layout)
    add(tensor.name, shape_of(tensor), arena.subspan(tensor.offset, tensor.count));
}

Result<void> Safetensors::check_format(std::string_view format, std::string_view version) const {
  const auto named = metadata.find("format");
  if (named == metadata.end() || named->second != format)
    return error("it was written by another program or for another purpose");
  const auto numbered = metadata.find("version");
  if (numbered == metadata.end() || numbered->second != version)
    return error("it was written by another version of this program");
  return {};
}

Result<void> Safetensors::read(std::string_view name, std::span<const std::int64_t> shape,
                               std::span<float> values) const {
  FL_CHECK(byte_count(TensorType::kF32, shape) == values.size_bytes());
  const NamedTensor* found = find(name);
  if (found == nullptr) return error("it has no {}", name);
  if (found->type != TensorType::kF32 || !std::ranges::equal(found->shape, shape))
    return error("its {} has type {} and shape {}, not F32 and {}", name, type_name(found->type),
                 shape_text(found->shape), shape_text(shape));
  std::ranges::copy(found->bytes, std::as_writable_bytes(values).begin());
  return {};
}

Result<void> Safetensors::read_arena(std::span<const ParamTensor> layout, std::span<float> arena) const {
  for (const ParamTensor& tensor : layout) {
    const auto place = arena.subspan(tensor.offset, tensor.count);
    if (auto done = read(tensor.name, shape_of(tensor), place); !done) return done;
  }
  return {};
}

Result<std::vector<double>> Safetensors::read_table(std::string_view name, std::size_t columns) const {
  const NamedTensor* found = find(name);
  if (found == nullptr) return error("it has no {}", name);
  if (found->type != TensorType::kF64 || found->shape.size() != 2 ||
      found->shape[1] != static_cast<std::int64_t>(columns))
    return error("its {} is not a table with {} columns", name, columns);
  std::vector<double> values(found->bytes.size() / sizeof(double));
  std::ranges::copy(found->bytes, std::as_writable_bytes(std::span(values)).begin());
  return values;
}

std::vector<std::byte> encode_safetensors(const Safetensors& file) {
  Json::Object header;
  if (!file.metadata.empty()) {
    Json::Object metadata;
    for (const auto& [key, value] : file.metadata) metadata.push_back({key, value});
    header.push_back({kMetadata, std::move(metadata)});
  }
  std::size_t at = 0;
  for (const auto& [name, tensor] : file.tensors) {
    const std::size_t end = at + tensor.bytes.size();
    header.push_back({name, Json::Object{{"dtype", type_name(tensor.type)},
                                         {"shape", Json::list(tensor.shape)},
                                         {"data_offsets", Json::Array{at, end}}}});
    at = end;
  }
  std::string text = Json(std::move(header)).line();
  text.append((8 - text.size() % 8) % 8, ' ');  // the data start aligned
  const std::uint64_t length = text.size();
  FL_CHECK(length <= kMaxSafetensorsHeader);
  std::vector<std::byte> bytes(kLengthBytes + text.size());
  std::memcpy(bytes.data(), &length, kLengthBytes);
  std::memcpy(bytes.data() + kLengthBytes, text.data(), text.size());
  bytes.reserve(bytes.size() + at);
  for (const auto& [name, tensor] : file.tensors)
    bytes.insert(bytes.end(), tensor.bytes.begin(), tensor.bytes.end());
  return bytes;
}

Result<Safetensors> decode_safetensors(std::span<const std::byte> bytes) {
  std::uint64_t length = 0;
  if (bytes.size() < kLengthBytes) return error("it is too short");
  std::memcpy(&length, bytes.data(), kLengthBytes);
  const auto rest = bytes.subspan(kLengthBytes);
  if (length > kMaxSafetensorsHeader) return error("it does not begin like one");
  if (length > rest.size()) return error("its header is cut off");
  const auto* text = reinterpret_cast<const char*>(rest.data());
  const auto header = Json::parse({text, static_cast<std::size_t>(length)});
  if (!header || header->object() == nullptr) return error("its header cannot be read");

  Safetensors file;
  const auto data = rest.subspan(static_cast<std::size_t>(length));
  std::size_t at = 0;
  for (const auto& [name, entry] : *header->object()) {
    if (name == kMetadata) {
      FL_TRY_LET(metadata, read_metadata(entry));
      file.metadata = std::move(*metadata);
      continue;
    }
    auto tensor = read_tensor(entry, data, at);
    if (!tensor)
      return error("tensor {} is damaged: {}", file.tensors.size() + 1,
                   tensor.error().message);
    file.tensors.emplace_back(name, std::move(*tensor));
  }
  if (at != data.size()) return error("it is longer than its header says");
  return file;
}

Result<void> write_safetensors(const std::filesystem::path& path, const Safetensors& file) {
  return write_file_atomic(path, encode_safetensors(file));
}

Result<Safetensors> read_safetensors(const std::filesystem::path& path) {
  FL_TRY_LET(bytes, read_file(path, kMaxSafetensorsBytes));
  auto file = decode_safetensors(*bytes);
  if (!file)
    return error("{} is not a valid safetensors file: {}; use another copy.", path.string(),
                 file.error().message);
  return file;
}

}  // namespace fl
