#include "trainer/data/class_check.h"

#include <algorithm>
#include <cmath>

#include "trainer/base/log.h"

namespace fl {
namespace {

constexpr std::size_t kNamed = 10;

std::vector<std::size_t> images_per_class(const Dataset& data) {
  std::vector<std::size_t> counts(data.classes.size());
  for (const std::int32_t label : data.labels) ++counts[static_cast<std::size_t>(label)];
  return counts;
}

// "B" (1 usable image, 2 unusable, 6 .dcm files cannot be read)
std::string describe_class(const ClassListing& listing, std::size_t c, std::size_t usable) {
  const auto listed = static_cast<std::size_t>(std::ranges::count_if(
      listing.images, [c](const ListedImage& image) { return image.class_index == static_cast<int>(c); }));
  std::string text = fmt::format("\"{}\" ({}", listing.classes[c],
                                 usable == 0 ? "no usable images" : counted(usable, "usable image"));
  if (listed > usable) text += fmt::format(", {} unusable", listed - usable);
  const EndingCounts& others = listing.passed_over[c];
  if (!others.empty()) text += fmt::format(", {} cannot be read", describe(others));
  return text + ")";
}

Dataset without(const Dataset& data, const std::vector<bool>& leave_out) {
  Dataset rest;
  rest.shape = data.shape;
  rest.skipped = data.skipped;
  rest.left_out = data.left_out;
  rest.colour = data.colour;
  if (data.hounsfield) rest.hounsfield = Hounsfield{data.hounsfield->side, {}};
  std::vector<std::int32_t> index(data.classes.size());
  for (std::size_t c = 0; c < data.classes.size(); ++c) {
    index[c] = static_cast<std::int32_t>(rest.classes.size());
    if (!leave_out[c]) rest.classes.push_back(data.classes[c]);
  }
  for (std::size_t i = 0; i < data.size(); ++i) {
    const auto c = static_cast<std::size_t>(data.labels[i]);
    if (leave_out[c]) continue;
    const auto image = data.image(i);
    rest.pixels.insert(rest.pixels.end(), image.begin(), image.end());
    if (!data.mirrored.empty()) {
      const auto mirrored = std::span(data.mirrored).subspan(i * data.shape.floats(), data.shape.floats());
      rest.mirrored.insert(rest.mirrored.end(), mirrored.begin(), mirrored.end());
    }
    rest.labels.push_back(index[c]);
    rest.names.push_back(data.names[i]);
    if (!data.places.empty()) rest.places.push_back(data.places[i]);
    if (!data.contents.empty()) rest.contents.push_back(data.contents[i]);
    if (!data.thumbnails.empty()) rest.thumbnails.add(data.thumbnails[i]);
    if (!data.hounsfield) continue;
    const auto slice = data.hounsfield->slice(i).hounsfield;
    rest.hounsfield->values.insert(rest.hounsfield->values.end(), slice.begin(), slice.end());
  }
  return rest;
}

}  // namespace

std::size_t fewest_images(double test_fraction) {
  if (!(test_fraction > 0 && test_fraction < 1)) return 2;
  std::size_t images = 2;
  while (static_cast<double>(images) <= std::ceil(test_fraction * static_cast<double>(images))) ++images;
  return images;
}

Result<Dataset> keep_usable_classes(Dataset data, const ClassListing& listing, const DataSpec& spec,
                                    const std::string& name, bool project) {
  const char* add = project ? "add samples in Teachable Machine" : "add images";
  if (data.classes.size() < 2)
    return error(
        "{} has {}, but training needs at least two; {}.", name, counted(data.classes.size(), "class"),
        project ? "add another class in Teachable Machine" : "add a folder with the images of another class");
  const std::size_t fewest = fewest_images(spec.test_fraction);
  const std::vector<std::size_t> counts = images_per_class(data);
  std::vector<bool> small(counts.size());
  std::string names;
  std::size_t number = 0;
  for (std::size_t c = 0; c < counts.size(); ++c) {
    if (counts[c] >= fewest) continue;
    small[c] = true;
    if (++number <= kNamed) names += (number > 1 ? ", " : "") + describe_class(listing, c, counts[c]);
  }
  if (number == 0) return data;
  if (number > kNamed) names += fmt::format(" and {} more", number - kNamed);
  const bool enough_left = counts.size() - number >= 2;
  if (!spec.leave_out_small_classes || !enough_left)
    return error(
        "{} has too few images in {}; a class needs at least {}, to train on and to test on: "
        "{}{}.",
        name, names, fewest, add,
        enough_left ? fmt::format(", or leave {} out with --set data.leave_out_small_classes=true",
                                  number == 1 ? "this class" : "these classes")
                    : "");
  Dataset rest = without(data, small);
  rest.leave_out(
      fmt::format("Left out of {} for having fewer than {} usable images: {}.", name, fewest, names));
  return rest;
}

}  // namespace fl
