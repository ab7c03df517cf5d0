#include "trainer/data/data_keys.h"

#include <algorithm>

namespace fl {
namespace {

KeyType<std::string> place_of_images() {
  auto type = text_in_quotes();
  type.range = "\"phantom\" or a path";
  type.read = [text = type.read](const KeyPlace& place) -> Result<std::string> {
    auto path = text(place);
    if (path && path->find_first_of("\t\n\r\b\f") != std::string::npos)
      return place.says(
          "contains a tab or a line break, because a backslash in double quotes begins a special character; "
          "write paths in single quotes or with /.");
    return path;
  };
  return type;
}

KeyType<int> channel_count() {
  return {[](const KeyPlace& place) -> Result<int> {
            const auto number = place.node.value_exact<std::int64_t>();
            if (number == 1 || number == 3) return static_cast<int>(*number);
            if (place.node.value_exact<std::string>() == "auto") return kAutoChannels;
            return place.must_be("\"auto\", 1 (luminance) or 3 (colour)");
          },
          [](toml::table& table, const std::string& key, int channels) {
            if (channels == kAutoChannels)
              table.insert_or_assign(key, "auto");
            else
              table.insert_or_assign(key, channels);
          },
          "whole number or text", "\"auto\", 1 or 3"};
}

// A window by its name or as [level, width].
KeyType<HuWindow> hu_window() {
  const auto pair = numbers(2, kLowestHu, kHighestHu);
  return {
      [=](const KeyPlace& place) -> Result<HuWindow> {
        if (!place.node.is_array()) {
          const auto found =
              std::ranges::find(kNamedWindows, place.node.value_exact<std::string>().value_or(""),
                                [](const NamedWindow& named) { return std::string(named.name); });
          if (found != std::end(kNamedWindows)) return found->window;
          return place.must_be("\"brain\", \"subdural\" or \"bone\", or [level, width] in HU");
        }
        FL_TRY_LET(values, pair.read(place));
        const HuWindow window{values->at(0), values->at(1)};
        if (window.width < 1)
          return place.says(fmt::format(
              "is [level, width] in HU; a width of {} shows nothing, so make it 1 or more.", window.width));
        return window;
      },
      [=](toml::table& table, const std::string& key, const HuWindow& window) {
        pair.write(table, key, {window.level, window.width});
      },
      "text or list of 2 numbers",
      fmt::format("\"brain\", \"subdural\", \"bone\" or [level, width], {}", pair.range)};
}

// [low, high], or "off".
KeyType<std::optional<HuRange>> hu_range() {
  using Range = std::optional<HuRange>;
  const auto pair = numbers(2, kLowestHu, kHighestHu);
  return {[=](const KeyPlace& place) -> Result<Range> {
            if (place.node.value_exact<std::string>() == "off") return Range();
            if (!place.node.is_array()) return place.must_be("\"off\" or [low, high] in HU");
            FL_TRY_LET(values, pair.read(place));
            const HuRange range{values->at(0), values->at(1)};
            if (range.low >= range.high)
              return place.says(
                  fmt::format("is [low, high] in HU, and {} is not below {}; write the lower one first.",
                              range.low, range.high));
            return Range(range);
          },
          [=](toml::table& table, const std::string& key, const Range& range) {
            if (range) pair.write(table, key, {range->low, range->high});
          },
          "text or list of 2 numbers", fmt::format("\"off\" or [low, high], {}", pair.range)};
}

// Colour takes three channels, which a scene need not say as well.
Result<void> set_colour_range(DataSpec& spec, std::optional<HuRange> range, const KeyPlace& place) {
  spec.colour_range = range;
  if (!range) return {};
  if (spec.channels == 1) return place.says("paints in red, so channels must be 3 or left out.");
  spec.channels = 3;
  return {};
}

}  // namespace

const KeyTable<DataSpec>& data_keys() {
  using S = DataSpec;
  static const KeyTable<S> keys(
      "[data]", "Which images are learnt, and how they are prepared.",
      {{"source", place_of_images(), &S::source,
        "Where the images are: \"phantom\" draws head-CT phantoms; else the path of a Teachable Machine "
        "project (`.tm`), or of a folder or ZIP whose folders are the classes. A relative path starts at the "
        "scene's folder."},
       {"image_size", whole_number(16, 512), &S::image_size,
        "Side in pixels of the square image that the network sees. Others are cropped at their centre and "
        "resized."},
       {"channels", channel_count(), &S::channels,
        "1: grey, by luminance. 3: colour. \"auto\": colour where any image has it beyond noise, else grey."},
       {"test_fraction", number(0.01, 0.9), &S::test_fraction,
        "Share of each class that is kept for testing, rounded up to whole images."},
       {"leave_out_small_classes", true_or_false(), &S::leave_out_small_classes,
        "Leaves out classes with too few images to train and test with, which are an error otherwise."},
       {"standardise", true_or_false(), &S::standardise,
        "Shifts and scales each channel to zero mean and unit variance, measured on the training images."},
       {"phantom_counts", whole_numbers(2, kFewestPhantoms, kMostPhantoms), &S::phantom_counts,
        "How many phantoms are drawn: with a haemorrhage, and normal."},
       {"window", hu_window(), &S::window,
        "The window of Hounsfield units (HU) that becomes black to white: grey 0 is level - width / 2, white "
        "is level + width / 2. \"brain\" is [40, 80], \"subdural\" [75, 215], \"bone\" [600, 2800]. Phantoms "
        "are drawn with it; other images are taken to have gone through it already."},
       {"colour_range", hu_range(), &S::colour_range, set_colour_range,
        "Paints what measures so many HU red before the network sees it. Makes `channels` 3.", "`\"off\"`"}});
  return keys;
}

}  // namespace fl
