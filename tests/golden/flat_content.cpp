#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <span>

#include <fmt/format.h>

#include "tests/golden/flat_scene.h"

namespace fl::flat {
namespace {

constexpr std::uint32_t kCurveClasses = 32;

// Numbers in [-1, 1) that depend on their index alone.
float noise(std::uint32_t i) {
  i ^= i >> 16U;
  i *= 0x7FEB352DU;
  i ^= i >> 15U;
  i *= 0x846CA68BU;
  i ^= i >> 16U;
  return static_cast<float>(i >> 8U) / 8388608.0F - 1;
}

// A head seen from below: skull, brain, ventricles, a bright bleeding. Coordinates in [-1, 1].
float phantom(float x, float y) {
  const auto ellipse = [&](float cx, float cy, float rx, float ry) {
    const float dx = (x - cx) / rx, dy = (y - cy) / ry;
    return dx * dx + dy * dy < 1;
  };
  if (!ellipse(0, 0, 0.74F, 0.92F)) return 0.02F;
  if (!ellipse(0, 0, 0.66F, 0.84F)) return 0.98F;
  if (ellipse(0.32F, -0.30F, 0.16F, 0.20F)) return 0.80F;
  if (ellipse(-0.13F, 0.05F, 0.08F, 0.28F) || ellipse(0.13F, 0.05F, 0.08F, 0.28F)) return 0.22F;
  return 0.45F + 0.05F * std::sin(14 * x + 5 * y) * std::cos(11 * y - 3 * x);
}

// What a layer's filter might answer: edges in the channel's own direction, rectified.
float response(std::uint32_t layer, std::uint32_t channel, float x, float y) {
  const float turn = 2.399963F * static_cast<float>(channel) + 0.7F * static_cast<float>(layer);
  const float reach = 0.05F * static_cast<float>(layer);
  const float dx = reach * std::cos(turn), dy = reach * std::sin(turn);
  const float edge = phantom(x + dx, y + dy) - phantom(x - dx, y - dy);
  const float wave =
      std::cos((3 + static_cast<float>(channel % 5)) * (x * std::sin(turn) - y * std::cos(turn)) + turn);
  return std::max(0.0F, 1.4F * edge + 0.35F * phantom(x, y) * wave);
}

struct Shape {
  std::uint32_t channels, side;
};
constexpr Shape kFew[] = {{1, 64}, {8, 64}, {32, 1}};
constexpr Shape kUsual[] = {{1, 64}, {16, 64}, {32, 32}, {64, 16}, {64, 1}};
constexpr Shape kMany[] = {{1, 64},  {16, 64}, {16, 64}, {16, 32}, {32, 32}, {32, 32},
                           {32, 16}, {64, 16}, {64, 16}, {64, 8},  {64, 8},  {64, 1}};

std::span<const Shape> shapes_of(Net net) {
  if (net == Net::kFew) return kFew;
  if (net == Net::kMany) return kMany;
  return kUsual;
}

void fill_layers(const Content& content, const FrameSlot& slot, Frame& frame) {
  std::uint32_t offset = 0;
  std::uint32_t index = 0;
  const auto finish = [&](FrameLayer layer) {
    const auto values =
        slot.features().subspan(layer.offset, std::size_t{layer.channels} * layer.height * layer.width);
    layer.minimum = *std::min_element(values.begin(), values.end());
    layer.maximum = *std::max_element(values.begin(), values.end());
    frame.header.layers[index++] = layer;
    offset += static_cast<std::uint32_t>(values.size());
  };
  for (const Shape& shape : shapes_of(content.net)) {
    const FrameLayer layer{
        .offset = offset, .channels = shape.channels, .height = shape.side, .width = shape.side};
    float* out = slot.features().data() + offset;
    for (std::uint32_t c = 0; c < shape.channels; ++c) {
      for (std::uint32_t py = 0; py < shape.side; ++py) {
        for (std::uint32_t px = 0; px < shape.side; ++px) {
          const float x = 2 * (static_cast<float>(px) + 0.5F) / static_cast<float>(shape.side) - 1;
          const float y = 2 * (static_cast<float>(py) + 0.5F) / static_cast<float>(shape.side) - 1;
          *out++ = shape.side == 1 ? std::max(0.0F, noise(c + 77))
                   : index == 0    ? phantom(x, y)
                                   : response(index, c, x, y);
        }
      }
    }
    finish(layer);
  }
  float sum = 0;
  for (std::uint32_t i = 0; i < content.classes; ++i) {
    const std::uint32_t likely = content.wrong ? (content.label + 1) % content.classes : content.label;
    const float lead = i == likely ? 2.2F : 0;
    frame.header.probabilities[i] = std::exp(lead + 1.2F * noise(i + 900));
    sum += frame.header.probabilities[i];
  }
  for (std::uint32_t i = 0; i < content.classes; ++i) frame.header.probabilities[i] /= sum;
  std::copy_n(frame.header.probabilities.begin(), content.classes, slot.features().begin() + offset);
  finish({.offset = offset, .channels = content.classes, .height = 1, .width = 1});
  frame.facts.layer_count = index;
}

constexpr std::uint32_t kHeatSide = 6;

// Around the bleeding, and a little elsewhere.
void fill_heat(const FrameSlot& slot, Frame& frame) {
  frame.header.heat_width = frame.header.heat_height = kHeatSide;
  frame.facts.has_heat = true;
  frame.facts.heat_class = 1;
  for (std::uint32_t i = 0; i < kHeatSide * kHeatSide; ++i) {
    const float x = static_cast<float>(i % kHeatSide) - 3, y = static_cast<float>(i / kHeatSide) - 1;
    slot.heat()[i] = std::exp(-(x * x + y * y) / 2) + 0.2F * std::max(0.0F, noise(i));
  }
  const float largest = *std::max_element(slot.heat().begin(), slot.heat().end());
  for (float& value : slot.heat()) value /= largest;
}

float train_loss(float epoch) {
  return 0.06F + 0.68F * std::exp(-epoch / 9);
}
float test_loss(float epoch) {
  return 0.30F + 0.44F * std::exp(-epoch / 6) + 0.004F * epoch;
}

void fill_curves(const Content& content, const FrameSlot& slot, Frame& frame) {
  const float nan = std::numeric_limits<float>::quiet_NaN();
  frame.facts.epoch_count = content.done;
  for (std::uint32_t i = 0; i < content.done; ++i) {
    const auto epoch = static_cast<float>(i);
    EpochPoint point{
        .loss = train_loss(epoch) + 0.015F * noise(i),
        .accuracy = std::min(1.0F, 0.5F + 0.5F * (1 - std::exp(-epoch / 8)) + 0.015F * noise(i + 100)),
        .test_loss = test_loss(epoch) + 0.04F * noise(i + 200),
        .test_accuracy = std::min(1.0F, 0.48F + 0.32F * (1 - std::exp(-epoch / 7)) + 0.05F * noise(i + 300))};
    if (i > 0) {
      point.loss *= content.loss_factor;
      point.test_loss *= content.loss_factor;
    }
    if (!content.test_set || (content.gaps && i % 7 == 4)) point.test_loss = point.test_accuracy = nan;
    if (content.gaps && i > 3 * content.done / 4) point.loss = std::numeric_limits<float>::infinity();
    slot.epochs()[i] = point;
    frame.facts.last_epoch = point;
    for (const float loss : {point.loss, point.test_loss}) {
      if (std::isfinite(loss)) frame.facts.curve_loss_max = std::max(frame.facts.curve_loss_max, loss);
    }
  }
  const std::uint32_t steps = content.done * content.steps_per_epoch;
  frame.header.step_stride = 1;
  while (steps / frame.header.step_stride > slot.steps().size()) frame.header.step_stride *= 2;
  frame.facts.step_count = steps / frame.header.step_stride;
  for (std::uint32_t i = 0; i < frame.facts.step_count; ++i) {
    const float epoch =
        static_cast<float>(i * frame.header.step_stride + 1) / static_cast<float>(content.steps_per_epoch);
    float loss = train_loss(epoch) * (1 + 0.35F * noise(i + 5000)) + 0.03F * noise(i + 9000);
    if (content.gaps && i > 3 * frame.facts.step_count / 4) loss = nan;
    if (i * frame.header.step_stride >= content.steps_per_epoch) loss *= content.loss_factor;
    slot.steps()[i].loss = std::abs(loss);
    if (std::isfinite(loss)) frame.facts.curve_loss_max = std::max(frame.facts.curve_loss_max, loss);
  }
}

// Norms of a training that calms down, a schedule of a warm-up and a cosine, and classes that are learnt one
// after the other.
void fill_more_curves(const Content& content, const FrameSlot& slot, Frame& frame) {
  const float nan = std::numeric_limits<float>::quiet_NaN();
  FrameFacts& facts = frame.facts;
  for (std::uint32_t i = 0; i < facts.step_count; ++i) {
    const float share = static_cast<float>(i * frame.header.step_stride) /
                        static_cast<float>(std::max(facts.total_steps, 1U));
    StepPoint& point = slot.steps()[i];
    const float rate = 0.01F * std::min(1.0F, 0.02F + 10 * share) * 0.5F * (1 + std::cos(3.0F * share));
    point.gradient_norm = 4 * std::exp(-3 * share + 0.5F * noise(i + 31)) + 0.05F;
    point.update_norm = rate * point.gradient_norm * (1 + 0.2F * noise(i + 77));
    if (content.gaps && i > 3 * facts.step_count / 4) point.gradient_norm = nan;
    slot.step_rates()[i] = rate;
    facts.gradient_norms.add(point.gradient_norm);
    facts.update_norms.add(point.update_norm);
    facts.rates.add(rate);
    facts.last_step = point;
    facts.last_rate = rate;
  }
  if (!content.test_set) return;
  facts.curve_classes = std::min(content.classes, kCurveClasses);
  facts.class_points = content.done;
  for (std::uint32_t i = 0; i < content.done; ++i)
    for (std::uint32_t c = 0; c < facts.curve_classes; ++c) {
      const float late = static_cast<float>(i) - 4 * static_cast<float>(c);
      float accuracy = 0.9F / (1 + std::exp(-0.5F * late)) + 0.06F * noise(i * 13 + c);
      if (content.gaps && c == 1) accuracy = nan;
      accuracy = std::isnan(accuracy) ? nan : std::clamp(accuracy, 0.0F, 1.0F);
      slot.class_accuracies()[i * facts.curve_classes + c] = facts.class_accuracy.at(c) = accuracy;
    }
}

// So many runs before this one, each of more epochs.
void fill_earlier(const Content& content, const FrameSlot& slot, Frame& frame) {
  constexpr std::array kWords = {"rate 0.01", "60 epochs, rate 0.1", "seed 2"};
  frame.facts.earlier_count = content.earlier;
  for (std::uint32_t r = 0; r < content.earlier; ++r) {
    EarlierFacts& run = frame.facts.earlier.at(r);
    run = {.count = content.epochs + 10 * r, .steps_per_epoch = content.steps_per_epoch, .tested = 1};
    std::ranges::copy(std::string_view(kWords.at(r)), run.words.begin());
    for (std::uint32_t i = 0; i < run.count; ++i) {
      const auto epoch = static_cast<float>(i), slow = static_cast<float>(r + 1);
      EpochPoint& point = slot.earlier()[r * kEarlierPoints + i];
      point.loss = 1.2F * train_loss(epoch / slow) + 0.05F * slow;
      point.test_accuracy =
          std::min(1.0F, 0.45F + 0.3F * (1 - std::exp(-epoch / (5 * slow))) + 0.02F * noise(i + r));
      run.losses.add(point.loss);
    }
  }
}

}  // namespace

FrameCapacity content_capacity() {
  std::uint32_t floats = kFrameMaxClasses;
  for (const Shape& shape : kMany) floats += shape.channels * shape.side * shape.side;
  return {.grid_side = 17,
          .path_points = 1024,
          .feature_floats = floats,
          .step_points = 4096,
          .epoch_points = 4096,
          .class_points = 2048,
          .curve_classes = kCurveClasses,
          .earlier_runs = true,
          .heat_floats = kHeatSide * kHeatSide,
          .map_images = kMapImages,
          .map_classes = 8,
          .map_side = 33};
}

void fill_content(const Content& content, const FrameSlot& slot, Frame& frame) {
  frame.header.steps_per_epoch = content.steps_per_epoch;
  frame.facts.total_steps = content.epochs * content.steps_per_epoch;
  frame.facts.step = content.done * content.steps_per_epoch;
  frame.facts.epoch = content.done;
  frame.facts.class_count = content.classes;
  frame.header.image_label = content.label;
  fill_layers(content, slot, frame);
  fill_curves(content, slot, frame);
  fill_more_curves(content, slot, frame);
  fill_earlier(content, slot, frame);
  if (content.heat) fill_heat(slot, frame);
  const auto first = frame.header.probabilities.begin();
  frame.header.image_prediction =
      static_cast<std::uint32_t>(std::max_element(first, first + content.classes) - first);
}

void fill_descents(const FrameSlot& slot, Frame& frame) {
  constexpr std::uint32_t kPaths = 4, kPoints = 200;
  constexpr float kRates[kPaths] = {18, 30, 55, 110}, kFloors[kPaths] = {0.4F, 0.4F, 0.1F, 0.02F};
  frame.header.several_paths = kPaths;
  frame.facts.step = frame.facts.total_steps = kPoints;
  frame.facts.curve_loss_min = kFloors[kPaths - 1];
  for (std::uint32_t p = 0; p < kPaths; ++p) {
    FramePath& path = frame.header.paths[p];
    path = {.first = p * kPoints, .count = kPoints, .color = p, .diverged = 0, .ball = {}};
    for (std::uint32_t i = 0; i < kPoints; ++i) {
      const auto step = static_cast<float>(i);
      PathPoint& point = slot.path()[path.first + i];
      point.step = step;
      point.real_loss = kFloors[p] + 4 * std::exp(-step / kRates[p]) *
                                         (1 + 0.25F * std::sin(0.2F * step * static_cast<float>(p)));
      frame.facts.curve_loss_max = std::max(frame.facts.curve_loss_max, point.real_loss);
      path.ball = point;
    }
  }
}

StageTexts content_texts(std::uint32_t classes, Net net) {
  StageTexts texts;
  texts.title = "head CT";
  texts.layer_names = {"input", "conv 1", "conv 2", "conv 3", "pooled", "probabilities"};
  if (net != Net::kUsual) {
    texts.layer_names = {"input"};
    for (std::size_t i = 1; i + 1 < shapes_of(net).size(); ++i)
      texts.layer_names.push_back(fmt::format("conv {}", i));
    texts.layer_names.insert(texts.layer_names.end(), {"average pool", "probabilities"});
  }
  texts.class_names = {"no hemorrhage", "hemorrhage"};
  if (classes > 2) {
    texts.class_names = {"\u00E9pidural", "sous-arachno\u00EFdien", "\u017Ciarno\u015B\u0107", "normal",
                         "a class name that nobody would give on purpose"};
  }
  return texts;
}

}  // namespace fl::flat
