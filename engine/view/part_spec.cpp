#include "engine/view/part_spec.h"

#include <algorithm>
#include <array>

#include "engine/view/timeline_spec.h"

namespace fl {
namespace {

constexpr std::array kBesideParts = {"title", "film", "part"};

KeyType<std::vector<std::string>> settings() {
  constexpr const char* kWanted = "a list of texts, such as [\"train.epochs=30\"]";
  return {[](const KeyPlace& place) -> Result<std::vector<std::string>> {
            const toml::array* list = place.node.as_array();
            if (list == nullptr) return place.must_be(kWanted);
            std::vector<std::string> all;
            for (const toml::node& node : *list) {
              const auto one = node.value_exact<std::string>();
              if (!one) return place.must_be(kWanted);
              all.push_back(*one);
            }
            return all;
          },
          [](toml::table& table, const std::string& key, const std::vector<std::string>& all) {
            toml::array list;
            for (const std::string& one : all) list.push_back(one);
            table.insert_or_assign(key, std::move(list));
          },
          "list of texts", ""};
}

}  // namespace

const KeyTable<PartSpec>& part_keys() {
  using P = PartSpec;
  static const KeyTable<P> keys(
      "[[part]]",
      "A film of several lessons, which `fallline render` makes one after the other: each part a table of its "
      "own under `[[part]]`, in the order of the film. Beside them stand only `title` and `[film]`, which "
      "holds for all of them. What a part does and says when are entries under `[[part.timeline]]`, right "
      "behind it, with the keys of `[[timeline]]` and times from the part's own beginning; without any, those "
      "of its scene.",
      {{"scene", text_in_quotes(), &P::scene, "The lesson, from the folder of this file on.", "none"},
       {"set", settings(), &P::set, "Keys of that lesson in place of its own, as `--set` has them.", "none"},
       {"seconds", number(0.1, kMostFilmSeconds), &P::seconds, "How long the part is.",
        "what its timeline asks for"}});
  return keys;
}

bool has_parts(const toml::table& scene) {
  return scene.contains("part");
}

Result<std::vector<PartSpec>> parse_parts(const toml::table& scene) {
  for (const auto& [key, node] : scene)
    if (std::ranges::find(kBesideParts, key.str()) == kBesideParts.end())
      return error(
          "{}{} cannot stand beside [[part]]: it is of a lesson; say it in the part's scene, or in set.",
          line_of(node), key.str());
  const toml::node& node = *scene.get("part");
  FL_TRY_LET(list, list_of_tables({node, "part"}));
  if (list->size() > kMostParts) return error("{}a film has at most {} parts.", line_of(node), kMostParts);
  std::vector<PartSpec> parts;
  for (const toml::table* table : *list) {
    PartSpec& part = parts.emplace_back();
    const std::string where = fmt::format("[[part]] {}", parts.size());
    part.where = line_of(*table) + where;
    FL_TRY(part_keys().read_known(table, part, where));
    FL_TRY(check_keys(*table, where, {"scene", "set", "seconds", "timeline"}));
    if (part.scene.empty())
      return error("{} names no scene; add scene = \"../1-too-few-images.toml\".", part.where);
    part.table = *table;
  }
  return parts;
}

}  // namespace fl
