// The timeline in the strip: its marks, changes of the scene's text, and what is saved.

#include "engine/ui/timeline/film_desk.h"

#include <filesystem>
#include <mutex>
#include <random>
#include <thread>

#include <glm/trigonometric.hpp>
#include <gtest/gtest.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "engine/ui/timeline/strip/axis.h"
#include "trainer/base/atomic_file.h"
#include "trainer/scene/toml_text.h"

namespace {
std::mutex disk;  // held: it is busy
}

// In place of the library's.
extern "C" int fsync(int file) {
  const std::scoped_lock there(disk);
  return static_cast<int>(::syscall(SYS_fsync, file));
}

namespace fl {
namespace {

namespace fs = std::filesystem;

constexpr const char* kScene = R"(# A film.
title = "Film"

[[timeline]]
time = 0 # the first
card = "Title"
seconds = 4

[[timeline]]
time = 4
pace = 2
camera = {yaw = 350, pitch = 40, distance = 0}
caption = "One."

[[timeline]]
step = 10
do = "rate 0.1"
)";

Result<Timeline> lay_out(const std::vector<TimelineEntry>& entries) {
  return Timeline::lay_out(entries, std::vector<StepEffect>(entries.size()),
                           {.total_steps = 100, .steps_per_epoch = 20});
}

FilmDesk desk_of(const fs::path& path, const std::string& text) {
  auto entries = parse_timeline(toml::parse(text), 2);
  EXPECT_TRUE(entries.ok()) << entries.error().message;
  return FilmDesk({path, text}, *std::move(entries), 2, lay_out);
}

std::size_t find(const FilmDesk& desk, FilmRow row, std::size_t entry) {
  for (std::size_t i = 0; i < desk.marks().size(); ++i)
    if (desk.marks()[i].row == row && desk.marks()[i].entry == entry) return i;
  ADD_FAILURE() << "no such mark";
  return 0;
}

std::string with(std::string text, const std::string& old, const std::string& now) {
  return text.replace(text.find(old), old.size(), now);
}

TEST(FilmDesk, HasAMarkForAllThatAnEntryDoes) {
  const FilmDesk desk = desk_of("x.toml", kScene);
  ASSERT_EQ(desk.marks().size(), 5u);
  EXPECT_EQ(desk.marks()[0], (FilmMark{FilmRow::kCards, 0, 0, 4, "Title"}));
  EXPECT_EQ(desk.marks()[1].words, "yaw 350, pitch 40, all in sight");
  EXPECT_EQ(desk.marks()[2], (FilmMark{FilmRow::kDeeds, 1, 4, 4, "pace 2"}));
  EXPECT_EQ(desk.marks()[3].end, desk.seconds());
  EXPECT_EQ(desk.marks()[4].begin, 9) << "ten steps at two a second";
  EXPECT_FALSE(desk.unsaved());
}

TEST(FilmDesk, ACameraKeyIsTheViewAsItIs) {
  FilmDesk desk = desk_of("x.toml", kScene);
  ViewState view;
  view.framed = false;
  view.camera.yaw = glm::radians(10.0f);
  view.camera.pitch = glm::radians(30.0f);
  view.camera.distance = 2.5f;
  view.camera.target = {0.5f, 0.25f, -0.75f};
  desk.place(6);
  desk.add_camera_key(view);
  EXPECT_EQ(desk.words(), "");
  // Ten degrees beyond a turn: that is how near it is to the key before.
  EXPECT_EQ(desk.text(),
            with(kScene, "caption = \"One.\"\n",
                 "caption = \"One.\"\n\n[[timeline]]\ntime = 6\ncamera = {yaw = 370, pitch = 30, "
                 "distance = 2.5, target = [0.5, 0.25, 0.75]}\n"));
  ASSERT_TRUE(desk.chosen());
  EXPECT_EQ(desk.marks()[*desk.chosen()].begin, 6);
  // At a key that is there, that one is another.
  view.camera.distance = 3;
  desk.add_camera_key(view);
  EXPECT_NE(desk.text().find("distance = 3, target"), std::string::npos);
  EXPECT_EQ(desk.timeline()->camera_keys().size(), 2u);
  desk.take_back();
  desk.take_back();
  EXPECT_EQ(desk.text(), kScene);
  EXPECT_FALSE(desk.can_take_back());
}

TEST(FilmDesk, AMarkMovesInTimeOrToTheStepThatIsReachedThere) {
  FilmDesk desk = desk_of("x.toml", kScene);
  desk.move(find(desk, FilmRow::kCards, 0), 1.26);
  EXPECT_NE(desk.text().find("time = 1.3 # the first"), std::string::npos);
  desk.move(find(desk, FilmRow::kDeeds, 2), 14);
  EXPECT_NE(desk.text().find("step = 20\n"), std::string::npos) << desk.text();
  EXPECT_EQ(desk.marks()[find(desk, FilmRow::kDeeds, 2)].begin, 14);
  // Behind the end of the training lies its last step.
  desk.move(find(desk, FilmRow::kDeeds, 2), 500);
  EXPECT_NE(desk.text().find("step = 100\n"), std::string::npos) << desk.words();
}

TEST(FilmDesk, WhatAMarkDoesGoesAndAnEmptyEntryWithIt) {
  FilmDesk desk = desk_of("x.toml", kScene);
  desk.remove(find(desk, FilmRow::kCaptions, 1));
  EXPECT_EQ(desk.text(), with(kScene, "caption = \"One.\"\n", ""));
  desk.remove(find(desk, FilmRow::kCamera, 1));
  EXPECT_NE(desk.text().find("time = 4\npace = 2\n"), std::string::npos);
  desk.remove(find(desk, FilmRow::kCards, 0));
  EXPECT_EQ(desk.text().find("[[timeline]]\ntime = 0"), std::string::npos);
  EXPECT_EQ(desk.entries().size(), 2u);
}

TEST(FilmDesk, WhatCannotBePlayedIsRefused) {
  FilmDesk desk = desk_of("x.toml", kScene);
  desk.remove(find(desk, FilmRow::kDeeds, 1));  // the pace that leads to step 10
  EXPECT_FALSE(desk.failed()) << "without any pace it trains through the film";
  desk.take_back();
  ViewState view;
  desk.place(8);
  desk.add_camera_key(view);
  desk.move(find(desk, FilmRow::kCamera, 1), 8);
  EXPECT_TRUE(desk.failed());
  EXPECT_NE(desk.words().find("another entry has one, too"), std::string::npos) << desk.words();
  EXPECT_EQ(desk.marks()[find(desk, FilmRow::kCamera, 1)].begin, 4);
  FilmDesk none({}, {}, 0, lay_out);
  none.add_camera_key(view);
  EXPECT_NE(none.words().find("without a scene file"), std::string::npos);
}

TEST(FilmDesk, KeysGoFromMarkToMark) {
  FilmDesk desk = desk_of("x.toml", kScene);
  desk.place(5);
  EXPECT_TRUE(desk.choose_next(1));
  EXPECT_EQ(desk.playhead(), 9);
  EXPECT_FALSE(desk.choose_next(1));
  EXPECT_TRUE(desk.choose_next(-1));
  EXPECT_EQ(desk.playhead(), 4);
}

TEST(FilmDesk, SavesOverTheFileThatWasReadAndNoOther) {
  const fs::path folder = fs::temp_directory_path() / fmt::format("fallline-film-desk-{}", ::getpid());
  fs::create_directories(folder);
  const fs::path path = folder / "film.toml";
  ASSERT_TRUE(write_file_atomic(path, std::string_view(kScene)).ok());
  FilmDesk desk = desk_of(path, kScene);
  desk.move(find(desk, FilmRow::kCards, 0), 1);
  EXPECT_TRUE(desk.missed());
  fs::permissions(path, fs::perms::owner_read);
  desk.save();
  desk.wait();
  ASSERT_TRUE(desk.failed());
  EXPECT_NE(desk.words().find("is read-only"), std::string::npos) << desk.words();
  fs::permissions(path, fs::perms::owner_read | fs::perms::owner_write);
  desk.save();
  desk.wait();
  EXPECT_FALSE(desk.unsaved());
  EXPECT_EQ(*read_text_file(path, kMaxTomlBytes), with(kScene, "time = 0 #", "time = 1 #"));
  // Back again is a change, too.
  desk.take_back();
  EXPECT_TRUE(desk.unsaved());
  ASSERT_TRUE(write_file_atomic(path, std::string_view("title = \"Other\"\n")).ok());
  desk.save();
  desk.wait();
  EXPECT_NE(desk.words().find("has changed since it was opened"), std::string::npos);
  EXPECT_EQ(*read_text_file(path, kMaxTomlBytes), "title = \"Other\"\n");
  desk.save_copy();
  desk.wait();
  EXPECT_FALSE(desk.failed());
  EXPECT_EQ(*read_text_file(folder / "film-2.toml", kMaxTomlBytes), kScene);
  EXPECT_FALSE(desk.missed());
  fs::remove_all(folder);
}

// A disk that takes its time: nobody waits for it, and what is changed meanwhile is saved, too.
TEST(FilmDesk, ASlowDiskKeepsNobodyWaiting) {
  const fs::path folder = fs::temp_directory_path() / fmt::format("fallline-slow-disk-{}", ::getpid());
  fs::create_directories(folder);
  const fs::path path = folder / "film.toml";
  ASSERT_TRUE(write_file_atomic(path, std::string_view(kScene)).ok());
  FilmDesk desk = desk_of(path, kScene);
  desk.move(find(desk, FilmRow::kCards, 0), 1);
  {
    const std::scoped_lock busy(disk);
    desk.save();
    EXPECT_TRUE(desk.saving());
    EXPECT_FALSE(desk.hear());
    EXPECT_EQ(*read_text_file(path, kMaxTomlBytes), kScene);
    desk.move(find(desk, FilmRow::kCards, 0), 2);
    desk.save();
    EXPECT_TRUE(desk.missed()) << "a window that closes now is to wait";
  }
  desk.wait();
  EXPECT_FALSE(desk.failed()) << desk.words();
  EXPECT_FALSE(desk.unsaved());
  EXPECT_EQ(*read_text_file(path, kMaxTomlBytes), with(kScene, "time = 0 #", "time = 2 #"));
  // The scene is opened again while it is written: whichever text is read, the next save is not refused.
  desk.move(find(desk, FilmRow::kCards, 0), 3);
  FilmDesk early = desk_of(path, *read_text_file(path, kMaxTomlBytes));
  desk.save();
  early.go_on_from(desk);
  early.wait();
  EXPECT_FALSE(desk.saving());
  EXPECT_FALSE(early.unsaved()) << early.words();
  early.move(find(early, FilmRow::kCards, 0), 3.5);
  early.save();
  while (*read_text_file(path, kMaxTomlBytes) != early.text()) std::this_thread::yield();
  FilmDesk late = desk_of(path, early.text());
  late.go_on_from(early);
  late.move(find(late, FilmRow::kCards, 0), 3.8);
  late.save();
  late.wait();
  EXPECT_FALSE(late.unsaved()) << late.words();
  fs::remove_all(folder);
}

TEST(FilmDesk, TheSameSceneOpenedAgainGoesOn) {
  FilmDesk before = desk_of("x.toml", kScene);
  before.move(find(before, FilmRow::kCards, 0), 1);
  FilmDesk again = desk_of("x.toml", kScene), other = desk_of("x.toml", std::string(kScene) + "\n");
  again.go_on_from(before);
  EXPECT_EQ(again.text(), before.text());
  again.take_back();
  EXPECT_EQ(again.text(), kScene);
  other.go_on_from(before);
  EXPECT_FALSE(other.unsaved());
}

// Whatever is done by hand, the text opens again to the timeline that is shown.
TEST(FilmDesk, RandomChangesOpenAgainAsTheyWere) {
  std::mt19937 random(3);
  const auto pick = [&](std::size_t below) {
    return std::uniform_int_distribution<std::size_t>(0, below - 1)(random);
  };
  for (int round = 0; round < 40; ++round) {
    FilmDesk desk = desk_of("x.toml", kScene);
    std::vector<std::string> texts;
    for (int i = 0; i < 15; ++i) {
      const std::string before = desk.text();
      const std::size_t what = desk.marks().empty() ? 0 : pick(3);
      desk.place(static_cast<double>(pick(200)) / 10);
      if (what == 0) desk.add_camera_key({});
      if (what == 1) desk.move(pick(desk.marks().size()), static_cast<double>(pick(300)) / 10);
      if (what == 2) desk.remove(pick(desk.marks().size()));
      if (!desk.failed()) texts.push_back(before);
      ASSERT_EQ(desk.text().substr(0, 25), std::string(kScene).substr(0, 25));
      const FilmDesk again = desk_of("x.toml", desk.text());
      ASSERT_EQ(again.marks(), desk.marks()) << desk.text();
      ASSERT_EQ(again.seconds(), desk.seconds());
    }
    for (; !texts.empty(); texts.pop_back()) {
      desk.take_back();
      ASSERT_EQ(desk.text(), texts.back());
    }
  }
}

TEST(StripAxis, HasTicksThatPeopleCountIn) {
  const StripAxis minute{100, 900, 60};
  const auto ticks = minute.ticks(54);
  ASSERT_EQ(ticks.size(), 13u);
  EXPECT_EQ(ticks[1].words, "5 s");
  EXPECT_EQ(StripAxis({0, 900, 180}).ticks(54)[1].words, "0:15");
  EXPECT_EQ(minute.x(30), 550);
  EXPECT_EQ(minute.at(550), 30);
  EXPECT_EQ(minute.at(2000), 60);
  EXPECT_EQ(moment_words(12.44), "12.4 s");
  EXPECT_EQ(moment_words(62.5), "1:02.5");
}

}  // namespace
}  // namespace fl
