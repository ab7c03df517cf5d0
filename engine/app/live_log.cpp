#include "engine/app/live_log.h"

#include <cstdlib>

#include <fmt/format.h>

#include "engine/app/start_time.h"

namespace fl {

LiveLog::LiveLog() {
  const char* name = std::getenv("FALLLINE_LIVE");
  if (name == nullptr || *name == '\0') return;
  file_.reset(std::fopen(name, "w"));
  if (file_) fmt::print(file_.get(), "seconds,step,points,cells,error,redrawn\n");
}

void LiveLog::picture(const Status& status, float redrawn) {
  if (!file_) return;
  fmt::print(file_.get(), "{:.4f},{},{},{},{:.4f},{:.3f}\n", seconds_since_start(), status.step,
             status.grid_evaluated, status.grid_cells, status.grid_error, redrawn);
  std::fflush(file_.get());
}

}  // namespace fl
