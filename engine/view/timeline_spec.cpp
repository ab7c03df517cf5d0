#include "engine/view/timeline_spec.h"

#include <algorithm>

#include "trainer/base/counted.h"
#include "trainer/base/limits.h"

namespace fl {
namespace {

constexpr int kMostSteps = 1'000'000'000;

// Where no value is the default.
template <typename T>
KeyType<std::optional<T>> maybe(KeyType<T> type) {
  return {[read = type.read](const KeyPlace& place) -> Result<std::optional<T>> {
            FL_TRY_LET(value, read(place));
            return std::optional<T>(*std::move(value));
          },
          [write = type.write](toml::table& table, const std::string& key, const std::optional<T>& value) {
            if (value) write(table, key, *value);
          },
          type.kind,
          type.range,
          type.bounds,
          type.names};
}

KeyType<std::string> words(std::size_t longest) {
  KeyType<std::string> type = text_in_quotes();
  type.range = fmt::format("at most {} bytes", longest);
  type.read = [within = type.read, longest](const KeyPlace& place) -> Result<std::string> {
    FL_TRY_LET(text, within(place));
    if (text->size() > longest) return place.must_be(fmt::format("a text of at most {} bytes", longest));
    return text;
  };
  return type;
}

KeyType<CaptionPlace> caption_place() {
  const KeyType<std::string> names = one_of({kCaptionPlaces.begin(), kCaptionPlaces.end()});
  return {[names](const KeyPlace& place) -> Result<CaptionPlace> {
            FL_TRY_LET(name, names.read(place));
            const auto found = std::ranges::find(kCaptionPlaces, *name);
            return static_cast<CaptionPlace>(found - kCaptionPlaces.begin());
          },
          [names](toml::table& table, const std::string& key, const CaptionPlace& place) {
            names.write(table, key, kCaptionPlaces[static_cast<std::size_t>(place)]);
          },
          names.kind,
          names.range,
          {},
          names.names};
}

// A text or several.
KeyType<std::vector<std::string>> commands() {
  constexpr const char* kWanted = "a text or a list of texts, such as \"rate 0.1\"";
  return {[](const KeyPlace& place) -> Result<std::vector<std::string>> {
            if (const auto one = place.node.value_exact<std::string>()) return std::vector{*one};
            const toml::array* list = place.node.as_array();
            if (list == nullptr || list->empty()) return place.must_be(kWanted);
            std::vector<std::string> all;
            for (const toml::node& node : *list) {
              const auto one = node.value_exact<std::string>();
              if (!one) return place.must_be(kWanted);
              all.push_back(*one);
            }
            return all;
          },
          [](toml::table& table, const std::string& key, const std::vector<std::string>& all) {
            if (all.empty()) return;
            toml::array list;
            for (const std::string& one : all) list.push_back(one);
            table.insert_or_assign(key, std::move(list));
          },
          "text, or list of texts", ""};
}

KeyType<toml::table> any_table() {
  return {[](const KeyPlace& place) -> Result<toml::table> {
            if (!place.node.is_table())
              return place.must_be("a table in braces, such as {theme = \"light\"}");
            return *place.node.as_table();
          },
          [](toml::table& table, const std::string& key, const toml::table& value) {
            table.insert_or_assign(key, value);
          },
          "table", ""};
}

Result<void> check_moment(const TimelineEntry& entry) {
  const int given = entry.time.has_value() + entry.step.has_value() + entry.epoch.has_value();
  if (given == 1) return {};
  return error("{} {} one of time, step and epoch, for example time = 4.", entry.where,
               given == 0 ? "needs" : "has several moments; give it");
}

// Errors: what belongs to something else stands alone.
Result<void> check_words(const TimelineEntry& entry) {
  if (entry.card && entry.caption)
    return error("{} has both a card and a caption; give each of them an entry of its own.", entry.where);
  if (entry.card && entry.card->empty())
    return error("{} card is empty; say what it shows, or leave it out.", entry.where);
  const bool caption = entry.caption && !entry.caption->empty();
  if (entry.subtitle && !entry.card)
    return error("{} has a subtitle, but no card that it stands on; add card = \"...\".", entry.where);
  if (entry.place && !caption)
    return error("{} has a place, but no caption that stands there; add caption = \"...\".", entry.where);
  if ((entry.seconds || entry.fade) && !caption && !entry.card)
    return error("{} has {}, but neither caption nor card that it is of; add one, or leave it out.",
                 entry.where, entry.seconds ? "seconds" : "a fade");
  return {};
}

Result<void> check_entry(const TimelineEntry& entry, std::size_t cues) {
  FL_TRY(check_moment(entry));
  FL_TRY(check_words(entry));
  if (!entry.camera && !entry.pace && entry.does.empty() && !entry.show && !entry.cue && !entry.caption &&
      !entry.card)
    return error(
        "{} says when, but not what: give it a camera, a pace, do, show, a cue, a caption or a card.",
        entry.where);
  if (entry.cue && static_cast<std::size_t>(*entry.cue) > cues)
    return error("{} cue = {}: the lecture has {}; write more under [[view.cues]].", entry.where, *entry.cue,
                 cues == 0 ? "no cues" : counted(cues, "cue"));
  return {};
}

}  // namespace

const KeyTable<CameraKey>& camera_key_keys() {
  using C = CameraKey;
  static const KeyTable<C> keys(
      "[[timeline]] camera",
      "A key of the camera. It moves smoothly through all of them, slowly at both ends, and stands still "
      "before the first and after the last. What a key does not say is as in the key before, in the first as "
      "in `[camera]`.",
      {{"yaw", maybe(number(-3600, 3600)), &C::yaw, "As in `[camera]`; more than a turn goes round.", "none"},
       {"pitch", maybe(number(-11, 89)), &C::pitch, "As in `[camera]`.", "none"},
       {"distance", maybe(number(0, 20)), &C::distance, "As in `[camera]`.", "none"},
       {"target", maybe(numbers(3, -2, 2)), &C::target,
        "What it looks at, in half-widths of the box: along the first axis, up, and along the second.",
        "the landscape's middle"},
       {"orbit", maybe(number(-3600, 3600)), &C::orbit,
        "From here to the next key, or to the end, the camera goes round once in so many seconds; negative: "
        "the other way.",
        "none"}});
  return keys;
}

const KeyTable<TimelineEntry>& timeline_keys() {
  using T = TimelineEntry;
  static const KeyTable<T> keys(
      "[[timeline]]",
      "What a film does and says when: each entry a table of its own under `[[timeline]]`, with a moment and "
      "what happens then. Entries may stand in any order: they are taken by their time. Those of steps and "
      "epochs come when the training, at its pace, is there.",
      {{"time", maybe(number(0, kMostFilmSeconds)), &T::time, "The moment, in seconds of the film.", "none"},
       {"step", maybe(whole_number(0, kMostSteps)), &T::step,
        "Or in steps that are made since the start, or since the last `reset`.", "none"},
       {"epoch", maybe(number(0, kMostSteps)), &T::epoch, "Or in epochs, of which 2.5 is one, too.", "none"},
       {"camera", maybe(inner_table(camera_key_keys())), &T::camera, "A key of the camera.", "none"},
       {"pace", maybe(number(0, kMostPace)), &T::pace,
        "Steps a second from here on, or phases, where steps are told in phases; 0 stands still, as the film "
        "does before its first pace. A timeline without any trains all the time, up to a sixth of the film.",
        "none"},
       {"do", commands(), &T::does,
        "Commands: `rate 0.1`, `optimizer adam`, `reset 2` with its seed, `plane random`, `surfaces both`, "
        "`grid 65`, `probe 64`, `heights log`, `image 3`, `heat on`; of two parameters `start 1, -1`, "
        "`surface hills` or a formula, `phases adam`. `fork river`, `fork order`, `fork rate x 10`, `fork rate "
        "/ 10` and `fork optimizer` clone the run with that one thing changed, beside it; `remove-fork 1` takes "
        "the first away, `remove-fork 0` all.",
        "none"},
       {"show", maybe(any_table()), &T::show,
        "How it is shown from here on: `theme`, `colors`, `log_height`, `loss`, `curves`, `curves_over`, "
        "`earlier_runs`, `room`, `tile`, `map`, `fill`, `points`, `presenter`, as session files have them.",
        "none"},
       {"cue", maybe(whole_number(0, static_cast<int>(kMostCues))), &T::cue,
        "Says that cue of `[view]`, from 1; 0: none any more.", "none"},
       {"caption", maybe(words(kLongestCaption)), &T::caption,
        "A sentence over the landscape. It ends where the next one begins; an empty one only ends it.",
        "none"},
       {"place", maybe(caption_place()), &T::place, "Where the caption stands.", "`\"bottom\"`"},
       {"card", maybe(words(kLongestTitle)), &T::card, "A title over the whole picture.", "none"},
       {"subtitle", maybe(words(kLongestCaption)), &T::subtitle, "What stands under it.", "none"},
       {"seconds", maybe(number(0.1, kMostFilmSeconds)), &T::seconds, "How long caption or card is seen.",
        "a caption until the next, a card 4"},
       {"fade", maybe(number(0, 60)), &T::fade, "Seconds in which it comes and goes.", "`0.5`"}});
  return keys;
}

Result<std::vector<TimelineEntry>> parse_timeline(const toml::table& scene, std::size_t cues) {
  std::vector<TimelineEntry> entries;
  const toml::node* node = scene.get("timeline");
  if (node == nullptr) return entries;
  FL_TRY_LET(list, list_of_tables({*node, "timeline"}));
  if (list->size() > kMostTimelineEntries)
    return error("{}a timeline has at most {} entries.", line_of(*node), kMostTimelineEntries);
  for (const toml::table* table : *list) {
    TimelineEntry& entry = entries.emplace_back();
    const std::string where = fmt::format("[[timeline]] {}", entries.size());
    entry.where = line_of(*table) + where;
    FL_TRY(timeline_keys().read(table, entry, where));
    FL_TRY(check_entry(entry, cues));
  }
  return entries;
}

}  // namespace fl
