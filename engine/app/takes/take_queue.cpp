#include "engine/app/takes/take_queue.h"

#include <fstream>
#include <utility>

#include "trainer/base/failure_text.h"

namespace fl {
namespace {

using namespace std::chrono_literals;

constexpr auto kLookEvery = 400ms;
constexpr std::streamoff kTail = 4096;  // bytes of a log that say where it is

std::string tail_of(const std::filesystem::path& log) {
  std::ifstream file(log, std::ios::binary | std::ios::ate);
  const std::streamoff size = file ? static_cast<std::streamoff>(file.tellg()) : 0;
  std::string text(static_cast<std::size_t>(std::min(std::max<std::streamoff>(size, 0), kTail)), '\0');
  file.seekg(size - static_cast<std::streamoff>(text.size()));
  file.read(text.data(), static_cast<std::streamsize>(text.size()));
  return text;
}

Result<void> write(const TakeJob& job, const SessionFile& session) {
  try {
    return write_take(job, session);
  } catch (const std::exception& e) {
    return error("The take could not be saved: {}.", failure_text(e));
  }
}

}  // namespace

void TakeQueue::add(TakeJob job, SessionFile session) {
  auto written =
      std::async(std::launch::async, [job, session = std::move(session)] { return write(job, session); });
  jobs_.push_back({std::move(job), std::move(written)});
  next_look_ = {};
}

std::string TakeQueue::start(Waiting& waiting, std::optional<Child>& child) {
  if (waiting.written.valid())
    if (const auto written = waiting.written.get(); !written) return written.error().message;
  auto started = Child::start(take_arguments(waiting.job), take_variable(waiting.job), take_log(waiting.job));
  if (!started) return started.error().message;
  child.emplace(*std::move(started));
  return {};
}

std::vector<TakeQueue::Ended> TakeQueue::turn(Clock::time_point now) {
  std::vector<Ended> ended;
  if (now < next_look_) return ended;
  next_look_ = now + kLookEvery;
  if (running_) {
    const auto code = running_->ended();
    if (code) {
      std::string failure;
      if (*code != 0) {
        failure = take_progress(tail_of(take_log(jobs_.front().job))).error;
        if (failure.empty()) failure = fmt::format("The program that renders it ended with code {}.", *code);
      }
      ended.push_back({jobs_.front().job, std::move(failure)});
      jobs_.pop_front();
      running_.reset();
    }
  }
  while (!running_ && !jobs_.empty()) {
    auto& written = jobs_.front().written;
    if (written.valid() && written.wait_for(0s) != std::future_status::ready) break;
    std::string failure = start(jobs_.front(), running_);
    if (running_) break;
    ended.push_back({jobs_.front().job, std::move(failure)});
    jobs_.pop_front();
  }
  words_.clear();
  if (jobs_.empty()) return ended;
  const TakeProgress progress =
      running_ ? take_progress(tail_of(take_log(jobs_.front().job))) : TakeProgress{};
  words_ = fmt::format("rendering take {}", jobs_.front().job.number);
  if (progress.share > 0) words_ += fmt::format(": {:.0f} %", 100 * progress.share);
  if (!progress.left.empty()) words_ += fmt::format(", {} left", progress.left);
  if (jobs_.size() > 1) words_ += fmt::format("; {} more to come", jobs_.size() - 1);
  return ended;
}

std::vector<TakeJob> TakeQueue::jobs() const {
  std::vector<TakeJob> all;
  for (const Waiting& waiting : jobs_) all.push_back(waiting.job);
  return all;
}

void TakeQueue::drop() {
  std::error_code code;
  if (running_) {
    running_->kill();
    std::filesystem::remove(jobs_.front().job.film, code);
  }
  for (Waiting& waiting : jobs_) {
    if (waiting.written.valid()) waiting.written.wait();
    std::filesystem::remove_all(waiting.job.folder, code);
  }
  jobs_.clear();
  running_.reset();
  words_.clear();
}

std::vector<TakeQueue::Ended> TakeQueue::let_go() {
  std::vector<Ended> ended;
  for (std::size_t i = running_ ? 1 : 0; i < jobs_.size(); ++i) {
    std::optional<Child> child;
    if (std::string failure = start(jobs_[i], child); !child)
      ended.push_back({jobs_[i].job, std::move(failure)});
  }
  jobs_.clear();
  running_.reset();
  return ended;
}

}  // namespace fl
