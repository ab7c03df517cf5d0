#pragma once
// What a file is by its first bytes. Names lie: a download is called project.tm and is a web page, a
// photograph has no ending, and what helps differs from one to the next.

#include <cstddef>
#include <filesystem>
#include <span>
#include <string_view>
#include <vector>

#include "trainer/base/result.h"

namespace fl {

struct FileKind {
  enum class Group {
    kUnknown,
    kEmpty,
    kZip,
    kImage,       // of a format that decode_image reads
    kOtherImage,  // of a format that it does not
    kPacked,      // an archive that is no ZIP
    kNotTheFile,  // what a download leaves in a file's place
    kText,
    kOther,
  };
  Group group = Group::kUnknown;
  std::string_view name;  // for a sentence: "a PDF document"; empty where the kind is unknown
};

inline constexpr std::size_t kFileHeadBytes = 512;

// `head`: the first kFileHeadBytes of a file, or all of it where it is shorter.
FileKind file_kind(std::span<const std::byte> head);

// The first kFileHeadBytes of a file. Never waits for a pipe. Errors: cannot be read, not a regular file.
Result<std::vector<std::byte>> read_head(const std::filesystem::path& path);

// What to do about a file of this kind where images, or a source of them, are wanted: a sentence's second
// half.
std::string_view cure_for(const FileKind& kind);

}  // namespace fl
