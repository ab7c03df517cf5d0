// What a browser of files finds on disk.
#include <algorithm>
#include <array>
#include <cctype>
#include <cstdlib>
#include <fstream>

#include "engine/ui/panels/start/browser.h"
#include "trainer/base/printable.h"
#include "trainer/base/system_reason.h"

namespace fl {
namespace fs = std::filesystem;
namespace {

std::string lower(std::string text) {
  std::ranges::transform(text, text.begin(),
                         [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return text;
}

fs::path home() {
  const char* value = std::getenv("HOME");
  return value == nullptr ? fs::path() : fs::path(value);
}

// XDG_DOCUMENTS_DIR="$HOME/Dokumente", a line each: what xdg-user-dirs writes.
std::vector<BrowserPlace> user_folders() {
  std::vector<BrowserPlace> places;
  const fs::path at = home();
  std::ifstream file(at / ".config" / "user-dirs.dirs");
  for (std::string line; std::getline(file, line) && places.size() < 16;) {
    const std::size_t from = line.find("=\""), to = line.rfind('"');
    if (!line.starts_with("XDG_") || from == std::string::npos || to <= from + 1) continue;
    std::string value = line.substr(from + 2, to - from - 2);
    if (value.starts_with("$HOME/")) value = (at / value.substr(6)).string();
    const fs::path folder = value;
    if (folder.is_absolute() && folder != at) places.push_back({folder.filename().string(), folder});
  }
  if (!places.empty()) return places;
  for (const char* name : {"Desktop", "Documents", "Downloads", "Pictures"})
    places.push_back({name, at / name});
  return places;
}

// A disk a folder.
void add_disks(const fs::path& media, std::vector<BrowserPlace>& places) {
  std::error_code failed;
  for (fs::directory_iterator entry(media, failed), end; !failed && entry != end; entry.increment(failed))
    places.push_back({entry->path().filename().string(), entry->path()});
}

}  // namespace

bool opens_file(const fs::path& name) {
  constexpr std::array kEndings = {".tm", ".zip", ".toml", ".jsonl"};
  return std::ranges::count(kEndings, lower(name.extension().string())) > 0;
}

bool has_images(const fs::path& name) {
  constexpr std::array kEndings = {".jpg",  ".jpeg", ".png",  ".bmp", ".gif",
                                   ".webp", ".tif",  ".tiff", ".zip", ".tm"};
  return std::ranges::count(kEndings, lower(name.extension().string())) > 0;
}

BrowserListing list_folder(const fs::path& folder, std::size_t most, const BrowserKind& kind) {
  BrowserListing listing{.folder = folder};
  std::error_code failed;
  fs::directory_iterator entry(folder, failed);
  for (const fs::directory_iterator end; !failed && entry != end; entry.increment(failed)) {
    const std::string name = entry->path().filename().string();
    if (name.starts_with('.')) continue;
    std::error_code unknown;
    const bool is_folder = entry->is_directory(unknown);
    if (is_folder || kind.offers(name))
      listing.entries.push_back({name, is_folder});
    else
      ++listing.others;
    if (listing.entries.size() >= most) break;
  }
  if (failed)
    listing.error = fmt::format("{} cannot be listed: {}. Choose another folder.", printable(folder.string()),
                                system_reason(failed.value()));
  std::ranges::sort(listing.entries, {}, [](const BrowserEntry& one) {
    return std::tuple(!one.folder, lower(one.name), one.name);
  });
  return listing;
}

std::vector<BrowserPlace> browser_places(const fs::path& lessons) {
  std::vector<BrowserPlace> places = {{"Home", home()}};
  if (!home().empty()) std::ranges::move(user_folders(), std::back_inserter(places));
  if (const char* user = std::getenv("USER"))
    for (const char* media : {"/media", "/run/media"}) add_disks(fs::path(media) / user, places);
  places.push_back({"Lessons", lessons});
  places.push_back({"/", "/"});
  std::erase_if(places, [](const BrowserPlace& one) {
    std::error_code ignored;
    return one.folder.empty() || !fs::is_directory(one.folder, ignored);
  });
  return places;
}

}  // namespace fl
