#include "trainer/data/files/file_kind.h"

#include <algorithm>
#include <array>
#include <string>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "trainer/base/picture_mark.h"
#include "trainer/base/printable.h"

namespace fl {
namespace {

using Group = FileKind::Group;
using namespace std::string_view_literals;

// `bytes` at `offset`, and `more` at `more_offset` where one mark alone would be too weak.
struct Signature {
  std::size_t offset;
  std::string_view bytes;
  FileKind kind;
  std::size_t more_offset = 0;
  std::string_view more = {};
};

constexpr std::string_view kSaveAs = "save it as JPEG or PNG", kSavePictures = "save its pictures as JPEG or PNG",
                           kSaveFrames = "save single pictures of it as JPEG or PNG",
                           kExportSlices = "export its slices as PNG", kUnpackImages = "unpack the images from it",
                           kLeaveOut = "leave it out", kPhones = ", as phones take them";

// From the formats' own documents; the more particular ones come first.
constexpr std::array kSignatures = {
    Signature{0, "\xff\xd8\xff"sv, {Group::kImage, "a JPEG image", {}, {}, ImageFormat::kJpeg}},
    Signature{0,
              "\x89PNG\r\n\x1a\n"sv,
              {Group::kOwnPicture, "a picture drawn by Fall Line", {}, {}, ImageFormat::kPng},
              kPictureMarkAt,
              kPictureMark},
    Signature{0, "\x89PNG\r\n\x1a\n"sv, {Group::kImage, "a PNG image", {}, {}, ImageFormat::kPng}},
    Signature{0, "RIFF"sv, {Group::kImage, "a WebP image", {}, {}, ImageFormat::kWebp}, 8, "WEBP"sv},
    Signature{0, "GIF87a"sv, {Group::kImage, "a GIF image", {}, {}, ImageFormat::kGif}},
    Signature{0, "GIF89a"sv, {Group::kImage, "a GIF image", {}, {}, ImageFormat::kGif}},
    // "BM" begins many a text, too: the size of the header behind it is that of a bitmap.
    Signature{0, "BM"sv, {Group::kImage, "a BMP image", {}, {}, ImageFormat::kBmp}, 15, "\0\0\0"sv},
    Signature{0, "II*\0"sv, {Group::kImage, "a TIFF image", {}, {}, ImageFormat::kTiff}},
    Signature{0, "MM\0*"sv, {Group::kImage, "a TIFF image", {}, {}, ImageFormat::kTiff}},
    Signature{0, "II+\0"sv, {Group::kImage, "a TIFF image", {}, {}, ImageFormat::kTiff}},
    Signature{0, "MM\0+"sv, {Group::kImage, "a TIFF image", {}, {}, ImageFormat::kTiff}},

    Signature{4, "ftypavif"sv, {Group::kOtherImage, "an AVIF image", {}, kSaveAs}},
    Signature{4, "ftypavis"sv, {Group::kOtherImage, "an AVIF animation", {}, kSaveAs}},
    Signature{4, "ftyphei"sv, {Group::kOtherImage, "an HEIC image", kPhones, kSaveAs}},
    Signature{4, "ftyphev"sv, {Group::kOtherImage, "an HEIC image", kPhones, kSaveAs}},
    Signature{4, "ftypmif1"sv, {Group::kOtherImage, "an HEIF image", kPhones, kSaveAs}},
    Signature{4, "ftypmsf1"sv, {Group::kOtherImage, "an HEIF image", kPhones, kSaveAs}},
    Signature{4, "ftypcrx "sv, {Group::kOtherImage, "a camera's raw image", {}, kSaveAs}},
    Signature{0, "\0\0\0\x0cJXL "sv, {Group::kOtherImage, "a JPEG XL image", {}, kSaveAs}},
    Signature{0, "\xff\x0a"sv, {Group::kOtherImage, "a JPEG XL image", {}, kSaveAs}},
    Signature{0, "\0\0\0\x0cjP  "sv, {Group::kOtherImage, "a JPEG 2000 image", {}, kSaveAs}},
    Signature{0, "\xff\x4f\xff\x51"sv, {Group::kOtherImage, "a JPEG 2000 image", {}, kSaveAs}},
    Signature{0, "8BPS"sv, {Group::kOtherImage, "a Photoshop document", {}, kSaveAs}},
    Signature{0, "gimp xcf"sv, {Group::kOtherImage, "a GIMP document", {}, kSaveAs}},
    Signature{0, "\0\0\1\0"sv, {Group::kOtherImage, "an icon", {}, kSaveAs}},
    Signature{0, "\x76\x2f\x31\x01"sv, {Group::kOtherImage, "an OpenEXR image", {}, kSaveAs}},
    Signature{0, "#?RADIANCE"sv, {Group::kOtherImage, "a Radiance HDR image", {}, kSaveAs}},
    Signature{0, "qoif"sv, {Group::kOtherImage, "a QOI image", {}, kSaveAs}},
    Signature{0, "P1\n"sv, {Group::kOtherImage, "a Netpbm image", {}, kSaveAs}},
    Signature{0, "P2\n"sv, {Group::kOtherImage, "a Netpbm image", {}, kSaveAs}},
    Signature{0, "P3\n"sv, {Group::kOtherImage, "a Netpbm image", {}, kSaveAs}},
    Signature{0, "P4\n"sv, {Group::kOtherImage, "a Netpbm image", {}, kSaveAs}},
    Signature{0, "P5\n"sv, {Group::kOtherImage, "a Netpbm image", {}, kSaveAs}},
    Signature{0, "P6\n"sv, {Group::kOtherImage, "a Netpbm image", {}, kSaveAs}},
    Signature{128,
              "DICM"sv,
              {Group::kOtherImage, "a DICOM file", ", as scanners write them",
               "export its slices as PNG, with the window you would read them in"}},
    Signature{344, "n+1\0"sv, {Group::kOtherImage, "a NIfTI volume", {}, kExportSlices}},
    Signature{344, "ni1\0"sv, {Group::kOtherImage, "a NIfTI volume", {}, kExportSlices}},
    Signature{0, "NRRD"sv, {Group::kOtherImage, "an NRRD volume", {}, kExportSlices}},
    Signature{0, "\x93NUMPY"sv, {Group::kOtherImage, "a NumPy array", {}, kSaveAs}},

    Signature{4, "ftyp"sv, {Group::kOther, "a video", {}, kSaveFrames}},
    Signature{0, "\x1a\x45\xdf\xa3"sv, {Group::kOther, "a video", {}, kSaveFrames}},
    Signature{0, "RIFF"sv, {Group::kOther, "a video", {}, kSaveFrames}, 8, "AVI "sv},
    Signature{0, "RIFF"sv, {Group::kOther, "a sound file", {}, kLeaveOut}, 8, "WAVE"sv},
    Signature{0, "%PDF-"sv, {Group::kOther, "a PDF document", {}, kSavePictures}},
    Signature{0, "%!PS"sv, {Group::kOther, "a PostScript document", {}, kSavePictures}},
    Signature{0, "\xd0\xcf\x11\xe0"sv, {Group::kOther, "an old Office document", {}, kSavePictures}},
    Signature{0, "\x89HDF\r\n\x1a\n"sv, {Group::kOther, "an HDF5 file, as Keras models are"}},
    Signature{4, "TFL3"sv, {Group::kOther, "a TensorFlow Lite model"}},
    Signature{0, "\x7f\x45LF"sv, {Group::kOther, "a program"}},
    Signature{0, "MZ"sv, {Group::kOther, "a program"}},
    Signature{0, "\0\5\x16\7"sv, {Group::kOther, "a leftover that macOS writes beside a file", {}, kLeaveOut}},

    Signature{0, "PK\3\4"sv, {Group::kZip, "a ZIP archive", " or an Office document", kUnpackImages}},
    Signature{0, "PK\5\6"sv, {Group::kZip, "an empty ZIP archive"}},
    Signature{0, "Rar!\x1a"sv, {Group::kPacked, "a RAR archive", {}, kUnpackImages}},
    Signature{0, "7z\xbc\xaf\x27\x1c"sv, {Group::kPacked, "a 7-Zip archive", {}, kUnpackImages}},
    Signature{0, "\x1f\x8b"sv, {Group::kPacked, "a gzip archive", {}, "unpack it with gunzip"}},
    Signature{0, "BZh"sv, {Group::kPacked, "a bzip2 archive", {}, "unpack it with bunzip2"}},
    Signature{0, "\xfd\x37zXZ"sv, {Group::kPacked, "an xz archive", {}, "unpack it with unxz"}},
    Signature{0, "\x28\xb5\x2f\xfd"sv, {Group::kPacked, "a Zstandard archive", {}, "unpack it with unzstd"}},
    Signature{257, "ustar"sv, {Group::kPacked, "a tar archive", {}, kUnpackImages}},
    Signature{0,
              "version https://git-lfs"sv,
              {Group::kNotTheFile, "a Git LFS pointer", ", which stands for the image",
               "fetch the images with \"git lfs pull\""}},
};

bool holds(std::string_view text, std::size_t at, std::string_view mark) {
  return text.size() >= at + mark.size() && text.substr(at, mark.size()) == mark;
}

std::string lower_start(std::string_view text) {
  constexpr std::size_t kLooked = 1024;
  std::string start(text.substr(0, kLooked));
  if (start.starts_with("\xef\xbb\xbf")) start.erase(0, 3);
  start.erase(0, std::min(start.find_first_not_of(" \t\r\n"), start.size()));
  for (char& c : start)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return start;
}

// A safetensors file begins with the length of the JSON that follows, as 64 bits of which few are set.
bool is_safetensors(std::string_view text) {
  return text.size() > 8 && text[8] == '{' && text.substr(4, 4) == "\0\0\0\0"sv &&
         text.substr(0, 4) != "\0\0\0\0"sv;
}

// Of any encoding that writes letters as bytes. Below a space, texts hold tabulators, ends of lines and form feeds.
bool is_text(std::string_view text) {
  constexpr std::size_t kLooked = 4096;
  return std::ranges::all_of(text.substr(0, kLooked), [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte >= 0x20 ? byte != 0x7f : (byte >= 9 && byte <= 13);
  });
}

// A failed download, most often: a page or a message saved under the file's name.
FileKind kind_of_text(std::string_view text) {
  constexpr std::string_view kInItsPlace = ", saved in place of the image", kDownload = "download the image itself";
  const std::string start = lower_start(text);
  const bool page = std::ranges::any_of(std::array{"<!doctype html", "<html", "<head", "<body"},
                                        [&](const char* tag) { return start.starts_with(tag); });
  if (page) return {Group::kNotTheFile, "a web page", kInItsPlace, kDownload};
  if (start.starts_with("<svg") || (start.starts_with("<?xml") && start.find("<svg") != std::string::npos))
    return {Group::kOtherImage, "an SVG drawing", {}, kSaveAs};
  if (!is_text(text)) return {};
  if (start.starts_with("<")) return {Group::kText, "an XML file", kInItsPlace, kDownload};
  return {Group::kText, "a text file", {}, "replace it with the image or leave it out"};
}

}  // namespace

FileKind file_kind(std::span<const std::byte> bytes) {
  const std::string_view text(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  if (text.empty()) return {Group::kEmpty, "an empty file"};
  for (const Signature& s : kSignatures)
    if (holds(text, s.offset, s.bytes) && holds(text, s.more_offset, s.more)) return s.kind;
  if (text.size() < 4 && text.starts_with("PK")) return {Group::kZip, "a ZIP archive"};  // cut short
  if (is_safetensors(text)) return {Group::kOther, "a safetensors file"};
  return kind_of_text(text);
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
    case Group::kOwnPicture:
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

Error not_an_image(std::span<const std::byte> bytes, std::string_view name) {
  const FileKind kind = file_kind(bytes);
  if (kind.group == Group::kEmpty) return error("{} is empty; copy or download it again.", name);
  if (std::ranges::all_of(bytes, [](std::byte b) { return b == std::byte{0}; }))
    return error("{} holds nothing but zeros, as an interrupted copy or download leaves it; copy it again.", name);
  if (kind.name.empty())
    return error("{} is not an image of a known format; save it as JPEG or PNG, or leave it out.", name);
  return error("{} is {}{}; {}.", name, kind.name, kind.detail,
               kind.image_cure.empty() ? "replace it with the image or leave it out" : kind.image_cure);
}

}  // namespace fl
