// A whole training on the CUDA backend, its device made of host memory: bursts, resuming, landscape, and what is
// left when the device fails.
#include <thread>

#include "tests/support/fake_device/fake_device.h"
#include "tests/support/plain_ring.h"
#include "tests/support/small_training.h"
#include "tests/support/subject_backend.h"
#include "trainer/session/session.h"
#include "trainer/subjects/training_subject.h"

namespace fl::test {
namespace {

std::unique_ptr<Training> make_cuda_training(const RunSpec& spec) {
  auto data = small_data(spec);
  EXPECT_TRUE(data.ok()) << data.error().message;
  auto training = Training::create(spec, *std::move(data), std::make_shared<SubjectBackend>());
  EXPECT_TRUE(training.ok()) << training.error().message;
  return *std::move(training);
}

TEST(CudaTraining, BurstsLeaveTheBytesOfSingleStepsAndFollowTheCpu) {
  auto single = make_cuda_training(small_spec()), burst = make_cuda_training(small_spec());
  auto cpu = make_training(small_spec());
  std::int64_t calls = 0;
  while (single->step()) cpu->step();
  while (burst->advance(burst->burst()) > 0) ++calls;
  EXPECT_EQ(calls, 6) << "one an epoch";
  EXPECT_EQ(burst->state(), RunState::kFinished);
  EXPECT_EQ(params_of(*burst), params_of(*single));
  EXPECT_EQ(burst->history().csv(), single->history().csv());
  ASSERT_EQ(cpu->history().epochs.size(), single->history().epochs.size());
  for (std::size_t e = 0; e < cpu->history().epochs.size(); ++e) {
    EXPECT_NEAR(single->history().epochs[e].loss, cpu->history().epochs[e].loss, 1e-3);
    EXPECT_NEAR(single->history().epochs[e].test_loss, cpu->history().epochs[e].test_loss, 1e-3);
  }
}

TEST(CudaTraining, ResumesInTheMiddleOfAnEpoch) {
  auto whole = make_cuda_training(small_spec()), resumed = make_cuda_training(small_spec());
  whole->advance(2);
  const TrainingState state = whole->save();
  resumed->restore(state);
  while (whole->advance(whole->burst()) > 0) {
  }
  while (resumed->step()) {
  }
  EXPECT_EQ(params_of(*resumed), params_of(*whole));
  EXPECT_EQ(resumed->history().steps.size(), whole->history().steps.size());
}

TEST(CudaTraining, DivergesInsideABurst) {
  RunSpec spec = small_spec();
  spec.optimizer.kind = OptimizerKind::kGradientDescent;
  spec.rate = 1e6;
  spec.epochs = 50;
  auto training = make_cuda_training(spec);
  while (training->advance(training->burst()) > 0) {
  }
  EXPECT_EQ(training->state(), RunState::kDiverged);
  EXPECT_FALSE(std::isfinite(training->history().steps.back().loss));
  for (const StepRecord& step : std::span(training->history().steps).first(training->history().steps.size() - 1))
    EXPECT_TRUE(std::isfinite(step.loss));
  for (const float w : params_of(*training)) ASSERT_TRUE(std::isfinite(w));
}

// The window lives on, with all of the history, and says what happened.
TEST(CudaTraining, ALostDeviceEndsTheRunWithASentence) {
  RunSpec spec = small_spec();
  spec.epochs = 100000;
  Session session({.subject = std::make_unique<TrainingSubject>(make_cuda_training(spec)), .playing = true});
  PlainRing ring(session.subject().capacity());
  cuda::fake::lose_device_after(40);
  session.start(ring);
  for (int i = 0; i < 500 && session.status()->failure.empty(); ++i) std::this_thread::sleep_for(std::chrono::milliseconds(20));
  session.stop();
  cuda::fake::lose_device_after(0);
  const auto status = session.status();
  EXPECT_NE(status->failure.find("the device is lost"), std::string::npos) << status->failure;
  const Training& training = *session.subject().training();
  EXPECT_GT(training.steps(), 0);
  EXPECT_EQ(training.history().steps.size(), static_cast<std::size_t>(training.steps()));
}

TEST(CudaTraining, NoticesThatItsLastStepWasTooFar) {
  RunSpec spec = linear_spec();
  spec.epochs = 1;
  auto training = make_cuda_training(spec);
  while (training->steps() + 1 < training->total_steps()) training->step();
  step_too_far(*training);
  EXPECT_TRUE(std::isfinite(training->history().steps.back().loss));
  EXPECT_EQ(training->state(), RunState::kDiverged);
  EXPECT_TRUE(std::isnan(training->history().epochs.back().test_accuracy));
  EXPECT_FALSE(training->report().has_predictions());
}

}  // namespace
}  // namespace fl::test
