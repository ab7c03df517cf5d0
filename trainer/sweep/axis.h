#pragma once
// What varies in a sweep: one key of the scene, and the values that it takes.

#include <string>
#include <vector>

#include "trainer/base/result.h"
#include "trainer/scene/key_table.h"
#include "trainer/scene/setting.h"

namespace fl {

struct Axis {
  std::string key;                  // "train.rate"; kStartAxis
  std::vector<std::string> values;  // as --set takes them; at least two
  bool log = false;                 // its numbers keep a ratio, not a distance

  bool operator==(const Axis&) const = default;
};

inline constexpr std::size_t kMostOnAxis = 4096, kUsualOnAxis = 9;

// "train.rate=1e-5..1:log:16": a range of numbers, evenly spaced or by a constant ratio, kUsualOnAxis of them
// unless it says how many; or a list, "train.optimizer=adam,momentum". Of a key that takes whole numbers the
// range has those alone: all of them where they are few and no count is given. `tables`: all keys there are.
// `option`: where the text stands, for errors. Errors: what is wrong with the text, and a
// key that changes no training. Whether the values suit
// the key is for whoever reads the scene to say.
Result<Axis> parse_axis(const std::string& text, const std::vector<TableText>& tables,
                        const std::string& option = "--axis");

}  // namespace fl
