#include "engine/app/loading/loading_words.h"

#include <algorithm>

#include <fmt/format.h>

#include "trainer/base/printable.h"
#include "trainer/scene/scene_path.h"

namespace fl {
namespace {

// Shares of the way: files are looked at far faster than they are decoded.
constexpr double kLooked = 0.1, kCompared = 0.2, kLoaded = 0.97, kRehearsed = 1;

// 10,000
std::string grouped(std::size_t number) {
  if (number < 1000) return fmt::format("{}", number);
  return fmt::format("{},{:03}", grouped(number / 1000), number % 1000);
}

const char* doing(LoadPhase phase) {
  switch (phase) {
    case LoadPhase::kListing:
      return "Listing files";
    case LoadPhase::kLooking:
      return "Looking for images";
    case LoadPhase::kComparing:
      return "Comparing images with what is kept of them";
    case LoadPhase::kReading:
      return "Reading images";
    case LoadPhase::kEmbedding:
      return "Embedding images";
    case LoadPhase::kPhantoms:
      return "Drawing phantoms";
    case LoadPhase::kNetwork:
      return "Preparing the network";
    case LoadPhase::kRehearsal:
      return "Rehearsing all runs, step";
  }
  return "";
}

}  // namespace

std::string opening_title(const std::string& what) {
  if (what.empty()) return "Opening head-CT phantoms";
  const std::filesystem::path path = clean_path(what);
  return "Opening " + printable((path.has_filename() ? path.filename() : path).string());
}

std::string loading_words(const LoadProgress& progress) {
  std::string words = doing(progress.phase);
  if (progress.all > 0)
    return fmt::format("{}: {} of {}", words, grouped(progress.done), grouped(progress.all));
  return progress.done > 0 ? fmt::format("{}: {}", words, grouped(progress.done)) : words;
}

double loading_share(const LoadProgress& progress) {
  if (progress.phase == LoadPhase::kNetwork) return kLoaded;
  if (progress.phase == LoadPhase::kRehearsal && progress.all > 0)
    return kRehearsed * static_cast<double>(progress.done) / static_cast<double>(progress.all);
  if (progress.all == 0) return 0;
  const double part = std::min(1.0, static_cast<double>(progress.done) / static_cast<double>(progress.all));
  switch (progress.phase) {
    case LoadPhase::kLooking:
      return kLooked * part;
    case LoadPhase::kComparing:
      return kLooked + (kCompared - kLooked) * part;
    case LoadPhase::kReading:
      return kLooked + (kLoaded - kLooked) * part;
    case LoadPhase::kEmbedding:
      return kCompared + (kLoaded - kCompared) * part;
    default:
      return kLoaded * part;
  }
}

}  // namespace fl
