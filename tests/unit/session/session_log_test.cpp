// What a session's log keeps, up to how much memory, and what its file says of the rest.
#include "trainer/session/session_log.h"

#include <chrono>
#include <thread>

#include <gtest/gtest.h>

#include "tests/support/plain_ring.h"
#include "tests/support/small_training.h"
#include "tests/unit/data/data_support.h"
#include "trainer/session/replay.h"
#include "trainer/subjects/training_subject.h"

namespace fl {
namespace {

using namespace std::chrono_literals;
using test::make_training;
using test::PlainRing;
using test::small_spec;

Json camera(double yaw) {
  return Json::Object{{"camera", Json::list(std::vector{yaw, 0.5, 3.0})}};
}

TEST(SessionLog, MovesWithinAPictureAreOneEvent) {
  SessionLog log;
  for (int i = 0; i < 1000; ++i) log.add_view(camera(i));
  log.add_view(Json::Object{{"theme", "light"}});
  const auto events = log.events();
  EXPECT_LT(events.size(), 200u) << "a second of moves at most 60 times";
  Json::Object last{{"camera", Json()}};
  for (const SessionEvent& event : events)
    for (const Json::Member& member : *std::get<ViewChange>(event.what).members.object())
      if (member.key == "camera") last.front().value = member.value;
  EXPECT_EQ(Json(last), camera(999)) << "the last move counts";
  EXPECT_EQ(std::get<ViewChange>(events.back().what).members["theme"], Json("light"));

  log.add(command::Play{}, 3);
  log.add_view(camera(5));
  EXPECT_EQ(log.events().size(), events.size() + 2) << "not across a command";
  std::this_thread::sleep_for(20ms);
  log.add_view(camera(6));
  EXPECT_EQ(log.events().size(), events.size() + 3) << "the next picture's is another";
}

TEST(SessionLog, KeepsTheBeginningWhenItIsFull) {
  constexpr std::size_t kMost = 20'000;
  SessionLog log(kMost);
  const auto fill = [&log](std::int64_t from, std::int64_t to) {
    for (std::int64_t step = from; step < to; ++step) {
      log.did({Deed::Kind::kSteps, 1}, step);
      log.add(command::SetRate{0.1}, step);
    }
  };
  fill(1, 11);
  EXPECT_FALSE(log.cut());
  EXPECT_EQ(log.events().size(), 20u);
  fill(11, 2000);
  EXPECT_TRUE(log.cut());
  const auto full = log.events();
  EXPECT_GT(full.size() * sizeof(SessionEvent), kMost / 3);
  EXPECT_LE(full.size() * sizeof(SessionEvent), kMost);
  for (std::size_t i = 1; i < full.size(); i += 2)
    EXPECT_EQ(full[i].step, static_cast<std::int64_t>(i + 1) / 2);
  // What is smaller than what did not fit comes later, and would not make sense without it.
  log.add(command::Play{}, 3000);
  log.add_view(camera(1));
  log.close(3000);
  EXPECT_EQ(log.events(), full);
}

TEST(SessionLog, WhatItsEventsHoldCounts) {
  SessionLog log(20'000);
  log.add(command::show_pixels({std::string(30'000, 'x')}), 0);
  EXPECT_TRUE(log.cut());
  EXPECT_TRUE(log.events().empty());
  SessionLog views(20'000);
  views.add_view(Json::Object{{"a", 1}});
  views.add_view(Json::Object{{"b", std::string(30'000, 'x')}});
  EXPECT_TRUE(views.cut()) << "a change that joins another counts, too";
  EXPECT_EQ(views.events().size(), 1u);
}

SessionFile read_again(const SessionFile& file) {
  const auto parsed = parse_session(session_text(file, "scene.toml"), "again");
  EXPECT_TRUE(parsed.ok()) << parsed.error().message;
  return parsed->session;
}

TEST(SessionFile, SaysThatItWasCutShort) {
  SessionFile file{.head = {.scene = "x"}, .events = {{1, 0, Command(command::Play{})}}, .weights = "12"};
  EXPECT_FALSE(read_again(file).cut);
  file.cut = true;
  EXPECT_TRUE(read_again(file).cut);
  EXPECT_EQ(read_again(file).weights, "") << "those are not of the step where it ends";
  const std::string text = session_text(file, "scene.toml");
  EXPECT_TRUE(text.ends_with("\n{\"cut\":true}\n")) << text;
  const auto more = parse_session(text + "{\"time\": 2, \"step\": 2, \"command\": \"play\"}\n", "x");
  ASSERT_FALSE(more.ok());
  EXPECT_EQ(more.error().message,
            "x, line 3: what follows the line of the cut is not part of the session; remove it.");
}

// A live session whose log is full says so once; its file holds a beginning that can be done again.
TEST(Session, GoesOnWhenItsLogIsFull) {
  RunSpec spec = small_spec();
  spec.epochs = 60;
  const auto subject = [&] { return std::make_unique<TrainingSubject>(make_training(spec)); };
  const test::LogCapture said;
  Session live({.subject = subject(), .playing = true, .log_bytes = 2'000});
  PlainRing ring(live.subject().capacity());
  live.start(ring);
  const auto deadline = std::chrono::steady_clock::now() + 30s;
  while (!live.status()->over() && std::chrono::steady_clock::now() < deadline) {
    live.note_view(camera(1));
    std::this_thread::sleep_for(17ms);
  }
  live.stop();
  EXPECT_EQ(live.status()->step, 180);
  EXPECT_EQ(said.count("The log of this session is full"), 1);
  ASSERT_TRUE(live.status()->messages);
  EXPECT_TRUE(live.status()->messages->back().text.starts_with("The log of this session is full"));
  const SessionFile file = live.file();
  EXPECT_TRUE(file.cut);
  ASSERT_FALSE(file.events.empty());
  Session again({.subject = subject(), .playing = true});
  Replay replay(
      again, file, [](const Json&) { return Result<void>(); }, "x");
  for (Result<bool> more = true; more.value();) more = replay.next();
  EXPECT_TRUE(replay.finished());
}

TEST(SessionFile, AnEventMayBeOfOneRun) {
  SessionFile file{.head = {.scene = "x"}, .events = {}};
  file.events = {{1, 0, Command(command::SetRate{0.1}), 3},
                 {1, 0, Command(command::SetRate{0.2}), 0},
                 {1, 2, Trace{{Deed::Kind::kSteps, 2}}, 65'535},
                 {1, 2, Command(command::Play{})}};
  EXPECT_EQ(read_again(file).events, file.events);
  EXPECT_NE(session_text(file, "s").find("\"run\":3"), std::string::npos);
  for (const char* bad : {"-1", "65536", "\"a\"", "1.5"}) {
    const auto read = parse_session(
        session_text({.head = {.scene = "x"}, .events = {}}, "s") +
            fmt::format("{{\"time\": 1, \"step\": 0, \"run\": {}, \"command\": \"play\"}}\n", bad),
        "x");
    ASSERT_FALSE(read.ok()) << bad;
    EXPECT_EQ(read.error().message, "x, line 2: \"run\" must be a whole number from 0 to 65535.");
  }
}

// A camera's pictures come faster than a slow step ends: of those that wait, only the newest is shown.
TEST(Session, OfManyPixelsOnlyTheNewestAreShown) {
  Session session({.subject = std::make_unique<TrainingSubject>(make_training(small_spec()))});
  const std::vector<float> pixels(session.data()->shape.floats(), 0.5f);
  const auto post = [&](const char* name) { session.post(command::show_pixels({name, pixels})); };
  for (const char* name : {"1", "2", "3"}) post(name);
  session.post(command::SetRate{0.01});
  post("4");
  session.post(command::ShowImage{3});
  session.post(command::ShowImage{4});
  for (const char* name : {"5", "6"}) post(name);
  PlainRing ring(session.subject().capacity());
  session.start(ring);
  const auto deadline = std::chrono::steady_clock::now() + 20s;
  while (session.file().events.size() < 4 && std::chrono::steady_clock::now() < deadline)
    std::this_thread::sleep_for(2ms);
  session.stop();
  std::vector<std::string> obeyed;
  for (const SessionEvent& event : session.file().events)
    if (const auto* command = std::get_if<Command>(&event.what)) obeyed.push_back(command_text(*command));
  EXPECT_EQ(obeyed, (std::vector<std::string>{"rate 0.01", "image 3", "image 4", "pixels of 6"}));
}

// Run 0 is the only one there is so far.
TEST(Session, ARunThatIsNotThereIsNamed) {
  const auto said = [](std::optional<std::uint32_t> run) {
    Session session({.subject = std::make_unique<TrainingSubject>(make_training(small_spec()))});
    const SessionFile file{.head = {}, .events = {{1, 0, Command(command::SetRate{0.001}), run}}};
    Replay replay(
        session, file, [](const Json&) { return Result<void>(); }, "x");
    const auto next = replay.next();
    return next ? fmt::format("{:.3f}", session.subject().facts().rate) : next.error().message;
  };
  EXPECT_EQ(said({}), "0.001");
  EXPECT_EQ(said(0), "0.001");
  EXPECT_EQ(said(2), "x, line 2: there is no run 2; the lesson has one, which is run 0.");
}

}  // namespace
}  // namespace fl
