#include "engine/app/window/live_log.h"

#include <cstdlib>
#include <utility>

#include <fmt/format.h>

#include "engine/app/window/start_time.h"

namespace fl {

LiveLog::LiveLog() {
  const char* name = std::getenv("FALLLINE_LIVE");
  if (name == nullptr || *name == '\0') return;
  file_.reset(std::fopen(name, "w"));
  if (file_) fmt::print(file_.get(), "seconds,step,points,cells,error,redrawn,answered,took\n");
}

void LiveLog::input(double seconds_ago) {
  if (!input_) input_ = seconds_since_start() - seconds_ago;
}

void LiveLog::presented() {
  const double now = seconds_since_start();
  if (drawn_) answered_ = now - *drawn_;
  if (begun_) took_ = now - *begun_;
  drawn_.reset();
  begun_.reset();
}

void LiveLog::picture(const Status& status, float redrawn) {
  if (!file_) return;
  fmt::print(file_.get(), "{:.4f},{},{},{},{:.4f},{:.3f},{:.4f},{:.4f}\n", seconds_since_start(), status.step,
             status.grid_evaluated, status.grid_cells, status.grid_error, redrawn, answered_, took_);
  answered_ = took_ = 0;
  begun_ = seconds_since_start();
  drawn_ = std::exchange(input_, std::nullopt);
  std::fflush(file_.get());
}

}  // namespace fl
