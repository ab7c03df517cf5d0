#include "trainer/subjects/run_spec.h"

#include <array>
#include <utility>

#include "trainer/backbone/transfer.h"
#include "trainer/base/limits.h"
#include "trainer/base/printable.h"
#include "trainer/data/data_keys.h"
#include "trainer/net/init.h"
#include "trainer/net/layer_kinds.h"
#include "trainer/net/layer_list.h"
#include "trainer/net/networks.h"
#include "trainer/subjects/fate/fate_steps.h"

namespace fl {
namespace {

auto of_optimizer(double OptimizerSpec::*parameter) {
  return within(&RunSpec::optimizer, parameter);
}

const KeyTable<RunSpec>& top_keys() {
  using S = RunSpec;
  static const KeyTable<S> keys("", "What belongs to no table.",
                                {{"title", text_in_quotes(), &S::title,
                                  [](S& spec, const std::string& title, const KeyPlace&) -> Result<void> {
                                    spec.title = printable(title);
                                    return {};
                                  },
                                  "What the picture and the report call it.", "the file's name"}});
  return keys;
}

KeyType<std::vector<LayerSpec>> layer_list() {
  return {[](const KeyPlace& place) -> Result<std::vector<LayerSpec>> {
            const auto list = list_of_tables(place);
            return list ? parse_layers(*list) : Result<std::vector<LayerSpec>>(list.error());
          },
          [](toml::table& table, const std::string& key, const std::vector<LayerSpec>& list) {
            table.insert_or_assign(key, write_layers(list));
          },
          "list of tables", fmt::format("1 to {} layers", kMaxListedLayers)};
}

constexpr std::size_t kMaxHeadLayers = 8;
constexpr int kMaxHeadUnits = 4096;
constexpr int kMostUnfrozen = 1000;

KeyType<std::vector<int>> head_units() {
  return {[](const KeyPlace& place) -> Result<std::vector<int>> {
            const toml::array* list = place.node.as_array();
            const auto expected = fmt::format("a list of at most {} whole numbers from 1 to {}, like [100]",
                                              kMaxHeadLayers, kMaxHeadUnits);
            if (list == nullptr || list->size() > kMaxHeadLayers) return place.must_be(expected);
            std::vector<int> units;
            for (const toml::node& element : *list) {
              const auto value = element.value_exact<std::int64_t>();
              if (!value || *value < 1 || *value > kMaxHeadUnits) return place.must_be(expected);
              units.push_back(static_cast<int>(*value));
            }
            return units;
          },
          [](toml::table& table, const std::string& key, const std::vector<int>& units) {
            toml::array list;
            for (const int number : units) list.push_back(number);
            table.insert_or_assign(key, std::move(list));
          },
          "list of whole numbers", fmt::format("at most {}, 1 to {}", kMaxHeadLayers, kMaxHeadUnits)};
}

std::vector<std::string> start_names() {
  std::vector<std::string> names = initialisation_names();
  names.emplace_back(kExportedInit);
  return names;
}

const KeyTable<RunSpec>& network_keys() {
  using S = RunSpec;
  static const KeyTable<S> keys(
      "[network]",
      "What learns: a network with a name, one that is listed layer by layer, or a head on a backbone, which "
      "has been trained before.",
      {{"backbone", text_in_quotes(), &S::backbone,
        [](S& spec, const std::string& path, const KeyPlace& place) -> Result<void> {
          if (path.empty()) return place.must_be("\"phantom\", \"none\" or a path");
          if (path == kNoBackbone) return {};
          spec.backbone = path;
          spec.init = "tm-truncated";
          spec.loss_clip = 1e-7;
          return {};
        },
        "\"phantom\": the program's own, which knows head CT and nothing else. Or a model that Teachable Machine "
        "or \"fallline export\" has saved for TensorFlow.js, the folder or the ZIP, without its dense layers; "
        "or a file of \"fallline backbone\". Every image is embedded by it once, and the network is dense layers on these numbers, trained as Teachable "
        "Machine trains them. It brings its own defaults for `init`, `loss_clip` and what the images are. "
        "Not with `name`, `skip`, `blocks`, `dropout` or `layers`. \"none\": a network from scratch. A Teachable "
        "Machine project has \"phantom\" by itself, unless the scene says something that only a network "
        "from scratch can have: one of those five keys, another `image_size`, `channels` or `standardise`, "
        "or `augment`.",
        "`\"none\"`"},
       {"head", head_units(), &S::head,
        "With a backbone: units of the dense layers with ReLU, before the last one, which has the classes.",
        "[100]"},
       {"unfreeze", whole_number(0, kMostUnfrozen), &S::unfreeze,
        "With a backbone: so many of its last stages are trained along with the head, as layers of the "
        "network, at `backbone_rate`. Images are then kept as the maps before them. \"phantom\" has three "
        "stages; Teachable Machine's has 17, each a block and the last its last convolution."},
       {"name", one_of(network_names()), &S::network,
        "\"ct-small\": four blocks of convolution, ReLU and max pooling, then a global average. "
        "\"ct-resnet\": three residual stages with batch norm. \"mlp\": dense layers of 128 and 64. Not with "
        "`layers`."},
       {"skip", true_or_false(), &S::skip,
        "ct-resnet: whether it has its residual additions. Not with `layers`."},
       {"blocks", whole_number(1, kMostBlocks), &S::blocks,
        "ct-resnet: residual blocks in each of its three stages; 1 makes a network of 8 layers with weights, 3 of "
        "20, 9 of 56 (He et al. 2016). Not with `layers`."},
       {"dropout", number(0, kMaxDropout), &S::dropout,
        "Share of the values before the last dense layer that are set to zero while training. Not with "
        "`layers`."},
       {"init", one_of(start_names()), &S::init,
        "How the starting weights are drawn: with He's, Xavier Glorot's or LeCun's variance, normal or "
        "uniform; orthogonal; as Teachable Machine does; or all zero, from where layers cannot learn to "
        "differ. \"export\": not drawn; the backbone's own head, whose classes are the images', is trained "
        "on."},
       {"init_scale", number(1e-6, 1e6), &S::init_scale, "Multiplies the starting weights."},
       {"layers", layer_list(), &S::layers, "The layers, in order; their keys stand in the sections below.",
        "the network that `name` says"}});
  return keys;
}

const KeyTable<AugmentSpec>& augment_keys() {
  using A = AugmentSpec;
  static const KeyTable<A> keys(
      "[train] augment", "Changes every training image anew each time it is seen. What is left out is off.",
      {{"flip", true_or_false(), &A::flip, "Mirrors it left to right, half of the time."},
       {"rotate", number(0, 180), &A::rotate, "Turns it by up to so many degrees, either way."},
       {"shift", number(0, 0.5), &A::shift, "Moves it by up to that fraction of a side, each way."}});
  return keys;
}

// The optimizer comes before its parameters: it brings the defaults that they change. Parameters that this
// optimizer has no use for are no error: one may be switched to another while the scene is shown.
const KeyTable<RunSpec>& train_keys() {
  using S = RunSpec;
  static const KeyTable<S> keys(
      "[train]", "How it is trained.",
      {{"epochs", whole_number(1, kMaxEpochs), &S::epochs,
        "How many times the training set is gone through."},
       {"batch_size", whole_number(1, kMaxBatch), &S::batch_size, "Images in each step."},
       {"rate", number(kMinRate, kMaxRate), &S::rate, "The learning rate; a schedule changes it from there."},
       {"backbone_rate", number(0, 100), &S::backbone_rate,
        "With `unfreeze`: the rate of the backbone's stages is `rate` times this; at 0 they stay as they "
        "are."},
       {"optimizer", named(optimizer_names(), optimizer_by_name, optimizer_name),
        within(&S::optimizer, &OptimizerSpec::kind),
        [](S& spec, OptimizerKind kind, const KeyPlace&) -> Result<void> {
          spec.optimizer = with_kind(spec.optimizer, kind);
          return {};
        },
        "The rule that turns gradients into steps. It brings its own defaults for the six keys below."},
       {"beta1", number(0, 0.999999), of_optimizer(&OptimizerSpec::beta1),
        "What momentum, or the average of the gradient, keeps of itself at each step."},
       {"beta2", number(0, 0.999999), of_optimizer(&OptimizerSpec::beta2),
        "The same for the average of the squared gradient (RMSprop and the Adam family)."},
       {"epsilon", number(1e-16, 1), of_optimizer(&OptimizerSpec::epsilon),
        "Added to the root of the squares."},
       {"nu1", number(0, 1), of_optimizer(&OptimizerSpec::nu1),
        "QHM and QHAdam: the average's share of the step; the gradient itself has the rest."},
       {"nu2", number(0, 1), of_optimizer(&OptimizerSpec::nu2), "QHAdam: the same for the squares."},
       {"weight_decay", number(0, 10), of_optimizer(&OptimizerSpec::weight_decay),
        "Pulls weights towards zero: an L2 penalty in the gradient; with \"adamw\", apart from it."},
       {"schedule", named(schedule_names(), schedule_by_name, schedule_name),
        within(&S::schedule, &ScheduleSpec::kind),
        "How the rate changes: not at all, in steps, or along half a cosine towards zero."},
       {"warmup_epochs", number(0, kMaxEpochs), within(&S::schedule, &ScheduleSpec::warmup_epochs),
        "Epochs, also parts of one, in which the rate first grows to its full size."},
       {"step_epochs", whole_number(1, kMaxEpochs), within(&S::schedule, &ScheduleSpec::step_epochs),
        "Schedule \"step\": epochs from one step to the next."},
       {"step_factor", number(1e-6, 1), within(&S::schedule, &ScheduleSpec::step_factor),
        "Schedule \"step\": what each step multiplies the rate by."},
       {"seed", seed_number(), &S::seed,
        "Decides every random choice: phantoms, split, starting weights, order of the images. The same "
        "scene, seed and thread count give the same weights, byte for byte."},
       {"order_seed", seed_number(), &S::order_seed,
        "Decides the order of the images alone: other batches from the same starting weights.",
        "that of `seed`"},
       {"shuffle", one_of({"epoch", "once"}), &S::shuffle,
        "\"epoch\": a new order of the images in every epoch. \"once\": the same batches in the same order, "
        "as Teachable Machine does."},
       {"mirror", true_or_false(), &S::mirror,
        "With a backbone: every epoch has each training image twice, first all of them as they are, then "
        "mirrored left to right. Both are embedded once. A Teachable Machine project on a backbone of the "
        "program's own kind has it by itself, and starts from half the weights (`init_scale`)."},
       {"balance", one_of({"off", "sample", "weight"}), &S::balance,
        "For classes of unequal size. \"sample\": every epoch draws as many images as before, each class "
        "equally often. \"weight\": the loss of a class counts for more the fewer images it has; batch and "
        "training losses are weighted, too. Test images, landscape and report see neither this nor "
        "`augment`."},
       {"loss_clip", number(1e-12, 0.1), &S::loss_clip,
        "How far the loss keeps the probability of an image's class away from 0 and 1: an image that is "
        "beyond teaches nothing. Teachable Machine and Keras have 1e-7.",
        "off"},
       {"threads", whole_number(0, 256), &S::threads, "Threads that train on the CPU; 0: one for each core."},
       {"fork_steps", fork_steps(), &S::fork_steps,
        "When is the run's fate sealed? At each of these steps it is cloned twice, the clones are trained to the "
        "run's end with other orders of the images, and the loss is measured along the straight line between "
        "them: a ridge there says that they ended in two valleys. On the CPU, and for a run that is trained "
        "alone.",
        "none"},
       {"augment", inner_table(augment_keys()), &S::augment,
        "Changes training images; its keys stand in the next section.", "off"}});
  return keys;
}

constexpr std::array kOfNamedNetworks = {"name", "skip", "blocks", "dropout"};

// With a backbone, the images are what it reads. Errors: keys beside it that say otherwise what it sees or
// what learns.
Result<void> suit_backbone(const toml::table& scene, RunSpec& spec) {
  const toml::table *network = scene["network"].as_table(), *data = scene["data"].as_table();
  const auto find = [](const toml::table* table, const char* key) {
    return table != nullptr ? table->get(key) : nullptr;
  };
  if (spec.backbone.empty()) {
    if (const toml::node* head = find(network, "head"))
      return error("{}[network] head stands on a backbone; name one, or remove the head.", line_of(*head));
    if (const toml::node* unfreeze = find(network, "unfreeze"); unfreeze != nullptr && spec.unfreeze > 0)
      return error("{}[network] unfreeze trains stages of a backbone; name one, or remove unfreeze.",
                   line_of(*unfreeze));
    if (const toml::node* init = find(network, "init"); init != nullptr && spec.init == kExportedInit)
      return error("{}[network] init = \"{}\" is the head of a backbone; name one, or choose another init.",
                   line_of(*init), kExportedInit);
    if (spec.mirror)
      return error(
          "[train] mirror is for images that a backbone embeds once; name a backbone, or write augment = "
          "{{flip = true}}.");
    return {};
  }
  for (const char* key : {"name", "skip", "blocks", "dropout", "layers"})
    if (const toml::node* node = find(network, key))
      return error("{}[network] {} does not go with a backbone; remove one of the two.", line_of(*node), key);
  const DataSpec asked = spec.data;
  spec.data = for_backbone(spec.data, spec.backbone);
  const std::pair<const char*, bool> same[] = {{"image_size", asked.image_size == spec.data.image_size},
                                               {"channels", asked.channels == spec.data.channels},
                                               {"standardise", asked.standardise == spec.data.standardise}};
  for (const auto& [key, agreed] : same)
    if (const toml::node* node = find(data, key); node != nullptr && !agreed)
      return error(
          "{}[data] {} is for the backbone to say; remove it, or train from scratch with [network] "
          "backbone = \"{}\".",
          line_of(*node), key, kNoBackbone);
  if (const toml::node* init = find(network, "init");
      init != nullptr && spec.init == kExportedInit && is_phantom_backbone(spec.backbone))
    return error(
        "{}[network] init = \"{}\" is the head of an export, and this backbone has no head of its own; name "
        "an export, or choose another init.",
        line_of(*init), kExportedInit);
  if (spec.augment.any())
    return error(
        "[train] augment changes images each time they are seen, but a backbone sees them once; remove it, "
        "or train from scratch with [network] backbone = \"{}\".",
        kNoBackbone);
  return {};
}

// Errors: layers of the scene's own beside what goes with a named network only.
Result<void> check_layers(const toml::table* network) {
  if (network == nullptr || !network->contains("layers")) return {};
  for (const char* key : kOfNamedNetworks)
    if (const toml::node* node = network->get(key))
      return error("{}[network] {} goes with a named network, and this scene lists its own layers; {}.",
                   line_of(*node), key,
                   std::string(key) == "dropout" ? "list a dropout layer instead" : "remove one of the two");
  return {};
}

}  // namespace

std::vector<TableText> run_tables() {
  std::vector<TableText> tables = {top_keys().describe(), data_keys().describe(), network_keys().describe()};
  const auto layer_kinds = layer_tables();
  tables.insert(tables.end(), layer_kinds.begin(), layer_kinds.end());
  tables.insert(tables.end(),
                {train_keys().describe(), augment_keys().describe(), landscape_keys().describe()});
  return tables;
}

Result<RunSpec> parse_run_spec(const toml::table& scene, const RunSpec& defaults) {
  RunSpec spec = defaults;
  const toml::table* network = scene["network"].as_table();
  FL_TRY(top_keys().read_known(&scene, spec, ""));
  FL_TRY(data_keys().read(scene["data"].as_table(), spec.data));
  FL_TRY(network_keys().read(network, spec));
  FL_TRY(check_layers(network));
  FL_TRY(train_keys().read(scene["train"].as_table(), spec));
  FL_TRY(landscape_keys().read(scene["landscape"].as_table(), spec.landscape));
  FL_TRY(suit_backbone(scene, spec));
  return spec;
}

toml::table scene_of(const RunSpec& spec) {
  toml::table scene = top_keys().write(spec);
  scene.insert_or_assign("data", data_keys().write(spec.data));
  toml::table network = network_keys().write(spec);
  if (!spec.layers.empty() || !spec.backbone.empty())
    for (const char* key : kOfNamedNetworks) network.erase(key);
  if (spec.backbone.empty()) {
    network.erase("head");
    network.erase("unfreeze");
  }
  scene.insert_or_assign("network", std::move(network));
  scene.insert_or_assign("train", train_keys().write(spec));
  scene.insert_or_assign("landscape", landscape_keys().write(spec.landscape));
  return scene;
}

Result<NetSpec> network_of(const RunSpec& spec, TensorShape input, int classes) {
  const auto asked = [&]() -> Result<NetSpec> {
    if (!spec.backbone.empty()) return dense_head(input, spec.head, classes);
    if (!spec.layers.empty()) return listed_network(spec.layers, input, classes);
    return make_network(spec.network, input, classes,
                        {.skip = spec.skip, .blocks = spec.blocks, .dropout = spec.dropout});
  };
  auto network = asked();
  if (network) network->clip = spec.loss_clip;
  return network;
}

}  // namespace fl
