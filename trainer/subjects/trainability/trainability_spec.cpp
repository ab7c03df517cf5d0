#include "trainer/subjects/trainability/trainability_spec.h"

#include <cmath>

#include "trainer/subjects/trainability/rate_map.h"

namespace fl {
namespace {

// `at`, `width`: the keys that say the view.
Result<void> check_view(const toml::table& table, const RateView& view, int side, const char* at,
                        const char* width) {
  const auto line = [&](const char* key) {
    const toml::node* node = table.get(key);
    return node != nullptr ? line_of(*node) : std::string();
  };
  if (!(view.span > 0))
    return error("{}[trainability] {}: a range of {} powers of ten is empty; give more than 0.", line(width),
                 width, view.span);
  if (view.span < least_span(static_cast<std::uint32_t>(side)))
    return error(
        "{}[trainability] {}: {} powers of ten over {} pixels is finer than float64 can tell rates apart; "
        "give at least {:.1e}.",
        line(width), width, view.span, side, 1.1 * least_span(static_cast<std::uint32_t>(side)));
  for (const double middle : {view.first, view.second})
    if (middle - view.span / 2 < kLowestRate || middle + view.span / 2 > kHighestRate)
      return error(
          "{}[trainability] {} with {} = {}: the range leaves 1e{} to 1e{}, which rates are from; move it, "
          "or make it narrower.",
          line(at), at, width, view.span, kLowestRate, kHighestRate);
  return {};
}

}  // namespace

const KeyTable<TrainabilitySpec>& trainability_keys() {
  using S = TrainabilitySpec;
  static const KeyTable<S> keys(
      "[trainability]",
      "Instead of a training: a map of which pairs of learning rates train a tiny network, and which "
      "diverge. Every pixel is a training of its own: 8 inputs, 8 tanh units, one output, 72 examples, mean "
      "squared error, plain descent with a rate for each layer. Rates are powers of ten here: 2 is a rate of "
      "100. Such a scene has no [data], [network], [train], [landscape] and [two_parameters].",
      {{"middle", numbers(2, kLowestRate, kHighestRate), &S::middle,
        "The middle of the map: the first layer's rate and the second's, as powers of ten."},
       {"span", number(0, kHighestRate - kLowestRate), &S::span,
        "Powers of ten from edge to edge, both ways."},
       {"zoom_to", numbers(2, kLowestRate, kHighestRate), &S::zoom_to,
        "The middle that playing, and a film, zoom to.", "none"},
       {"zoom_span", number(0, kHighestRate - kLowestRate), &S::zoom_span, "And the span there."},
       {"zoom_steps", whole_number(0, 100'000), &S::zoom_steps,
        "Steps on the way there; 0: it stays as a whole."},
       {"side", whole_number(16, static_cast<int>(RateMap::kMostSide)), &S::side, "Pixels a side."},
       {"steps", whole_number(kernels::kRateTail, 100'000), &S::steps, "Steps of each training."},
       {"seed", seed_number(), &S::seed,
        "Of the examples and the starting weights, the same for all pixels."},
       {"threads", whole_number(0, 1024), &S::threads, "Of the CPU; 0: one a core. The map is the same."}});
  return keys;
}

Result<std::optional<TrainabilitySpec>> parse_trainability_spec(const toml::table& scene) {
  const toml::node* node = scene.get("trainability");
  if (node == nullptr) return std::optional<TrainabilitySpec>{};
  for (const char* other : {"data", "network", "train", "landscape", "two_parameters"})
    if (const toml::node* found = scene.get(other))
      return error(
          "{}[{}] and [trainability] do not go together: a scene shows either a map of learning rates or "
          "that; remove one of them.",
          line_of(*found), other);
  TrainabilitySpec spec;
  FL_TRY(trainability_keys().read(node->as_table(), spec));
  const toml::table& table = *node->as_table();
  FL_TRY(check_view(table, spec.whole(), spec.side, "middle", "span"));
  if (!spec.zoom_to.empty()) FL_TRY(check_view(table, spec.target(), spec.side, "zoom_to", "zoom_span"));
  return std::optional(spec);
}

}  // namespace fl
