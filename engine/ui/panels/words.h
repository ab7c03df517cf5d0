#pragma once
// Words that several panels write the same way.

#include <string>
#include <vector>

namespace fl {

// A class by its name, or by its number where the widgets' font cannot write that.
[[nodiscard]] std::string class_word(const std::string& name, std::size_t index);
[[nodiscard]] std::vector<std::string> class_words(const std::vector<std::string>& names);
// What fits into so many pixels, with an ellipsis where that is not all.
[[nodiscard]] std::string shortened(const std::string& text, float width);

// With line ends between words, so that no line is wider than that, but for a longer word. Dear ImGui's own
// lines may begin with the comma after a quotation mark.
[[nodiscard]] std::string wrapped(const std::string& text, float width);
// A row that can be chosen. Dear ImGui takes "##" and what follows out of its labels, but people's names have
// it.
bool text_row(const std::string& text, bool chosen = false, int flags = 0);

// Small and muted, over what follows.
void heading(const char* text);
// As wide as there is room, over several lines.
void paragraph(const std::string& text);
// The same, small and muted: what explains.
void remark(const std::string& text);

}  // namespace fl
