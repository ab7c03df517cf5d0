#pragma once
// A key of a scene as a widget: a box for yes or no, a list of names, a field for a number.

#include <optional>
#include <string>
#include <string_view>

#include "engine/pass/theme.h"
#include "trainer/scene/key_table.h"

namespace fl {

struct FieldText {
  std::string_view label;
  std::string_view place;  // for tests (engine/ui/places.h)
  // What a name is called on screen; null: as in scenes.
  std::string (*called)(const std::string& name) = nullptr;
};

// A row of a panel: label, then the widget, which `width` pixels are left for.
void draw_label(const FieldText& text, const KeyText& key);
// The value that the viewer chose, as in TOML; it may be outside of the key's range. `value`: as in TOML, of
// the kind that the key says: yes or no, a name, or a number.
[[nodiscard]] std::optional<std::string> draw_value(const FieldText& text, const KeyText& key,
                                                    const std::string& value, float width);
// Behind the widget, or below it, in the accent's colour: a change that is not in use yet.
void draw_mark(const std::string& words, bool behind, const Theme& theme);
// As draw_value writes it, as a person reads it: without quotes.
[[nodiscard]] std::string shown_value(const FieldText& text, const std::string& value);

}  // namespace fl
