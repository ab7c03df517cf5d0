// A double click goes to the surface: where the device says that a ray meets it, against a ray that is
// marched through the same function on the host, and the camera that glides there.

#include <cmath>
#include <limits>

#include "engine/ui/viewer.h"
#include "tests/golden/golden_fixture.h"

namespace fl::testing {
namespace {

// Where a picture is only drawn because a question goes with it.
constexpr VkExtent2D kSmall{160, 90};

// A loss over the plane's world coordinates x and z, in [-1, 1].
using Field = double (*)(double x, double z);

double bowl(double x, double z) {
  return 0.05 + 1.5 * (x - 0.2) * (x - 0.2) + 0.8 * z * z;
}
// A wall across the plane that hides half of what lies behind.
double ridge(double x, double z) {
  const double away = x - 0.25 * z - 0.1;
  return 0.3 + 0.1 * x + 1.2 * std::exp(-away * away / 0.08);
}
double slope(double x, double z) {
  return 2 + x - 0.5 * z;
}

struct Hole {
  double x = 0, z = 0, radius = 0;
  // Cells belong to it by their middle and take their triangles with them; the picture rounds its rim.
  [[nodiscard]] double to_rim(double at_x, double at_z) const {
    return std::hypot(at_x - x, at_z - z) - radius;
  }
};

struct Setting {
  const char* name = "";
  Field field = bowl;
  bool log = false;
  std::uint32_t side = 129;
  Hole hole;
};

struct DVec {
  double x = 0, y = 0, z = 0;
};
DVec operator+(DVec a, DVec b) {
  return {a.x + b.x, a.y + b.y, a.z + b.z};
}
DVec operator*(double s, DVec a) {
  return {s * a.x, s * a.y, s * a.z};
}
double distance(DVec a, DVec b) {
  return std::hypot(a.x - b.x, a.y - b.y, a.z - b.z);
}

// The field as the stage is to show it, with a ray that is marched through it.
class Expected {
 public:
  explicit Expected(const Setting& setting) : setting_(setting) {
    low_ = std::numeric_limits<double>::infinity();
    high_ = -low_;
    for (std::uint32_t row = 0; row < setting.side; ++row)
      for (std::uint32_t column = 0; column < setting.side; ++column) {
        const double x = 2.0 * column / (setting.side - 1) - 1, z = 1 - 2.0 * row / (setting.side - 1);
        if (in_hole(x, z)) continue;
        low_ = std::min(low_, coordinate(x, z));
        high_ = std::max(high_, coordinate(x, z));
      }
  }

  [[nodiscard]] bool in_hole(double x, double z) const { return setting_.hole.to_rim(x, z) < 0; }
  // Nearer than two cells to a hole, or in it.
  [[nodiscard]] bool at_rim(double x, double z) const {
    return setting_.hole.radius > 0 && setting_.hole.to_rim(x, z) < 4.0 / (setting_.side - 1);
  }
  [[nodiscard]] double coordinate(double x, double z) const {
    const double loss = setting_.field(x, z);
    return setting_.log ? std::log10(loss) : loss;
  }
  [[nodiscard]] double y(double x, double z) const {
    return 0.85 * (coordinate(x, z) - low_) / (high_ - low_);
  }
  [[nodiscard]] float lowest_loss() const { return loss(low_); }
  [[nodiscard]] float highest_loss() const { return loss(high_); }

  // The first crossing of the surface by the ray through a pixel, from angles alone.
  [[nodiscard]] std::optional<DVec> hit(const OrbitCamera& camera, double px, double py) const {
    const double yaw = camera.yaw, pitch = camera.pitch, half = std::tan(camera.field_of_view / 2.0);
    const DVec back{std::cos(pitch) * std::sin(yaw), std::sin(pitch), std::cos(pitch) * std::cos(yaw)};
    const DVec right{std::cos(yaw), 0, -std::sin(yaw)};
    const DVec up{-std::sin(pitch) * std::sin(yaw), std::cos(pitch), -std::sin(pitch) * std::cos(yaw)};
    const DVec eye = DVec{camera.target.x, camera.target.y, camera.target.z} + camera.distance * back;
    const double u = (2 * px / kSmall.width - 1) * half * kSmall.width / kSmall.height;
    const double v = (1 - 2 * py / kSmall.height) * half;
    const DVec along = u * right + v * up + -1.0 * back;
    const auto above = [&](double t) {
      const DVec p = eye + t * along;
      return std::max(std::abs(p.x), std::abs(p.z)) <= 1 ? p.y - y(p.x, p.z)
                                                         : std::numeric_limits<double>::quiet_NaN();
    };
    constexpr double kStep = 1e-3;
    double before = std::numeric_limits<double>::quiet_NaN();
    for (double t = std::max(0.1, camera.distance - 1.8); t < camera.distance + 1.8; t += kStep) {
      const double now = above(t);
      if (before * now <= 0) {  // false where one of them is none
        double a = t - kStep, b = t;
        for (int i = 0; i < 40; ++i) (above((a + b) / 2) * before > 0 ? a : b) = (a + b) / 2;
        const DVec p = eye + a * along;
        if (!in_hole(p.x, p.z)) return p;
      }
      before = now;
    }
    return {};
  }

 private:
  [[nodiscard]] float loss(double coordinate) const {
    return static_cast<float>(setting_.log ? std::pow(10, coordinate) : coordinate);
  }

  const Setting setting_;
  double low_ = 0, high_ = 0;
};

class Focus : public Golden {
 protected:
  void SetUp() override {
    Golden::SetUp();
    if (env_ != nullptr) capture_.emplace(*env_->device, kSmall);
  }

  void show(const Setting& setting, const Expected& expected) {
    sets_.reset();
    ring_.emplace(*env_->device, FrameCapacity{.grid_side = setting.side, .path_points = 1});
    sets_.emplace(*env_->device, ring_->layout(), ring_->buffers());
    view_.height.choose(setting.log);
    publish({.side = setting.side, .path_points = 0}, [&](const FrameSlot& slot, Frame& frame) {
      for (std::uint32_t row = 0; row < setting.side; ++row)
        for (std::uint32_t column = 0; column < setting.side; ++column) {
          const double x = 2.0 * column / (setting.side - 1) - 1, z = 1 - 2.0 * row / (setting.side - 1);
          const std::size_t cell = std::size_t{row} * setting.side + column;
          slot.heights()[cell] = static_cast<float>(setting.field(x, z));
          if (expected.in_hole(x, z)) slot.cells()[cell] = static_cast<std::uint32_t>(CellState::kUnknown);
        }
      frame.facts.loss_min = expected.lowest_loss();
      frame.facts.loss_max = expected.highest_loss();
    });
    ++view_.content;  // what the stage knows of the heights holds until the next ones
  }

  std::optional<glm::vec3> ask(const Ray& ray) {
    view_.ray = ray;
    shoot();
    view_.ray.reset();
    return env_->stage->hit();
  }

  static glm::vec2 size() { return {kSmall.width, kSmall.height}; }
};

// Triangles lie off the function by up to its second derivative times pitch^2 / 8, 6e-4 on the ridge, and a
// ray that comes in flat multiplies that.
constexpr double kTolerance = 4e-3;

class FocusFields : public Focus, public ::testing::WithParamInterface<Setting> {};

// Pixels on a silhouette or on a hole's rim, where a hundredth of a pixel decides, are left out.
bool sharp(const Expected& expected, const OrbitCamera& camera, glm::vec2 pixel,
           const std::optional<DVec>& wanted) {
  for (const glm::vec2 aside : {glm::vec2{0.25f, 0}, {-0.25f, 0}, {0, 0.25f}, {0, -0.25f}}) {
    const auto beside = expected.hit(camera, pixel.x + aside.x, pixel.y + aside.y);
    if (beside.has_value() != wanted.has_value() || (wanted && distance(*wanted, *beside) > 0.05))
      return true;
  }
  return wanted && expected.at_rim(wanted->x, wanted->z);
}

TEST_P(FocusFields, RaysMeetTheSurfaceThatIsDrawn) {
  const Expected expected(GetParam());
  show(GetParam(), expected);
  int hits = 0, misses = 0;
  double worst = 0;
  for (const OrbitCamera& camera :
       {OrbitCamera{}, OrbitCamera{.yaw = 2.5f, .pitch = 0.25f},
        OrbitCamera{.yaw = -1.2f, .pitch = 1.2f, .distance = 3}, OrbitCamera{.yaw = 0.4f, .pitch = -0.1f}}) {
    view_.camera = camera;
    for (float px = 39.3f; px < 124; px += 20)
      for (float py = 22.6f; py < 72; py += 16) {
        const auto wanted = expected.hit(camera, px, py);
        if (sharp(expected, camera, {px, py}, wanted)) continue;
        const auto found = ask(camera.ray({px, py}, size()));
        ASSERT_EQ(found.has_value(), wanted.has_value()) << "yaw " << camera.yaw << " at " << px << "," << py;
        ++(wanted ? hits : misses);
        const double off = wanted ? distance(*wanted, {found->x, found->y, found->z}) : 0;
        EXPECT_LT(off, kTolerance) << "yaw " << camera.yaw << " at " << px << "," << py;
        worst = std::max(worst, off);
      }
  }
  EXPECT_GT(hits, 24);
  EXPECT_GT(misses, 20);
  std::printf("%d hits, %d misses, off by %.1e at most\n", hits, misses, worst);
}

INSTANTIATE_TEST_SUITE_P(
    Surfaces, FocusFields,
    ::testing::Values(Setting{.name = "Bowl", .field = bowl},
                      Setting{.name = "LogBowl", .field = bowl, .log = true},
                      Setting{.name = "Ridge", .field = ridge},
                      Setting{.name = "LogRidgeEveryOtherRow", .field = ridge, .log = true, .side = 516},
                      Setting{.name = "RidgeWithAHole", .field = ridge, .hole = {-0.3, 0.2, 0.3}},
                      Setting{.name = "TwoTriangles", .field = slope, .side = 2}),
    [](const auto& setting) { return std::string(setting.param.name); });

// Sky, a hole, no surface at all, and a ray that looks away: nothing is met, whatever was met before.
TEST_F(Focus, ARayThatMeetsNothingSaysSo) {
  const Setting setting{.field = bowl, .hole = {0.2, 0, 0.4}};
  const Expected expected(setting);
  show(setting, expected);
  const Ray down{{0.7f, 3, 0.1f}, {0, -1, 0}};
  const auto met = ask(down);
  ASSERT_TRUE(met);
  EXPECT_NEAR(met->x, 0.7f, 1e-5);
  EXPECT_NEAR(met->y, expected.y(0.7, 0.1), 1e-3);
  EXPECT_NEAR(met->z, 0.1f, 1e-5);
  EXPECT_FALSE(ask({{0.2f, 3, 0}, {0, -1, 0}}));  // through the hole
  EXPECT_FALSE(ask({{1.01f, 3, 0}, {0, -1, 0}}));
  EXPECT_FALSE(ask({{0.7f, 3, 0.1f}, {0, 1, 0}}));
  ASSERT_TRUE(ask(down));
  view_.ray = down;
  capture_->shoot(*env_->stage, VK_NULL_HANDLE, Frame{}, view_, {});
  EXPECT_FALSE(env_->stage->hit());
}

// Corners of cells belong to up to six triangles: none lets a ray through.
TEST_F(Focus, NoRayFallsBetweenTriangles) {
  const Setting setting{.field = slope, .side = 17};
  const Expected expected(setting);
  show(setting, expected);
  for (int row = 0; row <= 16; ++row)
    for (const int column : {0, 3, 7, 16}) {
      const float x = static_cast<float>(column) / 8 - 1, z = static_cast<float>(row) / 8 - 1;
      const auto met = ask({{x, 3, z}, {0, -1, 0}});
      ASSERT_TRUE(met) << column << "," << row;
      EXPECT_NEAR(met->y, expected.y(x, z), 1e-4) << column << "," << row;
    }
}

TEST_F(Focus, AskingChangesNoPixel) {
  publish({.rate = 0.004, .path_points = 60});
  const Picture without = shoot();
  view_.ray = view_.camera.ray(size() / 2.0f, size());
  EXPECT_EQ(shoot().rgba, without.rgba);
}

class FocusViewer : public Focus {
 protected:
  void SetUp() override {
    Focus::SetUp();
    if (env_ == nullptr) return;
    show(setting_, expected_);
    viewer_.watch(view_);
    viewer_.resize(kSmall, {});
  }

  void double_click(glm::vec2 pixel) {
    WindowInput input;
    input.any = true;
    input.double_click = pixel;
    viewer_.handle(input, *frame_, 0.02);
  }
  // What the window does: the question goes with the next picture, the answer comes when that is done.
  void draw_and_answer() {
    ASSERT_TRUE(viewer_.question());
    const Ray ray = viewer_.question()->ray;
    viewer_.answer(ray, ask(ray));
    EXPECT_FALSE(viewer_.question());
  }
  void arrive() {
    for (int i = 0; i < 200; ++i) viewer_.handle({}, *frame_, 0.02);
    EXPECT_FALSE(viewer_.moving());
  }

  const Setting setting_{.field = ridge, .log = true, .hole = {-0.5, 0, 0.25}};
  const Expected expected_{setting_};
  Viewer viewer_;
};

TEST_F(FocusViewer, ADoubleClickPutsTheSurfaceInTheMiddle) {
  const OrbitCamera before = view_.camera;
  const glm::vec2 pixel{104, 50};
  const auto wanted = expected_.hit(before, pixel.x, pixel.y);
  ASSERT_TRUE(wanted);
  // The place is not what the middle of the heights would be taken for.
  const auto guess = focus_point(before.ray(pixel, size()));
  ASSERT_TRUE(guess);
  ASSERT_GT(distance(*wanted, {guess->x, guess->y, guess->z}), 0.1);
  double_click(pixel);
  draw_and_answer();
  arrive();
  const OrbitCamera& after = view_.camera;
  EXPECT_LT(distance(*wanted, {after.target.x, after.target.y, after.target.z}), kTolerance);
  EXPECT_LT(after.distance, 0.7f * before.distance);
  EXPECT_EQ(after.yaw, before.yaw);
  EXPECT_EQ(after.pitch, before.pitch);
}

TEST_F(FocusViewer, AHoleMeansTheMiddleOfTheHeightsAndTheSkyTheWhole) {
  view_.camera.pitch = 1.2f;
  const OrbitCamera before = view_.camera;
  const glm::vec3 hole =
      project(before.projection(size().x / size().y) * before.view(), {-0.5f, 0.2f, 0}, size());
  double_click({hole.x, hole.y});
  const auto guess = focus_point(before.ray({hole.x, hole.y}, size()));
  ASSERT_TRUE(guess);
  draw_and_answer();
  arrive();
  EXPECT_EQ(view_.camera.target, *guess);
  double_click({1, 1});
  draw_and_answer();
  arrive();
  OrbitCamera whole = before;
  whole.fit(size().x / size().y);
  EXPECT_EQ(view_.camera.target, whole.target);
  EXPECT_NEAR(view_.camera.distance, whole.distance, 1e-4);
}

// An answer that comes late takes the camera from nobody.
TEST_F(FocusViewer, WhatTheViewerDoesNextTakesItsPlace) {
  double_click({92, 47});
  const Ray first = viewer_.question()->ray;
  double_click({70, 40});
  ASSERT_TRUE(viewer_.question());
  viewer_.answer(first, glm::vec3(1));
  EXPECT_TRUE(viewer_.question());
  EXPECT_FALSE(viewer_.moving());
  WindowInput turned;
  turned.turn = {9, 0};
  viewer_.handle(turned, *frame_, 0.02);
  EXPECT_FALSE(viewer_.question());
  double_click({92, 47});
  ASSERT_TRUE(viewer_.question());
  viewer_.turn({0.05f, 0});
  EXPECT_FALSE(viewer_.question());
}

}  // namespace
}  // namespace fl::testing
