#pragma once
// Compares a picture with its reference in tests/golden/reference. The rule is strict, because the software
// rasteriser gives the same bits on every run: no channel may differ by more than 2 of 255, and no more than
// 0.05 % of the pixels may differ at all.

#include <filesystem>
#include <string>

#include "engine/film/picture.h"

namespace fl::testing {

struct GoldenFolders {
  std::filesystem::path reference;  // holds NAME.png
  std::filesystem::path failed;     // takes NAME.actual.png and NAME.error.png of a failure
};

// Empty when `actual` agrees with reference NAME.png; else a sentence that says what is wrong and where the
// actual picture and the map of errors are kept. A missing, unreadable or near-blank reference is wrong. With
// FALLLINE_UPDATE_GOLDEN=1 in the environment the reference is written anew instead (never a blank one).
std::string compare_golden(const GoldenFolders& folders, const std::string& name, const Picture& actual);

// The same rule for two pictures of one size: empty where they agree and show something, else how they differ.
std::string compare_pictures(const Picture& actual, const Picture& expected);

// True for a picture that shows next to nothing: fewer than 64 colours, or almost all of it one colour.
bool near_blank(const Picture& picture);

}  // namespace fl::testing
