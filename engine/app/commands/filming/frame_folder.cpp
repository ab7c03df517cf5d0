#include "engine/app/commands/filming/frame_folder.h"

#include <algorithm>
#include <array>
#include <fstream>
#include <set>
#include <string_view>
#include <vector>

#include "engine/app/commands/output_folder.h"
#include "trainer/base/atomic_file.h"
#include "trainer/base/picture_mark.h"
#include "trainer/base/printable.h"

namespace fl {
namespace fs = std::filesystem;
namespace {

constexpr const char* kFilmFile = ".film.json";
constexpr std::size_t kMostFilmBytes = 100'000;

// Whether the pictures in `folder` are those of `film`.
Result<void> check_same_film(const fs::path& folder, const Json& film) {
  auto text = read_text_file(folder / kFilmFile, kMostFilmBytes);
  const auto there = text ? Json::parse(*text) : std::nullopt;
  if (!there || there->object() == nullptr)
    return error(
        "{} does not say in {} what its pictures are of, so nobody can go on with them; choose another "
        "folder, or replace them with --replace.",
        folder.string(), kFilmFile);
  for (const Json::Member& member : *film.object())
    if (const Json* value = there->find(member.key); value == nullptr || !(*value == member.value))
      return error(
          "{} holds another film, of {} {} and not {}; ask for that one, choose another folder, or replace "
          "it with --replace.",
          folder.string(), member.key, printable(value == nullptr ? "nothing" : value->line()),
          printable(member.value.line()));
  return {};
}

std::uint32_t big_endian(std::string_view bytes) {
  std::uint32_t number = 0;
  for (const char byte : bytes.substr(0, 4)) number = number << 8 | static_cast<unsigned char>(byte);
  return number;
}

// Why a file is no picture of that size by this program; empty: it is one, as far as its beginning and its
// end tell. They are written whole or not at all, but a disk that loses power may keep less.
std::string wrong_with(const fs::path& path, const FrameShape& shape) {
  constexpr std::string_view kSignature = "\x89PNG\r\n\x1a\n";
  constexpr std::string_view kEnd{"\0\0\0\0IEND\xae\x42\x60\x82", 12};
  constexpr std::size_t kSizeAt = 16;
  std::array<char, kPictureMarkAt + kPictureMark.size()> head{};
  std::array<char, kEnd.size()> end{};
  std::ifstream file(path, std::ios::binary);
  file.read(head.data(), head.size());
  file.seekg(-static_cast<std::streamoff>(end.size()), std::ios::end);
  file.read(end.data(), end.size());
  const std::string_view begins(head.data(), head.size());
  if (!file || !begins.starts_with(kSignature) || std::string_view(end.data(), end.size()) != kEnd)
    return "is no whole PNG picture";
  if (!begins.ends_with(kPictureMark)) return "was not drawn by this program";
  const std::uint32_t width = big_endian(begins.substr(kSizeAt)),
                      height = big_endian(begins.substr(kSizeAt + 4));
  if (width == shape.width && height == shape.height) return {};
  return fmt::format("has {}x{} pixels and not {}x{}", width, height, shape.width, shape.height);
}

}  // namespace

Result<std::int64_t> frames_of_film(const fs::path& folder, const Json& film, const FrameShape& shape) {
  std::set<std::string> names;
  for (const fs::path& frame : frames_in(folder)) names.insert(frame.filename().string());
  if (names.empty()) return 0;
  FL_TRY(check_same_film(folder, film));
  std::int64_t there = 0;
  while (there < shape.count && names.contains(frame_name(there + 1))) ++there;
  for (std::int64_t i = 1; i <= shape.count; ++i) {
    const std::string name = frame_name(i);
    const auto found = names.find(name);
    if (found == names.end()) continue;
    names.erase(found);
    if (const std::string wrong = wrong_with(folder / name, shape); i <= there && !wrong.empty())
      return error("{} {}; remove it, and the film goes on from there, or replace all with --replace.",
                   (folder / name).string(), wrong);
  }
  if (names.empty()) return there;
  return error("{} is none of this film's {} pictures; move it elsewhere, or choose another folder with -o.",
               (folder / *names.begin()).string(), shape.count);
}

Result<void> begin_frames(const fs::path& folder, std::int64_t kept, const std::string& film) {
  std::error_code code;
  std::set<std::string> stay;
  for (std::int64_t i = 1; i <= kept; ++i) stay.insert(frame_name(i));
  for (const fs::path& frame : frames_in(folder))
    if (!stay.contains(frame.filename().string())) fs::remove(frame, code);
  return write_file_atomic(folder / kFilmFile, film);
}

}  // namespace fl
