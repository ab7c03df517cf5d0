#include "engine/app/timeline/rehearsal.h"

#include "trainer/subjects/training.h"

namespace fl {
namespace {

constexpr std::size_t kPoints = 16;  // of the landscape, at once

}  // namespace

void rehearse(Session& session, const std::function<void()>& train, const std::function<bool()>& go_on) {
  Subject& subject = session.subject();
  Training* training = subject.training();
  if (training == nullptr) return;
  const TrainingState start = training->save();
  train();
  subject.end_here();
  while (go_on() && session.work(kPoints)) {
  }
  subject.keep_landscape();
  training->restore(start);
  subject.begin_here();
  subject.apply(command::SetEarlier{});  // what was rehearsed is no run of its own
}

}  // namespace fl
