#include "trainer/data/dataset_builder.h"

#include <algorithm>
#include <array>
#include <limits>

#include "trainer/base/checksum.h"
#include "trainer/base/counted.h"
#include "trainer/base/log.h"
#include "trainer/data/image_digest.h"
#include "trainer/data/images/colour.h"
#include "trainer/data/images/image.h"
#include "trainer/data/preprocess.h"

namespace fl {
namespace {

constexpr std::size_t kMaxFloats = std::size_t{1} << 30;
constexpr std::size_t kMaxKeptFloats = std::size_t{1} << 28;  // of colour that may not be wanted: 1 GiB
constexpr int kMostNamed = 20;

std::uint64_t content_of(const Bitmap& image) {
  const std::array sizes{image.width, image.height, image.channels};
  return checksum(std::as_bytes(std::span(image.pixels)), checksum(std::as_bytes(std::span(sizes))));
}

}  // namespace

std::string colour_note(const DataSpec& asked, int channels, const std::string& coloured) {
  if (asked.colour_range)
    return fmt::format("colour: {} to {} HU are painted red", asked.colour_range->low,
                       asked.colour_range->high);
  if (asked.channels != kAutoChannels)
    return fmt::format("colour: images are read {}, as data.channels = {} says",
                       channels == 3 ? "in colour" : "as grey", channels);
  if (channels == 3)
    return fmt::format("colour: kept, because {} is coloured; data.channels = 1 makes all images grey",
                       coloured);
  return "colour: none in these images, so they are read as grey";
}

DatasetBuilder::DatasetBuilder(const DataSpec& spec, std::vector<std::string> classes,
                               const LoadOptions& options)
    : spec_(spec), options_(options), undecided_(spec.channels == kAutoChannels) {
  if (undecided_) spec_.channels = 1;
  data_.classes = std::move(classes);
  data_.shape = spec_.shape();
  if (options_.digest == nullptr) return;
  FL_CHECK(!undecided_ && !options_.hounsfield);
  data_.shape = options_.digest->shape();
}

Result<void> DatasetBuilder::reserve(std::size_t images, int slice_side) {
  const std::size_t floats = data_.shape.floats();
  if (images > kMaxFloats / (options_.mirrored ? 2 * floats : floats) && options_.digest != nullptr)
    return error(
        "What the backbone makes of {} images, {} numbers of each, needs more than {} GiB; use fewer images "
        "or a smaller network.unfreeze.",
        images, floats, (kMaxFloats * sizeof(float)) >> 30);
  if (images > kMaxFloats / floats)
    return error(
        "{} images of {} x {} pixels need more than {} GiB; use fewer images or a smaller image size.",
        images, data_.shape.width, data_.shape.height, (kMaxFloats * sizeof(float)) >> 30);
  keeps_colour_ = undecided_ && images <= kMaxKeptFloats / (3 * floats);
  if (keeps_colour_) in_colour_.reserve(images * 3 * floats);
  data_.pixels.reserve(images * floats);
  if (options_.mirrored) data_.mirrored.reserve(images * floats);
  data_.labels.reserve(images);
  data_.names.reserve(images);
  if (slice_side == 0) data_.contents.reserve(images);
  options_.thumbnails &= images <= Thumbnails::kMost;
  if (options_.thumbnails) data_.thumbnails.reserve(images);
  Hounsfield slices{slice_side, {}};
  options_.hounsfield &= slice_side > 0 && images <= kMostHounsfieldBytes / sizeof(float) / slices.area();
  if (options_.hounsfield) {
    slices.values.reserve(images * slices.area());
    data_.hounsfield = std::move(slices);
  }
  return {};
}

void DatasetBuilder::add_blank(int class_index) {
  data_.pixels.resize(data_.pixels.size() + data_.shape.floats());
  if (options_.digest != nullptr) window_.resize(window_.size() + spec_.shape().floats());
  data_.labels.push_back(class_index);
  data_.names.emplace_back();
  if (options_.thumbnails) data_.thumbnails.add_blank();
  if (auto& slices = data_.hounsfield) slices->values.resize(slices->values.size() + slices->area());
}

void DatasetBuilder::fill(std::size_t index, std::string name, const HuView& slice) {
  const Bitmap picture = picture_of(slice, spec_);
  preprocess(picture, spec_.shape(), pixels_of(index));
  data_.names[index] = std::move(name);
  if (options_.thumbnails) data_.thumbnails.fill(index, picture);
  if (data_.hounsfield) std::ranges::copy(slice.hounsfield, data_.hounsfield->slice(index).begin());
}

void DatasetBuilder::add_encoded(int class_index, const std::string& name, std::span<const std::byte> bytes) {
  auto decoded = decode_image(bytes, name, &remarks_);
  if (!decoded) return skip(decoded.error());
  if (undecided_ && is_coloured(*decoded)) {
    coloured_ = name;
    if (!keeps_colour_) return;
    turn_to_colour();
  }
  add_blank(class_index);
  data_.names.back() = name;
  data_.contents.push_back(content_of(*decoded));
  const Bitmap image = paint(*std::move(decoded), spec_);
  if (options_.thumbnails) data_.thumbnails.fill(data_.size() - 1, image);
  const std::span<float> pixels = pixels_of(data_.size() - 1);
  const ResizedImage resized = crop_and_resize(image, spec_.image_size);
  to_input(resized, spec_.channels, pixels);
  if (options_.digest != nullptr && data_.size() - digested_ == window()) digest_filled();
  if (!undecided_ || !keeps_colour_) return;
  in_colour_.resize(in_colour_.size() + 3 * pixels.size());
  to_input(resized, 3, std::span(in_colour_).last(3 * pixels.size()));
}

void DatasetBuilder::skip(const Error& why) {
  // The first ones are named; a thousand more lines would hide what they say.
  if (++data_.skipped <= kMostNamed) skipped_.push_back(why);
}

void DatasetBuilder::look_at(const std::string& name, std::span<const std::byte> bytes) {
  if (const auto decoded = decode_image(bytes, name, &remarks_); !decoded) skip(decoded.error());
}

std::size_t DatasetBuilder::window() const {
  return options_.digest != nullptr ? options_.digest->batch() : std::numeric_limits<std::size_t>::max();
}

void DatasetBuilder::digest_filled() {
  if (options_.digest == nullptr || window_.empty()) return;
  const std::size_t begin = digested_ * data_.shape.floats();
  options_.digest->digest(window_, std::span(data_.pixels).subspan(begin));
  if (options_.mirrored) {
    for (auto row = window_.begin(); row != window_.end(); row += spec_.image_size)
      std::reverse(row, row + spec_.image_size);
    data_.mirrored.resize(data_.pixels.size());
    options_.digest->digest(window_, std::span(data_.mirrored).subspan(begin));
  }
  digested_ = data_.size();
  window_.clear();
}

Dataset DatasetBuilder::finish(std::string colour) {
  digest_filled();
  data_.colour = std::move(colour);
  for (const Error& why : skipped_) data_.leave_out("Left out: " + why.message);
  if (data_.skipped > kMostNamed)
    data_.leave_out(fmt::format(
        "Left out: {}.", counted(static_cast<std::size_t>(data_.skipped - kMostNamed), "more broken image")));
  remarks_.say();
  return std::move(data_);
}

std::span<float> DatasetBuilder::pixels_of(std::size_t index) {
  const std::size_t floats = spec_.shape().floats();
  if (options_.digest != nullptr) return std::span(window_).subspan((index - digested_) * floats, floats);
  return std::span(data_.pixels).subspan(index * floats, floats);
}

void DatasetBuilder::turn_to_colour() {
  undecided_ = false;
  spec_.channels = 3;
  data_.shape = spec_.shape();
  data_.pixels = std::move(in_colour_);
  data_.pixels.reserve(data_.labels.capacity() * data_.shape.floats());
}

}  // namespace fl
