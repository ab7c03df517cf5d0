#include "engine/app/commands/export_command.h"

#include "engine/app/commands/inputs.h"
#include "engine/app/scene_path.h"
#include "trainer/base/atomic_file.h"
#include "trainer/base/counted.h"
#include "trainer/base/printable.h"
#include "trainer/data/files/folder.h"
#include "trainer/exports/onnx_file.h"
#include "trainer/exports/tfjs_zip.h"

namespace fl {
namespace {

namespace fs = std::filesystem;

// A format that a model may leave in.
struct Format {
  const char* ending;
  const char* what;
  Result<std::vector<std::byte>> (*bytes)(const LeavingModel&, const SelfCheck&, const std::string& name);
};

constexpr Format kFormats[] = {
    {".zip", "a TensorFlow.js model, as Teachable Machine exports", tfjs_zip_of},
    {".onnx", "an ONNX model", onnx_file_of},
};

// What the model is made from.
Inputs inputs_of(const fs::path& source, const fs::path& backbone) {
  Inputs inputs;
  std::error_code code;
  inputs.add_run(fs::is_directory(source, code) ? source : source.parent_path());
  inputs.add_file(source, "the model to export");
  if (!backbone.empty()) inputs.add_file(backbone, "the backbone of the run");
  return inputs;
}

Result<void> export_model(const ExportOptions& options, const Format& format) {
  fs::path backbone;
  FL_TRY_LET(model, open_leaving_model(options.source, path_in_scene, &backbone));
  FL_TRY(inputs_of(options.source, backbone).check(options.out, "-o"));
  FL_TRY(check_new_file(options.out, options.replace));
  FL_TRY_LET(check, self_check_of(*model));
  FL_TRY_LET(bytes, format.bytes(*model, *check, printable(options.out.string())));
  FL_TRY(write_file_atomic(options.out, *bytes));
  fmt::print("{} {}, {} x {} pixels in colour, {}: {}\n", printable(model->title), format.what, model->side,
             model->side, counted(model->labels.size(), "class"), counted(bytes->size(), "byte"));
  fmt::print("Saved in {}\n", printable(options.out.string()));
  return {};
}

}  // namespace

Result<void> run_export(const ExportOptions& options) {
  const std::string ending = lower_extension(options.out);
  for (const Format& format : kFormats)
    if (ending == format.ending) return export_model(options, format);
  return error("{}: give a name that ends in .zip (TensorFlow.js) or .onnx with -o.",
               printable(options.out.string()));
}

}  // namespace fl
