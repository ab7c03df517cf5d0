#include "trainer/data/edits/edits.h"

#include <algorithm>
#include <utility>

#include <fmt/ranges.h>

#include "trainer/base/check.h"
#include "trainer/base/counted.h"
#include "trainer/data/sources/tm_parts.h"

namespace fl {

Edits::Edits(std::vector<std::string> classes, std::vector<std::int32_t> labels)
    : first_classes_(std::move(classes)),
      classes_(first_classes_),
      first_labels_(std::move(labels)),
      labels_(first_labels_) {}

std::string Edits::words() const {
  std::size_t renamed = 0, moved = 0, removed = 0;
  for (std::size_t c = 0; c < classes_.size(); ++c) renamed += classes_[c] != first_classes_[c] ? 1 : 0;
  for (std::size_t i = 0; i < labels_.size(); ++i) {
    if (labels_[i] == kRemoved)
      ++removed;
    else if (labels_[i] != first_labels_[i])
      ++moved;
  }
  std::vector<std::string> parts;
  if (renamed > 0) parts.push_back(counted(renamed, "class") + " renamed");
  if (moved > 0) parts.push_back(counted(moved, "image") + " moved");
  if (removed > 0) parts.push_back(counted(removed, "image") + " removed");
  return fmt::format("{}", fmt::join(parts, ", "));
}

Result<void> Edits::rename(std::size_t c, const std::string& name) {
  FL_CHECK(c < classes_.size());
  if (name == classes_[c]) return {};
  FL_TRY(check_tm_class(name));
  if (std::ranges::count(classes_, name) > 0)
    return error("Another class is called \"{}\"; choose another name, or move the images there.", name);
  steps_.push_back({.name = Step::Name{c, std::exchange(classes_[c], name)}, .labels = {}});
  return {};
}

void Edits::move(std::span<const std::size_t> images, std::size_t c) {
  FL_CHECK(c < classes_.size());
  set(images, static_cast<std::int32_t>(c));
}

void Edits::remove(std::span<const std::size_t> images) {
  set(images, kRemoved);
}

void Edits::set(std::span<const std::size_t> images, std::int32_t label) {
  Step step;
  for (const std::size_t image : images) {
    FL_CHECK(image < labels_.size());
    if (labels_[image] != label) step.labels.push_back({image, std::exchange(labels_[image], label)});
  }
  if (!step.labels.empty()) steps_.push_back(std::move(step));
}

void Edits::undo() {
  if (steps_.empty()) return;
  Step& last = steps_.back();
  if (last.name) classes_[last.name->index] = std::move(last.name->before);
  for (const auto& [image, before] : last.labels) labels_[image] = before;
  steps_.pop_back();
}

void Edits::clear() {
  classes_ = first_classes_;
  labels_ = first_labels_;
  steps_.clear();
}

Result<EditedSet> Edits::result(std::size_t fewest) const {
  std::vector<std::size_t> counts(classes_.size());
  for (const std::int32_t label : labels_)
    if (label != kRemoved) ++counts[static_cast<std::size_t>(label)];
  EditedSet set;
  std::vector<int> places(classes_.size());
  for (std::size_t c = 0; c < classes_.size(); ++c) {
    if (counts[c] == 0) continue;
    if (counts[c] < fewest)
      return error(
          "The class \"{}\" has only {} left, and it needs {}; bring some back, or remove the class.",
          classes_[c], counted(counts[c], "image"), fewest);
    places[c] = static_cast<int>(set.classes.size());
    set.classes.push_back(classes_[c]);
  }
  if (set.classes.size() < 2)
    return error(
        "{} left, and training needs two; undo the last removal.",
        set.classes.empty() ? "No class is" : fmt::format("Only the class \"{}\" is", set.classes[0]));
  for (std::size_t i = 0; i < labels_.size(); ++i)
    if (labels_[i] != kRemoved) set.images.push_back({i, places[static_cast<std::size_t>(labels_[i])]});
  return set;
}

}  // namespace fl
