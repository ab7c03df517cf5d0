// Sessions that are logged, saved, read and done again.
#include "trainer/session/replay.h"

#include <cstring>
#include <filesystem>
#include <fstream>
#include <functional>

#include <gtest/gtest.h>

#include "tests/support/plain_ring.h"
#include "tests/support/small_training.h"
#include "tests/unit/data/data_support.h"
#include "trainer/base/atomic_file.h"
#include "trainer/subjects/descents/descents.h"
#include "trainer/subjects/training_subject.h"

namespace fl {
namespace {

using test::make_training;
using test::params_of;
using test::PlainRing;
using test::small_spec;

constexpr const char* kScene = "title = \"small\"\n";

bool wait_for(PlainRing& ring, const std::function<bool(const Frame&)>& condition) {
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(20);
  while (std::chrono::steady_clock::now() < deadline) {
    if (const auto frame = ring.read(); frame && condition(*frame)) return true;
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
  }
  return false;
}

RunSpec session_spec() {
  RunSpec spec = small_spec();
  spec.epochs = 12;
  spec.threads = 1;
  spec.dropout = 0.3;
  spec.augment = {.flip = true, .rotate = 10, .shift = 0.1};
  spec.landscape.surfaces = SurfaceSets::kBoth;
  return spec;
}

std::unique_ptr<TrainingSubject> make_subject() {
  return std::make_unique<TrainingSubject>(make_training(session_spec()));
}

// Everything that a session's own memory and a slot of it show.
struct Outcome {
  std::vector<float> params, heights;
  std::vector<PathPoint> path;
  std::vector<std::byte> slot;
  Frame frame;
};

Outcome outcome_of(Session& session) {
  auto& subject = dynamic_cast<TrainingSubject&>(session.subject());
  Outcome outcome;
  outcome.params = params_of(*subject.training());
  const auto heights = subject.landscape().surface()->heights();
  outcome.heights.assign(heights.begin(), heights.end());
  outcome.path = subject.landscape().path();
  PlainRing ring(subject.capacity());
  EXPECT_TRUE(session.publish(ring));
  const auto frame = ring.read();
  outcome.frame = *frame;
  outcome.slot.assign(frame->slot.memory.begin(), frame->slot.memory.end());
  return outcome;
}

template <typename T>
bool same_bytes(const std::vector<T>& a, const std::vector<T>& b) {
  return a.size() == b.size() && std::memcmp(a.data(), b.data(), a.size() * sizeof(T)) == 0;
}

// The measured speed is the one thing of a slot that is the clock's.
// All but the phase of a step, which has words, and what lies between the members.
std::vector<std::byte> bytes_of(const FrameFacts& facts) {
  std::vector<std::byte> bytes(offsetof(FrameFacts, phase));
  std::memcpy(bytes.data(), &facts, bytes.size());
  const std::pair<std::size_t, std::size_t> gaps[] = {
      {offsetof(FrameFacts, probe_of_test) + 1, offsetof(FrameFacts, grid_error)},
      {offsetof(FrameFacts, has_heat) + 1, offsetof(FrameFacts, heat_class)},
      {offsetof(FrameFacts, map) + sizeof(MapFacts), bytes.size()}};
  for (const auto& [from, to] : gaps) std::fill(&bytes[0] + from, &bytes[0] + to, std::byte{0});
  return bytes;
}

void expect_same(Outcome live, Outcome again) {
  for (Outcome* each : {&live, &again}) {
    each->frame.facts.steps_per_second = 0;
  }
  EXPECT_TRUE(same_bytes(live.params, again.params)) << "weights";
  EXPECT_TRUE(same_bytes(live.heights, again.heights)) << "surface";
  EXPECT_TRUE(same_bytes(live.path, again.path)) << "path";
  EXPECT_TRUE(same_bytes(live.slot, again.slot)) << "slot";
  EXPECT_TRUE(same_bytes(bytes_of(live.frame.facts), bytes_of(again.frame.facts))) << "facts";
  EXPECT_EQ(live.frame.facts.phase.caption, again.frame.facts.phase.caption);
}

// A live session with everything that a viewer can ask for, by hand and in haste.
SessionFile play_live(Outcome& outcome) {
  Session session({.subject = make_subject(), .scene = kScene, .device = "CPU", .pace = 200});
  PlainRing ring(session.subject().capacity());
  session.start(ring);
  const auto until = [&](std::uint32_t step) {
    ASSERT_TRUE(wait_for(ring, [&](const Frame& h) { return h.facts.step >= step; })) << step;
  };
  session.post(command::Step{2});
  until(2);
  session.post(command::Play{});
  until(6);
  session.post(command::SetRate{0.002});
  session.note_view(Json::Object{{"theme", "light"}});
  session.post(command::MakeFork{ForkChange::kRateUp});
  until(9);
  session.post(command::SetOptimizer{OptimizerKind::kMomentum});
  session.post(command::SetProbe{8});
  session.post(command::SetGrid{9});
  until(12);
  session.post(command::Reset{5});
  EXPECT_TRUE(wait_for(ring, [](const Frame& h) { return h.facts.step < 9; }));
  session.post(command::SetPace{0});
  until(20);
  session.post(command::MakeFork{ForkChange::kOrder});
  session.post(command::MakeFork{ForkChange::kRiver});
  session.post(command::SetPlane{{.directions = DirectionKind::kOsculating, .anchor = PlaneAnchor::kFollow}});
  session.post(command::SetSurfaces{SurfaceSets::kTest});
  session.post(command::Pause{});
  session.post(command::ShowImage{3});
  session.post(command::Step{3});
  EXPECT_TRUE(wait_for(
      ring, [](const Frame& h) { return h.facts.state == RunState::kPaused && h.facts.grid_finished; }));
  session.post(command::SetPace{100});
  session.post(command::Play{});
  EXPECT_TRUE(wait_for(ring, [](const Frame& h) { return h.facts.state != RunState::kPaused; }));
  session.stop();
  EXPECT_EQ(session.status()->failure, "");
  outcome = outcome_of(session);
  SessionFile file = session.file();
  file.weights = weights_checksum(*session.subject().training());
  return file;
}

class SessionReplay : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    live_ = std::make_unique<Outcome>();
    file_ = std::make_unique<SessionFile>(play_live(*live_));
  }
  static void TearDownTestSuite() {
    live_.reset();
    file_.reset();
  }
  static std::unique_ptr<Outcome> live_;
  static std::unique_ptr<SessionFile> file_;
};
std::unique_ptr<Outcome> SessionReplay::live_;
std::unique_ptr<SessionFile> SessionReplay::file_;

TEST_F(SessionReplay, GivesTheSameBytesHoweverOftenSomebodyLooks) {
  ASSERT_GT(file_->seconds(), 0.1);
  for (const int pictures : {1, 7, 50}) {
    Session session({.subject = make_subject(), .pace = file_->head.pace, .playing = file_->head.playing});
    PlainRing ring(session.subject().capacity());
    std::vector<Json> views;
    Replay replay(
        session, *file_, [&](const Json& view) { return views.push_back(view), Result<void>(); }, "x");
    for (int picture = 1; picture <= pictures; ++picture) {
      Result<bool> more = true;
      const double until = picture == pictures ? file_->seconds() : file_->seconds() * picture / pictures;
      while (more && *more) more = replay.next(until);
      ASSERT_TRUE(more.ok()) << more.error().message;
      ASSERT_TRUE(session.publish(ring));
    }
    ASSERT_TRUE(replay.finished());
    ASSERT_FALSE(replay.next().value()) << "all of it was done";
    EXPECT_EQ(replay.same_weights(), true);
    EXPECT_EQ(session.status()->seed, 5u);
    EXPECT_EQ(session.status()->pace, 100);
    EXPECT_EQ(session.status()->optimizer, OptimizerKind::kMomentum);
    expect_same(*live_, outcome_of(session));
    EXPECT_EQ(views, (std::vector<Json>{Json::Object{{"theme", "light"}}}));
  }
}

TEST_F(SessionReplay, AnotherAmountOfLandscapeWorkIsNoticed) {
  SessionFile file = *file_;
  for (SessionEvent& event : file.events)
    if (auto* trace = std::get_if<Trace>(&event.what))
      for (Deed& deed : *trace)
        if (deed.kind == Deed::Kind::kWork) deed.count = 1;
  Session session({.subject = make_subject()});
  Replay replay(
      session, file, [](const Json&) { return Result<void>(); }, "x");
  for (Result<bool> more = true; more.value();) more = replay.next();
  EXPECT_EQ(replay.same_weights(), true);
  EXPECT_TRUE(same_bytes(live_->params, outcome_of(session).params)) << "weights do not depend on it";
  EXPECT_FALSE(same_bytes(live_->heights, outcome_of(session).heights));
  session.advance(1);
  EXPECT_EQ(replay.same_weights(), false);
  file.weights.clear();
  EXPECT_EQ(replay.same_weights(), std::nullopt);
}

TEST_F(SessionReplay, LeavesOutSurfacesWhereOnlyTheWeightsMatter) {
  Session session({.subject = make_subject()});
  Replay replay(
      session, *file_, [](const Json&) { return Result<void>(); }, "x", Replay::Surfaces::kLeaveOut);
  for (Result<bool> more = true; more.value();) more = replay.next();
  EXPECT_EQ(replay.same_weights(), true);
  const auto& landscape = dynamic_cast<TrainingSubject&>(session.subject()).landscape();
  EXPECT_EQ(landscape.plane_number(), 2u) << "one for each start, and no other";
  EXPECT_EQ(landscape.surface()->evaluated(), 0u);
  EXPECT_EQ(landscape.choice(), (LandscapeChoice{{}, SurfaceSets::kBoth, 256, 17})) << "what the scene says";
}

TEST_F(SessionReplay, AFileIsReadAsItWasWritten) {
  const test::TempFolder folder;
  ASSERT_TRUE(write_file_atomic(folder / "scene.toml", std::string_view(kScene)).ok());
  SessionFile file = *file_;
  file.head.overrides = {"train.rate=0.1"};
  ASSERT_TRUE(write_file_atomic(folder / "session.jsonl", session_text(file, "scene.toml")).ok());
  const auto read = read_session(folder / "session.jsonl");
  ASSERT_TRUE(read.ok()) << read.error().message;
  EXPECT_EQ(read->scene_file, folder / "scene.toml");
  EXPECT_EQ(read->session.head, file.head);
  EXPECT_EQ(read->session.weights, file.weights);
  ASSERT_EQ(read->session.events.size(), file.events.size());
  for (std::size_t i = 0; i < file.events.size(); ++i) {
    EXPECT_NEAR(read->session.events[i].seconds, file.events[i].seconds, 1e-6);
    file.events[i].seconds = read->session.events[i].seconds;
    EXPECT_EQ(read->session.events[i], file.events[i]) << "event " << i;
  }
}

// Where the lesson cannot go the way of the file, the replay says where and why.
TEST_F(SessionReplay, SaysWhereTheLessonGoesAnotherWay) {
  const auto said = [](std::vector<SessionEvent> events) {
    Session session({.subject = make_subject()});
    const SessionFile file{{}, std::move(events)};
    Replay replay(
        session, file, [](const Json&) { return error("no such theme."); }, "x");
    for (;;) {
      const Result<bool> more = replay.next();
      if (!more) return more.error().message;
      if (!*more) return std::string("nothing");
    }
  };
  const Trace four{{Deed::Kind::kSteps, 4}};
  EXPECT_EQ(said({{1, 4, four}, {2, 4, Command(command::Reset{3})}, {3, 4, four}}), "nothing");
  EXPECT_EQ(said({{1, 4, four}, {2, 5, Command(command::Play{})}}),
            "x, line 3: the session was at step 5 here, and the lesson is at step 4; its images or this "
            "program may have changed since.");
  EXPECT_EQ(said({{1, 400, Trace{{Deed::Kind::kSteps, 400}}}}),
            "x, line 2: the lesson ends at step 36, before the session did.");
  EXPECT_EQ(said({{1, 0, Command(command::ShowImage{24})}}),
            "x, line 2: there is no image 24; the lesson has 24 images.");
  EXPECT_EQ(said({{1, 0, ViewChange{Json::Object{}}}}), "x, line 2: no such theme.");
}

// Pixels of an image from outside are not kept with a session: its replay shows the image before, and says
// so.
TEST_F(SessionReplay, PixelsThatWereShownChangeNoWeights) {
  const auto run = [](Session& session, auto drive) {
    PlainRing ring(session.subject().capacity());
    drive(ring);
    return outcome_of(session);
  };
  Session live({.subject = make_subject()});
  const std::vector<float> pixels(live.subject().training()->data().shape.floats(), 0.5f);
  const Outcome shown = run(live, [&](PlainRing& ring) {
    live.start(ring);
    live.post(command::ShowImage{5});
    live.post(command::Step{4});
    live.post(command::show_pixels({"scan.png", pixels}));
    live.post(command::Step{4});
    EXPECT_TRUE(
        wait_for(ring, [](const Frame& h) { return h.facts.step == 8 && h.header.image_label == kNoLabel; }));
    live.stop();
  });
  SessionFile file = live.file();
  file.weights = weights_checksum(*live.subject().training());
  std::vector<Command> shows;
  for (const SessionEvent& event : file.events)
    if (const auto* command = std::get_if<Command>(&event.what);
        command != nullptr && std::holds_alternative<command::ShowPixels>(*command))
      shows.push_back(*command);
  EXPECT_EQ(shows, (std::vector<Command>{command::show_pixels({"scan.png"})})) << "the name alone is kept";

  Session again({.subject = make_subject()});
  const test::LogCapture log;
  const Outcome replayed = run(again, [&](PlainRing&) {
    Replay replay(
        again, file, [](const Json&) { return Result<void>(); }, "session.jsonl");
    for (Result<bool> more = true; more.value();) more = replay.next();
    EXPECT_EQ(replay.same_weights(), true);
  });
  EXPECT_EQ(
      log.count("a session does not keep the pixels of scan.png, so the image before it is shown instead."),
      1);
  EXPECT_TRUE(same_bytes(shown.params, replayed.params));
  EXPECT_TRUE(same_bytes(shown.heights, replayed.heights));
  EXPECT_EQ(shown.frame.header.image_label, kNoLabel);
  const auto& labels = again.subject().training()->data().labels;
  EXPECT_EQ(replayed.frame.header.image_label, static_cast<std::uint32_t>(labels[5]));
}

// A mark keeps the weights of its moment, and a replay that comes past it compares them.
TEST_F(SessionReplay, TakesAreCheckedWhereTheyAreMarked) {
  Session live({.subject = make_subject()});
  PlainRing ring(live.subject().capacity());
  live.start(ring);
  live.post(command::Step{4});
  live.post(command::Mark{});
  live.post(command::Step{5});
  ASSERT_TRUE(wait_for(ring, [](const Frame& h) { return h.facts.step == 9; }));
  live.post(command::Mark{});
  live.post(command::Step{2});
  ASSERT_TRUE(wait_for(ring, [](const Frame& h) { return h.facts.step == 11; }));
  live.stop();
  SessionFile file = live.file();
  const std::vector<SessionTake> takes = takes_of(file);
  ASSERT_EQ(takes.size(), 1u);
  EXPECT_EQ(live.status()->marks, (std::vector<double>{takes[0].begin, takes[0].end}));

  const auto same = [&](const SessionFile& of) {
    Session again({.subject = make_subject()});
    Replay replay(
        again, of, [](const Json&) { return Result<void>(); }, "x");
    for (Result<bool> more = true; more.value();) more = replay.next(takes[0].end);
    EXPECT_EQ(again.subject().steps(), 9);
    return replay.same_at_mark();
  };
  EXPECT_EQ(same(file), true);
  for (SessionEvent& event : file.events)
    if (auto* command = std::get_if<Command>(&event.what);
        command != nullptr && std::holds_alternative<command::Mark>(*command))
      *command = command::Mark{"0123456789abcdef"};
  EXPECT_EQ(same(file), false);
}

TEST_F(SessionReplay, DescentsGoTheSameWay) {
  const auto make = [] {
    return std::make_unique<Descents>(
        DescentsSpec{.surface = "global-minimum", .optimizers = {"momentum", "adam"}});
  };
  Session live({.subject = make()});
  PlainRing ring(live.subject().capacity());
  live.start(ring);
  live.post(command::Step{4});
  live.post(command::SetRate{0.05});
  live.post(command::Step{3});
  ASSERT_TRUE(wait_for(ring, [](const Frame& h) { return h.facts.step == 7; }));
  live.stop();
  const SessionFile file = live.file();
  Session again({.subject = make()});
  Replay replay(
      again, file, [](const Json&) { return Result<void>(); }, "x");
  for (Result<bool> more = true; more.value();) more = replay.next();
  for (std::size_t i = 0; i < 2; ++i)
    EXPECT_EQ(dynamic_cast<Descents&>(live.subject()).position(i),
              dynamic_cast<Descents&>(again.subject()).position(i));
}

TEST_F(SessionReplay, PhasesStartsAndSurfacesComeAgain) {
  const auto make = [] {
    return std::make_unique<Descents>(DescentsSpec{.optimizers = {"momentum", "adam"}, .phases = "all"});
  };
  Session live({.subject = make()});
  PlainRing ring(live.subject().capacity());
  live.start(ring);
  live.post(command::Phase{});
  live.post(command::Step{2});
  ASSERT_TRUE(wait_for(ring, [](const Frame& h) { return h.facts.step == 2; }));
  live.post(command::SetSurface{{}, "x^2 + sin(3*z)"});
  live.post(command::SetStart{{-1, 0.5}});
  live.post(command::ShowPhases{"adam"});
  live.post(command::Play{});
  live.post(command::SetPace{200});
  ASSERT_TRUE(wait_for(ring, [](const Frame& h) { return h.facts.step >= 3; }));
  live.stop();
  const SessionFile file = live.file();
  Session again({.subject = make()});
  Replay replay(
      again, file, [](const Json&) { return Result<void>(); }, "x");
  for (Result<bool> more = true; more.value();) more = replay.next();
  auto &one = dynamic_cast<Descents&>(live.subject()), &other = dynamic_cast<Descents&>(again.subject());
  EXPECT_GE(one.steps(), 3);
  EXPECT_EQ(one.steps(), other.steps());
  EXPECT_EQ(one.facts().descents, other.facts().descents);
  for (std::size_t i = 0; i < 2; ++i) EXPECT_EQ(one.position(i), other.position(i));
}

TEST(Trace, IsReadAsItWasWritten) {
  Trace trace;
  for (const Deed& deed :
       {Deed{Deed::Kind::kSteps, 3}, Deed{Deed::Kind::kSteps, 1}, Deed{Deed::Kind::kWork, 2},
        Deed{Deed::Kind::kCatchUp, 1}, Deed{Deed::Kind::kSteps, 12}})
    add_deed(trace, deed);
  EXPECT_EQ(trace_text(trace), "s4 w2 c s12");
  EXPECT_EQ(parse_trace("s4 w2 c s12"), trace);
  EXPECT_EQ(parse_trace(""), Trace{});
  for (const char* bad :
       {"s", "s0", "s-1", "x3", "s4  w2", "s4w2", "4", " ", "s99999999999999999999", "s9000000000", "s2 s2"})
    EXPECT_EQ(parse_trace(bad), std::nullopt) << bad;
}

}  // namespace
}  // namespace fl
