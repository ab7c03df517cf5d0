// When a film says which cue, as subtitles and chapters; and how long it still takes, in words.

#include "engine/app/commands/filming/captions.h"

#include "engine/app/commands/filming/film_progress.h"

namespace fl {
namespace {

const std::vector<Cue> kCues = {{Cue::Kind::kWatch, "the ball."}, {Cue::Kind::kAsk, "Where to?"}};

TEST(Captions, OfALessonShareItsTime) {
  EXPECT_EQ(cues_of_lesson(2, 5), (std::vector<std::size_t>{1, 1, 1, 2, 2}));
  EXPECT_EQ(cues_of_lesson(0, 2), (std::vector<std::size_t>{0, 0}));
}

TEST(Captions, OfASessionComeWhenTheyWereSaid) {
  SessionFile session;
  const auto at = [&](double seconds, Json::Object members) {
    session.events.push_back({seconds, 0, ViewChange{Json(std::move(members))}});
  };
  at(1, {{"theme", Json("light")}});
  at(2, {{"cue", Json(1)}});
  at(2.1, {{"cue", Json(2)}});
  at(6, {{"cue", Json(0)}});
  at(8, {{"cue", Json(1)}});
  EXPECT_EQ(cues_of_session(session, {0, session.seconds()}, 5), (std::vector<std::size_t>{0, 1, 2, 0, 1}));
}

TEST(Captions, AreSubtitlesAndChapters) {
  const auto chapters = chapters_of({0, 1, 1, 2, 0, 1, 9}, kCues, 4);
  ASSERT_EQ(chapters.size(), 3u);
  EXPECT_EQ(srt_text(chapters),
            "1\n00:00:00,250 --> 00:00:00,750\nWatch: the ball.\n\n"
            "2\n00:00:00,750 --> 00:00:01,000\nAsk: Where to?\n\n"
            "3\n00:00:01,250 --> 00:00:01,500\nWatch: the ball.\n\n");
  EXPECT_EQ(srt_text({{3723.5, 3725, "Late"}}), "1\n01:02:03,500 --> 01:02:05,000\nLate\n\n");
}

TEST(FilmProgress, SaysTimeInWords) {
  EXPECT_EQ(time_words(0.2), "about 1 s");
  EXPECT_EQ(time_words(12.4), "about 12 s");
  EXPECT_EQ(time_words(61), "about 1 minute");
  EXPECT_EQ(time_words(1200), "about 20 minutes");
  EXPECT_EQ(time_words(10800), "about 3 hours");
}

}  // namespace
}  // namespace fl
