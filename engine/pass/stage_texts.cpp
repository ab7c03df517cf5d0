#include "engine/pass/stage_texts.h"

#include <fmt/format.h>

namespace fl {
namespace {

std::string name_or(const std::vector<std::string>& names, std::size_t index, const char* kind) {
  if (index < names.size() && !names[index].empty()) return names[index];
  return fmt::format("{} {}", kind, index + 1);
}

}  // namespace

std::vector<std::string> all_words(const StageTexts& texts) {
  std::vector<std::string> words = {texts.title, texts.network, texts.message, texts.path_heading};
  for (const auto* names : {&texts.class_names, &texts.layer_names, &texts.path_names})
    words.insert(words.end(), names->begin(), names->end());
  for (const AxisWords& axis : texts.axes) {
    words.push_back(axis.title);
    words.insert(words.end(), axis.values.begin(), axis.values.end());
  }
  for (const Cue& cue : texts.cues) words.push_back(cue.words);
  for (const Caption& caption : texts.captions) words.push_back(caption.words);
  for (const TitleCard& card : texts.cards) words.insert(words.end(), {card.title, card.subtitle});
  if (texts.loading) words.insert(words.end(), {texts.loading->title, texts.loading->words});
  return words;
}

std::string class_name(const StageTexts& texts, std::size_t index) {
  return name_or(texts.class_names, index, "class");
}

std::string layer_name(const StageTexts& texts, std::size_t index) {
  return name_or(texts.layer_names, index, "layer");
}

std::string path_name(const StageTexts& texts, std::size_t index) {
  return name_or(texts.path_names, index, "path");
}

}  // namespace fl
