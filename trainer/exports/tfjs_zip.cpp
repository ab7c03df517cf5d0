#include "trainer/exports/tfjs_zip.h"

#include "fallline_build_info.h"

#include "trainer/data/files/zip_pack.h"
#include "trainer/exports/feeding.h"
#include "trainer/exports/tfjs_layers.h"

namespace fl {
namespace {

std::vector<std::byte> text_of(const Json& json) {
  const std::string text = json.line();
  const auto bytes = std::as_bytes(std::span(text));
  return {bytes.begin(), bytes.end()};
}

}  // namespace

Result<std::vector<std::byte>> tfjs_zip_of(const LeavingModel& model, const SelfCheck& check,
                                           const std::string& name) {
  FL_TRY_LET(written, tfjs_model_of(model));
  const Json group =
      Json::Object{{"paths", Json::Array{"weights.bin"}}, {"weights", std::move(written->manifest)}};
  const Json json =
      Json::Object{{"modelTopology", std::move(written->topology)}, {"weightsManifest", Json::Array{group}}};
  const Json metadata =
      Json::Object{{"packageName", "fallline"},
                   {"packageVersion", FALLLINE_VERSION},
                   {"userMetadata",
                    Json::Object{{"fallline", feeding_of(model, check, "byte / 127 - 1", kSelfCheckFile)}}},
                   {"modelName", model.title},
                   {"labels", Json::list(model.labels)}};
  return pack_zip({{"model.json", text_of(json), true},
                   {"weights.bin", std::move(written->weights)},
                   {"metadata.json", text_of(metadata), true},
                   {kSelfCheckFile, check.png}},
                  name);
}

}  // namespace fl
