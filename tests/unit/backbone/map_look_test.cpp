// The head is not asked what it says on its map while nobody sees one; who begins to look sees the weights of
// the moment, also where the training pauses.
#include <chrono>
#include <thread>

#include "tests/unit/backbone/transfer_scene.h"
#include "trainer/session/session.h"

namespace fl {
namespace {

using test::PlainRing;
using test::Shown;

class MapThatIsHidden : public test::TransferScene {
 protected:
  static Shown now(TrainingSubject& subject, PlainRing& ring) {
    EXPECT_TRUE(subject.publish(ring, subject.state(), 0));
    const auto frame = ring.read();
    const auto logits = frame->slot.map_logits();
    return {frame->header, frame->facts, {logits.begin(), logits.end()}};
  }
};

TEST_F(MapThatIsHidden, IsNotAskedUntilSomebodyLooks) {
  TrainingSubject subject(open().value()), watched(open().value());
  PlainRing ring(subject.capacity()), watched_ring(watched.capacity());
  subject.look_at_map(false);
  const Shown hidden = now(subject, ring);
  EXPECT_GT(hidden.facts.map.images, 0u) << "there is one, for the key that shows it";
  EXPECT_EQ(hidden.facts.map.side, 0u);
  EXPECT_EQ(hidden.facts.map.of_classes[0].toward_x, 0);
  for (int step = 0; step < 6; ++step) {
    subject.step();
    watched.step();
    EXPECT_EQ(now(subject, ring).facts.map.side, 0u);
    (void)now(watched, watched_ring);
  }
  subject.look_at_map(true);
  const Shown shown = now(subject, ring), always = now(watched, watched_ring);
  EXPECT_GT(shown.facts.map.side, 0u);
  EXPECT_EQ(shown.facts.map.side, always.facts.map.side);
  EXPECT_EQ(shown.features, always.features) << "of the weights as they are";
  EXPECT_EQ(shown.facts.map.of_classes[0].toward_x, always.facts.map.of_classes[0].toward_x);
  EXPECT_NE(shown.facts.map.of_classes[0].toward_x, 0);
  subject.look_at_map(false);
  for (int step = 0; step < 6; ++step) subject.step();
  EXPECT_EQ(now(subject, ring).features, shown.features) << "computed while nobody looked";
  subject.look_at_map(true);
  EXPECT_NE(now(subject, ring).features, shown.features);
}

TEST_F(MapThatIsHidden, APausedSessionAnswersWhoLooks) {
  Session session({.subject = std::make_unique<TrainingSubject>(open().value())});
  session.look_at_map(false);
  session.advance(3);
  PlainRing ring(session.subject().capacity());
  ASSERT_TRUE(session.publish(ring));
  EXPECT_EQ(ring.read()->facts.map.side, 0u);
  session.start(ring);
  std::uint32_t side = 0;
  const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(20);
  session.look_at_map(true);
  while (side == 0 && std::chrono::steady_clock::now() < until) {
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
    if (const auto frame = ring.read()) side = frame->facts.map.side;
  }
  session.stop();
  EXPECT_GT(side, 0u);
}

}  // namespace
}  // namespace fl
