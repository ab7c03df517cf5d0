#include "engine/app/studio/rescuing.h"

#include <chrono>
#include <system_error>
#include <utility>

#include "trainer/base/log.h"

namespace fl {

void Rescuing::begin(Studio& studio, HeldFolder folder) {
  if (coming_.valid() || !words_.empty()) return;
  const auto save = [&studio, folder = std::move(folder), failure = studio.status()->failure] {
    std::string words = studio.rescue(path_of(folder));
    log_line(LogLevel::kError, fmt::format("{}; {}", failure, words));
    return words;
  };
  try {
    coming_ = std::async(std::launch::async, save);
  } catch (const std::system_error&) {  // no thread to be had: then this one's
    words_ = save();
  }
}

bool Rescuing::came() {
  if (!coming_.valid() || coming_.wait_for(std::chrono::seconds(0)) != std::future_status::ready)
    return false;
  words_ = coming_.get();
  return true;
}

const std::string& Rescuing::words(bool wait) {
  if (wait && coming_.valid()) words_ = coming_.get();
  return words_;
}

}  // namespace fl
