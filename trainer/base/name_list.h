#pragma once
// Names as a sentence lists them: "constant, step and cosine".

#include <string>
#include <string_view>
#include <vector>

namespace fl {

inline std::string name_list(const std::vector<std::string>& names, std::string_view last_word = "and") {
  std::string text;
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (i > 0 && i + 1 == names.size())
      text.append(" ").append(last_word).append(" ");
    else if (i > 0)
      text += ", ";
    text += names[i];
  }
  return text;
}

}  // namespace fl
