#include "trainer/session/command_words.h"

#include <algorithm>
#include <array>
#include <vector>

#include "trainer/base/nearest_name.h"
#include "trainer/base/printable.h"
#include "trainer/landscape/two_parameters.h"
#include "trainer/session/command_json.h"

namespace fl {
namespace {

const std::vector<std::string>& sayable() {
  static const std::vector<std::string> names = {
      "rate", "optimizer", "reset", "image",   "heights", "heat",        "plane",     "surfaces", "probe",
      "grid", "phases",    "start", "surface", "fork",    "remove-fork", "curvature", "fork-step"};
  return names;
}
constexpr std::array kOfPace = {"play", "pause", "step", "phase", "pace"};

// What the value of that command would be in a session file.
Json value_of(const std::string& name, const std::string& words) {
  if (name == "plane" && !words.starts_with('{')) return Json::Object{{"directions", words}};
  if (name == "surface" && find_two_parameter_surface(words) == nullptr)
    return Json::Object{{"formula", words}};
  const auto parsed = Json::parse(name == "start" && !words.starts_with('[') ? "[" + words + "]" : words);
  return parsed.value_or(Json(words));
}

}  // namespace

Result<Command> command_in_words(const std::string& words) {
  const std::size_t blank = std::min(words.find(' '), words.size());
  const std::string name = words.substr(0, blank);
  const std::size_t first = words.find_first_not_of(' ', blank);
  const std::string value = first == std::string::npos ? "" : words.substr(first);
  if (std::ranges::find(kOfPace, name) != kOfPace.end())
    return error("\"{}\" is not said as a command; pace = 0 stands still, and any other pace goes on.", name);
  if (std::ranges::find(sayable(), name) == sayable().end())
    return error("there is no command \"{}\"; {}", printable(name), suggestion(name, sayable()));
  Json::Object object{{"command", name}};
  if (!value.empty()) object.push_back({"value", value_of(name, value)});
  return command_of(object);
}

}  // namespace fl
