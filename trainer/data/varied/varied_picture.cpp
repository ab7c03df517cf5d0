#include "trainer/data/varied/varied_picture.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

#include "trainer/base/random.h"

namespace fl {
namespace {

using Colour = std::array<double, 3>;  // 0 to 1

// Values of a square image, [y][x].
std::vector<float> mirrored_copy(const HuView& slice, bool mirrored) {
  std::vector<float> hu(slice.hounsfield.begin(), slice.hounsfield.end());
  if (mirrored)
    for (auto row = hu.begin(); row != hu.end(); row += slice.side) std::reverse(row, row + slice.side);
  return hu;
}

// The mean with the neighbours, `times` over.
std::vector<float> softened(std::vector<float> values, int side, int times) {
  std::vector<float> before;
  for (int t = 0; t < times; ++t) {
    before = values;
    for (int y = 1; y + 1 < side; ++y)
      for (int x = 1; x + 1 < side; ++x) {
        const auto i = static_cast<std::size_t>(y * side + x), row = static_cast<std::size_t>(side);
        values[i] =
            0.25f * before[i] + 0.125f * (before[i - 1] + before[i + 1] + before[i - row] + before[i + row]) +
            0.0625f * (before[i - row - 1] + before[i - row + 1] + before[i + row - 1] + before[i + row + 1]);
      }
  }
  return values;
}

HuWindow draw_window(RandomStream& random) {
  const double which = random.uniform();
  if (which < 0.4) return kBrainWindow;
  if (which < 0.9) return {random.uniform(28, 46), random.uniform(60, 120)};
  return {random.uniform(40, 80), random.uniform(120, 230)};
}

// Which Hounsfield units become which reds, and how much of them covers the grey.
struct Palette {
  double low, high;
  Colour first, last;
  double pale, full;  // share of the colour at both ends

  static Palette draw(RandomStream& random) {
    const auto red = [&] {
      const double warm = random.uniform() < 0.35 ? random.uniform(0.2, 0.75) : random.uniform(0, 0.2);
      return Colour{random.uniform(0.75, 1), warm, random.uniform(0, 0.25)};
    };
    Palette palette{};
    palette.low = random.uniform(38, 62);
    palette.high = palette.low + random.uniform(12, 60);
    palette.first = red();
    palette.last = random.uniform() < 0.5 ? palette.first : red();
    palette.pale = random.uniform(0.15, 1);
    palette.full = random.uniform(0.7, 1);
    return palette;
  }
  void apply(double hu, Colour& pixel) const {
    if (hu < low || hu > high) return;
    const double t = (hu - low) / (high - low), share = pale + t * (full - pale);
    for (std::size_t c = 0; c < 3; ++c) pixel[c] += share * (first[c] + t * (last[c] - first[c]) - pixel[c]);
  }
};

class Painting {
 public:
  Painting(int side, RandomStream& random)
      : side_(side),
        random_(random),
        pixels_(static_cast<std::size_t>(side) * static_cast<std::size_t>(side)) {}

  void fill(const std::vector<float>& hu) {
    const HuWindow window = draw_window(random_);
    const double gamma = random_.uniform() < 0.4 ? std::exp(random_.normal(0, 0.18)) : 1.0;
    const double gain = random_.uniform() < 0.3 ? random_.uniform(0.8, 1.1) : 1.0;
    for (std::size_t i = 0; i < hu.size(); ++i) {
      const double grey =
          std::clamp((static_cast<double>(hu[i]) - window.level) / window.width + 0.5, 0.0, 1.0);
      pixels_[i].fill(std::min(1.0, gain * (gamma == 1.0 ? grey : std::pow(grey, gamma))));
    }
  }
  // Only what the window shows darker than white, where the colours were put on a picture.
  void colour(const std::vector<float>& hu) {
    const Palette palette = Palette::draw(random_);
    for (std::size_t i = 0; i < hu.size(); ++i) palette.apply(static_cast<double>(hu[i]), pixels_[i]);
  }

  // Lines of letters that nobody can read, in a corner; rulers; a bar of grey.
  void annotate() {
    const int lines = 1 + static_cast<int>(random_.below(4));
    const Colour ink = random_.uniform() < 0.7 ? Colour{0.9, 0.9, 0.9} : Colour{1, 0.9, 0.2};
    const bool right = random_.uniform() < 0.5, low = random_.uniform() < 0.5;
    const int size = 1 + static_cast<int>(random_.below(2));
    for (int line = 0; line < lines; ++line) {
      const int letters = 1 + static_cast<int>(random_.below(10));
      const int y = 3 + line * 7 * size;
      for (int k = 0; k < letters; ++k) {
        const int x = 3 + k * 4 * size;
        letter(right ? side_ - x - 4 * size : x, low ? side_ - y - 6 * size : y, size, ink);
      }
    }
    if (random_.uniform() < 0.4) ruler(ink);
    if (random_.uniform() < 0.15) bar();
  }

  void add_noise() {
    const double strength = random_.uniform(0.005, 0.04);
    for (Colour& pixel : pixels_) {
      const double change = strength * random_.normal();
      for (double& value : pixel) value = std::clamp(value + change, 0.0, 1.0);
    }
  }

  [[nodiscard]] Bitmap bitmap() const {
    Bitmap image{side_, side_, 3, {}};
    image.pixels.reserve(pixels_.size() * 3);
    for (const Colour& pixel : pixels_)
      for (const double value : pixel)
        image.pixels.push_back(static_cast<std::uint8_t>(std::clamp(value, 0.0, 1.0) * 255 + 0.5));
    return image;
  }

 private:
  void dot(int x, int y, const Colour& ink) {
    if (x >= 0 && y >= 0 && x < side_ && y < side_) pixels_[static_cast<std::size_t>(y * side_ + x)] = ink;
  }
  void letter(int x, int y, int size, const Colour& ink) {
    const std::uint32_t dots = random_.next_u32();
    for (int k = 0; k < 15 * size * size; ++k) {
      const int column = k % (3 * size), row = k / (3 * size);
      if ((dots >> (row / size * 3 + column / size) & 1u) != 0) dot(x + column, y + row, ink);
    }
  }
  void ruler(const Colour& ink) {
    const bool upright = random_.uniform() < 0.6;
    const int at = side_ - 4 - static_cast<int>(random_.below(8));
    const int begin = side_ / 4, end = side_ - side_ / 4;
    for (int k = begin; k <= end; ++k)
      for (int length = 0; length < ((k - begin) % 10 == 0 ? 5 : 1); ++length)
        upright ? dot(at - length, k, ink) : dot(k, at - length, ink);
  }
  void bar() {
    const int left = 4 + static_cast<int>(random_.below(6)), wide = 4 + static_cast<int>(random_.below(6));
    for (int y = side_ / 3; y < side_ - side_ / 3; ++y)
      for (int x = left; x < left + wide; ++x) {
        const double grey = 1 - static_cast<double>(3 * y - side_) / side_;
        dot(x, y, {grey, grey, grey});
      }
  }

  int side_;
  RandomStream& random_;
  std::vector<Colour> pixels_;
};

}  // namespace

VariedPicture draw_varied_picture(const HuView& slice, std::uint64_t seed, std::uint32_t number) {
  RandomStream random(seed, StreamId::kPicture, number);
  VariedPicture picture;
  picture.mirrored = random.uniform() < 0.5;
  std::vector<float> hu = mirrored_copy(slice, picture.mirrored);
  if (random.uniform() < 0.35)
    hu = softened(std::move(hu), slice.side, 1 + static_cast<int>(random.below(3)));
  Painting painting(slice.side, random);
  painting.fill(hu);
  if (random.uniform() < 0.55) {
    const int times = static_cast<int>(random.below(4));  // programs colour what they have smoothed
    painting.colour(times > 0 ? softened(hu, slice.side, times) : hu);
  }
  if (random.uniform() < 0.2) painting.annotate();
  if (random.uniform() < 0.2) painting.add_noise();
  picture.image = painting.bitmap();
  if (random.uniform() < 0.75) {
    const auto bytes = encode_jpeg(picture.image, 40 + static_cast<int>(random.below(56)));
    picture.image = decode_image(bytes.value(), "the picture").value();
  }
  return picture;
}

}  // namespace fl
