// The command line: what was asked for, which exit code it earned.
//   0 done, 1 failed (one sentence on stderr), 2 wrong usage, 130 and others above 128: ended by Ctrl-C or
//   another signal before all was done; what was done is kept.
#include <cstdlib>
#include <exception>
#include <span>
#include <system_error>

#include "fallline_build_info.h"
#include <CLI/CLI.hpp>
#include <unistd.h>

#include "engine/app/commands/backbone/backbone_command.h"
#include "engine/app/commands/classify_command.h"
#include "engine/app/commands/curvature/curvature_command.h"
#include "engine/app/commands/data_command.h"
#include "engine/app/commands/doctor_command.h"
#include "engine/app/commands/export_command.h"
#include "engine/app/commands/landscape/landscape_command.h"
#include "engine/app/commands/load_engine.h"
#include "engine/app/commands/standard_output.h"
#include "engine/app/commands/sweep/sweep_command.h"
#include "engine/app/commands/train_command.h"
#include "engine/app/scene_file.h"
#include "engine/app/usage.h"
#include "engine/view/picture_size.h"
#include "trainer/base/counted.h"
#include "trainer/base/failure_text.h"
#include "trainer/base/log.h"
#include "trainer/landscape/plane_choice.h"
#include "trainer/scene/scene_document.h"

namespace {

constexpr const char* kAbout =
    "Fall Line trains a small convolutional network and shows its loss landscape while it trains.\n"
    "SCENE is a scene file (.toml), a Teachable Machine project (.tm) or a folder of class folders;\n"
    "without one, generated head-CT phantoms are used.";

// Idle OpenMP threads spin by default and take the cores from whoever draws. They are to wait some
// microseconds for the next layer, then sleep. The library reads its wishes once, when it is loaded, so the
// program starts itself anew with the variables set.
void share_cores_with_drawing(char** argv) {
  if (std::getenv("OMP_WAIT_POLICY") != nullptr) return;
  ::setenv("OMP_WAIT_POLICY", "passive", 1);
  ::setenv("GOMP_SPINCOUNT", "2000", 0);
  ::execv("/proc/self/exe", argv);
  // Where that fails the picture is only less smooth.
}

int report(const fl::Result<void>& result) {
  if (result) return 0;
  fl::log_line(fl::LogLevel::kError, result.error().message);
  return 1;
}

// Of work that has an end, which somebody may not have waited for.
int report_work(const fl::Result<void>& result) {
  const int code = report(result), interrupted = fl::interrupt_code_of_both();
  return interrupted != 0 ? interrupted : code;
}

// A command of the engine.
template <typename Options>
fl::Result<void> draw(fl::Result<void> (*fl::Engine::*command)(const Options&), const Options& options) {
  const auto engine = fl::load_engine();
  return engine ? ((*engine)->*command)(options) : engine.error();
}

int refuse(const std::string& sentence) {
  fl::log_line(fl::LogLevel::kError, sentence);
  return 2;
}

int run(int argc, char** argv) {
  CLI::App app{kAbout, "fallline"};
  app.set_version_flag("--version", "Fall Line " FALLLINE_VERSION);
  app.require_subcommand(0, 1);
  app.get_formatter()->column_width(34);
  const auto overrides = [](CLI::App* command, std::vector<std::string>& values) {
    command
        ->add_option("--set", values,
                     "Override a key of the scene, for example train.rate=0.001; may be repeated")
        ->type_name("TABLE.KEY=VALUE")
        ->allow_extra_args(false);
  };

  const auto backend = [](CLI::App* command, fl::BackendChoice& choice) {
    command
        ->add_option_function<std::string>(
            "--backend", [&choice](const std::string& name) { choice.kind = *fl::backend_by_name(name); },
            "Train on the CPU or with CUDA (auto: CUDA if there is a usable GPU)")
        ->check(CLI::IsMember(fl::backend_names()))
        ->type_name("NAME");
    command->add_flag("--tf32", choice.tf32, "CUDA: faster matrix products, rounded to 10-bit mantissas");
    command->add_flag_callback(
        "--any-order", [&choice] { choice.deterministic = false; },
        "CUDA: the fastest algorithms, which sum in any order; results differ slightly from run to run");
  };

  fl::WindowOptions window;
  app.add_option("SCENE", window.scene, "What to open in the window");
  overrides(&app, window.overrides);
  backend(&app, window.backend);
  app.add_option("--device", window.device, "Draw on the Vulkan device whose name contains this");
  bool scene_keys = false;
  app.add_flag("--scene-keys", scene_keys, "Print every key that a scene file may have, as Markdown");
  app.add_option("--out", window.out,
                 "Save run and session in this folder when the window closes; \"fallline render\" draws it again");
  app.add_flag("--replace", window.replace, "Replace the earlier run in that folder");
  app.add_flag("--notes-window", window.notes_window,
               "Open the lecturer's notes in a window of their own, also where there is one display");

  fl::TrainOptions train;
  CLI::App* train_command = app.add_subcommand("train", "Train without a window; save a run folder");
  CLI::Option* train_scene = train_command->add_option("SCENE", train.scene, "What to train on");
  train_command
      ->add_option("--resume", train.resume,
                   "Instead of a scene: continue this run folder, from where it stopped, or for more epochs "
                   "with --set train.epochs=N")
      ->type_name("RUN")
      ->excludes(train_scene);
  overrides(train_command, train.overrides);
  backend(train_command, train.backend);
  train_command->add_option("--out", train.out,
                            "Run folder (default: the one resumed, or out/NAME, out/NAME-2, ...)");
  train_command->add_flag("--replace", train.replace, "Replace the earlier run in that folder");
  train_command->add_option("--json", train.json, "Write the report to this file, too (-: to standard output instead)");

  fl::RenderOptions render;
  std::string size;
  CLI::App* render_command = app.add_subcommand(
      "render", "Draw a lesson, or a session again, as a film or pictures, without a window");
  render_command->add_option("SCENE", render.scene, "What to draw; the session.jsonl of a run folder: what was done in the window");
  CLI::Option* render_beside = render_command->add_option(
      "--beside", render.beside,
      "Draw this lesson, run folder or session in the right half, SCENE in the left, on one clock");
  overrides(render_command, render.overrides);
  backend(render_command, render.backend);
  render_command
      ->add_option("-o,--out", render.out,
                   "NAME.mp4, .mkv, .webm or .mov for a film, a folder for all frames, or NAME.png for the "
                   "last picture alone")
      ->required();
  CLI::Option* render_replace =
      render_command->add_flag("--replace", render.replace, "Replace the earlier film");
  CLI::Option* render_resume =
      render_command
          ->add_flag("--resume", render.resume, "Go on with the frames in that folder, where they stopped")
          ->excludes(render_replace);
  render_command->add_option("--poster", render.poster, "Save the film's last picture as NAME.png, too")
      ->excludes(render_resume);
  CLI::Option* render_take =
      render_command
          ->add_option("--take", render.take, "Of a session: the take of this number that was marked with F9")
          ->check(CLI::Range(1, 1'000'000))
          ->type_name("N");
  render_command->add_option("--from", render.from, "Of a session: where the film begins, in its seconds")
      ->check(fl::between(0.0, 1e9))
      ->excludes(render_take);
  render_command->add_option("--to", render.to, "Of a session: where the film ends, in its seconds")
      ->check(fl::between(0.0, 1e9))
      ->excludes(render_take);
  render_command
      ->add_option("--size", size, "Width and height in pixels (default: what the scene says, else 1280x720)")
      ->type_name("WxH");
  render_command->add_option("--fps", render.fps, "Frames per second of the film")
      ->check(fl::between(1.0, 240.0))
      ->capture_default_str();
  render_command
      ->add_option("--seconds", render.seconds,
                   "Length of the film; of a session, as long as it lasted; else what its scene says")
      ->check(fl::between(0.1, 3600.0))
      ->capture_default_str();
  render_command->add_flag(
      "--transparent", render.transparent,
      "Without the ground: PNG, ProRes (.mov), FFV1 (.mkv) and VP9 (.webm) keep the rest's opacity");
  render_command
      ->add_option("--parts", render.parts,
                   "A film of each of these parts of the stage, full size, on one clock")
      ->delimiter(',')
      ->check(CLI::IsMember({"landscape", "wall", "curves"}))
      ->type_name("PART,...");
  render_command
      ->add_option("--exposures", render.exposures,
                   "Average so many pictures into each: [film] shutter, aperture")
      ->check(CLI::Range(1, 64))
      ->type_name("N");
  render_command->add_flag("--srt", render.srt, "Write what the cues say beside the film, as subtitles");
  for (const char* name :
       {"--resume", "--take", "--from", "--to", "--transparent", "--parts", "--exposures", "--srt"})
    render_beside->excludes(render_command->get_option(name));
  render_command->add_option("--device", render.device, "Draw on the Vulkan device whose name contains this");

  fl::LandscapeOptions landscape;
  std::string landscape_size = "1280x720";
  CLI::App* landscape_command = app.add_subcommand(
      "landscape", "Save the loss surface at a lesson's or a run's end, for other programs or as a picture");
  landscape_command->add_option("LESSON", landscape.lesson,
                                "What to train, or a run folder saved by \"fallline train\"");
  overrides(landscape_command, landscape.overrides);
  backend(landscape_command, landscape.backend);
  landscape_command
      ->add_option("--grid", landscape.grid, "Points a side: 9, 17, 33, 65 or 129 (default: the scene's)")
      ->check(CLI::Range(9, 129))
      ->type_name("N");
  std::vector<std::string> planes;
  for (const auto& each : fl::plane_directions()) planes.emplace_back(each.name);
  landscape_command->add_option("--plane", landscape.plane, "What spans it (default: as the scene says)")
      ->check(CLI::IsMember(planes))
      ->type_name("PLANE");
  landscape_command
      ->add_option("-o,--out", landscape.out,
                   "NAME.csv, NAME.vtp for ParaView, NAME.png, or a contour map as NAME.svg or NAME.pdf")
      ->required();
  landscape_command->add_flag("--replace", landscape.replace, "Replace the file that is there");
  landscape_command->add_option("--size", landscape_size, "Of a picture: width and height in pixels")
      ->capture_default_str()
      ->type_name("WxH");
  landscape_command->add_option("--device", landscape.device,
                                "Draw on the Vulkan device whose name contains this");

  fl::DataOptions data;
  CLI::App* data_command = app.add_subcommand("data", "Save the images as the network sees them");
  data_command->add_option("SCENE", data.scene, "Where the images come from");
  overrides(data_command, data.overrides);
  data_command
      ->add_option("--phantom", data.phantoms, "Instead, draw this many head-CT phantoms of each class")
      ->check(CLI::Range(fl::kFewestPhantoms, fl::kMostPhantoms));
  data_command->add_option("-o,--out", data.out, "A new folder for PNG files, or NAME.tm for a project")
      ->required();

  data_command->add_flag("--replace", data.replace, "Replace the earlier project NAME.tm");

  fl::ClassifyOptions classify;
  CLI::App* classify_command =
      app.add_subcommand("classify", "Classify images with a trained network (not for diagnosis)");
  classify_command
      ->add_option(
          "RUN", classify.run,
          "A run folder saved by \"fallline train\", its weights.safetensors, or an exported model.zip")
      ->required();
  classify_command
      ->add_option("IMAGE", classify.images, "Image files, or folders or ZIP archives of them")
      ->required();
  classify_command->add_option("--json", classify.json, "Write the probabilities to this file, too (-: to standard output instead)");

  fl::ExportOptions leaving;
  CLI::App* export_command = app.add_subcommand("export", "Save a trained network for other programs, or a project with other settings");
  export_command
      ->add_option("RUN", leaving.source,
                   "A run folder saved by \"fallline train\", its weights.safetensors, or a TensorFlow.js model; or a "
                   "Teachable Machine project")
      ->required();
  export_command->add_option("-o,--out", leaving.out, "NAME.zip for TensorFlow.js, NAME.onnx, or of a project NAME.tm")->required();
  overrides(export_command, leaving.overrides);
  export_command->add_option("--rename", leaving.renames, "Of a project: give a class another name; may be repeated")
      ->type_name("OLD=NEW")
      ->allow_extra_args(false);
  export_command->add_flag("--replace", leaving.replace, "Replace the file that is there");

  fl::BackboneOptions backbone;
  CLI::App* backbone_command = app.add_subcommand(
      "backbone", "Train the backbone that lessons can transfer from, on phantoms alone; takes an hour or two");
  backbone_command->add_option("-o,--out", backbone.out, "NAME.safetensors; until it is done, NAME.safetensors.part")
      ->required();
  backbone_command->add_option("--images", backbone.recipe.images, "Phantom pictures to learn from")
      ->check(CLI::Range(fl::kChunk, 50'000'000))
      ->capture_default_str();
  backbone_command->add_option("--seed", backbone.recipe.seed, "Of everything that is random")->capture_default_str();
  backbone_command->add_option("--rate", backbone.recipe.rate, "Learning rate")
      ->check(fl::between(1e-6, 1.0))
      ->capture_default_str();
  backbone_command->add_option("--threads", backbone.threads, "0: one for each core")
      ->check(CLI::Range(0, 1024))
      ->capture_default_str();
  backbone_command->add_flag("--replace", backbone.replace, "Replace the earlier file");
  backend(backbone_command, backbone.backend);

  fl::SweepOptions sweep;
  CLI::App* sweep_command = app.add_subcommand(
      "sweep",
      "Train a lesson with every combination of some values; several processes may share one folder");
  sweep_command->add_option("LESSON", sweep.scene, "What to train on");
  sweep_command
      ->add_option("--axis", sweep.axes,
                   "What varies: KEY=LOW..HIGH, KEY=LOW..HIGH:log:COUNT or KEY=ONE,TWO,THREE, for example "
                   "train.rate=1e-5..1:log:16; start=1..8 for other starting weights; may be repeated")
      ->required()
      ->type_name("KEY=VALUES")
      ->allow_extra_args(false);
  overrides(sweep_command, sweep.overrides);
  backend(sweep_command, sweep.backend);
  sweep_command->add_option("-o,--out", sweep.out, "A new folder, or that of the same sweep to go on with")
      ->required();
  sweep_command->add_option("--threads", sweep.threads, "Cells at once; 0: one for each core")
      ->check(CLI::Range(0, 1024))
      ->capture_default_str();
  sweep_command->add_flag("--replace", sweep.replace, "Replace the earlier sweep in that folder");

  fl::FigureOptions figure;
  CLI::App* figure_command =
      app.add_subcommand("figure", "Draw curves and confusion matrix of a run, for papers and slides");
  figure_command->add_option("RUN", figure.run, "A run folder saved by \"fallline train\"")->required();
  figure_command->add_option("-o,--out", figure.out, "NAME.pdf, NAME.svg or NAME.png")->required();
  figure_command->add_option("--of", figure.of, "What is drawn")
      ->check(
          CLI::IsMember(std::vector<std::string>(std::begin(fl::kFigureParts), std::end(fl::kFigureParts))))
      ->capture_default_str();
  figure_command->add_flag("--replace", figure.replace, "Replace the file that is there");

  fl::CurvatureOptions curvature;
  CLI::App* curvature_command = app.add_subcommand(
      "curvature", "Show how sharp the valley is in which a run ended, beside what its optimizer bears");
  curvature_command->add_option("RUN", curvature.run, "A run folder saved by \"fallline train\"")->required();
  curvature_command->add_option("--images", curvature.spec.images, "Training images to take")
      ->check(CLI::Range(1, 4096))
      ->capture_default_str();
  curvature_command->add_option("--values", curvature.spec.values, "So many of the largest curvatures")
      ->check(CLI::Range(1, 20))
      ->capture_default_str();
  curvature_command->add_option("--json", curvature.json,
                                "Write the figures to this file, too (-: to standard output instead)");

  CLI::App* doctor_command = app.add_subcommand("doctor", "Show what this machine offers and what Fall Line uses");

  if (const auto empty = fl::empty_argument(std::span(argv, static_cast<std::size_t>(argc))))
    return refuse(*empty);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ExtrasError& e) {
    const auto misspelt = fl::misspelt_command(app, window.scene);
    return misspelt ? refuse(*misspelt) : fl::say_usage(app, e);
  } catch (const CLI::ParseError& e) {
    return fl::say_usage(app, e);
  }
  if (const auto misspelt = fl::misspelt_command(app, window.scene)) return refuse(*misspelt);
  if (const auto unseen = fl::before_command(app)) return refuse(*unseen);
  if (scene_keys) {
    fmt::print("{}", fl::scene_document(fl::scene_tables()));
    return 0;
  }
  if (landscape_command->parsed() && !fl::is_picture(landscape) &&
      landscape_command->count("--size") + landscape_command->count("--device") > 0)
    return refuse(
        "--size and --device are of a picture; leave them out, or give a name that ends in .png with -o.");
  if (train_command->parsed()) return report_work(fl::run_train(train));
  if (data_command->parsed()) return report_work(fl::run_data(data));
  if (classify_command->parsed()) return report_work(fl::run_classify(classify));
  if (export_command->parsed()) return report_work(fl::run_export(leaving));
  if (sweep_command->parsed()) return report_work(fl::run_sweep(sweep));
  if (figure_command->parsed()) return report_work(draw(&fl::Engine::figure, figure));
  if (curvature_command->parsed()) return report_work(fl::run_curvature(curvature));
  if (doctor_command->parsed()) return report(fl::run_doctor());
  if (landscape_command->parsed() && !fl::is_picture(landscape))
    return report_work(fl::run_landscape(landscape));
  share_cores_with_drawing(argv);
  if (backbone_command->parsed()) return report_work(fl::run_backbone(backbone));
  // Ctrl-C closes a window, and nothing is left undone.
  if (!render_command->parsed() && !landscape_command->parsed())
    return report(draw(&fl::Engine::window, window));
  const auto parsed = fl::parse_size(!render_command->parsed() ? landscape_size
                                     : size.empty()            ? "1280x720"
                                                               : size);
  if (!parsed) return refuse(parsed.error().message);
  if (landscape_command->parsed()) {
    std::tie(landscape.width, landscape.height) = *parsed;
    return report_work(draw(&fl::Engine::landscape, landscape));
  }
  std::tie(render.width, render.height) = *parsed;
  render.size_given = !size.empty();
  render.seconds_given = render_command->count("--seconds") > 0;
  render.fps_given = render_command->count("--fps") > 0;
  return report_work(draw(&fl::Engine::render, render));
}

}  // namespace

int main(int argc, char** argv) {
  fl::prepare_standard_streams();
  try {
    const int code = run(argc, argv);
    if (const auto printed = fl::finish_standard_output(); code == 0 && !printed) return report(printed);
    // Wherever validation is on, somebody wants to know: in tests, and in debug builds.
    if (const std::size_t messages = fl::validation_messages(); messages > 0) {
      fl::log_line(fl::LogLevel::kError,
                   fmt::format("The Vulkan validation layer reported {}.", fl::counted(messages, "message")));
      return 1;
    }
    return code;
  } catch (const std::exception& e) {
    // Printing throws, too, where more is printed than waits to be written.
    const auto* system = dynamic_cast<const std::system_error*>(&e);
    const auto printed = fl::finish_standard_output(system != nullptr ? system->code().value() : 0);
    fl::log_line(fl::LogLevel::kError, printed ? fl::failure_text(e) + "." : printed.error().message);
  }
  return 1;
}
