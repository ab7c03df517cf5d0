#pragma once
// How each picture of a film is exposed: several times, while the shutter is open, from all over the lens.

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <string>

#include <fmt/format.h>
#include <glm/vec2.hpp>

#include "engine/view/film_spec.h"

namespace fl {

class Shutter {
 public:
  Shutter() = default;
  // `exposures`: in place of what the scene says; 0: as it says.
  Shutter(const FilmSpec& film, int exposures)
      : exposures_(exposures > 0 ? exposures : film.exposures),
        open_(film.shutter),
        aperture_(film.aperture) {}

  [[nodiscard]] int exposures() const { return exposures_; }
  // For whoever goes on with a film.
  [[nodiscard]] std::string words() const {
    return exposures_ == 1 ? "1" : fmt::format("{}, shutter {}, aperture {}", exposures_, open_, aperture_);
  }
  // Which moment exposure `i` of picture `frame` shows, in pictures from the beginning. The last one is the
  // picture's own moment, to the bit; none comes before the first picture's.
  [[nodiscard]] double moment(std::int64_t frame, int i) const {
    const double before = open_ * (exposures_ - 1 - i) / exposures_;
    return std::max(0.0, static_cast<double>(frame) - before);
  }
  // From where on the lens it is seen, world units: evenly over a disc, and neighbours in time far apart.
  [[nodiscard]] glm::vec2 lens(int i) const {
    if (aperture_ <= 0 || exposures_ == 1) return {0, 0};
    double share = 0, digit = 0.5;  // i, its binary digits mirrored at the point
    for (int rest = i; rest > 0; rest /= 2, digit /= 2) share += digit * (rest % 2);
    constexpr double kGoldenAngle = 2.399963229728653;
    const double radius = aperture_ * std::sqrt(std::min(1.0, share + 0.5 / exposures_));
    return {static_cast<float>(radius * std::cos(kGoldenAngle * i)),
            static_cast<float>(radius * std::sin(kGoldenAngle * i))};
  }

 private:
  int exposures_ = 1;
  double open_ = 0, aperture_ = 0;
};

}  // namespace fl
