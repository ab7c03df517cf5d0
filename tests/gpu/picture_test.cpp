// A frame drawn from slots that the training's device filled, beside the one out of host memory for the same
// state of the same run: surface, path, feature maps, curves and probabilities.
#include <cstring>

#include <gtest/gtest.h>

#include "engine/bridge/host_ring.h"
#include "engine/film/capture.h"
#include "tests/gpu/ring_subject.h"
#include "tests/support/golden.h"
#include "tests/support/small_training.h"
#include "trainer/subjects/training_subject.h"

namespace fl::test {
namespace {

constexpr VkExtent2D kExtent{960, 540};

struct Shown {
  Picture picture;
  FrameHeader header;
  std::optional<glm::vec3> hit;  // where a ray straight down meets the surface
};

class SharedPicture : public ::testing::Test {
 protected:
  void SetUp() override {
    std::string reason;
    ring_ = ring_subject(reason);
    if (ring_.device == nullptr) GTEST_SKIP() << reason;
    capture_.emplace(*ring_.device, kExtent);
    view_.words = false;
    view_.ray = Ray{{0.13f, 3, -0.21f}, {0, -1, 0}};
    const Rect area = Stage::layout(kExtent, view_).landscape;
    view_.camera.fit(area.width / area.height);
  }

  std::unique_ptr<TrainingSubject> make_run() {
    RunSpec spec = small_spec();
    spec.epochs = 2;  // what a device made of host memory does in seconds
    spec.landscape.grid = 9;
    auto data = load_dataset(spec.data, ".", spec.seed);
    EXPECT_TRUE(data.ok()) << data.error().message;
    auto training = Training::create(spec, *std::move(data), ring_.backend);
    EXPECT_TRUE(training.ok()) << training.error().message;
    return std::make_unique<TrainingSubject>(*std::move(training));
  }

  // Publishes the run as it is and draws that very frame.
  Shown draw(FrameRing& ring, Subject& run) {
    EXPECT_TRUE(run.publish(ring, run.state(), 0));
    const auto waited = ring.wait_for_published(std::chrono::seconds(5));
    EXPECT_TRUE(waited) << waited.error().message;
    const auto frame = ring.acquire_latest();
    EXPECT_TRUE(frame);
    if (!frame) return {};
    const SlotSets slots(*ring_.device, ring.layout(), ring.buffers());
    const SlotReading reading = ring.reading(*frame);
    Shown shown{capture_->shoot(*ring_.stage, slots.set(frame->slot), *frame, view_, {}, reading.wait,
                                reading.signal),
                frame->header, ring_.stage->hit()};
    ring.submitted(*frame, 0);
    ring.completed(0);
    return shown;
  }

  RingSubject ring_;
  std::optional<Capture> capture_;
  StageView view_;
};

TEST_F(SharedPicture, IsThePictureOutOfHostMemory) {
  const auto run = make_run();
  auto shared = ring_.make_ring(run->capacity());
  ASSERT_TRUE(shared) << shared.error().message;
  run->use_device_slots();
  HostRing host(*ring_.device, run->capacity());
  // The first level of the surface, then more of path and surface, then all there is.
  for (const std::int64_t steps : {1, 3, 1000}) {
    while (run->steps() < steps && run->step()) {
    }
    for (int turn = 0; turn < (run->over() ? 1000 : 2) && run->work(16); ++turn) {
    }
    run->catch_up();
    const Shown on_device = draw(**shared, *run), on_host = draw(host, *run);
    EXPECT_EQ(testing::compare_pictures(on_device.picture, on_host.picture), "")
        << "after step " << run->steps();
    EXPECT_EQ(std::memcmp(&on_device.header, &on_host.header, sizeof(FrameHeader)), 0)
        << "after step " << run->steps();
    EXPECT_TRUE(on_host.hit);
    EXPECT_EQ(on_device.hit, on_host.hit) << "after step " << run->steps();
    view_.content += 2;
  }
}

// The comparison sees a difference where there is one.
TEST_F(SharedPicture, AnotherStateIsAnotherPicture) {
  const auto run = make_run();
  HostRing host(*ring_.device, run->capacity());
  run->step();
  run->work(16);
  run->catch_up();
  const Shown before = draw(host, *run);
  run->step();
  run->catch_up();
  ++view_.content;
  EXPECT_NE(testing::compare_pictures(draw(host, *run).picture, before.picture), "");
}

}  // namespace
}  // namespace fl::test
