#include "trainer/data/image_format.h"

#include <algorithm>
#include <array>
#include <optional>

namespace fl {
namespace {

// Content as text, so that the signatures below can be read.
std::string_view text_of(std::span<const std::byte> bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

// `signature` stands at byte `at`.
struct Signature {
  std::size_t at;
  std::string_view signature;
  std::string_view what;  // "is ..."
  std::string_view cure;
};

constexpr std::string_view kSaveAs = "save it as JPEG or PNG";

// A string literal with zero bytes inside.
template <std::size_t N>
constexpr std::string_view bytes_of(const char (&literal)[N]) {
  return {literal, N - 1};
}

constexpr std::array kForeign = {
    Signature{4, "ftypavif", "an AVIF image", kSaveAs},
    Signature{4, "ftypavis", "an AVIF animation", kSaveAs},
    Signature{4, "ftyphei", "an HEIC image, as phones take them", kSaveAs},
    Signature{4, "ftyphev", "an HEIC image, as phones take them", kSaveAs},
    Signature{4, "ftypmif1", "an HEIF image, as phones take them", kSaveAs},
    Signature{4, "ftypmsf1", "an HEIF image, as phones take them", kSaveAs},
    Signature{4, "ftypcrx ", "a camera's raw image", kSaveAs},
    Signature{4, "ftyp", "a video", "save single pictures of it as JPEG or PNG"},
    Signature{0, bytes_of("\x1A\x45\xDF\xA3"), "a video", "save single pictures of it as JPEG or PNG"},
    Signature{8, "AVI ", "a video", "save single pictures of it as JPEG or PNG"},
    Signature{8, "WAVE", "a sound", "leave it out"},
    Signature{128, "DICM", "a DICOM file, as scanners write them",
              "export its slices as PNG, with the window you would read them in"},
    Signature{344, bytes_of("n+1\0"), "a NIfTI volume", "export its slices as PNG"},
    Signature{344, bytes_of("ni1\0"), "a NIfTI volume", "export its slices as PNG"},
    Signature{0, "NRRD", "an NRRD volume", "export its slices as PNG"},
    Signature{0, "\x93NUMPY", "a NumPy array", kSaveAs},
    Signature{0, bytes_of("\0\0\0\x0CjP  "), "a JPEG 2000 image", kSaveAs},
    Signature{0, "\xFF\x4F\xFF\x51", "a JPEG 2000 image", kSaveAs},
    Signature{0, bytes_of("\0\0\0\x0CJXL "), "a JPEG XL image", kSaveAs},
    Signature{0, "\xFF\x0A", "a JPEG XL image", kSaveAs},
    Signature{0, "8BPS", "a Photoshop document", kSaveAs},
    Signature{0, "gimp xcf", "a GIMP document", kSaveAs},
    Signature{0, bytes_of("\0\0\1\0"), "an icon", kSaveAs},
    Signature{0, "\x76\x2F\x31\x01", "an OpenEXR image", kSaveAs},
    Signature{0, "#?RADIANCE", "a Radiance HDR image", kSaveAs},
    Signature{0, "qoif", "a QOI image", kSaveAs},
    Signature{0, "P1\n", "a Netpbm image", kSaveAs},
    Signature{0, "P2\n", "a Netpbm image", kSaveAs},
    Signature{0, "P3\n", "a Netpbm image", kSaveAs},
    Signature{0, "P4\n", "a Netpbm image", kSaveAs},
    Signature{0, "P5\n", "a Netpbm image", kSaveAs},
    Signature{0, "P6\n", "a Netpbm image", kSaveAs},
    Signature{0, "%PDF-", "a PDF document", "save its pictures as JPEG or PNG"},
    Signature{0, "%!PS", "a PostScript document", "save its pictures as JPEG or PNG"},
    Signature{0, "PK\3\4", "a ZIP archive or an Office document", "unpack the images from it"},
    Signature{0, "\x1F\x8B", "packed by gzip", "unpack it with gunzip"},
    Signature{0, "7z\xBC\xAF\x27\x1C", "a 7-Zip archive", "unpack the images from it"},
    Signature{0, "Rar!", "a RAR archive", "unpack the images from it"},
    Signature{0, "version https://git-lfs", "a Git LFS pointer, which stands for the image",
              "fetch the images with \"git lfs pull\""},
    Signature{0, bytes_of("\0\5\x16\7"), "a leftover that macOS writes beside a file", "leave it out"},
};

bool holds(std::string_view text, std::size_t at, std::string_view signature) {
  return text.size() >= at + signature.size() && text.substr(at, signature.size()) == signature;
}

std::string lower_start(std::string_view text) {
  constexpr std::size_t kLooked = 1024;
  std::string start(text.substr(0, kLooked));
  if (start.starts_with("\xEF\xBB\xBF")) start.erase(0, 3);
  start.erase(0, std::min(start.find_first_not_of(" \t\r\n"), start.size()));
  for (char& c : start)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return start;
}

// Bytes below a space that texts hold: tabulator, ends of lines, form feed.
bool is_text(std::string_view text) {
  constexpr std::size_t kLooked = 4096;
  return std::ranges::all_of(text.substr(0, kLooked), [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte >= 0x20 ? byte != 0x7F : (byte >= 9 && byte <= 13);
  });
}

// A failed download, most often: a page or a message saved under the image's name.
std::optional<Signature> kind_of_text(std::string_view text) {
  const std::string start = lower_start(text);
  const bool page = start.starts_with("<!doctype html") || start.starts_with("<html") ||
                    start.starts_with("<head") || start.starts_with("<body");
  if (page) return Signature{0, "", "a web page (HTML), saved in place of the image", "download the image itself"};
  if (start.starts_with("<svg") || (start.starts_with("<?xml") && start.find("<svg") != std::string::npos))
    return Signature{0, "", "an SVG drawing", kSaveAs};
  if (!is_text(text)) return std::nullopt;
  if (start.starts_with("<"))
    return Signature{0, "", "an XML text, saved in place of the image", "download the image itself"};
  return Signature{0, "", "a text", "replace it by the image or leave it out"};
}

Signature kind_of(std::string_view text) {
  for (const Signature& foreign : kForeign)
    if (holds(text, foreign.at, foreign.signature)) return foreign;
  if (std::ranges::all_of(text, [](char c) { return c == 0; }))
    return {0, "", "nothing but zeros, as an interrupted download or copy leaves it", "copy it again"};
  return kind_of_text(text).value_or(
      Signature{0, "", "in no image format that is known here", "save it as JPEG or PNG, or leave it out"});
}

}  // namespace

ImageFormat image_format(std::span<const std::byte> bytes) {
  const std::string_view text = text_of(bytes);
  if (text.starts_with("\xFF\xD8\xFF")) return ImageFormat::kJpeg;
  if (text.starts_with("\x89PNG\r\n\x1A\n")) return ImageFormat::kPng;
  if (text.starts_with("RIFF") && holds(text, 8, "WEBP")) return ImageFormat::kWebp;
  if (text.starts_with("GIF87a") || text.starts_with("GIF89a")) return ImageFormat::kGif;
  // "BM" begins many a text, too: the size of the header behind it is that of a bitmap.
  constexpr std::size_t kHeaderSize = 14;
  if (text.starts_with("BM") && text.size() > kHeaderSize + 4 && holds(text, kHeaderSize + 1, bytes_of("\0\0\0")))
    return ImageFormat::kBmp;
  for (const std::string_view start : {bytes_of("II*\0"), bytes_of("MM\0*"), bytes_of("II+\0"), bytes_of("MM\0+")})
    if (text.starts_with(start)) return ImageFormat::kTiff;
  return ImageFormat::kOther;
}

Error name_foreign_format(std::span<const std::byte> bytes, std::string_view name) {
  if (bytes.empty()) return error("{} is empty; copy or download it again.", name);
  const Signature kind = kind_of(text_of(bytes));
  return error("{} is {}; {}.", name, kind.what, kind.cure);
}

}  // namespace fl
