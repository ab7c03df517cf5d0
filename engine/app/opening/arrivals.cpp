#include "engine/app/opening/arrivals.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

namespace fl {
namespace {

// The numbers run faster than anybody reads, and each picture of them takes its time from the loading.
constexpr std::chrono::milliseconds kLookInterval{200};

}  // namespace

void Arrivals::begin(std::unique_ptr<Opening> opening, bool first) {
  opening_ = std::move(opening);
  first_ = first;
  news_ = opening_->news();
  asked_ = Clock::now();
  looked_ = {};
  longest_turn_ = Turn{};
}

void Arrivals::await(std::unique_ptr<Opening> first) {
  begin(std::move(first), true);
}

void Arrivals::open(OpeningRequest request) {
  drop();
  again_ = request.again;
  begin(std::make_unique<Opening>(std::move(request)), false);
}

void Arrivals::drop() {
  longest_turn_.reset();
  if (!opening_) return;
  opening_->cancel();
  dropped_.push_back(std::move(opening_));
}

std::optional<Arrivals::Arrival> Arrivals::take() {
  std::erase_if(dropped_, [](const auto& opening) { return opening->done(); });
  if (!opening_ || !opening_->done()) return std::nullopt;
  Arrival arrival{opening_->take(), first_};
  opening_.reset();
  if (!arrival.opened) longest_turn_.reset();
  return arrival;
}

bool Arrivals::look() {
  const auto now = Clock::now();
  if (!opening_ || now - looked_ < kLookInterval) return false;
  looked_ = now;
  OpeningNews news = opening_->news();
  if (news == news_) return false;
  news_ = std::move(news);
  return true;
}

std::optional<std::string> Arrivals::note_turn(const Turn& turn) {
  if (!longest_turn_) return std::nullopt;
  using Seconds = std::chrono::duration<double>;
  if (turn.took > longest_turn_->took) longest_turn_ = turn;
  if (opening_) return std::nullopt;
  const Turn longest = *std::exchange(longest_turn_, std::nullopt);
  return fmt::format(
      "opened in {:.2f} s; the window's longest turn meanwhile took {:.0f} ms, {:.0f} of them at work",
      Seconds(Clock::now() - asked_).count(), 1e3 * Seconds(longest.took).count(), 1e3 * longest.worked);
}

}  // namespace fl
