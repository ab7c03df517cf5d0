#pragma once
// Words of fixed room in what is kept beside a slot.

#include <algorithm>
#include <array>
#include <cstddef>
#include <string_view>

#include "trainer/base/utf8.h"

namespace fl {

// In UTF-8, ended by a zero, as much of them as there is room for.
template <std::size_t size>
void set_words(std::array<char, size>& to, std::string_view words) {
  while (words.size() + 1 > size) words = without_last_character(words);
  to.fill('\0');
  std::ranges::copy(words, to.begin());
}

}  // namespace fl
