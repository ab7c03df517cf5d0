#pragma once
// Images wherever a person keeps them: a JPEG or PNG file, a folder of them, a ZIP of them.

#include <cstddef>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "trainer/base/result.h"

namespace fl {

// An image file's name for reports, and its bytes or why there are none. False ends the visit.
using ImageVisitor = std::function<bool(const std::string& name, Result<std::vector<std::byte>> bytes)>;

// Visits a file as it is, whatever its name; of a folder and its subfolders, and of a .zip (or .tm), what is
// called .jpg, .jpeg or .png and not hidden: a folder's sorted, an archive's in its order. One image is in
// memory at a time. Errors: nothing of that name, a folder that cannot be listed, what ZipArchive::open
// refuses, a folder or archive without images.
Result<void> visit_images(const std::filesystem::path& path, const ImageVisitor& visit);

}  // namespace fl
