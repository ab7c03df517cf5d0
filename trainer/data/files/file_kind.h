#pragma once
// What a file is by its first bytes: the one table of formats. Names lie: a download is called project.tm and is a web
// page, a photograph has no ending, and what helps differs from one to the next.

#include <cstddef>
#include <filesystem>
#include <span>
#include <string_view>
#include <vector>

#include "trainer/base/result.h"

namespace fl {

// What decode_image reads.
enum class ImageFormat { kNone, kJpeg, kPng, kWebp, kGif, kBmp, kTiff };

struct FileKind {
  enum class Group {
    kUnknown,
    kEmpty,
    kZip,
    kImage,       // of a format that decode_image reads
    kOwnPicture,  // a PNG that this program drew: not an image to train on
    kOtherImage,  // of a format that it does not
    kPacked,      // an archive other than a ZIP
    kNotTheFile,  // what a download leaves in a file's place
    kText,
    kOther,
  };
  Group group = Group::kUnknown;
  std::string_view name = {};        // for a sentence: "a PDF document"; empty where the kind is unknown
  std::string_view detail = {};      // what follows the name where an image was expected: ", as phones take them"
  std::string_view image_cure = {};  // what to do where an image was expected; empty: replace it
  ImageFormat format = ImageFormat::kNone;
};

inline constexpr std::size_t kFileHeadBytes = 512;

// `bytes`: a whole file, or its first kFileHeadBytes.
FileKind file_kind(std::span<const std::byte> bytes);

// The first kFileHeadBytes of a file. Never waits for a pipe. Errors: cannot be read, not a regular file.
Result<std::vector<std::byte>> read_head(const std::filesystem::path& path);

// What to do about a file of this kind where a source of images is wanted: a sentence's second half.
std::string_view cure_for(const FileKind& kind);

// What a file is that decode_image does not read, and what helps: "NAME is an HEIC image, ...; save it as JPEG or PNG."
// `bytes`: the whole file. Precondition: its kind has no format.
Error not_an_image(std::span<const std::byte> bytes, std::string_view name);

}  // namespace fl
