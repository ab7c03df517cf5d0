#include "trainer/subjects/roughness/run_roughness.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "trainer/base/check.h"
#include "trainer/base/counted.h"
#include "trainer/base/number_text.h"
#include "trainer/landscape/directions.h"

namespace fl {
namespace {

// `count` of them, spread evenly: they lie class by class.
std::vector<std::int32_t> spread(std::span<const std::int32_t> images, std::size_t count) {
  count = std::min(count, images.size());
  std::vector<std::int32_t> chosen;
  for (std::size_t i = 0; i < count; ++i) chosen.push_back(images[i * images.size() / count]);
  return chosen;
}

}  // namespace

std::optional<RunRoughness> measure_roughness(Training& training, const RoughnessSpec& spec,
                                              const std::function<bool()>& go_on) {
  FL_CHECK(spec.lines > 0 && spec.lines % 2 == 0 && spec.points >= 3);
  Program& program = training.program();
  const ParamLayout& layout = program.layout();
  std::vector<float> weights(layout.floats);
  program.read_params(weights);
  const std::vector<std::int32_t> probe = spread(training.split().train, spec.images);
  std::vector<SlicePoint> along(spec.points), across(spec.points);
  for (std::size_t i = 0; i < spec.points; ++i)
    along[i].a = across[i].b =
        spec.reach * (2 * static_cast<double>(i) / static_cast<double>(spec.points - 1) - 1);
  Roughness all;
  RunRoughness found{.lines = spec.lines, .points = spec.points, .images = probe.size()};
  std::vector<double> each, losses(spec.points);
  for (std::size_t line = 0; line < spec.lines; line += 2) {
    if (go_on && !go_on()) return std::nullopt;
    const auto direction = [&](std::size_t index) {
      return filter_normalised_direction(layout, weights, training.seed(), static_cast<std::uint32_t>(index));
    };
    program.set_slice(probe, weights, direction(line), direction(line + 1));
    for (const std::vector<SlicePoint>* points : {&along, &across}) {
      program.evaluate_slice(*points, losses);
      if (!std::isfinite(losses[spec.points / 2])) return std::nullopt;
      Roughness one;
      one.add_line(losses);
      all.add_line(losses);
      each.push_back(one.value());
    }
  }
  found.value = all.value();
  found.least = std::ranges::min(each);
  found.most = std::ranges::max(each);
  return found;
}

std::string roughness_text(double value) {
  return number_text(value, value < 10 ? 3 : 2);
}

std::string roughness_sentence(const RunRoughness& found) {
  return fmt::format(
      "Roughness {0}: along {1} through the end of the path, the loss goes up and down {0} times as far as in a "
      "bowl ({2} to {3} on a single line).",
      roughness_text(found.value), counted(found.lines, "random line"), roughness_text(found.least),
      roughness_text(found.most));
}

}  // namespace fl
