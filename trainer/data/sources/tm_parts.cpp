#include "trainer/data/sources/tm_parts.h"

#include <algorithm>

#include "trainer/base/json.h"
#include "trainer/base/printable.h"
#include "trainer/data/files/folder.h"

namespace fl {
namespace {

constexpr const char* kVersion = "2.4.4";  // the format Teachable Machine writes today

}  // namespace

NewZipEntry tm_manifest(const TmSettings& settings) {
  const Json manifest = Json::Object{{"type", "image"},
                                     {"version", kVersion},
                                     {"appdata", Json::Object{{"publishResults", Json::Object{}},
                                                              {"trainEpochs", settings.epochs},
                                                              {"trainBatchSize", settings.batch_size},
                                                              {"trainLearningRate", settings.rate}}}};
  const std::string text = manifest.line();
  const auto bytes = std::as_bytes(std::span(text));
  return {"manifest.json", {bytes.begin(), bytes.end()}};
}

Result<void> check_tm_class(const std::string& name) {
  if (name.empty() || printable(name, 1024) != name)
    return error(
        "\"{}\" cannot be a class of a Teachable Machine project; give it a name of at most 1024 bytes "
        "without control characters.",
        printable(name));
  // An entry that goes by such a name is taken for what systems leave behind in archives.
  if (is_system_leftover(name + "-!-0.jpg"))
    return error(
        "\"{}\" cannot be a class of a Teachable Machine project: systems leave files of such names behind; "
        "choose another name.",
        name);
  return {};
}

Result<void> check_tm_classes(const std::vector<std::string>& classes) {
  for (auto name = classes.begin(); name != classes.end(); ++name) {
    FL_TRY(check_tm_class(*name));
    if (std::find(classes.begin(), name, *name) != name)
      return error(
          "Two classes are called \"{}\"; a Teachable Machine project tells them apart by name, so rename "
          "one.",
          *name);
  }
  return {};
}

}  // namespace fl
