#include "engine/app/scene_file.h"

#include <algorithm>
#include <sstream>
#include <tuple>

#include "engine/view/part_spec.h"
#include "trainer/backbone/transfer.h"
#include "trainer/base/atomic_file.h"
#include "trainer/base/find_path.h"
#include "trainer/base/printable.h"
#include "trainer/data/files/file_kind.h"
#include "trainer/data/files/folder.h"
#include "trainer/files/open_backbone.h"
#include "trainer/files/run_folder.h"
#include "trainer/scene/scene_path.h"
#include "trainer/scene/setting.h"
#include "trainer/scene/toml_text.h"
#include "trainer/subjects/sweep_map/sweep_map.h"
#include "trainer/sweep/sweep_folder.h"

namespace fl {
namespace fs = std::filesystem;
namespace {

constexpr const char* kWhatOpens =
    "give a scene (.toml), a Teachable Machine project (.tm), a folder or ZIP of class folders, or the folder of "
    "a sweep";

// What no one meant as a scene, and the parser would call something else.
Result<void> check_text(const std::string& text, const std::string& where) {
  if (text.find_first_not_of(" \t\r\n") == std::string::npos)
    return error("{} is empty; write a scene into it, or start from one of the files in scenes/.", where);
  if (text.find('\0') != std::string::npos)
    return error("{} is not UTF-8 text; save it as UTF-8, or choose a scene.", where);
  return {};
}

// Errors: a setting that the project has wrong and nothing overrides.
Result<void> check_faults(const toml::table& scene, const TmSettings& settings) {
  for (const TmFault& fault : settings.faults)
    if (!scene["train"][fault.key]) return fault.why;
  return {};
}

// Paths are relative to the scene's folder. One that is typed behind --set may be so to where it is typed,
// too: there, where only there is something.
fs::path place_of(const SceneFile& scene, const std::string& key, const std::string& text) {
  const fs::path path = path_in_scene(text), place = clean_path(scene.base / path);
  const bool typed = std::ranges::any_of(
      scene.overrides, [&](const std::string& given) { return given.starts_with(key + "="); });
  std::error_code code;
  return typed && !fs::exists(place, code) && fs::exists(path, code) ? clean_path(fs::absolute(path, code))
                                                                     : place;
}

// What is saved beside the results must open again from there: with the title, seed and place of the data
// that were used.
void make_self_contained(SceneFile& scene) {
  const auto table = [&scene](const char* name) -> toml::table& {
    if (!scene.table.contains(name)) scene.table.insert_or_assign(name, toml::table{});
    return *scene.table[name].as_table();
  };
  scene.table.insert_or_assign("title", printable(scene.run.title));
  table("train").insert_or_assign("seed", static_cast<std::int64_t>(scene.run.seed));
  std::string& source = scene.run.data.source;
  const bool on_disk = scene.run.data.reads_files();
  if (on_disk) source = place_of(scene, "data.source", source).string();
  table("data").insert_or_assign("source", on_disk ? scene_path(source) : source);
  std::string& backbone = scene.run.backbone;
  if (backbone.empty() || backbone == kPhantomBackbone) return;
  backbone = place_of(scene, "network.backbone", backbone).string();
  table("network").insert_or_assign("backbone", scene_path(backbone));
  suit_export(scene.run);
}

// A file that is a scene: called .toml, or a text that reads as one whatever it is called. Nothing where it
// is neither. Errors: called .toml, and cannot be read as one.
Result<std::optional<toml::table>> read_scene(const fs::path& path, const std::string& argument,
                                              std::string& own_text) {
  const auto head = read_head(path);
  const auto group = head ? file_kind(*head).group : FileKind::Group::kUnknown;
  const bool called_so = lower_extension(path) == ".toml" && group != FileKind::Group::kZip;
  if (!called_so && group != FileKind::Group::kText) return std::optional<toml::table>();
  auto text = read_text_file(path, kMaxTomlBytes);
  if (!text)
    return called_so ? Result<std::optional<toml::table>>(text.error()) : std::optional<toml::table>();
  FL_TRY(check_text(*text, argument));
  auto table = parse_toml(*text, argument);
  if (!table && called_so) return table.error();
  // A text without a line of TOML, as one of comments alone, is a scene only where it is called so.
  if (!table || (!called_so && (table->empty() || !check_tables(*table, scene_tables()))))
    return std::optional<toml::table>();
  own_text = *std::move(text);
  return std::optional(*std::move(table));
}

// "project" of a/project.tm.zip.
std::string name_of(const fs::path& path) {
  fs::path stem = path.stem();
  if (lower_extension(stem) == ".tm") stem = stem.stem();
  return stem.string();
}

// The folder of a sweep, where its plan or its table was named; else what was named.
fs::path sweep_or(const fs::path& path) {
  const fs::path name = path.filename();
  const fs::path folder = path.has_parent_path() ? path.parent_path() : fs::path(".");
  return (name == kSweepPlanFile || name == kSweepTableFile) && is_sweep_folder(folder) ? folder : path;
}

// What the argument says, before anything overrides it.
Result<void> read_argument(const std::string& argument, SceneFile& scene, const LoadWatch& watch) {
  const fs::path path = sweep_or(argument);
  FL_TRY_LET(status, find_path(path, argument, "file or folder", kWhatOpens));
  const bool folder = fs::is_directory(*status);
  if (!folder && !fs::is_regular_file(*status))
    return error("{} is neither a file nor a folder; {}.", argument, kWhatOpens);
  const fs::path place = clean_path(path);
  scene.name = !folder ? name_of(path) : place == place.root_path() ? "images" : place.filename().string();
  scene.base = fs::absolute(path).parent_path();
  if (!folder) {
    FL_TRY_LET(table, read_scene(path, argument, scene.own_text));
    if (*table) {
      scene.own_file = place;
      scene.table = **std::move(table);
      scene.of_run = is_scene_of_run(place);
      return {};
    }
  }
  if (folder && is_sweep_folder(path)) {
    FL_TRY_LET(sweep, SweepFolder::join(place));
    scene.sweep = sweep->plan();
    scene.sweep_folder = place;
    FL_TRY_LET(table, parse_toml(scene.sweep->scene, (path / kSweepPlanFile).string()));
    scene.table = *std::move(table);
    scene.of_run = true;
    return {};
  }
  FL_TRY_LET(source, open_image_source(path, watch));
  scene.table.insert_or_assign("title", printable(scene.name));
  scene.table.insert_or_assign("data", toml::table{{"source", scene_path(place)}});
  scene.images = std::make_shared<ImageSource>(*std::move(source));
  return {};
}

// Whether a source on disk may be a project, which is worth a look before the images are read: a large folder
// takes its time.
bool may_be_project(const fs::path& source) {
  std::error_code code;
  return fs::is_regular_file(source, code) || fs::is_regular_file(source / "manifest.json", code);
}

// Lists the images where they may be a project's. Those that cannot be listed are for whoever reads them to
// speak of.
Result<void> find_images(const std::string& argument, SceneFile& scene, const LoadWatch& watch) {
  DataSpec data;
  data.source = scene.table["data"]["source"].value_or(data.source);
  if (scene.table.contains("two_parameters") || scene.table.contains("trainability") || !data.reads_files()) {
    scene.images.reset();
    return {};
  }
  const fs::path source = clean_path(scene.base / path_in_scene(data.source));
  if (scene.images && source == clean_path(argument)) return {};
  scene.images.reset();  // an override names others
  if (scene.of_run || !may_be_project(source)) return {};
  auto listed = open_image_source(source, watch);
  if (listed)
    scene.images = std::make_shared<ImageSource>(*std::move(listed));
  else if (listed.error().cancelled)
    return listed.error();
  return {};
}

// A scene of a project says what the project does, wherever it says nothing itself.
Result<void> complete(SceneFile& scene) {
  if (scene.of_run || !scene.images || !scene.images->settings) return {};
  FL_TRY(check_faults(scene.table, *scene.images->settings));
  scene.why_scratch = complete_with_project(scene.table, *scene.images->settings).value_or("");
  return {};
}

std::string text_of(const toml::table& scene) {
  std::ostringstream out;
  out << scene << "\n";
  return out.str();
}

// That of all cells of a map: one thread each, unless somebody wished another number, so that their bytes do
// not depend on the machine.
void set_cell_threads(SceneFile& scene) {
  const bool wished = std::ranges::any_of(
      scene.overrides, [](const std::string& text) { return text.starts_with("train.threads="); });
  if (!wished) std::ignore = apply_setting(scene.table, "train.threads=1");
}

constexpr std::size_t kMostChecked = 64;

// Error: a key that no scene has, or a value that it does not take.
Result<void> check_values(const SceneFile& scene, const SweepPlan& plan) {
  std::size_t step = plan.cells();
  for (const Axis& axis : plan.axes) {
    step /= axis.values.size();
    // Of a long range the ends say all.
    const std::size_t stride = axis.values.size() > kMostChecked ? axis.values.size() - 1 : 1;
    for (std::size_t i = 0; i < axis.values.size(); i += stride)
      if (auto cell = scene_of_cell(scene, plan, i * step); !cell)
        return error("[map] {}={}: {}", printable(axis.key), printable(axis.values[i]), cell.error().message);
  }
  return {};
}

// The axes of [map], or one of its cells in place of the whole. Precondition: `run` is read.
Result<void> open_map(SceneFile& scene, const MapSpec& map) {
  if (map.start != MapSpec::kNoStart) scene.start = map.start;
  if (!scene.sweep && map.cell >= 0) return error("[map] cell: this scene has no map; name its axis x, too.");
  if (!scene.sweep) return {};
  if (map.cell >= 0) {
    if (static_cast<std::size_t>(map.cell) >= scene.sweep->cells())
      return error("[map] cell: there is no cell {}; this map has {}, from 0.", map.cell,
                   scene.sweep->cells());
    const SweepPlan plan = *scene.sweep;
    // What was set after the cell was chosen is a change of its own values.
    const auto chosen = std::ranges::find_if(
        scene.overrides, [](const std::string& text) { return text.starts_with("map.cell="); });
    const std::vector<std::string> changes(chosen == scene.overrides.end() ? chosen : chosen + 1,
                                           scene.overrides.end());
    FL_TRY_LET(cell, scene_of_cell(scene, plan, static_cast<std::size_t>(map.cell), changes));
    scene = *std::move(cell);
    std::vector<std::string> values = cell_words(plan, static_cast<std::size_t>(map.cell), std::nullopt);
    values.resize(plan.axes.size());
    scene.run.title = fmt::format("{}: {}", scene.run.title, fmt::join(values, ", "));
    scene.table.insert_or_assign("title", scene.run.title);
    return {};
  }
  if (!scene.sweep_folder.empty()) return {};
  toml::table shared = scene.table;
  shared.erase("map");
  scene.sweep->scene = text_of(shared);
  return check_values(scene, *scene.sweep);
}

}  // namespace

std::vector<TableText> scene_tables() {
  std::vector<TableText> tables = run_tables();
  tables.insert(tables.end(), {race_keys().describe(), map_keys().describe(), descents_keys().describe(),
                               trainability_keys().describe(), view_keys().describe(),
                               camera_keys().describe(), film_keys().describe(), timeline_keys().describe(),
                               camera_key_keys().describe(), part_keys().describe()});
  return tables;
}

std::string SceneFile::text(const RunSpec& ran) const {
  toml::table whole = table;
  whole["data"].as_table()->insert_or_assign("channels", ran.data.channels);
  return text_of(whole);
}

std::string SceneFile::text() const {
  return text_of(table);
}

Result<SceneFile> scene_of_cell(const SceneFile& scene, const SweepPlan& plan, std::size_t cell,
                                const std::vector<std::string>& changes) {
  SceneFile own = scene;
  own.sweep.reset();
  own.sweep_folder.clear();
  own.images.reset();  // a list of images is read once, by one training
  own.table.erase("map");
  for (std::size_t i = 0; i < plan.axes.size(); ++i) {
    const std::string& key = plan.axes[i].key;
    const std::string& value = plan.value(cell, i);
    if (key == kStartAxis) {
      FL_TRY_LET(seed, seed_of_start(value));
      own.start = *seed;
      own.table.insert_or_assign("map", toml::table{{"start", static_cast<std::int64_t>(*seed)}});
      continue;
    }
    FL_TRY(apply_setting(own.table, key + "=" + value));
  }
  for (const std::string& change : changes) FL_TRY(apply_setting(own.table, change));
  FL_TRY(check_tables(own.table, scene_tables()));
  RunSpec defaults;
  defaults.title = scene.run.title;
  FL_TRY_LET(run, parse_run_spec(own.table, defaults));
  own.run = *std::move(run);
  make_self_contained(own);
  return own;
}

Result<SceneFile> open_scene(const std::string& argument, const std::vector<std::string>& overrides,
                             const LoadWatch& watch, std::optional<NetworkChoice> network) {
  SceneFile scene;
  scene.overrides = overrides;
  if (argument.empty()) {
    std::error_code code;
    scene.name = "phantoms";
    scene.table = toml::table{{"title", "Head-CT phantoms"}};
    scene.base = fs::current_path(code);
  } else if (auto read = read_argument(argument, scene, watch); !read) {
    return read.error();
  }
  for (const std::string& text : overrides) FL_TRY(apply_setting(scene.table, text));

  const auto named = [&](const Error& e) {
    return argument.empty() ? e : error("{}: {}", argument, e.message);
  };
  const std::vector<TableText> tables = scene_tables();
  if (auto known = check_tables(scene.table, tables); !known) return named(known.error());
  if (has_parts(scene.table))
    return error("{} is a film of several lessons; fallline render makes it, and each lesson opens alone.",
                 argument);
  const auto map = parse_map_spec(scene.table);
  if (!map) return named(map.error());
  scene.sweep_figure = map->shown == "loss" ? SweepFigure::kLoss : SweepFigure::kTestAccuracy;
  if (scene.sweep_folder.empty()) {
    auto plan = plan_of_map(*map, tables);
    if (!plan) return named(plan.error());
    scene.sweep = *std::move(plan);
    if (scene.sweep) set_cell_threads(scene);
  } else if (!map->x.empty() || !map->y.empty()) {
    return error("{}: [map] x and y: the sweep in this folder has its axes; leave them out.", argument);
  }
  if (network) choose_network(scene.table, *network);
  FL_TRY(find_images(argument, scene, watch));
  FL_TRY(complete(scene));
  RunSpec defaults;
  defaults.title = printable(scene.name);
  auto run = parse_run_spec(scene.table, defaults);
  if (!run) return named(run.error());
  auto descents = parse_descents_spec(scene.table);
  if (!descents) return named(descents.error());
  auto trainability = parse_trainability_spec(scene.table);
  if (!trainability) return named(trainability.error());
  auto race = parse_race_spec(scene.table, defaults);
  if (!race) return named(race.error());
  auto view = parse_view_spec(scene.table);
  if (!view) return named(view.error());
  auto film = parse_film_spec(scene.table);
  if (!film) return named(film.error());
  auto timeline = parse_timeline(scene.table, view->cues.size());
  if (!timeline) return named(timeline.error());
  scene.run = *std::move(run);
  scene.descents = *std::move(descents);
  scene.trainability = *std::move(trainability);
  scene.race = *std::move(race);
  if (scene.trains()) make_self_contained(scene);
  if (auto opened = open_map(scene, *map); !opened) return named(opened.error());
  if (!scene.run.fork_steps.empty() && (scene.race || scene.sweep))
    return named(error(
        "[train] fork_steps asks for the fate of a run that is trained alone, and this scene trains several; "
        "remove the key, or {}.",
        scene.race ? "[race]" : "[map] or the sweep"));
  scene.view = *std::move(view);
  scene.film = *std::move(film);
  scene.timeline = *std::move(timeline);
  return scene;
}

}  // namespace fl
