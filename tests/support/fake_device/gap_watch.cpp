#include "tests/support/fake_device/gap_watch.h"

#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <map>
#include <utility>

#include <cxxabi.h>
#include <fmt/format.h>
#include <gtest/gtest.h>

#include "trainer/compute/cuda/places.h"

namespace fl::cuda {
namespace {

struct Gap {
  std::size_t begin = 0, end = 0;  // in bytes, in the block
  std::string before, after;       // the places beside it; empty at the ends of the block
};
using Gaps = std::vector<Gap>;

constexpr std::size_t kGap = 256;

std::map<const std::byte*, Gaps>& watched() {
  static auto* all = new std::map<const std::byte*, Gaps>;  // streams of static lifetime outlive it otherwise
  return *all;
}
std::vector<std::string>& reports() {
  static auto* all = new std::vector<std::string>;
  return *all;
}

// By its place in the block: a float and a double that are no number, a negative integer, and no byte of it
// is 0.
std::uint32_t word_at(std::size_t offset) {
  return 0xFFF80101u | ((static_cast<std::uint32_t>(offset / 4) * 40503u) & 0x7FFFFu);
}
std::byte byte_at(std::size_t offset) {
  return static_cast<std::byte>(word_at(offset) >> offset % 4 * 8);
}

Gaps gaps_of(std::span<const Place> places) {
  Gaps gaps;
  std::size_t end = 0;
  std::string before;
  for (const Place& place : places) {
    gaps.push_back({end, place.begin, before, place.name});
    end = place.begin + place.bytes;
    before = place.name;
  }
  gaps.push_back({end, end + kGap, before, {}});
  return gaps;
}

void fill(std::byte* block, const Gap& gap) {
  for (std::size_t at = gap.begin; at < gap.end; ++at) block[at] = byte_at(at);
}

// Whole words first: nearly always nothing has changed.
bool intact(const std::byte* block, const Gap& gap) {
  std::size_t at = gap.begin;
  for (; at < gap.end && at % 4 != 0; ++at)
    if (block[at] != byte_at(at)) return false;
  std::uint32_t changed = 0;
  for (; at + 4 <= gap.end; at += 4) {
    std::uint32_t word = 0;
    std::memcpy(&word, block + at, 4);
    changed |= word ^ word_at(at);
  }
  for (; at < gap.end; ++at) changed |= block[at] != byte_at(at) ? 1 : 0;
  return changed == 0;
}

// What is being done.
struct {
  const char* what = nullptr;
  const std::type_info* kernel = nullptr;
} work;

std::string name_of_work() {
  if (work.kernel == nullptr) return work.what == nullptr ? "Work without a name" : work.what;
  int status = 0;
  char* const readable = abi::__cxa_demangle(work.kernel->name(), nullptr, nullptr, &status);
  std::string name = status == 0 ? readable : work.kernel->name();
  std::free(readable);
  return name;
}

std::string described(const std::byte* block, const Gap& gap) {
  std::size_t first = gap.end, bytes = 0;
  for (std::size_t at = gap.end; at-- > gap.begin;)
    if (block[at] != byte_at(at)) first = at, ++bytes;
  std::string where;
  if (!gap.before.empty())
    where = fmt::format("{} bytes behind the end of \"{}\"", first - gap.begin, gap.before);
  if (!gap.after.empty())
    where += fmt::format("{}{} bytes before the beginning of \"{}\"", where.empty() ? "" : ", ",
                         gap.end - first, gap.after);
  return fmt::format("{} wrote {} bytes where no place is, the first {}", name_of_work(), bytes, where);
}

// A test is to blame for what was written while it ran.
class Blame final : public testing::EmptyTestEventListener {
  void OnTestEnd(const testing::TestInfo&) override {
    for (const std::string& report : fake::take_gap_reports()) ADD_FAILURE() << report;
  }
};
const bool blaming = [] {
  testing::UnitTest::GetInstance()->listeners().Append(new Blame);
  return true;
}();

}  // namespace

std::size_t gap_bytes() {
  return kGap;
}

void watch_gaps(const Stream& stream, DevicePtr<const void> block, std::span<const Place> places) {
  const auto* begin = static_cast<const std::byte*>(block.get());
  if (begin == nullptr) return;
  if (places.empty()) return fake::enqueue_watch(stream, [begin] { watched().erase(begin); });
  fake::enqueue_watch(stream, [begin, gaps = gaps_of(places)] {
    for (const Gap& gap : gaps) fill(const_cast<std::byte*>(begin), gap);
    watched()[begin] = gaps;
  });
}

namespace fake {

void doing(const char* what) {
  work = {what, nullptr};
}
void doing(const std::type_info& kernel) {
  work = {nullptr, &kernel};
}

void check_gaps() {
  for (const auto& [block, gaps] : watched())
    for (const Gap& gap : gaps) {
      if (intact(block, gap)) continue;
      reports().push_back(described(block, gap));
      fill(const_cast<std::byte*>(block), gap);  // said once
    }
  work = {};
}

void forget_gaps(const void* begin, std::size_t bytes) noexcept {
  const auto* first = static_cast<const std::byte*>(begin);
  watched().erase(watched().lower_bound(first), watched().lower_bound(first + bytes));
}

std::vector<std::string> take_gap_reports() {
  static_cast<void>(blaming);
  return std::exchange(reports(), {});
}

}  // namespace fake
}  // namespace fl::cuda
