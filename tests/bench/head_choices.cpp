// How a head on the program's own backbone is best trained, judged on drawn pictures alone: the choices that
// a Teachable Machine project gets by itself come from here, so that no patient's image chooses anything.
//
// Each task is like a small project: so many pictures of each class to learn from, its epochs, batches of 16
// and Adam at 5e-5. Every seed has pictures of its own and another start; all are judged on the same 400
// others. Printed is the mean accuracy, and how much it is above that of the recipe as it is, seed by seed,
// with standard errors. See docs/backbone.md for what came out.
#include <algorithm>
#include <array>
#include <atomic>
#include <cmath>
#include <map>
#include <numeric>
#include <thread>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "trainer/backbone/embedding.h"
#include "trainer/backbone/phantom_network.h"
#include "trainer/base/check.h"
#include "trainer/base/random.h"
#include "trainer/data/phantom/phantom.h"
#include "trainer/data/preprocess.h"
#include "trainer/data/varied/varied_head.h"
#include "trainer/data/varied/varied_picture.h"
#include "trainer/files/open_backbone.h"
#include "trainer/net/init.h"
#include "trainer/net/networks.h"

namespace fl {
namespace {

constexpr TensorShape kPicture{3, kPhantomImageSize, kPhantomImageSize};
constexpr std::uint64_t kSeed = 20261130;  // of pictures: the backbone was trained with 1
// Of a class to learn from: what Teachable Machine leaves of 80 and of 30.
constexpr std::size_t kMost = 68, kFew = 25;
constexpr std::size_t kTested = 200;  // of a class
constexpr int kBatch = 16;
constexpr std::size_t kAnswers = 10;  // numbers of the backbone: blood, five kinds, four levels
constexpr double kRate = 5e-5;

using Numbers = std::vector<float>;

// Pictures of two classes as the backbone sees them, [class][picture].
struct Pool {
  std::string name;
  std::array<std::vector<Numbers>, 2> plain, mirrored;
};

struct Task {
  const Pool* pool;
  std::size_t images;  // of a class
  int epochs;
};

enum class Mirror { kNone, kBoth, kEither };

struct Choice {
  std::string name;
  Mirror mirror = Mirror::kNone;
  int times = 1;  // epochs
  std::vector<int> units = {100};
  double init_scale = 1;
  double gain = 1;        // of standardised numbers
  double answers = 1;     // further gain of the last ones, what the backbone says of blood, kinds and level
  bool averaged = false;  // weights: over the ends of the second half of the epochs
  bool both_tested = false;  // a picture and its mirror say one thing
};

std::vector<Choice> choices() {
  constexpr Mirror kBoth = Mirror::kBoth;
  return {{.name = "recipe"},
          {.name = "mirrored, too", .mirror = kBoth},
          {.name = "mirrored or not, by chance", .mirror = Mirror::kEither},
          {.name = "twice the epochs", .times = 2},
          {.name = "mirrored, both tested", .mirror = kBoth, .both_tested = true},
          {.name = "mirrored, weights averaged", .mirror = kBoth, .averaged = true},
          {.name = "mirrored, no hidden layer", .mirror = kBoth, .units = {}},
          {.name = "mirrored, numbers / 2", .mirror = kBoth, .gain = 0.5},
          {.name = "mirrored, start / 2", .mirror = kBoth, .init_scale = 0.5},
          {.name = "mirrored, start / 4", .mirror = kBoth, .init_scale = 0.25},
          {.name = "mirrored, answers x 3", .mirror = kBoth, .answers = 3},
          {.name = "mirrored, answers x 10", .mirror = kBoth, .answers = 10},
          {.name = "mirrored, start / 2, answers x 3", .mirror = kBoth, .init_scale = 0.5, .answers = 3},
          {.name = "mirrored, start / 2, answers x 6", .mirror = kBoth, .init_scale = 0.5, .answers = 6}};
}

// Calls work(i) for each of `count` on all cores.
template <typename Work>
void each(std::size_t count, const Work& work) {
  std::atomic<std::size_t> next{0};
  std::vector<std::jthread> workers;
  for (unsigned t = 0; t < std::max(1u, std::thread::hardware_concurrency()); ++t)
    workers.emplace_back([&] {
      for (std::size_t i = next++; i < count; i = next++) work(i);
    });
}

class Drawer {
 public:
  Drawer(Embedder& embedder, std::size_t count) : embedder_(embedder), count_(count) {}

  // As the lessons show them.
  Pool lesson(const std::string& name, const HuWindow& window, std::optional<HuRange> red) {
    Pool pool{name, {}, {}};
    DataSpec spec;
    spec.image_size = kPhantomImageSize;
    spec.channels = 3;
    spec.window = window;
    spec.colour_range = red;
    for (std::size_t c = 0; c < 2; ++c) {
      std::vector<Numbers> pictures(count_, Numbers(kPicture.floats()));
      each(count_, [&](std::size_t i) {
        const auto kind = c == 0 ? PhantomClass::kHemorrhage : PhantomClass::kNormal;
        const Phantom phantom =
            make_phantom(kSeed, kind, static_cast<std::uint32_t>(i), phantom_side_for(kPhantomImageSize));
        hounsfield_input(phantom.slice, spec, pictures[i]);
      });
      embed(pictures, pool, c);
    }
    return pool;
  }

  // As the backbone's training has them, each its own window, colours and faults.
  Pool varied(const std::string& name) {
    Pool pool{name, {}, {}};
    constexpr std::size_t kAtOnce = 512;
    for (std::uint32_t first = 0; pool.plain[0].size() < count_ || pool.plain[1].size() < count_;
         first += kAtOnce) {
      std::vector<Numbers> drawn(kAtOnce, Numbers(kPicture.floats()));
      std::vector<std::size_t> classes(kAtOnce);
      each(kAtOnce, [&](std::size_t i) {
        const auto number = first + static_cast<std::uint32_t>(i);
        const VariedHead head = draw_varied_head(kSeed, number);
        classes[i] = head.bleeds() ? 0 : 1;
        if (pool.plain[classes[i]].size() < count_)
          preprocess(draw_varied_picture(head.slice, kSeed, number).image, kPicture, drawn[i]);
      });
      for (std::size_t c = 0; c < 2; ++c) {
        std::vector<Numbers> of_class;
        for (std::size_t i = 0; i < kAtOnce && pool.plain[c].size() + of_class.size() < count_; ++i)
          if (classes[i] == c) of_class.push_back(std::move(drawn[i]));
        embed(of_class, pool, c);
      }
    }
    return pool;
  }

 private:
  void embed(std::vector<Numbers>& pictures, Pool& pool, std::size_t c) {
    for (Numbers& pixels : pictures)
      for (auto* side : {&pool.plain[c], &pool.mirrored[c]}) {
        side->emplace_back(embedder_.floats());
        embedder_.digest(pixels, side->back());
        for (auto row = pixels.begin(); row != pixels.end(); row += kPicture.width)
          std::reverse(row, row + kPicture.width);
      }
  }

  Embedder& embedder_;
  std::size_t count_;
};

class Trial {
 public:
  Trial(Program& program, const Task& task, std::uint64_t seed)
      : program_(program), task_(task), seed_(seed) {}

  // The accuracy on the pictures that are judged.
  double run(const Choice& choice) {
    resident(choice);
    Numbers params(program_.layout().all_floats);
    FL_CHECK(initialise(program_.layout(), "tm-truncated", choice.init_scale, seed_, params).ok());
    program_.write_params(params);
    program_.set_seed(seed_);
    program_.set_optimizer({.kind = OptimizerKind::kAdam});
    train(choice);
    return accuracy(choice);
  }

 private:
  // Training pictures, their mirrors, tested ones, their mirrors.
  void resident(const Choice& choice) {
    const std::size_t begin = kTested + kMost * seed_, n = task_.images;
    pixels_.clear();
    labels_.clear();
    for (const auto* side : {&task_.pool->plain, &task_.pool->mirrored})
      for (std::size_t c = 0; c < 2; ++c)
        for (std::size_t i = begin; i < begin + n; ++i) add((*side)[c][i], c);
    trained_ = 2 * n;
    standardise();
    for (const auto* side : {&task_.pool->plain, &task_.pool->mirrored})
      for (std::size_t c = 0; c < 2; ++c)
        for (std::size_t i = 0; i < kTested; ++i) add((*side)[c][i], c);
    for (std::size_t i = 0; i < pixels_.size(); ++i) {
      const std::size_t f = i % mean_.size();
      const double gain = choice.gain * (f + kAnswers < mean_.size() ? 1 : choice.answers);
      pixels_[i] = static_cast<float>(gain * (static_cast<double>(pixels_[i]) - mean_[f]) * inverse_[f]);
    }
    program_.set_data(pixels_, labels_);
  }
  void add(const Numbers& numbers, std::size_t c) {
    pixels_.insert(pixels_.end(), numbers.begin(), numbers.end());
    labels_.push_back(static_cast<std::int32_t>(c));
  }
  // On the training pictures as they are.
  void standardise() {
    const std::size_t floats = task_.pool->plain[0][0].size();
    mean_.assign(floats, 0);
    inverse_.assign(floats, 0);
    std::vector<double> squares(floats);
    const auto count = static_cast<double>(trained_);
    for (std::size_t i = 0; i < trained_ * floats; ++i) {
      const auto value = static_cast<double>(pixels_[i]);
      mean_[i % floats] += value / count;
      squares[i % floats] += value * value / count;
    }
    for (std::size_t f = 0; f < floats; ++f) {
      const double variance = squares[f] - mean_[f] * mean_[f];
      inverse_[f] = variance > 1e-8 ? 1 / std::sqrt(variance) : 1;
    }
  }

  // The same batches in every epoch, those of the pictures before those of their mirrors.
  void train(const Choice& choice) {
    std::vector<std::int32_t> order(trained_);
    std::iota(order.begin(), order.end(), 0);
    RandomStream random(seed_, StreamId::kOrder, 0);
    shuffle(std::span(order), random);
    const auto mirrored = static_cast<std::int32_t>(trained_);
    if (choice.mirror == Mirror::kBoth)
      for (std::size_t i = 0; i < trained_; ++i) order.push_back(order[i] + mirrored);
    const int epochs = choice.times * task_.epochs;
    Numbers now(program_.layout().all_floats);
    std::vector<double> sums(now.size());
    int summed = 0;
    for (int epoch = 0; epoch < epochs; ++epoch) {
      std::vector<std::int32_t> images = order;
      if (choice.mirror == Mirror::kEither)
        for (std::int32_t& image : images) image += random.uniform() < 0.5 ? mirrored : 0;
      for (std::size_t at = 0; at < images.size(); at += kBatch)
        program_.train_step(std::span(images).subspan(at, std::min<std::size_t>(kBatch, images.size() - at)),
                            kRate);
      if (!choice.averaged || 2 * epoch < epochs) continue;
      program_.read_params(now);
      for (std::size_t i = 0; i < now.size(); ++i) sums[i] += static_cast<double>(now[i]);
      ++summed;
    }
    if (!choice.averaged) return;
    for (std::size_t i = 0; i < now.size(); ++i) now[i] = static_cast<float>(sums[i] / summed);
    program_.write_params(now);
  }

  double accuracy(const Choice& choice) {
    std::vector<std::int32_t> all(4 * kTested);
    std::iota(all.begin(), all.end(), static_cast<std::int32_t>(2 * trained_));
    Numbers said(2 * all.size());
    program_.evaluate(all, said);
    std::size_t right = 0;
    for (std::size_t i = 0; i < 2 * kTested; ++i) {
      float of_first = said[2 * i];
      if (choice.both_tested) of_first = (of_first + said[2 * (i + 2 * kTested)]) / 2;
      right += (of_first > 0.5f) == (i < kTested) ? 1 : 0;
    }
    return static_cast<double>(right) / (2 * kTested);
  }

  Program& program_;
  const Task& task_;
  std::uint64_t seed_;
  std::size_t trained_ = 0;
  Numbers pixels_;
  std::vector<std::int32_t> labels_;
  std::vector<double> mean_, inverse_;
};

// "0.912 ± 0.004"
std::string with_error(const std::vector<double>& values) {
  const auto n = static_cast<double>(values.size());
  const double mean = std::accumulate(values.begin(), values.end(), 0.0) / n;
  double squares = 0;
  for (const double value : values) squares += (value - mean) * (value - mean);
  return fmt::format("{:>7.4f} ± {:.4f}", mean, std::sqrt(squares / (n - 1) / n));
}

void study(const std::string& backbone, std::size_t seeds) {
  auto backend = make_cpu_backend(1).value();
  auto embedder = Embedder::make(open_backbone(backbone).value(), *backend).value();
  Drawer drawer(embedder, kTested + seeds * kMost);
  const Pool grey = drawer.lesson("grey", kBrainWindow, {});
  const Pool pale = drawer.lesson("pale", {40, 300}, {});
  const Pool red = drawer.lesson("much in red", kBrainWindow, HuRange{38, 90});
  const Pool varied = drawer.varied("varied");
  const std::array tasks{Task{&grey, kFew, 15},  Task{&pale, kFew, 15}, Task{&varied, kFew, 15},
                         Task{&pale, kMost, 80}, Task{&red, kMost, 80}, Task{&varied, kMost, 80}};
  std::map<std::vector<int>, std::unique_ptr<Program>> programs;
  for (const Choice& choice : choices()) {
    NetSpec head = dense_head(embedder.shape(), choice.units, 2);
    head.clip = 1e-7;
    auto& program = programs[choice.units];
    if (!program) program = backend->compile(head, kBatch).value();
  }
  for (const Task& task : tasks) {
    fmt::print("{}: {} of a class, {} epochs, {} seeds\n", task.pool->name, task.images, task.epochs, seeds);
    std::vector<double> recipe;
    for (const Choice& choice : choices()) {
      std::vector<double> accuracies, more;
      for (std::size_t seed = 0; seed < seeds; ++seed) {
        accuracies.push_back(Trial(*programs[choice.units], task, seed).run(choice));
        if (!recipe.empty()) more.push_back(accuracies[seed] - recipe[seed]);
      }
      if (recipe.empty()) recipe = accuracies;
      fmt::print("  {:<32}{}   {}\n", choice.name, with_error(accuracies),
                 more.empty() ? "" : with_error(more));
      std::fflush(stdout);
    }
  }
}

}  // namespace
}  // namespace fl

int main(int argc, char** argv) {
  CLI::App app{"How a head is best trained, judged on drawn pictures"};
  std::size_t seeds = 40;
  std::string backbone = "assets/backbone.safetensors";
  app.add_option("--backbone", backbone, "that heads are trained on")->capture_default_str();
  app.add_option("--seeds", seeds, "trainings of each choice")
      ->capture_default_str()
      ->check(CLI::Range(2, 200));
  CLI11_PARSE(app, argc, argv);
  fl::study(backbone, seeds);
  return 0;
}
