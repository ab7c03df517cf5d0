#include "trainer/exports/self_check.h"

#include <algorithm>
#include <cmath>

#include "trainer/base/picture_mark.h"
#include "trainer/data/phantom/phantom.h"

namespace fl {
namespace {

constexpr std::uint64_t kSeed = 1;
constexpr std::uint32_t kCandidatesOfAClass = 6;
constexpr HuRange kBlood{50, 90};

double entropy(std::span<const float> probabilities) {
  double sum = 0;
  for (const float p : probabilities)
    if (p > 0) sum -= static_cast<double>(p) * std::log(static_cast<double>(p));
  return sum;
}

}  // namespace

Result<SelfCheck> self_check_of(const LeavingModel& model) {
  std::vector<Bitmap> images;
  for (const PhantomClass kind : {PhantomClass::kHemorrhage, PhantomClass::kNormal})
    for (std::uint32_t number = 0; number < kCandidatesOfAClass; ++number)
      images.push_back(
          apply_window(make_phantom(kSeed, kind, number, model.side).slice, kBrainWindow, kBlood));
  FL_TRY_LET(all, probabilities_of(model, images));
  const std::size_t classes = model.labels.size();
  const auto row = [&](std::size_t image) { return std::span(*all).subspan(image * classes, classes); };
  std::size_t best = 0;
  for (std::size_t i = 1; i < images.size(); ++i)
    if (entropy(row(i)) > entropy(row(best))) best = i;
  FL_TRY_LET(png, encode_png(model.side, model.side, 3, images[best].pixels));
  mark_picture(*png);
  return SelfCheck{*std::move(png), {row(best).begin(), row(best).end()}};
}

}  // namespace fl
