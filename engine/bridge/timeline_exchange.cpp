#include "engine/bridge/timeline_exchange.h"

#include <algorithm>

#include "trainer/base/check.h"

namespace fl {

std::optional<std::uint32_t> TimelineExchange::newest_reached() const {
  std::optional<std::uint32_t> newest;
  for (std::uint32_t i = 0; i < kFrameSlots; ++i) {
    const Slot& slot = slots_[i];
    if (slot.number == 0 || slot.number > reached_) continue;
    if (!newest || slot.number > slots_[*newest].number) newest = i;
  }
  return newest;
}

std::optional<TimelineExchange::Write> TimelineExchange::begin_write(std::uint64_t reached, std::uint64_t consumed) {
  const std::scoped_lock lock(mutex_);
  // The renderer may have seen a later value than the caller's: it must not have to go back behind it.
  reached_ = std::max(reached_, reached);
  const auto complete = newest_reached();
  std::optional<std::uint32_t> best;
  for (std::uint32_t i = 0; i < kFrameSlots; ++i) {
    const Slot& slot = slots_[i];
    FL_CHECK(!slot.writing);
    const bool newest = slot.number != 0 && slot.number == signalled_;
    if (slot.readers > 0 || slot.last_read > consumed || newest || i == complete) continue;
    if (!best || slot.last_read < slots_[*best].last_read) best = i;
  }
  if (!best) return std::nullopt;
  slots_[*best].number = 0;
  slots_[*best].writing = true;
  return Write{*best, slots_[*best].last_read, signalled_ + 1};
}

void TimelineExchange::announce(const Write& write) {
  const std::scoped_lock lock(mutex_);
  Slot& slot = slots_.at(write.slot);
  FL_CHECK(slot.writing && write.number == signalled_ + 1);
  slot.writing = false;
  slot.number = signalled_ = write.number;
}

void TimelineExchange::discard(const Write& write) {
  const std::scoped_lock lock(mutex_);
  FL_CHECK(slots_.at(write.slot).writing);
  slots_[write.slot].writing = false;
}

std::uint64_t TimelineExchange::announced() const {
  const std::scoped_lock lock(mutex_);
  return signalled_;
}

std::optional<TimelineExchange::Read> TimelineExchange::acquire(std::uint64_t reached) {
  const std::scoped_lock lock(mutex_);
  reached_ = std::max(reached_, reached);
  const auto newest = newest_reached();
  if (!newest) return std::nullopt;
  ++slots_[*newest].readers;
  return Read{*newest, slots_[*newest].number};
}

std::uint64_t TimelineExchange::next_consumed() const {
  const std::scoped_lock lock(mutex_);
  return consumed_ + 1;
}

void TimelineExchange::submitted(std::uint32_t slot) {
  const std::scoped_lock lock(mutex_);
  FL_CHECK(slots_.at(slot).readers > 0);
  --slots_[slot].readers;
  slots_[slot].last_read = ++consumed_;
}

void TimelineExchange::abandoned(std::uint32_t slot) {
  const std::scoped_lock lock(mutex_);
  FL_CHECK(slots_.at(slot).readers > 0);
  --slots_[slot].readers;
}

}  // namespace fl
