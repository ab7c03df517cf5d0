#include "trainer/data/sources/label_list.h"

#include <algorithm>
#include <map>
#include <sstream>

#include "trainer/base/printable.h"

namespace fl {
namespace {

constexpr std::string_view kList = "labels.csv";

}  // namespace

std::optional<std::string> find_label_list(const FileTree& tree) {
  for (std::size_t i = 0; i < tree.paths().size(); ++i) {
    const std::string path = tree.clean_path(i);
    if (path == kList || path.ends_with(fmt::format("/{}", kList)))
      return path.substr(0, path.size() - kList.size());
  }
  return {};
}

Result<ClassListing> list_labelled_images(FileTree& tree, const std::string& folder) {
  std::map<std::string, std::size_t> files;
  for (std::size_t i = 0; i < tree.paths().size(); ++i) files.emplace(tree.clean_path(i), i);
  const auto bytes = tree.read(files.at(folder + std::string(kList)));
  if (!bytes) return bytes.error();
  ClassListing listing;
  listing.notes = tree.notes();
  std::istringstream text(std::string(reinterpret_cast<const char*>(bytes->data()), bytes->size()));
  std::string line;
  for (int number = 1; std::getline(text, line); ++number) {
    if (line.ends_with('\r')) line.pop_back();
    const auto comma = line.rfind(',');
    if (comma == std::string::npos) continue;
    const std::string file = line.substr(0, comma), name = printable(line.substr(comma + 1));
    const auto found = files.find(folder + file);
    if (found == files.end()) {
      if (number == 1) continue;  // the names of the columns
      return error("Line {} of {} in {} names {}, which is not there; correct the line or remove it.", number,
                   kList, printable(tree.place().string()), printable(file));
    }
    auto known = std::ranges::find(listing.classes, name);
    if (known == listing.classes.end()) known = listing.classes.insert(known, name);
    listing.images.push_back(
        {static_cast<int>(known - listing.classes.begin()), found->second, printable(file)});
  }
  if (listing.images.empty())
    return error("The {} in {} names no images; write a line \"file,class\" for each.", kList,
                 printable(tree.place().string()));
  listing.passed_over.resize(listing.classes.size());
  return listing;
}

}  // namespace fl
