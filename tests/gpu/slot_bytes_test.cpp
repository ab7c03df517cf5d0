// What of a frame in the device's memory had to come from the host: its header, and of the curves what only
// the host knows. Heights, path, feature maps, the other curves and probabilities are put there by the device
// that computed them.
#include <gtest/gtest.h>

#include "tests/gpu/ring_subject.h"
#include "tests/support/small_training.h"
#include "trainer/subjects/training_subject.h"

namespace fl::test {
namespace {

TEST(SlotBytes, OfTheHostAreTheHeaderAndItsOwnCurves) {
  std::string reason;
  const RingSubject subject = ring_subject(reason);
  if (subject.device == nullptr) GTEST_SKIP() << reason;
  RunSpec spec = small_spec();
  spec.epochs = 2;
  spec.landscape.grid = 9;
  spec.landscape.surfaces = SurfaceSets::kBoth;
  auto data = load_dataset(spec.data, ".", spec.seed);
  ASSERT_TRUE(data.ok()) << data.error().message;
  auto training = Training::create(spec, *std::move(data), subject.backend);
  ASSERT_TRUE(training.ok()) << training.error().message;
  TrainingSubject run(*std::move(training));
  auto ring = subject.make_ring(run.capacity());
  ASSERT_TRUE(ring) << ring.error().message;
  run.use_device_slots();
  const SlotWriter& writer = *run.training()->program().slot_writer();
  for (bool more = true; more;) {
    more = run.step();
    while (run.work(50)) {
    }
    run.catch_up();
    const std::uint64_t before = writer.bytes_from_host();
    ASSERT_TRUE(run.publish(**ring, run.state(), 0));
    const auto waited = (*ring)->wait_for_published(std::chrono::seconds(5));
    ASSERT_TRUE(waited) << waited.error().message;
    // The rates and the accuracies by class are the host's own.
    const History& history = run.training()->history();
    const std::size_t own = (history.steps.size() + history.class_accuracies.size()) * sizeof(float);
    EXPECT_EQ(writer.bytes_from_host() - before, sizeof(FrameHeader) + own) << "after step " << run.steps();
  }
  EXPECT_EQ(run.training()->history().epochs.size(), 2u);
  EXPECT_GT(run.landscape().path().size(), 1u);
  EXPECT_NE(run.landscape().test_surface(), nullptr);
}

}  // namespace
}  // namespace fl::test
