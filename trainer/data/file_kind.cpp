#include "trainer/data/file_kind.h"

#include <algorithm>
#include <array>
#include <string>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "trainer/base/printable.h"

namespace fl {
namespace {

using Group = FileKind::Group;
using namespace std::string_view_literals;

struct Signature {
  std::size_t offset;
  std::string_view bytes;
  FileKind kind;
};

// From the formats' own documents; the more particular ones come first.
constexpr std::array kSignatures = {
    Signature{0, "PK\3\4"sv, {Group::kZip, "a ZIP archive"}},
    Signature{0, "PK\5\6"sv, {Group::kZip, "an empty ZIP archive"}},
    Signature{0, "\xff\xd8\xff"sv, {Group::kImage, "a JPEG image"}},
    Signature{0, "\x89PNG\r\n\x1a\n"sv, {Group::kImage, "a PNG image"}},
    Signature{0, "GIF8"sv, {Group::kImage, "a GIF image"}},
    Signature{8, "WEBPVP8"sv, {Group::kImage, "a WebP image"}},
    Signature{0, "II*\0"sv, {Group::kImage, "a TIFF image"}},
    Signature{0, "MM\0*"sv, {Group::kImage, "a TIFF image"}},
    Signature{4, "ftypavif"sv, {Group::kOtherImage, "an AVIF image"}},
    Signature{4, "ftyphei"sv, {Group::kOtherImage, "a HEIC image"}},
    Signature{4, "ftyphev"sv, {Group::kOtherImage, "a HEIC image"}},
    Signature{4, "ftypmif1"sv, {Group::kOtherImage, "a HEIC image"}},
    Signature{4, "ftyp"sv, {Group::kOther, "a video"}},
    Signature{0, "\0\0\0\x0cJXL "sv, {Group::kOtherImage, "a JPEG XL image"}},
    Signature{0, "\0\0\0\x0cjP  "sv, {Group::kOtherImage, "a JPEG 2000 image"}},
    Signature{0, "8BPS"sv, {Group::kOtherImage, "a Photoshop image"}},
    Signature{128, "DICM"sv, {Group::kOtherImage, "a DICOM file"}},
    Signature{344, "n+1\0"sv, {Group::kOtherImage, "a NIfTI volume"}},
    Signature{0, "Rar!\x1a"sv, {Group::kPacked, "a RAR archive"}},
    Signature{0, "7z\xbc\xaf\x27\x1c"sv, {Group::kPacked, "a 7-Zip archive"}},
    Signature{0, "\x1f\x8b"sv, {Group::kPacked, "a gzip archive"}},
    Signature{0, "BZh"sv, {Group::kPacked, "a bzip2 archive"}},
    Signature{0,
              "\xfd"
              "7zXZ"sv,
              {Group::kPacked, "an xz archive"}},
    Signature{0, "\x28\xb5\x2f\xfd"sv, {Group::kPacked, "a Zstandard archive"}},
    Signature{257, "ustar"sv, {Group::kPacked, "a tar archive"}},
    Signature{0, "version https://git-lfs"sv, {Group::kNotTheFile, "a Git LFS pointer"}},
    Signature{0, "%PDF-"sv, {Group::kOther, "a PDF document"}},
    Signature{0, "\x89HDF\r\n\x1a\n"sv, {Group::kOther, "an HDF5 file, as Keras models are"}},
    Signature{4, "TFL3"sv, {Group::kOther, "a TensorFlow Lite model"}},
    Signature{0, "\xd0\xcf\x11\xe0"sv, {Group::kOther, "an old Office document"}},
    Signature{0,
              "\x7f"
              "ELF"sv,
              {Group::kOther, "a program"}},
    Signature{0, "MZ"sv, {Group::kOther, "a program"}},
};

std::string lower_start(std::string_view text) {
  const auto from = text.find_first_not_of(" \t\r\n\xef\xbb\xbf"sv);
  std::string start(text.substr(from == std::string_view::npos ? text.size() : from));
  for (char& c : start)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return start;
}

// A safetensors file begins with the length of the JSON that follows, as 64 bits of which few are set.
bool is_safetensors(std::string_view text) {
  return text.size() > 8 && text[8] == '{' && text.substr(4, 4) == "\0\0\0\0"sv &&
         text.substr(0, 4) != "\0\0\0\0"sv;
}

// Whole in its first bytes: the last character may be cut.
bool is_text(std::string_view text) {
  const std::string shown = printable(text, std::string::npos);
  const auto odd = std::ranges::count(shown, '?') - std::ranges::count(text, '?');
  const auto breaks = std::ranges::count_if(text, [](char c) { return c == '\n' || c == '\r' || c == '\t'; });
  return odd - breaks <= 3;
}

}  // namespace

FileKind file_kind(std::span<const std::byte> head) {
  const std::string_view text(reinterpret_cast<const char*>(head.data()), head.size());
  if (text.empty()) return {Group::kEmpty, "an empty file"};
  for (const Signature& s : kSignatures)
    if (text.size() >= s.offset + s.bytes.size() && text.substr(s.offset, s.bytes.size()) == s.bytes)
      return s.kind;
  if (text.size() < 4 && text.starts_with("PK")) return {Group::kZip, "a ZIP archive"};  // cut short
  if (is_safetensors(text)) return {Group::kOther, "a safetensors file"};
  if (!is_text(text)) return {};
  const std::string start = lower_start(text);
  if (start.starts_with("<!doctype html") || start.starts_with("<html"))
    return {Group::kNotTheFile, "a web page"};
  if (start.starts_with("<svg") || (start.starts_with("<?xml") && start.find("<svg") != std::string::npos))
    return {Group::kOtherImage, "an SVG drawing"};
  return {Group::kText, "a text"};
}

Result<std::vector<std::byte>> read_head(const std::filesystem::path& path) {
  const std::string name = printable(path.string());
  const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (file < 0) return error("Cannot read {}; check its permissions.", name);
  struct stat info {};
  std::vector<std::byte> bytes(kFileHeadBytes);
  const bool regular = ::fstat(file, &info) == 0 && S_ISREG(info.st_mode);
  const ssize_t got = regular ? ::read(file, bytes.data(), bytes.size()) : 0;
  ::close(file);
  if (!regular) return error("{} is not a file; choose another.", name);
  if (got < 0) return error("Cannot read {}; copy it again.", name);
  bytes.resize(static_cast<std::size_t>(got));
  return bytes;
}

std::string_view cure_for(const FileKind& kind) {
  switch (kind.group) {
    case Group::kEmpty:
      return "copy or download it again";
    case Group::kImage:
    case Group::kOtherImage:
      return "put the images of each class into a folder of their own and give the folder around those";
    case Group::kPacked:
      return "unpack it and give what comes out";
    case Group::kNotTheFile:
      return kind.name == "a Git LFS pointer"
                 ? "fetch the file itself with \"git lfs pull\""
                 : "the download went wrong: download the file again, signed in where "
                   "the page asks for it";
    default:
      return {};
  }
}

}  // namespace fl
