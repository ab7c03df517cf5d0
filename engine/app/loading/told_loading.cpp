#include "engine/app/loading/told_loading.h"

#include "engine/app/interrupt.h"
#include "engine/app/loading/loading_words.h"
#include "trainer/base/log.h"

namespace fl {

LoadWatch ToldLoading::watch() {
  return {.stop = stop_.get_token(), .report = [this](const LoadProgress& progress) { hear(progress); }};
}

void ToldLoading::hear(const LoadProgress& progress) {
  constexpr std::chrono::seconds kPatience{2};
  if (interrupted()) stop_.request_stop();
  const auto now = std::chrono::steady_clock::now();
  if (now - told_ < kPatience) return;
  told_ = now;
  log_info("{}", loading_words(progress));
}

Error ToldLoading::ended(const Error& error) {
  if (!error.cancelled) return error;
  return fl::error("Interrupted before all images were read; start it again.");
}

}  // namespace fl
