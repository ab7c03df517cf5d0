#include "trainer/subjects/run_spec.h"

#include <algorithm>

#include "trainer/base/printable.h"
#include "trainer/scene/scene_table.h"
#include "trainer/net/init.h"
#include "trainer/net/layer_list.h"
#include "trainer/net/networks.h"

namespace fl {
namespace {

// The name comes first: it brings the defaults that the other keys change. Parameters that this optimizer
// has no use for are no error: one may be switched to another while the scene is shown.
void read_optimizer(SceneTable& train, OptimizerSpec& spec) {
  std::string name = optimizer_name(spec.kind);
  train.get("optimizer", name, optimizer_names());
  spec = with_kind(spec, optimizer_by_name(name).value());
  train.get("beta1", spec.beta1, 0, 0.999999);
  train.get("beta2", spec.beta2, 0, 0.999999);
  train.get("epsilon", spec.epsilon, 1e-16, 1);
  train.get("nu1", spec.nu1, 0, 1);
  train.get("nu2", spec.nu2, 0, 1);
  train.get("weight_decay", spec.weight_decay, 0, 10);
}

void read_schedule(SceneTable& train, ScheduleSpec& spec) {
  std::string name = schedule_name(spec.kind);
  train.get("schedule", name, schedule_names());
  spec.kind = schedule_by_name(name).value();
  train.get("warmup_epochs", spec.warmup_epochs, 0, 100000);
  train.get("step_epochs", spec.step_epochs, 1, 100000);
  train.get("step_factor", spec.step_factor, 1e-6, 1);
}

// A window by its name or as [level, width].
Result<void> read_window(const toml::table* table, SceneTable& data, HuWindow& window) {
  const toml::node* node = table != nullptr ? table->get("window") : nullptr;
  if (node == nullptr || node->is_array()) {
    std::vector<double> numbers = {window.level, window.width};
    data.get("window", numbers, -1024, 8192, 2);
    window = {numbers[0], numbers[1]};
    if (window.width < 1)
      return error(
          "{}[data] window is [level, width] in HU; a width of {} shows nothing, so make it 1 or more.",
          node != nullptr ? line_of(*node) : "", window.width);
    return {};
  }
  std::string name;
  if (node->is_string()) data.get("window", name);
  if (name != "brain" && name != "subdural" && name != "bone")
    return error("{}[data] window must be \"brain\", \"subdural\" or \"bone\", or [level, width] in HU.",
                 line_of(*node));
  window = name == "bone" ? kBoneWindow : name == "subdural" ? kSubduralWindow : kBrainWindow;
  return {};
}

// "auto", 1 or 3.
Result<void> read_channels(const toml::table* table, SceneTable& data, int& channels) {
  const toml::node* node = table != nullptr ? table->get("channels") : nullptr;
  std::string automatic = "auto";
  if (node == nullptr || node->is_string()) {
    data.get("channels", automatic);
    if (node != nullptr && automatic == "auto") channels = kAutoChannels;
  } else if (const auto number = node->value_exact<std::int64_t>(); number == 1 || number == 3) {
    data.get("channels", channels, 1, 3);
  } else {
    automatic.clear();
  }
  if (automatic == "auto") return {};
  return error("{}[data] channels must be \"auto\", 1 (luminance) or 3 (colour).", line_of(*node));
}

// [low, high] in HU, or "off". Colour takes three channels, which a scene need not say as well.
Result<void> read_colour_range(const toml::table* table, SceneTable& data, DataSpec& spec) {
  const toml::node* node = table != nullptr ? table->get("colour_range") : nullptr;
  if (node == nullptr || !node->is_array()) {
    std::string off = "off";
    if (node == nullptr || node->is_string()) data.get("colour_range", off);
    if (off != "off" || (node != nullptr && !node->is_string()))
      return error("{}[data] colour_range must be \"off\" or [low, high] in HU.", line_of(*node));
    if (node != nullptr) spec.colour_range.reset();
    return {};
  }
  std::vector<double> numbers;
  data.get("colour_range", numbers, -1024, 8192, 2);
  if (numbers.empty()) return {};  // data.finish() says why
  if (numbers[0] >= numbers[1])
    return error("{}[data] colour_range is [low, high] in HU, and {} is not below {}; write the lower one first.", line_of(*node),
                 numbers[0], numbers[1]);
  if (spec.channels == 1)
    return error("{}[data] colour_range paints in red, so channels must be 3 or left out.", line_of(*node));
  spec.colour_range = HuRange{numbers[0], numbers[1]};
  spec.channels = 3;
  return {};
}

Result<void> read_augmentation(const toml::table* table, AugmentSpec& spec) {
  SceneTable augment(table, "[train] augment");
  augment.get("flip", spec.flip);
  augment.get("rotate", spec.rotate, 0, 180);
  augment.get("shift", spec.shift, 0, 0.5);
  return augment.finish();
}

Result<void> read_network(const toml::table* table, RunSpec& spec) {
  SceneTable network(table, "[network]");
  network.get("name", spec.network, network_names());
  network.get("skip", spec.skip);
  network.get("dropout", spec.dropout, 0, 0.95);
  network.get("init", spec.init, initialisation_names());
  network.get("init_scale", spec.init_scale, 1e-6, 1e6);
  const auto list = network.tables("layers");
  if (auto done = network.finish(); !done) return done;
  if (list.empty()) return {};
  for (const char* key : {"name", "skip", "dropout"})
    if (const toml::node* node = table->get(key))
      return error("{}[network] {} goes with a named network, and this scene lists its own layers; {}.",
                   line_of(*node), key, std::string(key) == "dropout" ? "list a dropout layer instead" : "remove one of the two");
  auto layers = parse_layers(list);
  if (!layers) return layers.error();
  spec.layers = *std::move(layers);
  return {};
}

}  // namespace

const std::vector<std::string>& run_tables() {
  static const std::vector<std::string> tables = {"title", "data", "network", "train", "landscape",
                                                  "two_parameters"};
  return tables;
}

Result<RunSpec> parse_run_spec(const toml::table& scene, const RunSpec& defaults) {
  RunSpec spec = defaults;
  if (const auto title = scene["title"].value<std::string>()) spec.title = printable(*title);

  SceneTable data(scene["data"].as_table(), "[data]");
  data.get("source", spec.data.source);
  if (std::ranges::any_of(spec.data.source, [](char c) { return c == '\t' || c == '\n' || c == '\r' || c == '\b' || c == '\f'; }))
    return error(
        "{}[data] source contains a tab or a line break, because a backslash in double quotes begins a special "
        "character; write paths in single quotes or with /.",
        line_of(*scene["data"]["source"].node()));
  data.get("image_size", spec.data.image_size, 16, 512);
  if (auto done = read_channels(scene["data"].as_table(), data, spec.data.channels); !done) return done.error();
  data.get("test_fraction", spec.data.test_fraction, 0.01, 0.9);
  data.get("leave_out_small_classes", spec.data.leave_out_small_classes);
  data.get("standardise", spec.data.standardise);
  data.get("phantom_counts", spec.data.phantom_counts, 2, 100000, 2);
  if (auto done = read_window(scene["data"].as_table(), data, spec.data.window); !done) return done.error();
  if (auto done = read_colour_range(scene["data"].as_table(), data, spec.data); !done) return done.error();
  if (auto done = data.finish(); !done) return done.error();

  if (auto done = read_network(scene["network"].as_table(), spec); !done) return done.error();

  SceneTable train(scene["train"].as_table(), "[train]");
  train.get("epochs", spec.epochs, 1, 100000);
  train.get("batch_size", spec.batch_size, 1, 4096);
  train.get("rate", spec.rate, kMinRate, kMaxRate);
  read_optimizer(train, spec.optimizer);
  read_schedule(train, spec.schedule);
  train.get("seed", spec.seed);
  train.get("shuffle", spec.shuffle, {"epoch", "once"});
  train.get("balance", spec.balance, {"off", "sample", "weight"});
  train.get("threads", spec.threads, 0, 256);
  const toml::table* augment = train.table("augment");
  if (auto done = train.finish(); !done) return done.error();
  if (auto done = read_augmentation(augment, spec.augment); !done) return done.error();

  SceneTable landscape(scene["landscape"].as_table(), "[landscape]");
  landscape.get("directions", spec.landscape.directions, {"pca", "random"});
  landscape.get("surfaces", spec.landscape.surfaces, {"train", "both"});
  landscape.get("grid", spec.landscape.grid, 9, 129);
  landscape.get("probe_images", spec.landscape.probe_images, 1, 4096);
  landscape.get("snapshots", spec.landscape.snapshots, 8, 512);
  if (auto done = landscape.finish(); !done) return done.error();
  const int cells = spec.landscape.grid - 1;
  if ((cells & (cells - 1)) != 0)
    return error(
        "[landscape] grid must be 9, 17, 33, 65 or 129, not {}: each level halves the cells of the one before.",
        spec.landscape.grid);
  return spec;
}

Result<NetSpec> network_of(const RunSpec& spec, TensorShape input, int classes) {
  if (!spec.layers.empty()) return listed_network(spec.layers, input, classes);
  return make_network(spec.network, input, classes, {.skip = spec.skip, .dropout = spec.dropout});
}

}  // namespace fl
