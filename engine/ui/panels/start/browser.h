#pragma once
// A browser of files in a panel: folders, and what the program can open. Folders are listed on a thread of
// their own, because a disk may be far away.

#include <filesystem>
#include <future>
#include <optional>
#include <string>
#include <vector>

namespace fl {

struct BrowserEntry {
  std::string name;
  bool folder = false;
};

struct BrowserListing {
  std::filesystem::path folder;
  std::vector<BrowserEntry> entries{};  // folders first, each by name, whatever the case
  int others = 0;                       // files that are not offered
  std::string error{};                  // why it cannot be listed, a sentence; empty: it can
};

// Whether the program opens a file of this name.
[[nodiscard]] bool opens_file(const std::filesystem::path& name);
// The same of an image, or of an archive that may hold some.
[[nodiscard]] bool has_images(const std::filesystem::path& name);

// What somebody looks for: which files are offered, and what a folder is good for.
struct BrowserKind {
  bool (*offers)(const std::filesystem::path& name) = opens_file;
  const char* folder_tip = "A folder with a folder of images for each class, or one with a saved run";
};
// Hidden files and folders are left out, and all but the first `most`.
[[nodiscard]] BrowserListing list_folder(const std::filesystem::path& folder, std::size_t most = 5000,
                                         const BrowserKind& kind = {});

struct BrowserPlace {
  std::string name;
  std::filesystem::path folder;
};
// Home and what is usual in it, removable disks, the root; those that are there. `lessons`: one more.
[[nodiscard]] std::vector<BrowserPlace> browser_places(const std::filesystem::path& lessons);

class Browser {
 public:
  explicit Browser(const BrowserKind& kind = {}) : kind_(kind) {}
  // Begins anew where it was before, at first in the folder the program was started in.
  void open(const std::filesystem::path& lessons);
  [[nodiscard]] bool is_open() const { return open_; }
  void close() { open_ = false; }
  // Into the current ImGui window; what was chosen, to be opened.
  [[nodiscard]] std::optional<std::string> draw(float scale);

 private:
  void go(const std::filesystem::path& folder);
  void look();
  std::optional<std::string> draw_path();
  std::optional<std::string> draw_entries(float height);

  BrowserKind kind_;
  bool open_ = false;
  std::vector<BrowserPlace> places_;
  std::filesystem::path folder_;
  std::string typed_;
  BrowserListing shown_;
  std::future<BrowserListing> coming_;
  std::vector<std::future<BrowserListing>> abandoned_;
};

}  // namespace fl
