#pragma once
// What the panel "Data" keeps of a lesson: the draft of changed images, what is chosen, where the rows of its
// grid are, and what is made of the images on another thread. It knows no widgets.

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "trainer/base/background.h"
#include "trainer/data/dataset.h"
#include "trainer/data/edits/edits.h"
#include "trainer/subjects/run_spec.h"

namespace fl {

// What the network would see of an image with these settings.
struct PreparedImage {
  std::size_t image = 0;
  DataSpec spec{};
  Bitmap whole{};         // the image itself, through the window, painted; 512 pixels wide or high at most
  Bitmap seen{};          // the network's pixels, rounded
  bool slice = false;     // it has Hounsfield units
  std::string failure{};  // why there is none; empty: there is
};

// The scene's settings that differ: "data.window=[40, 80]". `grey`: the images have one channel; `transfer`:
// they go through a backbone, which decides their channels.
std::vector<std::string> changed_settings(const DataSpec& now, const DataSpec& wanted, bool grey,
                                          bool transfer);

// A place beside what was opened, or in the folder of the program where that is not to be written: a name
// that nothing has. `what`: as LessonInfo's.
std::filesystem::path free_project_name(const std::string& what);

class DataDesk {
 public:
  // `data` and `split` must outlive it; work that it gives to `background` may go on after it.
  DataDesk(const Dataset& data, const Split& split, const RunSpec& run, Background& background);

  // The draft.
  [[nodiscard]] const Edits& edits() const { return edits_; }
  Result<void> rename(std::size_t c, const std::string& name);
  void move_chosen(std::size_t c);
  void remove_chosen();
  void undo();
  void clear();
  // It holds changes that no project has, and that nobody let go of.
  [[nodiscard]] bool unsaved() const;
  // Nobody will miss the draft as it is now.
  void let_go() { safe_at_ = changes_; }
  // Takes over the draft of another desk, where that has the same images: they were opened again.
  void go_on_from(const DataDesk& before);

  // The draft's images of a class, in the set's order.
  [[nodiscard]] const std::vector<std::uint32_t>& images_of(std::size_t c) const { return members_[c]; }
  [[nodiscard]] std::size_t tests_of(std::size_t c) const { return test_counts_[c]; }
  [[nodiscard]] bool tests(std::size_t image) const { return tests_[image]; }

  // Rows of a grid with so many images side by side: a class's own, then its images unless it is folded.
  struct Row {
    std::size_t c = 0;
    std::optional<std::span<const std::uint32_t>> images;  // none: the row of the class itself
  };
  [[nodiscard]] std::size_t rows(std::size_t columns);
  // Of the last call of rows().
  [[nodiscard]] Row row(std::size_t index) const;
  [[nodiscard]] bool folded(std::size_t c) const { return folded_[c]; }
  void fold(std::size_t c);

  // What is chosen, in the order of the images.
  [[nodiscard]] std::vector<std::size_t> chosen() const;
  [[nodiscard]] std::size_t chosen_count() const { return chosen_count_; }
  [[nodiscard]] bool is_chosen(std::size_t image) const { return chosen_[image]; }
  void choose(std::size_t image);        // it alone
  void add_or_drop(std::size_t image);   // besides the others
  void choose_up_to(std::size_t image);  // of its class, from the last one chosen
  void choose_class(std::size_t c);
  // The last one that was chosen by itself; none at first.
  [[nodiscard]] std::optional<std::size_t> shown() const { return shown_; }

  // What is to be made of an image from now on: asked again at every picture, made where it is another one.
  void prepare(std::size_t image, const DataSpec& spec);
  // The last one that is made, perhaps of other settings than were asked for last; null at first.
  [[nodiscard]] const PreparedImage* prepared();
  [[nodiscard]] std::uint64_t prepared_number() const {
    return prepared_number_;
  }  // another one, another number

  // Saves the draft there, under a name that ends in .tm. It is said in saved() what comes of it, at once or
  // later.
  void save(std::filesystem::path path);
  struct Saving {
    bool busy = false, failed = false;
    std::filesystem::path path{};  // empty: nothing was saved yet
    std::string words{};           // of a failure
  };
  [[nodiscard]] Saving saved() const;
  // Something is being made: the next picture will differ.
  [[nodiscard]] bool busy() const;

  // What a person is about to do, and nothing is done of it yet.
  struct Plans {
    DataSpec prepared;                    // settings that are tried out
    std::optional<std::size_t> renaming;  // a class
    std::string name;                     // what it is to be called
    bool saving = false;
    std::string path;     // where to
    std::string refused;  // why the last of them was not done
  };
  [[nodiscard]] Plans& plans() { return plans_; }
  [[nodiscard]] const Plans& plans() const { return plans_; }

 private:
  struct Shared;
  void take_draft();
  void begin_to_prepare();

  const Dataset& data_;
  RunSpec run_;
  Background& background_;
  Edits edits_;
  // Counts how often the draft was changed; then it was saved as, and then nobody missed it.
  std::uint64_t changes_ = 1, saved_at_ = 0, safe_at_ = 0;
  Plans plans_;
  std::vector<std::vector<std::uint32_t>> members_;  // [class]
  std::vector<std::size_t> test_counts_;             // [class]
  std::vector<bool> tests_, chosen_, folded_;
  std::size_t chosen_count_ = 0, columns_ = 1;
  std::vector<std::size_t> first_rows_;  // [class], and how many there are
  std::optional<std::size_t> shown_;
  struct Wanted {
    std::size_t image = 0;
    DataSpec spec;
    bool operator==(const Wanted&) const = default;
  };
  std::optional<Wanted> wanted_, begun_;
  std::optional<PreparedImage> prepared_;
  std::uint64_t prepared_number_ = 0;
  std::shared_ptr<Shared> shared_;  // with the work in the background
};

}  // namespace fl
