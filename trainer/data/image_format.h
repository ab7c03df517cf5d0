#pragma once
// What a file is, by its content: names are given by people and prove nothing.

#include <cstddef>
#include <span>
#include <string_view>

#include "trainer/base/result.h"

namespace fl {

enum class ImageFormat { kJpeg, kPng, kWebp, kGif, kBmp, kTiff, kOther };

ImageFormat image_format(std::span<const std::byte> bytes);

// What a file of no readable format is, and what helps: "NAME is an HEIC image, ...; save it as JPEG or PNG."
// Precondition: image_format() is kOther.
Error name_foreign_format(std::span<const std::byte> bytes, std::string_view name);

}  // namespace fl
