#pragma once
// Numbers of things in messages, singular and plural right.

#include <concepts>
#include <string>
#include <string_view>

#include <fmt/format.h>

namespace fl {

// "image" or "images", "class" or "classes": for words that stand away from their number.
[[nodiscard]] std::string plural(bool one, std::string_view noun);

// "1 image", "2 images", "0 classes". `noun` takes s, or es after an s, in the plural.
[[nodiscard]] std::string counted(std::integral auto count, std::string_view noun) {
  return fmt::format("{} {}", count, plural(count == 1, noun));
}

}  // namespace fl
