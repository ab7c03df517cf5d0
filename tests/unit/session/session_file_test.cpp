// The file of a session: what it keeps, and what is wrong with one.
#include "trainer/session/session_file.h"

#include <filesystem>

#include <gtest/gtest.h>

#include "tests/unit/data/data_support.h"
#include "trainer/base/atomic_file.h"

namespace fl {
namespace {

namespace fs = std::filesystem;

constexpr const char* kScene = "title = \"small\"\n";

class SessionFileTest : public ::testing::Test {
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
      command::SetEarlier{},
      command::SetPlane{
          {.directions = DirectionKind::kThreePoints,
           .anchor = PlaneAnchor::kFollow,
           .points = {PathMoment{PathMoment::Kind::kStep, 12}, PathMoment{PathMoment::Kind::kMiddle, 0},
                      PathMoment{PathMoment::Kind::kStart, 0}}}},
      command::SetSurfaces{SurfaceSets::kTest},
      command::SetProbe{37},
      command::ShowPhases{"momentum"},
      command::Phase{},
      command::SetStart{{-1.25, 1.0 / 3}},
      command::SetSurface{"rosenbrock"},
      command::SetSurface{{}, "x^2 + sin(z)/3"},
      command::SetGrid{65},
      command::ShowRates{{1.0 / 3, -2.5}, 1e-9},
      command::MeasureCurvature{12},
      command::Mark{"0123456789abcdef"},
      command::MakeFork{ForkChange::kRateUp},
      command::RemoveFork{3}, command::ChooseForkStep{24}};
  ASSERT_EQ(commands.size(), std::variant_size_v<Command> + 1);
  for (const Command& command : commands) file.events.push_back({1, 2, command});
  write("session.jsonl", session_text(file, "scene.toml"));
  const auto read = read_session(folder_ / "session.jsonl");
  ASSERT_TRUE(read.ok()) << read.error().message;
  EXPECT_EQ(read->session.events, file.events);
}

TEST_F(SessionFileTest, HasTheTakesThatAreMarked) {
  const auto at = [](double seconds, Command command) {
    return SessionEvent{seconds, 0, std::move(command)};
  };
  SessionFile file{{.scene = kScene},
                   {at(1, command::Mark{"a"}), at(2, command::Play{}), at(3, command::Mark{"b"}),
                    at(5, command::Mark{"c"}), at(6, command::Pause{}), at(7.5, command::Mark{"d"}),
                    at(8, command::Mark{})},
                   "end"};
  EXPECT_EQ(takes_of(file), (std::vector<SessionTake>{{1, 3}, {5, 7.5}}));
  EXPECT_EQ(takes_of({}), std::vector<SessionTake>{});
  const SessionFile until = session_until(file, 3);
  EXPECT_EQ(until.events.size(), 3u);
  EXPECT_EQ(until.weights, "");
  EXPECT_EQ(takes_of(until), (std::vector<SessionTake>{{1, 3}}));
  EXPECT_EQ(session_until(file, 8).weights, "end") << "all of it";
}

TEST_F(SessionFileTest, ABrokenOneGetsOneSentence) {
  EXPECT_EQ(wrong(head()), "nothing is wrong");
  EXPECT_EQ(wrong(""), "session.jsonl is not a session; give the session.jsonl of a run folder.");
  EXPECT_EQ(wrong("[view]\n"), "session.jsonl is not a session; give the session.jsonl of a run folder.");
  EXPECT_EQ(wrong("{\"format\": \"fallline session 9\"}\n"),
            "session.jsonl is a session of the format \"fallline session 9\", which this version does not "
            "know; draw it with the one that saved it.");
  EXPECT_EQ(
      wrong("{\"format\": \"fallline session 1\"}\n"),
      "session.jsonl, line 1: the head of the session is not whole; give the session.jsonl of a run folder.");
  const auto line = [&](const std::string& text) { return wrong(head() + text); };
  EXPECT_EQ(line("{\"time\": 1, \"step\": 2, \"comm"),
            "session.jsonl, line 2: the line is cut off or is not JSON; remove it and all after it to draw "
            "what came before.");
  EXPECT_EQ(
      line("{\"time\": 1, \"step\": 2, \"command\": \"jump\"}\n"),
      "session.jsonl, line 2: there is no command \"jump\"; the commands are play, pause, step, reset, rate, "
      "optimizer, pace, image, pixels, heights, heat, plane, surfaces, probe, phases, phase, start, "
      "surface, grid, earlier, rates, curvature, mark, fork, remove-fork, fork-step.");
  EXPECT_EQ(line("{\"time\": 1, \"step\": 2, \"command\": \"start\", \"value\": [1]}\n"),
            "session.jsonl, line 2: the value of \"start\" must be a list of 2 numbers.");
  EXPECT_EQ(line("{\"time\": 1, \"step\": 2, \"command\": \"phases\", \"value\": \"some\"}\n"),
            "session.jsonl, line 2: the value of \"phases\" must be none, all, gradient-descent, momentum, "
            "nesterov, adagrad, rmsprop, adam, adamw, qhm or qhadam.");
  EXPECT_EQ(line("{\"time\": 1, \"step\": 2, \"command\": \"surface\", \"value\": {\"formula\": \"x +\"}}\n")
                .find("session.jsonl, line 2: The formula is wrong at letter"),
            0u);
  EXPECT_EQ(
      line("{\"time\": 1, \"step\": 2, \"command\": \"plane\", \"value\": {\"directions\": \"up\"}}\n"),
      "session.jsonl, line 2: the value of \"plane\" must be pca, random, three-points, osculating or curvature.");
  EXPECT_EQ(line("{\"time\": 1, \"step\": 2, \"command\": \"plane\", \"value\": {\"points\": [\"now\"]}}\n"),
            "session.jsonl, line 2: the value of \"plane\" must be a plane whose points are 3 texts: start, "
            "middle, now or a step.");
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

  write("scene.toml", fmt::format("{}# another one\n", kScene));
  EXPECT_EQ(wrong(head()),
            "scene.toml was changed after the session beside it, which therefore cannot be drawn again; "
            "bring back the file as it was saved.");
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

}  // namespace
}  // namespace fl
