#include "engine/view/cue.h"

#include <algorithm>
#include <cctype>

#include <fmt/format.h>

#include "trainer/scene/key_table.h"

namespace fl {
namespace {

Result<std::string> words_of(const toml::table& table, const std::string& where, const std::string& key,
                             std::size_t longest) {
  const KeyPlace place{*table.get(key), where + " " + key};
  FL_TRY_LET(words, text_in_quotes().read(place));
  if (words->empty() || words->size() > longest)
    return place.must_be(fmt::format("a text of 1 to {} bytes", longest));
  return *words;
}

Result<Cue> read_cue(const toml::table& table, const std::string& where) {
  FL_TRY(check_keys(table, where, {"watch", "ask", "change", "notes"}));
  const auto has = [&](const char* kind) { return table.get(kind) != nullptr; };
  if (std::ranges::count_if(kCueKinds, has) != 1)
    return error("{}{} needs one of watch, ask and change, for example watch = \"The test loss turns.\".",
                 line_of(table), where);
  const auto kind = std::ranges::find_if(kCueKinds, has);
  Cue cue{static_cast<Cue::Kind>(kind - kCueKinds.begin())};
  FL_TRY_LET(words, words_of(table, where, *kind, kLongestCue));
  cue.words = *std::move(words);
  if (!has("notes")) return cue;
  FL_TRY_LET(notes, words_of(table, where, "notes", kLongestNotes));
  cue.notes = *std::move(notes);
  return cue;
}

}  // namespace

std::string cue_word(Cue::Kind kind) {
  std::string word = kCueKinds[static_cast<std::size_t>(kind)];
  word[0] = static_cast<char>(std::toupper(static_cast<unsigned char>(word[0])));
  return word;
}

KeyType<std::vector<Cue>> cue_list() {
  return {[](const KeyPlace& place) -> Result<std::vector<Cue>> {
            FL_TRY_LET(list, list_of_tables(place));
            if (list->size() > kMostCues)
              return place.must_be(fmt::format("a list of at most {} tables", kMostCues));
            std::vector<Cue> cues;
            for (const toml::table* table : *list) {
              FL_TRY_LET(cue, read_cue(*table, fmt::format("{} {}", place.key, cues.size() + 1)));
              cues.push_back(*std::move(cue));
            }
            return cues;
          },
          [](toml::table& table, const std::string& key, const std::vector<Cue>& cues) {
            if (cues.empty()) return;
            toml::array list;
            for (const Cue& cue : cues) {
              toml::table one;
              one.insert(kCueKinds[static_cast<std::size_t>(cue.kind)], cue.words);
              if (!cue.notes.empty()) one.insert("notes", cue.notes);
              list.push_back(std::move(one));
            }
            table.insert_or_assign(key, std::move(list));
          },
          "list of tables", fmt::format("at most {} cues", kMostCues)};
}

}  // namespace fl
