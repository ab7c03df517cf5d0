#include "trainer/files/open_backbone.h"

#include <filesystem>

#include "trainer/backbone/transfer.h"
#include "trainer/base/program_folder.h"
#include "trainer/files/backbone_file.h"

namespace fl {
namespace fs = std::filesystem;

Result<KnownNetwork> open_backbone(const std::string& backbone) {
  if (!is_phantom_backbone(backbone)) {
    FL_TRY_LET(parts, read_tm_export(backbone));
    return std::move(parts->backbone);
  }
  fs::path path = backbone;
  if (backbone == kPhantomBackbone) {
    path = program_folder() / kBackboneFile;
    std::error_code code;
    if (!fs::exists(path, code))
      return error(
          "There is no {} beside the program, which is its backbone: put that back, train from scratch with "
          "network.backbone=none, or train a backbone with \"fallline backbone -o NAME.safetensors\" and set "
          "network.backbone to it.",
          kBackboneFile);
  }
  FL_TRY_LET(read, read_phantom_backbone(path));
  return std::move(read->network);
}

void suit_export(RunSpec& spec) {
  if (spec.backbone.empty() || is_phantom_backbone(spec.backbone)) return;
  const auto backbone = open_backbone(spec.backbone);
  if (!backbone) return;
  spec.data.image_size = backbone->spec.input.width;
  spec.data.standardise = backbone->spec.outputs.size() > 1 && spec.init != kExportedInit;
}

}  // namespace fl
