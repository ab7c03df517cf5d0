#include "trainer/exports/read_export.h"

#include "trainer/base/printable.h"
#include "trainer/data/files/folder.h"
#include "trainer/exports/feeding.h"

namespace fl {
namespace fs = std::filesystem;

bool is_export(const fs::path& path) {
  std::error_code code;
  if (fs::is_directory(path, code)) return fs::exists(path / kTmModelFile, code);
  return path.filename() == kTmModelFile || lower_extension(path) == ".zip";
}

Result<TrainedNetwork> read_export(const fs::path& path) {
  FL_TRY_LET(parts, read_tm_export(path));
  TrainedNetwork trained;
  trained.spec.backbone = path.string();
  DataSpec& data = trained.spec.data;
  data.image_size = parts->backbone.spec.input.width;
  data.channels = parts->backbone.spec.input.channels;
  data.standardise = false;
  if (const auto look = look_in(parts->metadata)) {
    data.window = look->window;
    data.colour_range = look->painted;
  }
  for (const std::string& label : parts->labels) trained.classes.push_back(printable(label));
  trained.backbone = std::move(parts->backbone);
  trained.network = std::move(parts->head.spec);
  trained.params = std::move(parts->head.params);
  return trained;
}

}  // namespace fl
