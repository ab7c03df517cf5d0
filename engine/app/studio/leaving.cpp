#include "engine/app/studio/leaving.h"

#include <system_error>
#include <utility>

#include "trainer/base/failure_text.h"
#include "trainer/base/log.h"

namespace fl {

Leaving::Leaving(std::unique_ptr<Studio> studio, HeldFolder folder, std::uint64_t last_picture)
    : studio_(std::move(studio)), folder_(std::move(folder)), last_picture_(last_picture) {
  const auto leave = [this] {
    try {
      saved_ = studio_->save(path_of(folder_));
      if (saved_ && folder_) log_info("saved in {}", folder_->string());
    } catch (const std::exception& e) {
      saved_ = error("The run could not be saved: {}.", failure_text(e));
    }
    done_ = true;
  };
  try {
    thread_ = std::jthread(leave);
  } catch (const std::system_error&) {  // no thread to be had: then the caller's
    leave();
  }
}

Result<void> Leaving::saved() {
  if (thread_.joinable()) thread_.join();
  return saved_;
}

}  // namespace fl
