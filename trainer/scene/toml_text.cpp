#include "trainer/scene/toml_text.h"

#include <algorithm>
#include <cstdint>

#include "trainer/base/printable.h"
#include "trainer/base/utf8.h"
#include "trainer/scene/toml_slip.h"

namespace fl {
namespace {

// Walks over TOML as far as it takes to know what stands in quotes and comments and what does not.
class Scanner {
 public:
  explicit Scanner(std::string_view text) : text_(text) {
    constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
    if (text_.starts_with(kByteOrderMark)) at_ = kByteOrderMark.size();
  }

  // The error begins with the line. What is wrong in other ways is left for the parser, which knows it
  // better.
  Result<void> check() {
    while (at_ < text_.size()) {
      const char c = text_[at_];
      if (c == '#') {
        at_ = std::min(text_.find('\n', at_), text_.size());
      } else if (c == '"' || c == '\'') {
        if (!skip_quoted(c)) return {};
      } else {
        if (auto fine = count(c); !fine) return fine;
        ++at_;
      }
    }
    return {};
  }

 private:
  [[nodiscard]] std::size_t quotes_at(std::size_t at, char quote) const {
    return std::min(text_.find_first_not_of(quote, at), text_.size()) - at;
  }

  // False where the closing quotes are missing.
  bool skip_quoted(char quote) {
    const std::size_t run = quotes_at(at_, quote);
    const bool long_form = run >= 3;
    if (run == 2) {
      at_ += 2;  // an empty text
      return true;
    }
    at_ += long_form ? 3 : 1;
    while (at_ < text_.size()) {
      const char c = text_[at_];
      if (c == quote) {
        const std::size_t closing = quotes_at(at_, quote);
        // A long text may end with two quotes of its own before the three that close it.
        at_ += !long_form ? 1 : std::min<std::size_t>(closing, 5);
        if (!long_form || closing >= 3) return true;
        continue;
      }
      if (c == '\n' && !long_form) return false;
      if (c == '\n') ++line_;
      const bool escape = c == '\\' && quote == '"' && at_ + 1 < text_.size() && text_[at_ + 1] != '\n';
      at_ += escape ? 2 : 1;
    }
    return false;
  }

  // One character outside quotes and comments.
  Result<void> count(char c) {
    const std::uint32_t byte = byte_at(at_);
    if (byte >= 0x7F || (byte < 0x20 && c != '\n' && c != '\r' && c != '\t')) return stray();
    if (c == '.' && ++dots_ > kMaxTomlDots)
      return error("line {}: a name has more than {} dots, more than any key of a scene; shorten it.",
                   line_, kMaxTomlDots);
    if (c == '[' || c == '{') ++brackets_;
    if ((c == ']' || c == '}') && brackets_ > 0) --brackets_;
    if (brackets_ > kMaxTomlBrackets)
      return error(
          "line {}: more than {} brackets are open at once, and no list of a scene is nested that deep; "
          "close "
          "them.",
          line_, kMaxTomlBrackets);
    if (std::string_view("\n=,[]{}").find(c) != std::string_view::npos) dots_ = 0;
    if (c == '\n') ++line_;
    return {};
  }

  // Some of these cannot be seen (a no-break space of a word processor), so the number is said, too.
  [[nodiscard]] Error stray() const {
    const Utf8Character character = first_character(text_.substr(at_));
    const bool whole = character.bytes > 0;
    const std::uint32_t code = whole ? character.code : byte_at(at_);
    constexpr std::u32string_view kCurlyQuotes = U"\u201C\u201D\u201E\u2018\u2019\u00AB\u00BB";
    if (kCurlyQuotes.find(code) != kCurlyQuotes.npos)
      return error("line {}: write the text in straight quotes, \"like this\".", line_);
    return error("line {}: \"{}\" (U+{:04X}) cannot stand outside quotes; quote the text or remove it.",
                 line_, printable(text_.substr(at_, whole ? character.bytes : 1)), code);
  }

  [[nodiscard]] std::uint32_t byte_at(std::size_t at) const { return static_cast<unsigned char>(text_[at]); }

  std::string_view text_;
  std::size_t at_ = 0, line_ = 1, dots_ = 0, brackets_ = 0;
};

}  // namespace

Result<toml::table> parse_toml(std::string_view text, const std::string& where) {
  if (text.size() > kMaxTomlBytes)
    return error("{} is {} bytes long, more than the {} allowed; shorten it.", where, text.size(),
                 kMaxTomlBytes);
  if (auto fine = Scanner(text).check(); !fine) return error("{}, {}", where, fine.error().message);
  try {
    return toml::parse(text);
  } catch (const toml::parse_error& e) {
    const auto line = static_cast<std::size_t>(e.source().begin.line);
    const std::string slip = toml_slip(text, line, e.description());
    return error("{}, line {}: {}.", where, line, slip.empty() ? printable(e.description()) : slip);
  }
}

}  // namespace fl
