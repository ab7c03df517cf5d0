#include "trainer/scene/setting.h"

#include <charconv>

#include "trainer/base/limits.h"
#include "trainer/base/printable.h"
#include "trainer/scene/toml_text.h"

namespace fl {

Result<std::uint64_t> seed_of_start(const std::string& value) {
  std::uint64_t seed = 0;
  const char* end = value.data() + value.size();
  const auto [stop, code] = std::from_chars(value.data(), end, seed);
  if (code != std::errc() || stop != end || seed > static_cast<std::uint64_t>(kMaxSeed))
    return error("{} is no seed; a start is a whole number from 0 up.", printable(value));
  return seed;
}

Result<void> apply_setting(toml::table& scene, const std::string& setting) {
  const std::string shown = "--set " + printable(setting);
  const auto equals = setting.find('=');
  const auto dot = setting.find('.');
  if (equals == std::string::npos || equals == 0)
    return error("{}: write it as table.key=value, for example --set train.rate=0.001.", shown);
  const std::string path = setting.substr(0, equals), value = setting.substr(equals + 1);
  auto parsed = parse_toml("value = " + value, shown);
  // A bare word such as adam is meant as a text, and so is a path of any bytes.
  if (!parsed) parsed = toml::table{{"value", value}};
  // Copied, not moved: a copy forgets its line, which would be no line of the scene.
  const toml::node& node = *parsed->get("value");
  if (dot == std::string::npos || dot > equals) {
    if (path != "title")
      return error("{}: write it as table.key=value, for example --set train.rate=0.001.", shown);
    scene.insert_or_assign(path, node);
    return {};
  }
  const std::string name = path.substr(0, dot), key = path.substr(dot + 1);
  toml::table* inner = scene[name].as_table();
  if (inner == nullptr && scene.contains(name))
    return error("{}: {} is not a table in this scene.", shown, printable(name));
  if (inner == nullptr) {
    scene.insert_or_assign(name, toml::table{});
    inner = scene[name].as_table();
  }
  inner->insert_or_assign(key, node);
  return {};
}

}  // namespace fl
