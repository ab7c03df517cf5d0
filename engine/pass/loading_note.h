#pragma once
// What the stage says of something that is loading.

#include <string>

namespace fl {

struct LoadingNote {
  std::string title;  // what is loading
  std::string words;  // how far it is
  double share = 0;   // the same as a part of the whole, 0 to 1
  bool operator==(const LoadingNote&) const = default;
};

}  // namespace fl
