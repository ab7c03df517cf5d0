#pragma once
// The PNG files that the program draws (pictures, films, contact sheets) say so inside, so that they are never taken
// for images to train on, wherever they lie.

#include <cstddef>
#include <string_view>
#include <vector>

namespace fl {

// A whole chunk of text, "Software: Fall Line" (PNG specification, 11.3.3), and the place behind the header where it
// stands.
inline constexpr std::string_view kPictureMark{"\0\0\0\x12tEXtSoftware\0Fall Line" "\x34\x6f\x4b\xce", 30};
inline constexpr std::size_t kPictureMarkAt = 33;

// Precondition: `png` is a whole PNG file.
void mark_picture(std::vector<std::byte>& png);

}  // namespace fl
