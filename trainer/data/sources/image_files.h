#pragma once
// Images wherever a person keeps them: an image file, a folder of them, a ZIP of them.

#include <cstddef>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "trainer/base/result.h"
#include "trainer/data/files/file_tree.h"

namespace fl {

// An image's name for reports, and its bytes or why there are none. False ends the visit.
using ImageVisitor = std::function<bool(const std::string& name, Result<std::vector<std::byte>> bytes)>;

// Visits a file as it is, whatever its name; of a folder with its subfolders, and of a ZIP or a .tm, all that
// is an image and neither hidden nor a leftover of the system: a folder's sorted, an archive's in its order.
// An image is called by the path as it was given, of a folder or archive with the path inside behind it. One
// image is in memory at a time. Returns how many files were passed over. Errors: nothing of that name, a
// folder that cannot be listed, what ZipArchive::open refuses, a folder or archive without images.
Result<EndingCounts> visit_images(const std::filesystem::path& path, const ImageVisitor& visit);

}  // namespace fl
