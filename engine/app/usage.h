#pragma once
// What can be wrong with a command line before any command runs, beyond what CLI11 sees. A sentence each.

#include <optional>
#include <span>
#include <string>

#include <CLI/CLI.hpp>

namespace fl {

// `low` <= value <= `high`. CLI::Range lets "nan" pass.
CLI::Validator between(double low, double high);

// "$PROJECT" of a variable that is not set is an argument without a letter, and would be taken for none.
std::optional<std::string> empty_argument(std::span<char* const> arguments);

// `scene` is what the window would open. Where there is no such file, it may be a command's name with a slip
// of the hand.
std::optional<std::string> misspelt_command(const CLI::App& app, const std::string& scene);

// What stands before the command's name is the window's, and the command does not see it.
std::optional<std::string> before_command(const CLI::App& app);

// What CLI11 stopped at: help and version go to stdout, exit code 0; what was wrong goes to stderr without
// what an argument might do to a terminal, exit code 2.
int say_usage(const CLI::App& app, const CLI::ParseError& failure);

}  // namespace fl
