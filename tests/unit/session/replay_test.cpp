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

namespace fs = std::filesystem;
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
void expect_same(Outcome live, Outcome again) {
  for (Outcome* each : {&live, &again}) {
    each->frame.facts.steps_per_second = 0;
  }
  EXPECT_TRUE(same_bytes(live.params, again.params)) << "weights";
  EXPECT_TRUE(same_bytes(live.heights, again.heights)) << "surface";
  EXPECT_TRUE(same_bytes(live.path, again.path)) << "path";
  EXPECT_TRUE(same_bytes(live.slot, again.slot)) << "slot";
  EXPECT_EQ(std::memcmp(&live.frame.facts, &again.frame.facts, sizeof(FrameFacts)), 0) << "facts";
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
  until(9);
  session.post(command::SetOptimizer{OptimizerKind::kMomentum});
  session.post(command::SetProbe{8});
  until(12);
  session.post(command::Reset{5});
  EXPECT_TRUE(wait_for(ring, [](const Frame& h) { return h.facts.step < 9; }));
  session.post(command::SetPace{0});
  until(20);
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
  EXPECT_EQ(landscape.choice(), (LandscapeChoice{{}, SurfaceSets::kBoth, 256})) << "what the scene says";
}

class SessionFileTest : public SessionReplay {
 protected:
  void SetUp() override {
    folder_ = fs::temp_directory_path() / fmt::format("fallline-session-{}", ::getpid());
    fs::remove_all(folder_);
    fs::create_directories(folder_);
    write("scene.toml", kScene);
  }
  void TearDown() override { fs::remove_all(folder_); }
  void write(const char* name, const std::string& text) {
    ASSERT_TRUE(write_file_atomic(folder_ / name, text).ok());
  }
  // The sentence about a session with this text, without its folder.
  std::string wrong(const std::string& text) {
    write("session.jsonl", text);
    const auto read = read_session(folder_ / "session.jsonl");
    if (read) return "nothing is wrong";
    std::string message = read.error().message;
    for (auto at = message.find(folder_.string()); at != std::string::npos;
         at = message.find(folder_.string()))
      message.erase(at, folder_.string().size() + 1);
    return message;
  }
  static std::string head() { return session_text({{.scene = kScene}, {}}, "scene.toml"); }
  fs::path folder_;
};

TEST_F(SessionFileTest, IsReadAsItWasWritten) {
  SessionFile file = *file_;
  file.head.overrides = {"train.rate=0.1"};
  write("session.jsonl", session_text(file, "scene.toml"));
  const auto read = read_session(folder_ / "session.jsonl");
  ASSERT_TRUE(read.ok()) << read.error().message;
  EXPECT_EQ(read->scene_file, folder_ / "scene.toml");
  EXPECT_EQ(read->session.head, file.head);
  EXPECT_EQ(read->session.weights, file.weights);
  ASSERT_EQ(read->session.events.size(), file.events.size());
  for (std::size_t i = 0; i < file.events.size(); ++i) {
    EXPECT_NEAR(read->session.events[i].seconds, file.events[i].seconds, 1e-6);
    file.events[i].seconds = read->session.events[i].seconds;
    EXPECT_EQ(read->session.events[i], file.events[i]) << "event " << i;
  }
}

TEST_F(SessionFileTest, EveryCommandKeepsItsValue) {
  SessionFile file{{.scene = kScene}, {}};
  const std::vector<Command> commands = {
      command::Play{},
      command::Pause{},
      command::Step{12},
      command::Reset{~0ull},
      command::SetRate{0.1 + 0.2},
      command::SetOptimizer{OptimizerKind::kQhAdam},
      command::SetPace{1.0 / 3},
      command::ShowImage{7},
      command::show_pixels({"folder/scan \u00e4.png"}),
      command::ShowHeights{LossScale::kLog},
      command::ShowHeat{.on = true, .of = 1},
      command::SetPlane{
          {.directions = DirectionKind::kThreePoints,
           .anchor = PlaneAnchor::kFollow,
           .points = {PathMoment{PathMoment::Kind::kStep, 12}, PathMoment{PathMoment::Kind::kMiddle, 0},
                      PathMoment{PathMoment::Kind::kStart, 0}}}},
      command::SetSurfaces{SurfaceSets::kTest},
      command::SetProbe{37}};
  ASSERT_EQ(commands.size(), std::variant_size_v<Command>);
  for (const Command& command : commands) file.events.push_back({1, 2, command});
  write("session.jsonl", session_text(file, "scene.toml"));
  const auto read = read_session(folder_ / "session.jsonl");
  ASSERT_TRUE(read.ok()) << read.error().message;
  EXPECT_EQ(read->session.events, file.events);
}

TEST_F(SessionFileTest, ABrokenOneGetsOneSentence) {
  EXPECT_EQ(wrong(head()), "nothing is wrong");
  EXPECT_EQ(wrong(""), "session.jsonl is not a session; give the session.jsonl of a run folder.");
  EXPECT_EQ(wrong("[view]\n"), "session.jsonl is not a session; give the session.jsonl of a run folder.");
  EXPECT_EQ(wrong("{\"format\": \"fallline session 9\"}\n"),
            "session.jsonl is a session of the format \"fallline session 9\", which this version does not "
            "know; draw it "
            "with the one that saved it.");
  EXPECT_EQ(
      wrong("{\"format\": \"fallline session 1\"}\n"),
      "session.jsonl, line 1: the head of the session is not whole; give the session.jsonl of a run folder.");
  const auto line = [&](const std::string& text) { return wrong(head() + text); };
  EXPECT_EQ(line("{\"time\": 1, \"step\": 2, \"comm"),
            "session.jsonl, line 2: the line is cut off or is not JSON; remove it and all after it to draw "
            "what came "
            "before.");
  EXPECT_EQ(
      line("{\"time\": 1, \"step\": 2, \"command\": \"jump\"}\n"),
      "session.jsonl, line 2: there is no command \"jump\"; the commands are play, pause, step, reset, rate, "
      "optimizer, pace, image, pixels, heights, heat, plane, surfaces, probe.");
  EXPECT_EQ(line("{\"time\": 1, \"step\": 2, \"command\": \"plane\", \"value\": {\"directions\": \"up\"}}\n"),
            "session.jsonl, line 2: the value of \"plane\" must be pca, random, three-points or osculating.");
  EXPECT_EQ(line("{\"time\": 1, \"step\": 2, \"command\": \"plane\", \"value\": {\"points\": [\"now\"]}}\n"),
            "session.jsonl, line 2: the value of \"plane\" must be a plane whose points are 3 texts: start, "
            "middle, now or "
            "a step.");
  EXPECT_EQ(line("{\"time\": 1, \"step\": 2, \"command\": \"probe\", \"value\": 0}\n"),
            "session.jsonl, line 2: the value of \"probe\" must be a whole number from 1 to 4096.");
  EXPECT_EQ(line("{\"time\": 1, \"step\": 2, \"command\": \"rate\", \"value\": \"much\"}\n"),
            "session.jsonl, line 2: the value of \"rate\" must be a number from 0 to 1000000.");
  EXPECT_EQ(line("{\"time\": 1, \"step\": 2, \"command\": \"pixels\", \"value\": 3}\n"),
            "session.jsonl, line 2: the value of \"pixels\" must be the name of an image.");
  EXPECT_EQ(line("{\"time\": 1, \"step\": 2, \"command\": \"step\", \"value\": 0}\n"),
            "session.jsonl, line 2: the value of \"step\" must be a whole number from 1 to 2147483647.");
  EXPECT_EQ(line("{\"time\": 1, \"step\": 2, \"did\": \"s1 x\"}\n"),
            "session.jsonl, line 2: \"did\" must be a list as in \"s4 w2 c\".");
  EXPECT_EQ(line("{\"time\": 1, \"step\": 2}\n"),
            "session.jsonl, line 2: the line has neither \"command\" nor \"did\" nor \"view\".");
  EXPECT_EQ(
      line("{\"time\": 2, \"step\": 2, \"command\": \"play\"}\n{\"time\": 1, \"step\": 2, \"command\": "
           "\"play\"}\n"),
      "session.jsonl, line 3: \"time\" must be a number of seconds that does not fall from line to line.");
  EXPECT_EQ(line("{\"time\": 1, \"step\": -2, \"command\": \"play\"}\n"),
            "session.jsonl, line 2: \"step\" must be a whole number, 0 or more.");

  EXPECT_EQ(
      line("{\"weights\": \"12\"}\n{\"time\": 1, \"step\": 2, \"command\": \"play\"}\n"),
      "session.jsonl, line 2: what follows the line of the weights is not part of the session; remove it.");

  write("scene.toml", std::string(kScene) + "# another one\n");
  EXPECT_EQ(wrong(head()),
            "scene.toml was changed after the session beside it, which therefore cannot be drawn again; "
            "bring back the file "
            "as it was saved.");
  fs::remove(folder_ / "scene.toml");
  EXPECT_EQ(
      wrong(head()),
      "session.jsonl needs its scene, and scene.toml is not there; keep the files of a run folder together.");
  fs::remove(folder_ / "session.jsonl");
  const auto missing = read_session(folder_ / "session.jsonl");
  ASSERT_FALSE(missing.ok());
  EXPECT_NE(missing.error().message.find("session.jsonl"), std::string::npos);
}

TEST_F(SessionFileTest, IsToldFromOtherFilesByWhatItHolds) {
  write("anything", head());
  EXPECT_TRUE(is_session(folder_ / "anything"));
  EXPECT_TRUE(is_session(folder_ / "missing.jsonl")) << "its own sentence is the better one";
  EXPECT_FALSE(is_session(folder_ / "scene.toml"));
  write("report.json", "{\"scene\": \"fallline session\"}");
  EXPECT_FALSE(is_session(folder_ / "report.json"));
  EXPECT_FALSE(is_session(folder_));
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
            "program may have "
            "changed since.");
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
