// The tables of keys, from the rows of the actions.

#include <algorithm>

#include <GLFW/glfw3.h>
#include <fmt/ranges.h>

#include "engine/ui/actions.h"
#include "trainer/base/check.h"

namespace fl {
namespace {

std::string key_label(int key) {
  if (key >= kControl) return "Ctrl+" + key_label(key - kControl);
  if (key >= GLFW_KEY_F1 && key <= GLFW_KEY_F25) return fmt::format("F{}", key - GLFW_KEY_F1 + 1);
  switch (key) {
    case GLFW_KEY_SPACE:
      return "Space";
    case GLFW_KEY_RIGHT:
      return "→";
    case GLFW_KEY_LEFT:
      return "←";
    case GLFW_KEY_INSERT:
      return "Insert";
    case GLFW_KEY_DELETE:
      return "Delete";
    case GLFW_KEY_UP:
      return "↑";
    case GLFW_KEY_DOWN:
      return "↓";
    case GLFW_KEY_PAGE_DOWN:
      return "PageDown";
    case GLFW_KEY_PAGE_UP:
      return "PageUp";
    case GLFW_KEY_TAB:
      return "Tab";
    case GLFW_KEY_HOME:
      return "Home";
    case GLFW_KEY_ENTER:
      return "Enter";
    case GLFW_KEY_ESCAPE:
      return "Escape";
    case GLFW_KEY_EQUAL:  // where plus is, with or without Shift
    case GLFW_KEY_KP_ADD:
      return "+";
    case GLFW_KEY_MINUS:
    case GLFW_KEY_KP_SUBTRACT:
      return "−";
    default:
      FL_CHECK_MSG(key > ' ' && key < 0x7F, "key {} has no label", key);
      return {static_cast<char>(key)};
  }
}

}  // namespace

std::string KeyLine::joined() const {
  return fmt::format("{}", fmt::join(keys, " "));
}

std::vector<KeyLine> key_lines() {
  std::vector<KeyLine> lines;
  for (const Action& one : actions()) {
    if (one.hidden) continue;
    if (!one.help.empty()) lines.push_back({{}, std::string(one.help)});
    std::vector<std::string>& labels = lines.back().keys;
    for (const int key : one.keys)
      if (key != 0 && std::ranges::count(labels, key_label(key)) == 0) labels.push_back(key_label(key));
  }
  std::erase_if(lines, [](const KeyLine& line) { return line.keys.empty(); });
  return lines;
}

std::string tip(std::string_view name) {
  const std::vector<KeyLine> lines = key_lines();
  const auto line = std::ranges::find(lines, action(name).help, &KeyLine::help);
  if (line == lines.end()) return std::string(action(name).help);
  return line->help + " (" + line->joined() + ")";
}

}  // namespace fl
