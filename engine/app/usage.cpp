#include "engine/app/usage.h"

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <sstream>
#include <string_view>
#include <system_error>
#include <vector>

#include <fmt/format.h>

#include "trainer/base/nearest_name.h"
#include "trainer/base/printable.h"

namespace fl {

CLI::Validator between(double low, double high) {
  const auto check = [low, high](std::string& text) {
    double value = 0;
    const bool in = CLI::detail::lexical_cast(text, value) && value >= low && value <= high;
    return in ? std::string() : fmt::format("{} is not a number from {} to {}", text, low, high);
  };
  return {check, fmt::format("in [{} - {}]", low, high)};
}

std::optional<std::string> empty_argument(std::span<char* const> arguments) {
  const auto found =
      std::ranges::find_if(arguments, [](const char* one) { return std::string_view(one).empty(); });
  if (found == arguments.end()) return std::nullopt;
  return fmt::format(
      "Argument {} is empty, perhaps a variable of the shell that is not set; give it a value, or leave it "
      "out.",
      found - arguments.begin());
}

std::optional<std::string> misspelt_command(const CLI::App& app, const std::string& scene) {
  std::error_code ignored;
  if (scene.empty() || std::filesystem::exists(scene, ignored)) return std::nullopt;
  std::vector<std::string> names = {"--help", "--version"};
  for (const CLI::App* command : app.get_subcommands({})) names.push_back(command->get_name());
  const std::string near = suggestion(scene, names);
  if (!near.starts_with("did you mean")) return std::nullopt;
  return fmt::format("There is no command {}, nor a file or folder; {}", printable(scene), near);
}

std::optional<std::string> before_command(const CLI::App& app) {
  const std::vector<CLI::App*> commands = app.get_subcommands();
  if (commands.empty()) return std::nullopt;
  const std::string& command = commands.front()->get_name();
  for (const CLI::Option* option : app.get_options())
    if (option->count() > 0)
      return option->get_positional()
                 ? fmt::format(
                       "{0} stands before {1}, which does not see it; put it after the command: fallline {1} "
                       "{0}",
                       printable(option->results().front()), command)
                 : fmt::format("{} stands before {}, which does not see it; put it after the command.",
                               option->get_name(), command);
  return std::nullopt;
}

int say_usage(const CLI::App& app, const CLI::ParseError& failure) {
  std::ostringstream help, wrong;
  const int code = app.exit(failure, help, wrong);
  fmt::print("{}", help.str());
  std::istringstream lines(wrong.str());
  for (std::string line; std::getline(lines, line);) fmt::print(stderr, "{}\n", printable(line, 1000));
  return code == 0 ? 0 : 2;
}

}  // namespace fl
