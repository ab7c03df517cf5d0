// A scene's timeline: what it may say, and which second has which steps and words.

#include "engine/view/timeline.h"

#include <gtest/gtest.h>

namespace fl {
namespace {

Result<std::vector<TimelineEntry>> read(const std::string& text, std::size_t cues = 2) {
  return parse_timeline(toml::parse(text), cues);
}

std::string failure(const std::string& text) {
  const auto entries = read(text);
  return entries ? "" : entries.error().message;
}

Result<Timeline> lay_out(const std::string& text, const TimelineRun& run,
                         std::vector<StepEffect> effects = {}) {
  auto entries = read(text);
  EXPECT_TRUE(entries.ok()) << entries.error().message;
  effects.resize(entries->size());
  return Timeline::lay_out(*std::move(entries), effects, run);
}

constexpr TimelineRun kRun{.total_steps = 100, .steps_per_epoch = 20};

TEST(TimelineSpec, SaysWhatIsWrongAndWhere) {
  const auto expect = [](const std::string& text, const std::string& part) {
    const std::string said = failure(text);
    EXPECT_NE(said.find(part), std::string::npos) << said;
    EXPECT_TRUE(said.ends_with('.') || said.ends_with('?')) << said;
  };
  expect("[[timeline]]\npace = 3", "line 1: [[timeline]] 1 needs one of time, step and epoch");
  expect("[[timeline]]\ntime = 1\nstep = 2\npace = 3", "several moments");
  expect("[[timeline]]\ntime = 1", "says when, but not what");
  expect("[[timeline]]\ntime = 1\npace = 1\n[[timeline]]\ntime = 2\nsubtitle = \"x\"",
         "[[timeline]] 2 has a subtitle, but no card");
  expect("[[timeline]]\ntime = 1\ncaption = \"\"\nplace = \"top\"", "has a place, but no caption");
  expect("[[timeline]]\ntime = 1\npace = 1\nseconds = 3", "has seconds, but neither caption nor card");
  expect("[[timeline]]\ntime = 1\ncaption = \"a\"\ncard = \"b\"", "both a card and a caption");
  expect("[[timeline]]\ntime = 1\ncard = \"\"", "card is empty");
  expect("[[timeline]]\ntime = 1\ncue = 3", "cue = 3: the lecture has 2 cues");
  expect("[[timeline]]\ntime = 1\npaec = 3", "has no key \"paec\"");
  expect("[[timeline]]\ntime = -1\npace = 3", "line 2: [[timeline]] 1 time must be a number from 0 to 3600");
  expect("[[timeline]]\ntime = 1\ncamera = {yaw = 1, roll = 2}", "has no key \"roll\"");
  expect("[[timeline]]\ntime = 1\ncamera = {target = [1, 2]}", "list of 3 numbers");
  expect("[[timeline]]\ntime = 1\ndo = [1]", "do must be a text or a list of texts");
  expect("[[timeline]]\ntime = 1\nshow = 1", "show must be a table in braces");
  expect("[[timeline]]\ntime = 1\ncaption = \"" + std::string(161, 'a') + "\"", "at most 160 bytes");
  EXPECT_EQ(failure("[view]"), "");
}

TEST(TimelineSpec, AListOfTablesIsAskedForAsOne) {
  const auto said = [](const char* text) {
    const auto known =
        check_tables(toml::parse(text), {timeline_keys().describe(), camera_key_keys().describe()});
    return known ? "" : known.error().message;
  };
  EXPECT_EQ(said("[timeline]\ntime = 1"),
            "line 1: timeline must be a list of tables: write [[timeline]] above the keys of each.");
  EXPECT_EQ(said("[[timeline]]\ntime = 1"), "");
  EXPECT_NE(std::string(said("[[timelime]]\ntime = 1")).find("timeline"), std::string::npos);
}

TEST(TimelineSpec, EveryKeyHasATextAndIsReadAsItWasWritten) {
  for (const TableText& table : {timeline_keys().describe(), camera_key_keys().describe()})
    for (const KeyText& key : table.keys) {
      EXPECT_TRUE(key.text.ends_with('.')) << key.name;
      EXPECT_FALSE(key.kind.empty() || key.preset.empty()) << key.name;
    }
  const TimelineEntry entry{
      .step = 4,
      .camera = CameraKey{.yaw = 400, .distance = 0, .target = {{0, 1, 0}}, .orbit = 20},
      .pace = 0.5,
      .does = {"rate 0.1", "grid 65"},
      .show = toml::table{{"theme", "light"}},
      .cue = 1,
      .caption = "Here.",
      .place = CaptionPlace::kTop,
      .seconds = 3,
      .fade = 0};
  const toml::table scene{{"timeline", toml::array{timeline_keys().write(entry)}}};
  const auto again = parse_timeline(scene, 2);
  ASSERT_TRUE(again.ok()) << again.error().message;
  TimelineEntry read_again = again->front();
  read_again.where.clear();
  EXPECT_EQ(read_again, entry);
}

TEST(Timeline, ThePaceSaysWhichStepComesWhen) {
  const auto timeline = lay_out(R"(
    [[timeline]]
    time = 2
    pace = 4
    [[timeline]]
    step = 10
    pace = 0.5
    [[timeline]]
    step = 12
    pace = 20
  )",
                                kRun);
  ASSERT_TRUE(timeline.ok()) << timeline.error().message;
  EXPECT_EQ(timeline->moves_at(1.9), 0);
  EXPECT_EQ(timeline->moves_at(2), 0);
  EXPECT_EQ(timeline->moves_at(3), 4);
  EXPECT_EQ(timeline->moves_at(4.5), 10);
  EXPECT_EQ(timeline->moves_at(6.4), 10);
  EXPECT_EQ(timeline->moves_at(6.5), 11);
  EXPECT_EQ(timeline->moves_at(8.5), 12);
  EXPECT_EQ(timeline->moves_at(9.5), 32);
  EXPECT_FALSE(timeline->rests_at(9));
  ASSERT_EQ(timeline->events().size(), 3u);
  EXPECT_NEAR(timeline->events()[1].seconds, 4.5, 1e-9);
  EXPECT_NEAR(timeline->events()[2].seconds, 8.5, 1e-9);
}

TEST(Timeline, EntriesInAnyOrderComeByTheirTime) {
  const char* sorted =
      "[[timeline]]\ntime=1\npace=2\n[[timeline]]\nepoch=1.5\npace=0\n[[timeline]]\ntime=20\npace=5";
  const char* mixed =
      "[[timeline]]\ntime=20\npace=5\n[[timeline]]\nepoch=1.5\npace=0\n[[timeline]]\ntime=1\npace=2";
  const auto one = lay_out(sorted, kRun), other = lay_out(mixed, kRun);
  ASSERT_TRUE(one.ok() && other.ok());
  EXPECT_NEAR(one->events()[1].seconds, 16, 1e-9);  // thirty steps, two a second
  for (double at = 0; at < 30; at += 0.25) EXPECT_EQ(one->moves_at(at), other->moves_at(at)) << at;
  EXPECT_EQ(one->moves_at(19), 30);
}

TEST(Timeline, WithoutAPaceItTrainsThroughFiveSixthsOfTheFilm) {
  TimelineRun run = kRun;
  run.seconds = 60;
  const auto timeline = lay_out("[[timeline]]\nstep = 50\ncaption = \"Half.\"", run);
  ASSERT_TRUE(timeline.ok());
  EXPECT_NEAR(timeline->events()[0].seconds, 25, 1e-9);
  EXPECT_EQ(timeline->moves_at(50), 100);
}

TEST(Timeline, WhatIsNeverReachedIsSaid) {
  const auto said = [](const char* text, const TimelineRun& run) {
    const auto timeline = lay_out(text, run);
    return timeline ? "" : timeline.error().message;
  };
  EXPECT_EQ(
      said("[[timeline]]\ntime=1\npace=2\n[[timeline]]\ntime=3\npace=0\n[[timeline]]\nstep=9\ncue=1", kRun),
      "line 7: [[timeline]] 3 waits for step 9, which is never reached: the pace before it is 0; give a pace "
      "that leads there.");
  EXPECT_EQ(
      said("[[timeline]]\nstep=101\npace=1", kRun),
      "line 1: [[timeline]] 1 waits for step 101, but the lesson ends at step 100; give it an earlier one.");
  EXPECT_EQ(
      said("[[timeline]]\nepoch=6\npace=1", kRun),
      "line 1: [[timeline]] 1 waits for epoch 6, but the lesson ends at epoch 5; give it an earlier one.");
  EXPECT_NE(said("[[timeline]]\nepoch=1\npace=1", {.total_steps = 9}), std::string());
  EXPECT_EQ(
      said("[[timeline]]\ntime=4\ncamera={yaw=1}\n[[timeline]]\ntime=4\ncamera={yaw=2}", kRun),
      "line 4: [[timeline]] 2 has a key of the camera at 4.00 s, where another entry has one, too; leave out "
      "one.");
}

TEST(Timeline, ANewBeginningCountsFromNothingAndPhasesCountMoves) {
  const auto timeline = lay_out(
      "[[timeline]]\ntime=0\npace=4\n[[timeline]]\ntime=2\ndo=\"reset 2\"\n[[timeline]]\ntime=5\ndo=\"phases "
      "adam\"",
      kRun, {{}, {.restarts = true}, {.restarts = false, .moves_a_step = 6}});
  ASSERT_TRUE(timeline.ok());
  EXPECT_EQ(timeline->events()[1].moves, 8);
  EXPECT_EQ(timeline->moves_at(2), 0);
  EXPECT_EQ(timeline->moves_at(4.9), 11);
  EXPECT_EQ(timeline->moves_behind(2), 72);
  EXPECT_EQ(timeline->moves_at(6), 76);
}

TEST(Timeline, OneCardTakesThePlaceOfAnother) {
  TimelineRun run = kRun;
  run.seconds = 20;
  const auto timeline = lay_out(R"(
    [[timeline]]
    time = 1
    card = "One"
    seconds = 4
    [[timeline]]
    time = 5
    card = "Two"
    seconds = 3
    [[timeline]]
    time = 12
    card = "Three"
    seconds = 3
  )",
                                run);
  ASSERT_TRUE(timeline.ok()) << timeline.error().message;
  EXPECT_LT(timeline->card_at(1.1).share, 0.3F);
  for (const double seconds : {3.0, 4.9, 4.999}) EXPECT_EQ(timeline->card_at(seconds), (ShownWords{1, 1}));
  for (const double seconds : {5.0, 5.1, 7.0}) EXPECT_EQ(timeline->card_at(seconds), (ShownWords{2, 1}));
  EXPECT_LT(timeline->card_at(7.9).share, 0.3F);
  EXPECT_EQ(timeline->card_at(8), ShownWords{});
  EXPECT_LT(timeline->card_at(12.1).share, 0.3F);
}

TEST(Timeline, CaptionsComeGoAndMakeRoom) {
  TimelineRun run = kRun;
  run.seconds = 20;
  const auto timeline = lay_out(R"(
    [[timeline]]
    time = 0
    card = "Title"
    [[timeline]]
    time = 5
    caption = "One."
    fade = 1
    [[timeline]]
    time = 9
    caption = "Two."
    place = "top"
    seconds = 4
    [[timeline]]
    time = 15
    caption = "Three."
    fade = 0
  )",
                                run);
  ASSERT_TRUE(timeline.ok()) << timeline.error().message;
  EXPECT_EQ(timeline->card_at(0), (ShownWords{1, 1}));  // a film begins with it
  EXPECT_LT(timeline->card_at(3.9).share, 0.3F);
  EXPECT_EQ(timeline->card_at(4), ShownWords{});
  EXPECT_EQ(timeline->caption_at(5.0).share, 0);
  EXPECT_NEAR(timeline->caption_at(5.5).share, 0.5, 1e-6);
  EXPECT_EQ(timeline->caption_at(7), (ShownWords{1, 1}));
  EXPECT_NEAR(timeline->caption_at(8.5).share, 0.5, 1e-6);
  EXPECT_EQ(timeline->caption_at(9).number, 2u);
  EXPECT_EQ(timeline->caption_at(13), ShownWords{});
  EXPECT_EQ(timeline->caption_at(15), (ShownWords{3, 1}));
  EXPECT_EQ(timeline->caption_at(20), (ShownWords{3, 1}));  // to the last picture
  const auto said = timeline->said();
  ASSERT_EQ(said.size(), 4u);
  EXPECT_EQ(said[0].words, "Title");
  EXPECT_NEAR(said[1].end, 9, 1e-9);
  EXPECT_NEAR(said[3].end, 20, 1e-9);
  EXPECT_EQ(timeline->captions()[1].place, CaptionPlace::kTop);
}

TEST(Timeline, LastsAsLongAsItHasSomethingToSay) {
  const auto timeline =
      lay_out("[[timeline]]\ntime=3\npace=1\n[[timeline]]\ntime=30\ncard=\"End\"\nseconds=5", kRun);
  ASSERT_TRUE(timeline.ok());
  EXPECT_EQ(timeline->seconds(), 35);
}

TEST(Timeline, CuesAreSaidUntilTheNext) {
  const auto timeline =
      lay_out("[[timeline]]\ntime=1\ncue=2\n[[timeline]]\ntime=3\ncue=0\n[[timeline]]\ntime=4\ncue=1", kRun);
  ASSERT_TRUE(timeline.ok());
  EXPECT_TRUE(timeline->says_cues());
  EXPECT_EQ(timeline->cue_at(0.5), 0u);
  EXPECT_EQ(timeline->cue_at(1), 2u);
  EXPECT_EQ(timeline->cue_at(3.5), 0u);
  EXPECT_EQ(timeline->cue_at(9), 1u);
}

}  // namespace
}  // namespace fl
