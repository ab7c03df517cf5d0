#include "engine/view/camera_path.h"

#include <algorithm>
#include <cmath>

#include <glm/trigonometric.hpp>

#include "trainer/base/check.h"

namespace fl {
namespace {

constexpr double kTurn = 2 * 3.14159265358979323846;
constexpr double kRamp = 1.5;       // seconds in which an orbit gets up to its speed
constexpr double kMostRamp = 0.25;  // of its whole time

using Knots = std::vector<SmoothCurve::Knot>;

// A key with all that it says and takes over.
struct Place {
  double seconds = 0, yaw = 0;
  OrbitCamera camera;
  double orbit = 0;
  bool own_yaw = false;
};

std::vector<Place> places_of(const std::vector<TimedCameraKey>& keys, OrbitCamera camera, bool framed,
                             float aspect) {
  std::vector<Place> places;
  double yaw = static_cast<double>(camera.yaw), distance = framed ? 0 : static_cast<double>(camera.distance);
  std::optional<glm::vec3> target;
  for (const auto& [seconds, key] : keys) {
    if (key.yaw) yaw = glm::radians(*key.yaw);
    if (key.pitch) camera.pitch = static_cast<float>(glm::radians(*key.pitch));
    distance = key.distance.value_or(distance);
    // The second axis runs away from the viewer, the world's z towards him.
    if (key.target) target = glm::vec3{(*key.target)[0], (*key.target)[1], -(*key.target)[2]};
    OrbitCamera here = camera;
    here.fit(aspect);
    if (distance > 0) here.distance = static_cast<float>(distance);
    if (target) here.target = *target;
    places.push_back({seconds, yaw, here, key.orbit.value_or(0), key.yaw.has_value()});
  }
  return places;
}

// From one key to the next at an even speed, with a ramp at both ends.
void add_orbit(Knots& knots, double begin, double from, double end, double to) {
  const double ramp = std::min(kRamp, kMostRamp * (end - begin));
  const double speed = (to - from) / (end - begin - ramp);
  knots.push_back({begin + ramp, from + speed * ramp / 2, speed});
  knots.push_back({end - ramp, to - speed * ramp / 2, speed});
}

Knots yaw_knots(const std::vector<Place>& places, double end) {
  Knots knots;
  double turned = 0;  // whole turns that the orbits so far have made
  double yaw = places.front().yaw;
  for (std::size_t i = 0; i < places.size(); ++i) {
    const Place& place = places[i];
    const bool last = i + 1 == places.size();
    if (i > 0 && place.own_yaw) yaw = place.yaw + turned;
    knots.push_back({place.seconds, yaw});
    const double until = last ? end : places[i + 1].seconds;
    if (place.orbit == 0 || until <= place.seconds) continue;
    double to = yaw + kTurn * (until - place.seconds) / place.orbit;
    if (!last && places[i + 1].own_yaw)
      to = places[i + 1].yaw + kTurn * std::round((to - places[i + 1].yaw) / kTurn);
    add_orbit(knots, place.seconds, yaw, until, to);
    if (last) knots.push_back({until, to});
    turned =
        kTurn * std::round((to - (last || !places[i + 1].own_yaw ? place.yaw : places[i + 1].yaw)) / kTurn);
    yaw = to;
  }
  return knots;
}

template <typename Value>
Knots knots_of(const std::vector<Place>& places, const Value& value) {
  Knots knots;
  for (const Place& place : places)
    knots.push_back({place.seconds, static_cast<double>(value(place.camera))});
  return knots;
}

}  // namespace

CameraPath::CameraPath(const std::vector<TimedCameraKey>& keys, const OrbitCamera& before, bool framed,
                       float aspect, double end)
    : lens_(before) {
  FL_CHECK(!keys.empty());
  const std::vector<Place> places = places_of(keys, before, framed, aspect);
  curves_.emplace_back(yaw_knots(places, end));
  curves_.emplace_back(knots_of(places, [](const OrbitCamera& c) { return c.pitch; }));
  curves_.emplace_back(knots_of(places, [](const OrbitCamera& c) { return std::log(c.distance); }));
  for (int axis = 0; axis < 3; ++axis)
    curves_.emplace_back(knots_of(places, [axis](const OrbitCamera& c) { return c.target[axis]; }));
}

OrbitCamera CameraPath::at(double seconds) const {
  const auto value = [&](std::size_t curve) { return curves_[curve](seconds); };
  OrbitCamera camera = lens_;
  camera.yaw = static_cast<float>(std::remainder(value(0), kTurn));
  camera.pitch = static_cast<float>(value(1));
  camera.distance = static_cast<float>(std::exp(value(2)));
  camera.target = {value(3), value(4), value(5)};
  return camera;
}

}  // namespace fl
