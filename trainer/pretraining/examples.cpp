#include "trainer/pretraining/examples.h"

#include <algorithm>
#include <atomic>
#include <span>
#include <thread>

#include "trainer/backbone/phantom_network.h"
#include "trainer/base/check.h"
#include "trainer/base/threads.h"
#include "trainer/data/preprocess.h"
#include "trainer/data/varied/varied_picture.h"

namespace fl {
namespace {

constexpr int kSide = kCoverageSide;
constexpr auto kCells = static_cast<std::size_t>(kSide) * kSide;
constexpr TensorShape kPicture{3, kPhantomImageSize, kPhantomImageSize};

// A map in the order in which a layer of kSide / `cells` pixels a side has it.
void fold_map(std::span<const float> map, int cells, float* out) {
  const int side = kSide / cells;
  for (int row = 0; row < cells; ++row)
    for (int column = 0; column < cells; ++column)
      for (int y = 0; y < side; ++y)
        for (int x = 0; x < side; ++x)
          *out++ = map[static_cast<std::size_t>((y * cells + row) * kSide + x * cells + column)];
}

}  // namespace

void write_targets(const VariedHead& head, bool mirrored, std::span<float> out) {
  // All blood, then each kind.
  std::vector<float> maps((kBleedKinds + 1) * kCells);
  for (std::size_t k = 0; k < kBleedKinds; ++k)
    for (int y = 0; y < kSide; ++y)
      for (int x = 0; x < kSide; ++x) {
        const auto from = static_cast<std::size_t>(y * kSide + (mirrored ? kSide - 1 - x : x));
        const auto to = static_cast<std::size_t>(y * kSide + x);
        const float share = std::min(1.0f, head.coverage[k * kCells + from]);
        maps[(k + 1) * kCells + to] = share;
        maps[to] = std::min(1.0f, maps[to] + share);
      }
  float* place = out.data();
  for (const int cells : {kDetailCells, kMapCells})
    for (std::size_t m = 0; m < kBleedKinds + 1; ++m, place += kCells)
      fold_map(std::span(maps).subspan(m * kCells, kCells), cells, place);
  *place++ = head.bleeds() ? 1.0f : 0.0f;
  for (int kind = 0; kind < kBleedKinds; ++kind) *place++ = head.has(kind) ? 1.0f : 0.0f;
  for (int level = 0; level < kVariedLevels; ++level) *place++ = head.level == level ? 1.0f : 0.0f;
  FL_CHECK(place == out.data() + out.size());
}

Examples make_examples(std::uint64_t seed, std::uint32_t first, std::size_t count, int threads,
                       const std::stop_token& stop) {
  constexpr std::uint32_t kOf = kPicturesOfHead;
  FL_CHECK(first % kOf == 0 && count % kOf == 0);
  static_assert(kPhantomMaps == kBleedKinds + 1);
  const auto row = static_cast<std::size_t>(phantom_network().classes);
  Examples examples{std::vector<float>(count * kPicture.floats()), std::vector<float>(count * row),
                    std::vector<float>(count)};
  std::atomic<std::uint32_t> next{0};
  const auto heads = static_cast<std::uint32_t>(count / kOf);
  const auto work = [&] {
    let_others_first();
    for (std::uint32_t h = next++; h < heads && !stop.stop_requested(); h = next++) {
      const VariedHead head = draw_varied_head(seed, first / kOf + h);
      for (std::uint32_t k = 0; k < kOf; ++k) {
        const std::size_t i = std::size_t{h} * kOf + k;
        const VariedPicture picture = draw_varied_picture(head.slice, seed, first + h * kOf + k);
        preprocess(picture.image, kPicture,
                   std::span(examples.pixels).subspan(i * kPicture.floats(), kPicture.floats()));
        write_targets(head, picture.mirrored, std::span(examples.targets).subspan(i * row, row));
        examples.blood[i] = head.bleeds() ? 1.0f : 0.0f;
      }
    }
  };
  std::vector<std::jthread> workers;
  for (int t = 0; t < threads; ++t) workers.emplace_back(work);
  workers.clear();  // joins
  return examples;
}

}  // namespace fl
