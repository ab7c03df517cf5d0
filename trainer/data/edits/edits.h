#pragma once
// What a person changes of a data set: a class renamed, images moved to another class or removed. The set
// itself stays as it is; what the changes make of it is shown as a draft, and can be saved (save_project.h).

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "trainer/base/result.h"

namespace fl {

struct EditedSet {
  std::vector<std::string> classes;  // those that have images left, in their order
  struct Image {
    std::size_t image = 0;  // of the set
    int class_index = 0;    // into `classes`
  };
  std::vector<Image> images;  // in the set's order
};

class Edits {
 public:
  static constexpr std::int32_t kRemoved = -1;

  Edits() = default;
  // `labels`: [image], indices into `classes`.
  Edits(std::vector<std::string> classes, std::vector<std::int32_t> labels);

  // As the changes have them: names of the classes, all that there were; and [image] its class or kRemoved.
  [[nodiscard]] const std::vector<std::string>& classes() const { return classes_; }
  [[nodiscard]] const std::vector<std::int32_t>& labels() const { return labels_; }
  [[nodiscard]] bool empty() const { return steps_.empty(); }
  // Whether both are changes of a set with the same classes and labels.
  [[nodiscard]] bool of_same_set(const Edits& other) const {
    return first_classes_ == other.first_classes_ && first_labels_ == other.first_labels_;
  }
  // "1 class renamed, 3 images moved, 2 removed", against the set; empty where all is as it was.
  [[nodiscard]] std::string words() const;

  // Error: a name that a project cannot have, or that another class has.
  Result<void> rename(std::size_t c, const std::string& name);
  void move(std::span<const std::size_t> images, std::size_t c);
  void remove(std::span<const std::size_t> images);
  // The last of them, as one step; nothing where there is none.
  void undo();
  void clear();

  // What there is to save. `fewest`: images that a class needs (class_check.h). Error: fewer than two classes
  // are left, or one has too few images.
  [[nodiscard]] Result<EditedSet> result(std::size_t fewest) const;

 private:
  struct Step {
    struct Name {
      std::size_t index;
      std::string before;
    };
    struct Label {
      std::size_t image;
      std::int32_t before;
    };
    std::optional<Name> name;
    std::vector<Label> labels;
  };
  void set(std::span<const std::size_t> images, std::int32_t label);

  std::vector<std::string> first_classes_, classes_;
  std::vector<std::int32_t> first_labels_, labels_;
  std::vector<Step> steps_;
};

}  // namespace fl
