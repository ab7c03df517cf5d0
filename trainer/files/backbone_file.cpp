#include "trainer/files/backbone_file.h"

#include "trainer/backbone/phantom_network.h"
#include "trainer/base/printable.h"

namespace fl {

Result<PhantomBackbone> read_phantom_backbone(const std::filesystem::path& path) {
  FL_TRY_LET(file, read_safetensors(path));
  const auto unusable = [&](const std::string& why) {
    return error("{} is not a backbone that can be used: {}; train one with \"fallline backbone\".",
                 printable(path.string()), why);
  };
  if (const auto format = file->check_format(kBackboneFormat, kBackboneVersion); !format)
    return unusable(format.error().message);
  if (file->metadata.contains("unfinished")) return unusable("its training has not ended");
  const ParamLayout layout = ParamLayout::of(phantom_network());
  std::vector<float> params(layout.all_floats), statistics(layout.statistic_floats);
  for (const auto& read :
       {file->read_arena(layout.tensors, params), file->read_arena(layout.statistics, statistics)})
    if (!read) return unusable(read.error().message);
  return PhantomBackbone{phantom_backbone(params, statistics), std::move(file->metadata)};
}

}  // namespace fl
