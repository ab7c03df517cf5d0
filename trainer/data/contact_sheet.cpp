#include "trainer/data/contact_sheet.h"

#include <algorithm>

#include "trainer/base/check.h"
#include "trainer/data/preprocess.h"

namespace fl {
namespace {

constexpr std::size_t kWidth = 1100, kMaxHeight = 8192;
constexpr std::size_t kGap = 2, kRule = 4;  // between images, and between classes
constexpr std::uint8_t kGapGrey = 40, kRuleGrey = 200;

struct Layout {
  std::size_t cell, columns, rows;  // rows: of the largest class
};

Layout layout_of(const Dataset& data, std::size_t largest) {
  const std::size_t cell = static_cast<std::size_t>(data.shape.width) + kGap;
  const std::size_t columns = std::clamp<std::size_t>(kWidth / cell, 1, largest);
  const std::size_t allowed = std::max<std::size_t>(kMaxHeight / data.classes.size() / cell, 1);
  return {cell, columns, std::min((largest + columns - 1) / columns, allowed)};
}

void paste(Bitmap& sheet, const Bitmap& image, std::size_t x0, std::size_t y0) {
  const auto stride = static_cast<std::size_t>(sheet.width * sheet.channels);
  const auto row = static_cast<std::size_t>(image.width * image.channels);
  for (std::size_t y = 0; y < static_cast<std::size_t>(image.height); ++y)
    std::copy_n(image.pixels.data() + y * row, row,
                sheet.pixels.data() + (y0 + y) * stride + x0 * static_cast<std::size_t>(sheet.channels));
}

}  // namespace

Bitmap image_of(const Dataset& data, std::size_t index) {
  const auto channels = static_cast<std::size_t>(data.shape.channels);
  const std::span<const float> planes = data.image(index);
  const std::size_t area = planes.size() / channels;
  Bitmap image{data.shape.width, data.shape.height, data.shape.channels, {}};
  image.pixels.reserve(planes.size());
  for (std::size_t i = 0; i < area; ++i)
    for (std::size_t c = 0; c < channels; ++c) image.pixels.push_back(to_byte(planes[c * area + i]));
  return image;
}

Bitmap contact_sheet(const Dataset& data, std::size_t per_class) {
  FL_CHECK(data.size() > 0 && per_class > 0 && data.shape.width == data.shape.height);
  std::vector<std::vector<std::size_t>> of_class(data.classes.size());
  for (std::size_t i = 0; i < data.size(); ++i) {
    auto& list = of_class[static_cast<std::size_t>(data.labels[i])];
    if (list.size() < per_class) list.push_back(i);
  }
  std::size_t largest = 1;
  for (const auto& list : of_class) largest = std::max(largest, list.size());
  const Layout layout = layout_of(data, largest);

  std::size_t height = 0;
  const auto rows_of = [&](const auto& list) {
    return std::min((list.size() + layout.columns - 1) / layout.columns, layout.rows);
  };
  for (const auto& list : of_class) height += rows_of(list) * layout.cell + kRule;
  Bitmap sheet{static_cast<int>(layout.columns * layout.cell),
               static_cast<int>(height - kRule),
               data.shape.channels,
               {}};
  const auto stride = static_cast<std::size_t>(sheet.width * sheet.channels);
  sheet.pixels.assign(stride * static_cast<std::size_t>(sheet.height), kGapGrey);
  std::size_t y = 0;
  for (std::size_t c = 0; c < of_class.size(); ++c) {
    const auto& list = of_class[c];
    for (std::size_t k = 0; k < std::min(list.size(), rows_of(list) * layout.columns); ++k)
      paste(sheet, image_of(data, list[k]), k % layout.columns * layout.cell,
            y + k / layout.columns * layout.cell);
    y += rows_of(list) * layout.cell;
    if (c + 1 < of_class.size()) std::fill_n(sheet.pixels.data() + y * stride, kRule * stride, kRuleGrey);
    y += kRule;
  }
  return sheet;
}

}  // namespace fl
