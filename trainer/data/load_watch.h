#pragma once
// How far a loading is, and an end to it that nobody waits for any more: a window shows "read 1,200 of
// 10,000" and drops the loading when something else is opened.

#include <cstddef>
#include <cstdint>
#include <functional>
#include <stop_token>

#include "trainer/base/result.h"

namespace fl {

enum class LoadPhase : std::uint8_t {
  kListing,    // finding the files
  kLooking,    // telling images from other files
  kComparing,  // comparing them with what is kept of them
  kReading,    // reading and decoding images
  kEmbedding,  // the same, and making of them what is kept in place of their pixels
  kPhantoms,   // making phantoms
  kNetwork,    // preparing what trains on them; nobody knows how far
  kRehearsal,  // training the runs of a race, once before they are shown
};

struct LoadProgress {
  LoadPhase phase = LoadPhase::kListing;
  std::size_t done =
      0;  // files found, files looked at, images compared, read, embedded, phantoms made, steps
  std::size_t all = 0;   // how many there will be; 0 where nobody knows
};

struct LoadWatch {
  // Looked at between two files, two images and the steps of a phantom: every few milliseconds, and never
  // later than one image takes to decode.
  std::stop_token stop = {};
  // Called as often, on the thread that loads; may be empty. `done` never falls within a phase, except that
  // reading begins again where colour shows late in a large set.
  std::function<void(const LoadProgress&)> report = {};

  // Says how far it is; false where the loading is to end.
  [[nodiscard]] bool go_on(LoadPhase phase, std::size_t done, std::size_t all = 0) const {
    if (report && !stop.stop_requested()) report({phase, done, all});
    return !stop.stop_requested();
  }
};

// What a loading ends with that was stopped; `cancelled` is set.
inline Error load_cancelled() {
  return Error{.message = "The loading was stopped before it was complete.", .cancelled = true};
}

}  // namespace fl
