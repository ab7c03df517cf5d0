#pragma once
// The design's walls, checked on the sources: which folder may include what, no two folders that need each
// other, no file too long to read in one sitting. Works on text, so that a violation can be planted in a test.

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace fl::walls {

struct SourceFile {
  std::string path;  // from the repository's root: "engine/vk/device.h"
  std::string text;
};

struct Include {
  std::size_t line = 0;  // from 1
  std::string header;    // without its brackets or quotes
};

// Every #include that the preprocessor would see; those in comments are not.
std::vector<Include> includes_of(std::string_view text);

// One sentence for each violation, with file and line; empty when all walls stand.
std::vector<std::string> violations(const std::vector<SourceFile>& files);

// One sentence for each #include that should stand before the one above it: a block's are in alphabetical
// order.
std::vector<std::string> includes_out_of_order(const std::vector<SourceFile>& files);

// All sources below trainer/ and engine/ of the repository at `root`, by path.
std::vector<SourceFile> read_sources(const std::filesystem::path& root);

}  // namespace fl::walls
