#include "tests/support/golden.h"

#include <algorithm>
#include <cstdlib>
#include <string_view>
#include <unordered_map>

#include <fmt/format.h>

#include "trainer/base/atomic_file.h"

namespace fl::testing {
namespace {

constexpr int kMaxDifference = 2;
constexpr double kMaxShare = 0.0005;
constexpr std::size_t kFewColours = 64;
constexpr double kAlmostAll = 0.97;
constexpr int kErrorGain = 32;  // of the map, so that a difference of 2 is seen

struct Difference {
  int largest = 0;
  std::size_t pixels = 0;
  Picture map;  // black where equal
};

Difference difference(const Picture& a, const Picture& b) {
  Difference result;
  result.map = {a.width, a.height, std::vector<std::uint8_t>(a.rgba.size(), 255)};
  for (std::size_t i = 0; i < a.rgba.size(); i += 4) {
    int largest = 0;
    for (std::size_t c = 0; c < 4; ++c) {
      const int d = std::abs(int{a.rgba[i + c]} - int{b.rgba[i + c]});
      largest = std::max(largest, d);
      if (c < 3) result.map.rgba[i + c] = static_cast<std::uint8_t>(std::min(d * kErrorGain, 255));
    }
    result.largest = std::max(result.largest, largest);
    if (largest > 0) ++result.pixels;
  }
  return result;
}

// Empty where the two agree; else in which share of pixels and by how much they do not.
std::string beyond_rule(const Difference& d, const Picture& picture) {
  const double share = static_cast<double>(d.pixels) / (static_cast<double>(picture.width) * picture.height);
  if (d.largest <= kMaxDifference && share <= kMaxShare) return {};
  return fmt::format("{:.3f} % of the pixels differ, by up to {} of 255", 100 * share, d.largest);
}

bool update_wanted() {
  const char* value = std::getenv("FALLLINE_UPDATE_GOLDEN");
  return value != nullptr && std::string_view(value) == "1";
}

std::string keep(const GoldenFolders& folders, const std::string& name, const Picture& actual,
                 const Picture* map) {
  if (const auto made = make_folder(folders.failed); !made) return made.error().message;
  const auto picture = folders.failed / (name + ".actual.png");
  if (const auto saved = save_png(picture, actual); !saved) return saved.error().message;
  std::string where = "the picture is kept as " + picture.string();
  if (map != nullptr) {
    const auto error_map = folders.failed / (name + ".error.png");
    if (const auto saved = save_png(error_map, *map); !saved) return saved.error().message;
    where += ", its errors as " + error_map.string();
  }
  return where;
}

}  // namespace

bool near_blank(const Picture& picture) {
  std::unordered_map<std::uint32_t, std::size_t> colours;
  for (std::size_t i = 0; i + 3 < picture.rgba.size(); i += 4)
    ++colours[std::uint32_t{picture.rgba[i]} | std::uint32_t{picture.rgba[i + 1]} << 8 |
              std::uint32_t{picture.rgba[i + 2]} << 16];
  if (colours.size() < kFewColours) return true;
  const auto most = std::ranges::max_element(colours, {}, [](const auto& entry) { return entry.second; });
  return static_cast<double>(most->second) > kAlmostAll * static_cast<double>(picture.rgba.size() / 4);
}

std::string compare_golden(const GoldenFolders& folders, const std::string& name, const Picture& actual) {
  const auto path = folders.reference / (name + ".png");
  if (near_blank(actual))
    return fmt::format("{}: the picture is nearly blank; {}", name, keep(folders, name, actual, nullptr));
  if (update_wanted()) {
    if (const auto made = make_folder(folders.reference); !made) return made.error().message;
    const auto saved = save_png(path, actual);
    return saved ? std::string{} : saved.error().message;
  }
  const Result<Picture> reference = load_png(path);
  if (!reference)
    return fmt::format("{}: no usable reference: {}; {} (FALLLINE_UPDATE_GOLDEN=1 makes references)", name,
                       reference.error().message, keep(folders, name, actual, nullptr));
  if (near_blank(*reference)) return fmt::format("{}: the reference {} is nearly blank", name, path.string());
  if (reference->width != actual.width || reference->height != actual.height)
    return fmt::format("{}: {}x{} pixels, the reference has {}x{}; {}", name, actual.width, actual.height,
                       reference->width, reference->height, keep(folders, name, actual, nullptr));
  const Difference d = difference(*reference, actual);
  const std::string wrong = beyond_rule(d, actual);
  if (wrong.empty()) return {};
  return fmt::format("{}: {}; {}", name, wrong, keep(folders, name, actual, &d.map));
}

std::string compare_pictures(const Picture& actual, const Picture& expected) {
  if (near_blank(actual) || near_blank(expected)) return "a picture is nearly blank";
  if (actual.width != expected.width || actual.height != expected.height) return "the pictures are not of one size";
  return beyond_rule(difference(expected, actual), actual);
}

}  // namespace fl::testing
