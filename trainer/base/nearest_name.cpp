#include "trainer/base/nearest_name.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <limits>

#include <fmt/format.h>

#include "trainer/base/name_list.h"

namespace fl {
namespace {

// Ours first, then what PyTorch, Keras, scikit-learn, fastai and others say; as plain() has them.
struct Synonyms {
  const char* ours;
  std::vector<std::string_view> others;
};

// A word may stand for several of ours: a table has only one of them.
const std::vector<Synonyms>& synonyms() {
  static const std::vector<Synonyms> list = {
      // [train]
      {"rate", {"lr", "learningrate", "learnrate", "initiallr", "lr0", "eta", "alpha", "stepsize", "baselr", "maxlr"}},
      {"rate", {"p", "prob", "probability", "drop", "dropout", "droprate"}},  // of a dropout layer
      {"batch_size", {"batch", "bs", "minibatch", "minibatchsize", "trainbatchsize", "perdevicetrainbatchsize"}},
      {"epochs", {"epoch", "nepochs", "numepochs", "numtrainepochs", "maxepochs", "nbepoch", "iterations", "maxiter",
                  "steps", "trainepochs"}},
      {"optimizer", {"optim", "optimiser", "opt", "algorithm", "solver", "method"}},
      {"beta1", {"momentum", "b1", "betas"}},
      {"beta2", {"rho", "b2", "decay"}},
      {"epsilon", {"eps"}},
      {"weight_decay", {"wd", "l2", "l2reg", "regularization", "regularisation"}},
      {"schedule", {"scheduler", "lrscheduler", "lrschedule", "lrpolicy"}},
      {"warmup_epochs", {"warmup", "warmupsteps", "warmupratio"}},
      {"step_factor", {"gamma", "factor"}},
      {"seed", {"randomseed", "randomstate", "rng", "manualseed"}},
      {"balance", {"classweight", "classweights", "balanced", "sampler"}},
      {"augment", {"augmentation", "dataaugmentation", "transform", "transforms"}},
      {"threads", {"workers", "numworkers", "numthreads", "njobs", "jobs", "cores"}},
      {"flip", {"horizontalflip", "fliplr", "randomflip", "hflip"}},
      {"rotate", {"rotation", "rotationrange", "degrees"}},
      {"shift", {"translate", "widthshiftrange", "heightshiftrange"}},
      // [data]
      {"source", {"path", "dir", "directory", "folder", "dataset", "root", "datadir", "traindir", "file", "images"}},
      {"image_size", {"size", "imgsize", "imgsz", "inputsize", "inputshape", "resolution", "width", "height"}},
      {"channels", {"color", "colour", "rgb", "grayscale", "greyscale", "colormode", "filters", "outchannels", "maps"}},
      {"test_fraction", {"testsize", "testsplit", "split", "valsplit", "valfraction", "validationsplit",
                         "validationfraction", "holdout"}},
      {"standardise", {"normalise", "normalize", "standardize", "normalization", "normalisation", "rescale"}},
      // [network] and its layers
      {"name", {"model", "arch", "architecture", "backbone", "network", "net"}},
      {"init", {"initialization", "initialisation", "initializer", "kernelinitializer", "weightinit"}},
      {"init_scale", {"gain", "scale"}},
      {"dropout", {"drop", "droprate", "dropoutrate"}},
      {"kind", {"type", "layer", "class"}},
      {"units", {"outfeatures", "neurons", "hidden", "size", "nodes"}},
      {"kernel", {"kernelsize", "ksize", "poolsize", "filtersize"}},
      {"stride", {"strides"}},
      {"padding", {"pad"}},
      {"bias", {"usebias"}},
      {"from", {"input", "inputs"}},
      {"convolution", {"conv", "conv2d", "convolution2d"}},
      {"depthwise", {"depthwiseconv2d", "separable", "separableconv2d", "depthwiseconvolution"}},
      {"dense", {"fc", "linear", "fullyconnected", "innerproduct"}},
      {"batch-norm", {"bn", "batchnorm2d", "batchnormalization", "norm"}},
      {"max-pool", {"maxpool2d", "maxpooling2d", "maxpooling", "pool"}},
      {"average-pool", {"avgpool", "avgpool2d", "averagepooling2d", "meanpool"}},
      {"global-average-pool", {"gap", "globalpool", "globalavgpool", "globalaveragepooling2d", "adaptiveavgpool2d"}},
      {"add", {"residual", "shortcut", "skip", "sum"}},
      // [landscape], [view], [camera], tables
      {"grid", {"resolution", "points", "n"}},
      {"probe_images", {"images", "samples", "probe"}},
      {"directions", {"axes", "plane", "direction"}},
      {"colors", {"colours", "colormap", "colourmap", "cmap", "palette"}},
      {"loss", {"scale", "logloss", "yscale"}},
      {"steps_per_second", {"speed", "pace", "sps"}},
      {"autoplay", {"play", "autostart"}},
      {"distance", {"zoom", "radius"}},
      {"yaw", {"azimuth", "azim", "rotation"}},
      {"pitch", {"elevation", "elev", "tilt"}},
      {"train", {"training", "trainer", "optimizer", "optim", "hyperparameters", "hyp", "params", "fit"}},
      {"data", {"dataset", "datasets", "input", "images"}},
      {"network", {"net", "model", "architecture", "arch"}},
      {"landscape", {"surface", "losslandscape", "plane"}},
      {"view", {"display", "window", "stage", "render"}},
      {"title", {"name", "caption", "description"}},
  };
  return list;
}

// Lower case, without what joins words.
std::string plain(std::string_view name) {
  std::string text;
  for (const char c : name)
    if (c != '_' && c != '-' && c != ' ') text += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  return text;
}

std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) row[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t substituted = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
      diagonal = row[j];
      row[j] = std::min({row[j] + 1, row[j - 1] + 1, substituted});
    }
  }
  return row[b.size()];
}

// Written otherwise or called otherwise; empty if neither.
std::string same_name(std::string_view name, const std::vector<std::string>& candidates) {
  const std::string wanted = plain(name);
  const auto same = std::ranges::find(candidates, wanted, plain);
  if (same != candidates.end()) return *same;
  for (const Synonyms& entry : synonyms())
    if (std::ranges::find(entry.others, wanted) != entry.others.end() &&
        std::ranges::find(candidates, entry.ours) != candidates.end())
      return entry.ours;
  return "";
}

}  // namespace

std::string nearest_name(std::string_view name, const std::vector<std::string>& candidates) {
  std::string best = same_name(name, candidates);
  if (!best.empty()) return best;
  std::size_t distance = std::numeric_limits<std::size_t>::max();
  for (const std::string& candidate : candidates)
    if (const std::size_t d = edit_distance(name, candidate); d < distance) {
      distance = d;
      best = candidate;
    }
  return best;
}

std::string suggestion(std::string_view name, const std::vector<std::string>& candidates) {
  const std::string nearest = nearest_name(name, candidates);
  // Of two slips in four letters one may still guess; beyond, a guess would lead astray.
  const std::size_t most = std::max<std::size_t>(1, std::min(name.size(), nearest.size()) / 2);
  if (!same_name(name, candidates).empty() || edit_distance(name, nearest) <= most)
    return fmt::format("did you mean \"{}\"?", nearest);
  return candidates.size() == 1 ? fmt::format("there is only \"{}\".", nearest)
                                : fmt::format("choose one of {}.", name_list(candidates));
}

}  // namespace fl
