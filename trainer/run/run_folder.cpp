#include "trainer/run/run_folder.h"

#include <bit>
#include <cstring>

#include <nlohmann/json.hpp>

#include "trainer/base/atomic_file.h"

namespace fl {

static_assert(std::endian::native == std::endian::little, "safetensors is little-endian");

Result<void> write_weights(const std::filesystem::path& path, const ParamLayout& layout,
                           std::span<const float> params) {
  nlohmann::ordered_json header;
  std::size_t at = 0;
  for (const ParamTensor& tensor : layout.tensors) {
    const std::size_t end = at + tensor.count * sizeof(float);
    header[tensor.name] = {{"dtype", "F32"}, {"shape", tensor.shape}, {"data_offsets", {at, end}}};
    at = end;
  }
  std::string text = header.dump();
  text.append((8 - text.size() % 8) % 8, ' ');  // the data start aligned
  const std::uint64_t length = text.size();
  std::vector<std::byte> bytes(sizeof(length) + text.size() + at);
  std::memcpy(bytes.data(), &length, sizeof(length));
  std::memcpy(bytes.data() + sizeof(length), text.data(), text.size());
  std::byte* out = bytes.data() + sizeof(length) + text.size();
  for (const ParamTensor& tensor : layout.tensors) {
    std::memcpy(out, params.data() + tensor.offset, tensor.count * sizeof(float));
    out += tensor.count * sizeof(float);
  }
  return write_file_atomic(path, bytes);
}

Result<void> write_run_folder(const std::filesystem::path& folder, Training& training, const Report& report,
                              const std::string& scene_text) {
  if (auto made = make_folder(folder); !made) return made;
  std::vector<float> params(training.program().layout().floats);
  training.program().read_params(params);
  if (auto done = write_file_atomic(folder / "scene.toml", scene_text); !done) return done;
  if (auto done = write_file_atomic(folder / "history.csv", training.history().csv()); !done) return done;
  if (auto done = write_weights(folder / "weights.safetensors", training.program().layout(), params); !done)
    return done;
  return write_file_atomic(folder / "report.json", report.json());
}

}  // namespace fl
