// Pictures without their ground: over any ground they are what is drawn over it.

#include "engine/film/develop.h"
#include "tests/golden/golden_fixture.h"

namespace fl::testing {
namespace {

class Ground : public Golden {
 protected:
  // With several samples a pixel, as films have.
  Picture over(float ground) {
    Stage stage(*env_->device, *env_->font, {.color_format = Capture::kFormat});
    StageView view = view_;
    view.ground = ground;
    return capture_->shoot(stage, sets_->set(frame_->slot), *frame_, view, {});
  }
};

TEST_F(Ground, IsSeenThroughACutOutPicture) {
  publish({});
  for (const bool light : {false, true}) {
    view_.set_light(light);
    const Picture cut = cut_out(over(0), over(1));
    std::array<std::size_t, 3> kinds{};  // clear, between, opaque
    for (std::size_t i = 3; i < cut.rgba.size(); i += 4)
      ++kinds[cut.rgba[i] == 0 ? 0 : cut.rgba[i] == 255 ? 2 : 1];
    EXPECT_GT(kinds[0], 1000u);
    EXPECT_GT(kinds[1], 1000u);
    EXPECT_GT(kinds[2], 10000u);
    for (const float ground : {0.25f, 0.8f}) {
      const Picture wanted = over(ground);
      int largest = 0;
      for (std::size_t i = 0; i < cut.rgba.size(); ++i) {
        if (i % 4 == 3) continue;
        const double alpha = cut.rgba[i - i % 4 + 3] / 255.0;
        const double found = cut.rgba[i] * alpha + 255 * static_cast<double>(ground) * (1 - alpha);
        largest = std::max(largest, static_cast<int>(std::lround(std::abs(found - wanted.rgba[i]))));
      }
      EXPECT_LE(largest, 3) << (light ? "light" : "dark") << " over " << ground;
    }
  }
}

// What later pictures take over from one is the same whether or not it was drawn.
TEST_F(Ground, AnUnseenPictureLeavesWhatADrawnOneDoes) {
  view_.words = true;
  std::vector<Picture> ends;
  for (const bool seen : {true, false}) {
    Stage stage(*env_->device, *env_->font, {.color_format = Capture::kFormat});
    const auto shoot = [&](double time) {
      view_.time = time;
      return capture_->shoot(stage, sets_->set(frame_->slot), *frame_, view_, {});
    };
    publish({});
    shoot(0);
    ring_->abandoned(*frame_);
    publish({}, [](const FrameSlot& slot, Frame& frame) {
      for (float& height : slot.heights()) height = frame.facts.loss_min + frame.facts.loss_max - height;
    });
    view_.time = 0.1;
    if (seen)
      shoot(0.1);
    else
      capture_->pass(stage, sets_->set(frame_->slot), *frame_, view_, {});
    ends.push_back(shoot(0.2));
    ring_->abandoned(*frame_);
  }
  EXPECT_EQ(differing(ends[0], ends[1]), 0u);
}

}  // namespace
}  // namespace fl::testing
