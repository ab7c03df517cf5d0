#include "trainer/data/preprocess.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "trainer/base/check.h"

namespace fl {
namespace {

// Where one output sample comes from: weights[first_weight ...] over inputs first, first + 1, ...
struct Tap {
  int first = 0;
  int count = 0;
  std::size_t first_weight = 0;
};

struct Taps {
  std::vector<Tap> taps;
  std::vector<double> weights;
};

void add_area_tap(Taps& result, double low, double high, int in_size) {
  const int first = static_cast<int>(low);
  const int last = std::min(static_cast<int>(std::ceil(high)), in_size);
  result.taps.push_back({first, last - first, result.weights.size()});
  for (int i = first; i < last; ++i) {
    const double covered = std::min<double>(high, i + 1) - std::max<double>(low, i);
    result.weights.push_back(covered / (high - low));
  }
}

void add_linear_tap(Taps& result, double centre, int in_size) {
  const double position = std::clamp(centre - 0.5, 0.0, static_cast<double>(in_size - 1));
  const int first = std::min(static_cast<int>(position), std::max(in_size - 2, 0));
  const double fraction = position - first;
  result.taps.push_back({first, std::min(2, in_size), result.weights.size()});
  result.weights.push_back(1 - fraction);
  if (in_size > 1) result.weights.push_back(fraction);
}

Taps make_taps(int in_size, int out_size) {
  Taps result;
  const double scale = static_cast<double>(in_size) / out_size;
  for (int i = 0; i < out_size; ++i) {
    if (scale >= 1)
      add_area_tap(result, i * scale, std::min((i + 1) * scale, static_cast<double>(in_size)), in_size);
    else
      add_linear_tap(result, (i + 0.5) * scale, in_size);
  }
  return result;
}

float scaled(double value, double half_range) {
  return static_cast<float>(value / half_range - 1.0);
}

struct Region {
  int x = 0, y = 0, width = 0, height = 0;
};

ResizedImage resize(const Bitmap& image, const Region& from, int out_width, int out_height) {
  FL_CHECK(image.channels == 1 || image.channels == 3);
  FL_CHECK(image.width > 0 && image.height > 0 && out_width > 0 && out_height > 0);
  const Taps across = make_taps(from.width, out_width), down = make_taps(from.height, out_height);
  const auto channels = static_cast<std::size_t>(image.channels);
  const auto width = static_cast<std::size_t>(out_width), height = static_cast<std::size_t>(out_height);

  std::vector<double> resized(channels * height * width, 0.0);
  std::vector<double> row(channels * width);
  const auto shrink_row = [&](int y) {
    const auto* source =
        image.pixels.data() + (static_cast<std::size_t>(from.y + y) * static_cast<std::size_t>(image.width) +
                               static_cast<std::size_t>(from.x)) *
                                  channels;
    for (std::size_t x = 0; x < width; ++x) {
      const Tap& tap = across.taps[x];
      for (std::size_t c = 0; c < channels; ++c) {
        double sum = 0;
        for (int k = 0; k < tap.count; ++k)
          sum += across.weights[tap.first_weight + static_cast<std::size_t>(k)] *
                 source[static_cast<std::size_t>(tap.first + k) * channels + c];
        row[c * width + x] = sum;
      }
    }
  };
  int shrunk = -1;  // the input row that `row` holds
  for (std::size_t y = 0; y < height; ++y) {
    const Tap& tap = down.taps[y];
    for (int k = 0; k < tap.count; ++k) {
      if (shrunk != tap.first + k) shrink_row(shrunk = tap.first + k);
      const double weight = down.weights[tap.first_weight + static_cast<std::size_t>(k)];
      for (std::size_t c = 0; c < channels; ++c)
        for (std::size_t x = 0; x < width; ++x)
          resized[(c * height + y) * width + x] += weight * row[c * width + x];
    }
  }
  return {image.channels, out_width, out_height, std::move(resized)};
}

}  // namespace

ResizedImage resize(const Bitmap& image, int width, int height) {
  return resize(image, {0, 0, image.width, image.height}, width, height);
}

ResizedImage crop_and_resize(const Bitmap& image, int size) {
  const int side = std::min(image.width, image.height);
  return resize(image, {(image.width - side) / 2, (image.height - side) / 2, side, side}, size, size);
}

void to_input(const ResizedImage& image, int channels, std::span<float> out, double half_range) {
  const std::vector<double>& values = image.values;
  const auto plane = static_cast<std::size_t>(image.width) * static_cast<std::size_t>(image.height);
  FL_CHECK(out.size() == static_cast<std::size_t>(channels) * plane);
  if (image.channels == 3 && channels == 1) {
    for (std::size_t i = 0; i < plane; ++i)
      out[i] =
          scaled(0.299 * values[i] + 0.587 * values[plane + i] + 0.114 * values[2 * plane + i], half_range);
    return;
  }
  for (std::size_t i = 0; i < out.size(); ++i)
    out[i] = scaled(values[image.channels == 1 ? i % plane : i], half_range);
}

std::uint8_t to_byte(float value) {
  const double grey = (static_cast<double>(value) + 1) * 127.5;
  return static_cast<std::uint8_t>(std::lround(std::clamp(grey, 0.0, 255.0)));
}

void preprocess(const Bitmap& image, const ImageShape& shape, std::span<float> out) {
  FL_CHECK(shape.width == shape.height && (shape.channels == 1 || shape.channels == 3));
  to_input(crop_and_resize(image, shape.width), shape.channels, out);
}

Bitmap paint(Bitmap image, const DataSpec& spec) {
  if (spec.colour_range) return colour_image(image, spec.window, *spec.colour_range);
  return image;
}

Result<void> preprocess_file(std::span<const std::byte> bytes, std::string_view name, const DataSpec& spec,
                             std::span<float> out, ImageRemarks* remarks) {
  FL_TRY_LET(image, decode_image(bytes, name, remarks));
  preprocess(paint(*std::move(image), spec), spec.shape(), out);
  return {};
}

}  // namespace fl
