#include "engine/app/commands/export_command.h"

#include <algorithm>

#include "engine/app/commands/inputs.h"
#include "engine/app/scene_file.h"
#include "trainer/base/atomic_file.h"
#include "trainer/base/counted.h"
#include "trainer/base/log.h"
#include "trainer/base/name_list.h"
#include "trainer/base/number_text.h"
#include "trainer/base/printable.h"
#include "trainer/data/files/folder.h"
#include "trainer/data/sources/tm_project.h"
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

// What the manifest of a project has a place for.
constexpr std::string_view kKeptSettings[] = {"train.epochs", "train.batch_size", "train.rate"};

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
  if (!options.overrides.empty() || !options.renames.empty())
    return error("--set and --rename change a project; a trained network is exported as it is.");
  if (lower_extension(options.source) == ".tm")
    return error("{} is a project, not a trained network; train it first with \"fallline train\".",
                 printable(options.source.string()));
  fs::path backbone;
  FL_TRY_LET(model, open_leaving_model(options.source, &backbone));
  FL_TRY(inputs_of(options.source, backbone).check(options.out, "-o"));
  FL_TRY(check_new_file(options.out, options.replace));
  FL_TRY_LET(check, self_check_of(*model));
  FL_TRY_LET(bytes, format.bytes(*model, *check, printable(options.out.string())));
  FL_TRY(write_file_atomic(options.out, *bytes));
  fmt::print("{} as {}: images of {} x {} pixels, {}, {}\nSaved in {}\n", model->title, format.what,
             model->side, model->side, counted(model->labels.size(), "class"), counted(bytes->size(), "byte"),
             printable(options.out.string()));
  return {};
}

// Errors: one that a project has no place for, so that it would be lost.
Result<void> check_kept(const std::vector<std::string>& overrides) {
  for (const std::string& given : overrides) {
    const std::string key = given.substr(0, given.find('='));
    if (std::ranges::find(kKeptSettings, key) == std::end(kKeptSettings))
      return error("A project keeps only train.epochs, train.batch_size and train.rate; leave out --set {}.",
                   printable(given));
  }
  return {};
}

// "OLD=NEW", of a class with that name; names may hold "=" themselves, so the longest that fits is meant.
Result<TmRename> rename_of(const std::string& text, const std::vector<std::string>& classes) {
  const std::string* found = nullptr;
  for (const std::string& name : classes)
    if (text.starts_with(name + "=") && (found == nullptr || name.size() > found->size())) found = &name;
  if (found == nullptr)
    return error("--rename \"{}\" is not OLD=NEW with one of the classes {}.", printable(text),
                 name_list(classes));
  return TmRename{*found, text.substr(found->size() + 1)};
}

Result<void> export_project(const ExportOptions& options) {
  FL_TRY(check_kept(options.overrides));
  FL_TRY_LET(tree, FileTree::open(options.source));
  const auto folder = find_tm_project(*tree);
  const std::string name = printable(options.source.string());
  if (!folder)
    return error(
        "{} is no Teachable Machine project, and only one can be saved as {}; a trained network is exported "
        "to "
        "a name that ends in .zip or .onnx.",
        name, printable(options.out.string()));
  FL_TRY_LET(scene, open_scene(options.source.string(), options.overrides));
  Inputs inputs;
  inputs.add_file(options.source, "the project to change");
  if (!tree->is_archive()) inputs.add_images(options.source);
  FL_TRY(inputs.check(options.out, "-o"));
  FL_TRY(check_new_file(options.out, options.replace));
  FL_TRY_LET(listing, list_tm_images(*tree, *folder));
  std::vector<TmRename> renames;
  for (const std::string& text : options.renames) {
    FL_TRY_LET(rename, rename_of(text, listing->classes));
    renames.push_back(*std::move(rename));
  }
  const RunSpec& run = scene->run;
  FL_TRY(change_tm_project(options.out, *tree, *folder, {run.epochs, run.batch_size, run.rate}, renames));
  for (const std::string& note : listing->notes) log_warning("{}", note);
  fmt::print("{} of {}, {}, batch {}, rate {}\nSaved in {}\n", counted(listing->images.size(), "image"),
             counted(listing->classes.size(), "class"), counted(run.epochs, "epoch"), run.batch_size,
             rate_text(run.rate), printable(options.out.string()));
  return {};
}

}  // namespace

Result<void> run_export(const ExportOptions& options) {
  const std::string ending = lower_extension(options.out);
  if (ending == ".tm") return export_project(options);
  for (const Format& format : kFormats)
    if (ending == format.ending) return export_model(options, format);
  return error("{}: give a name that ends in .zip (TensorFlow.js) or .onnx with -o, or of a project in .tm.",
               printable(options.out.string()));
}

}  // namespace fl
