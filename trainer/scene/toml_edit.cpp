#include "trainer/scene/toml_edit.h"

#include <algorithm>
#include <set>
#include <vector>

#include "trainer/base/check.h"
#include "trainer/scene/toml_text.h"

namespace fl {
namespace {

using Lines = std::set<std::size_t>;  // from 0

// A text as the parser sees it: by lines, and by the characters in them.
class Page {
 public:
  explicit Page(std::string_view text) : text_(text) {
    for (std::size_t at = 0; at < text.size(); at = std::min(text.find('\n', at), text.size() - 1) + 1)
      begins_.push_back(at);
    crlf_ = text.find("\r\n") != std::string_view::npos;
  }

  [[nodiscard]] std::string_view text() const { return text_; }
  [[nodiscard]] std::size_t count() const { return begins_.size(); }
  // Of a line; one behind the last: the end.
  [[nodiscard]] std::size_t begin(std::size_t line) const {
    return line < begins_.size() ? begins_[line] : text_.size();
  }
  // With its line end.
  [[nodiscard]] std::string_view line(std::size_t line) const {
    return text_.substr(begin(line), begin(line + 1) - begin(line));
  }
  [[nodiscard]] bool blank(std::size_t at) const {
    return line(at).find_first_not_of(" \t\r\n") == std::string_view::npos;
  }
  [[nodiscard]] const char* line_end() const { return crlf_ ? "\r\n" : "\n"; }
  // The parser counts lines and characters from 1.
  [[nodiscard]] std::size_t offset(toml::source_position at) const {
    constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
    std::size_t byte = begin(at.line - 1);
    if (byte == 0 && text_.starts_with(kByteOrderMark)) byte = kByteOrderMark.size();
    const auto continues = [&](std::size_t i) {
      return i < text_.size() && (static_cast<unsigned char>(text_[i]) & 0xC0) == 0x80;
    };
    for (auto column = at.column; column > 1 && byte < text_.size(); --column) {
      ++byte;
      while (continues(byte)) ++byte;
    }
    return byte;
  }
  [[nodiscard]] bool header(const toml::node& node) const {
    const std::size_t at = offset(node.source().begin);
    return at < text_.size() && text_[at] == '[';
  }

 private:
  std::string_view text_;
  std::vector<std::size_t> begins_;
  bool crlf_ = false;
};

void add_lines(Lines& lines, std::size_t first, std::size_t last) {
  for (std::size_t line = first; line <= last; ++line) lines.insert(line - 1);
}

// Those on which the key and all that it has stand.
void add_lines_of(const Page& page, const toml::key& key, const toml::node& node, Lines& lines) {
  const toml::table* table = node.as_table();
  if (table != nullptr && !table->is_inline()) {
    if (page.header(node)) add_lines(lines, node.source().begin.line, node.source().end.line);
    for (const auto& [name, inner] : *table) add_lines_of(page, name, inner, lines);
    return;
  }
  const toml::array* list = node.as_array();
  if (list != nullptr && !list->empty() && list->front().is_table() &&
      !list->front().as_table()->is_inline()) {
    for (const toml::node& each : *list) add_lines_of(page, key, each, lines);
    return;
  }
  add_lines(lines, key.source().begin.line, node.source().end.line);
}

Lines lines_of(const Page& page, const toml::table& entry) {
  Lines lines;
  add_lines(lines, entry.source().begin.line, entry.source().begin.line);
  for (const auto& [name, inner] : entry) add_lines_of(page, name, inner, lines);
  return lines;
}

// Behind which a key of the entry's own may stand.
std::size_t last_own_line(const Page& page, const toml::table& entry) {
  std::size_t last = entry.source().begin.line - 1;
  for (const auto& [name, inner] : entry) {
    const toml::node* node = &inner;
    if (const toml::array* list = node->as_array(); list != nullptr && !list->empty() &&
                                                    list->front().is_table() &&
                                                    !list->front().as_table()->is_inline())
      continue;
    if (const toml::table* table = node->as_table();
        table != nullptr && !table->is_inline() && page.header(*node))
      continue;
    Lines lines;
    add_lines_of(page, name, inner, lines);
    if (!lines.empty()) last = std::max(last, *lines.rbegin());
  }
  return last;
}

// The text with `inserted` from `begin` to `end` in place of what is there.
std::string replaced(std::string_view text, std::size_t begin, std::size_t end, std::string_view inserted) {
  std::string all(text.substr(0, begin));
  all += inserted;
  all += text.substr(end);
  return all;
}

std::string without_lines(const Page& page, const Lines& gone) {
  std::string all;
  for (std::size_t i = 0; i < page.count(); ++i)
    if (!gone.contains(i)) all += page.line(i);
  return all;
}

// Whole lines behind that one.
std::string with_lines_behind(const Page& page, std::size_t line, const std::string& words) {
  const std::size_t at = page.begin(line + 1);
  const bool open = at == page.text().size() && !page.line(line).ends_with('\n');
  return replaced(page.text(), at, at, (open ? page.line_end() : "") + words);
}

struct Parsed {
  toml::table scene;
  toml::array* list = nullptr;   // null: there is none
  toml::table* entry = nullptr;  // null: none was asked for
};

// Errors: as all functions of the header.
Result<Parsed> parse(std::string_view text, const std::string& list, std::optional<std::size_t> index) {
  auto scene = parse_toml(text, "The scene");
  if (!scene) return scene.error();
  Parsed parsed{.scene = *std::move(scene)};
  toml::node* node = parsed.scene.get(list);
  parsed.list = node != nullptr ? node->as_array() : nullptr;
  const auto under_header = [](const toml::node& one) {
    return one.is_table() && !one.as_table()->is_inline();
  };
  if (node != nullptr &&
      (parsed.list == nullptr || parsed.list->empty() || !std::ranges::all_of(*parsed.list, under_header)))
    return error("{} is written in one list; write each entry under [[{}]], and it can be changed here.",
                 list, list);
  if (!index) return parsed;
  if (parsed.list == nullptr || *index >= parsed.list->size())
    return error("The scene has no [[{}]] {} any more; open it again.", list, *index + 1);
  parsed.entry = parsed.list->get(*index)->as_table();
  return parsed;
}

// `text`, where it says what `wanted` says.
Result<std::string> checked(std::string text, const toml::table& wanted, const std::string& list) {
  auto now = parse_toml(text, "The scene");
  if (now && *now == wanted) return text;
  return error(
      "This entry of [[{}]] is written so that it cannot be changed here; change it in the scene's text.",
      list);
}

}  // namespace

Result<std::string> with_value(std::string_view text, const TomlEntry& entry, const std::string& key,
                               const std::string& value) {
  FL_TRY_LET(parsed, parse(text, entry.list, entry.index));
  FL_TRY_LET(wanted, parse_toml(key + " = " + value, "The value"));
  const Page page(text);
  toml::table& table = *parsed->entry;
  std::string changed;
  const toml::node* there = table.get(key);
  const bool one_piece = there != nullptr && (!there->is_table() || there->as_table()->is_inline());
  if (one_piece)
    changed = replaced(text, page.offset(there->source().begin), page.offset(there->source().end), value);
  else if (there == nullptr)
    changed = with_lines_behind(page, last_own_line(page, table), key + " = " + value + page.line_end());
  else {
    FL_TRY_LET(without, without_key(text, entry, key));
    return with_value(*without, entry, key, value);
  }
  table.insert_or_assign(key, *wanted->get(key));
  return checked(std::move(changed), parsed->scene, entry.list);
}

Result<std::string> without_key(std::string_view text, const TomlEntry& entry, const std::string& key) {
  FL_TRY_LET(parsed, parse(text, entry.list, entry.index));
  const Page page(text);
  toml::table& table = *parsed->entry;
  const auto found = table.find(key);
  if (found == table.end()) return std::string(text);
  Lines gone;
  add_lines_of(page, found->first, found->second, gone);
  std::string changed = without_lines(page, gone);
  table.erase(key);
  return checked(std::move(changed), parsed->scene, entry.list);
}

Result<std::string> without_entry(std::string_view text, const TomlEntry& entry) {
  FL_TRY_LET(parsed, parse(text, entry.list, entry.index));
  const Page page(text);
  Lines gone = lines_of(page, *parsed->entry);
  const std::size_t first = *gone.begin(), last = *gone.rbegin();
  // Comments between its keys are its own, where nothing else stands there.
  const auto comment = [&](std::size_t line) {
    const std::string_view words = page.line(line);
    const std::size_t at = words.find_first_not_of(" \t\r\n");
    return at == std::string_view::npos || words[at] == '#';
  };
  bool whole = true;
  for (std::size_t i = first; i <= last; ++i) whole &= gone.contains(i) || comment(i);
  if (whole) add_lines(gone, first + 1, last + 1);
  const bool above = first > 0 && page.blank(first - 1);
  const bool below = last + 1 >= page.count() || page.blank(last + 1);
  if (whole && above && below) gone.insert(first - 1);
  std::string changed = without_lines(page, gone);
  parsed->list->erase(parsed->list->begin() + static_cast<std::ptrdiff_t>(entry.index));
  if (parsed->list->empty()) parsed->scene.erase(entry.list);
  return checked(std::move(changed), parsed->scene, entry.list);
}

Result<std::string> with_entry(std::string_view text, const std::string& list,
                               std::optional<std::size_t> behind, const std::string& lines) {
  FL_TRY_LET(parsed, parse(text, list, behind));
  FL_TRY_LET(added, parse_toml(lines, "The entry"));
  const Page page(text);
  std::string words = "[[" + list + "]]" + page.line_end();
  for (const char c : lines) words += c == '\n' ? std::string(page.line_end()) : std::string(1, c);
  std::string changed;
  if (parsed->entry != nullptr) {
    const Lines own = lines_of(page, *parsed->entry);
    changed = with_lines_behind(page, *own.rbegin(), page.line_end() + words);
  } else if (parsed->list != nullptr) {
    // Above the comment that stands right above the first.
    std::size_t line = parsed->list->front().source().begin.line - 1;
    const auto comment = [&](std::size_t at) { return page.line(at).starts_with('#'); };
    while (line > 0 && comment(line - 1)) --line;
    const std::size_t at = page.begin(line);
    changed = replaced(text, at, at, words + page.line_end());
  } else {
    const bool open = !text.empty() && text.back() != '\n';
    changed =
        std::string(text) + (open ? page.line_end() : "") + (text.empty() ? "" : page.line_end()) + words;
  }
  if (parsed->list == nullptr) {
    parsed->scene.insert_or_assign(list, toml::array{*added});
  } else {
    const std::size_t place = behind ? *behind + 1 : 0;
    parsed->list->insert(parsed->list->begin() + static_cast<std::ptrdiff_t>(place), *added);
  }
  return checked(std::move(changed), parsed->scene, list);
}

}  // namespace fl
