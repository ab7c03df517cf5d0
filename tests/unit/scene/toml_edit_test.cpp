// A scene's text is changed where it is to be, and nowhere else.

#include "trainer/scene/toml_edit.h"

#include <random>

#include <gtest/gtest.h>

#include "trainer/scene/toml_text.h"

namespace fl {
namespace {

constexpr const char* kScene = R"(# A lesson: “curly” and ünïcode stay.
title = "Räder"   # the title

[film]
seconds = 60 # a minute

# The beginning.
[[timeline]]
time = 0   # at once
card = "Ein Tag"
seconds = 5

[[timeline]] # the turn
# Slowly.
time =  3
camera = {yaw = 60, pitch = 58}  # from the left

[[timeline]]
time = 5.5
caption = """
Every point
"""
[timeline.camera]
yaw = 1

[view]
theme = "light"
)";

std::string ok(Result<std::string> text) {
  EXPECT_TRUE(text.ok()) << text.error().message;
  return text ? *text : std::string();
}

std::string with(std::string text, const std::string& old, const std::string& now) {
  const std::size_t at = text.find(old);
  EXPECT_NE(at, std::string::npos) << old;
  return text.replace(at, old.size(), now);
}

TEST(TomlEdit, AValueIsReplacedWhereItStands) {
  EXPECT_EQ(ok(with_value(kScene, {"timeline", 0}, "time", "1.5")),
            with(kScene, "time = 0   # at once", "time = 1.5   # at once"));
  EXPECT_EQ(ok(with_value(kScene, {"timeline", 1}, "camera", "{yaw = 2}")),
            with(kScene, "{yaw = 60, pitch = 58}", "{yaw = 2}"));
  EXPECT_EQ(ok(with_value(kScene, {"timeline", 0}, "card", "\"Ä\"")), with(kScene, "\"Ein Tag\"", "\"Ä\""));
  EXPECT_EQ(ok(with_value(kScene, {"timeline", 2}, "caption", "\"x\"")),
            with(kScene, "\"\"\"\nEvery point\n\"\"\"", "\"x\""));
}

TEST(TomlEdit, ANewKeyHasALineBehindTheEntrysOwn) {
  EXPECT_EQ(ok(with_value(kScene, {"timeline", 1}, "pace", "2")),
            with(kScene, "  # from the left\n", "  # from the left\npace = 2\n"));
  EXPECT_EQ(ok(with_value(kScene, {"timeline", 2}, "pace", "2")),
            with(kScene, "\"\"\"\n[timeline.camera]", "\"\"\"\npace = 2\n[timeline.camera]"));
}

TEST(TomlEdit, AKeyGoesWithItsLines) {
  EXPECT_EQ(ok(without_key(kScene, {"timeline", 0}, "card")), with(kScene, "card = \"Ein Tag\"\n", ""));
  EXPECT_EQ(ok(without_key(kScene, {"timeline", 2}, "caption")),
            with(kScene, "caption = \"\"\"\nEvery point\n\"\"\"\n", ""));
  EXPECT_EQ(ok(without_key(kScene, {"timeline", 2}, "camera")),
            with(kScene, "[timeline.camera]\nyaw = 1\n", ""));
  EXPECT_EQ(ok(without_key(kScene, {"timeline", 2}, "cue")), kScene);
}

TEST(TomlEdit, AnEntryGoesAndTheCommentsAroundItStay) {
  EXPECT_EQ(
      ok(without_entry(kScene, {"timeline", 1})),
      with(
          kScene,
          "\n[[timeline]] # the turn\n# Slowly.\ntime =  3\ncamera = {yaw = 60, pitch = 58}  # from the left\n",
          ""));
  const std::string without = ok(without_entry(kScene, {"timeline", 0}));
  EXPECT_NE(without.find("# The beginning.\n"), std::string::npos);
}

TEST(TomlEdit, AnEntryIsAddedBehindAnotherBeforeAllOrAsTheFirst) {
  EXPECT_EQ(ok(with_entry(kScene, "timeline", 1, "time = 4\npace = 1\n")),
            with(kScene, "# from the left\n", "# from the left\n\n[[timeline]]\ntime = 4\npace = 1\n"));
  EXPECT_EQ(ok(with_entry(kScene, "timeline", 2, "time = 9\npace = 1\n")),
            with(kScene, "yaw = 1\n", "yaw = 1\n\n[[timeline]]\ntime = 9\npace = 1\n"));
  EXPECT_EQ(ok(with_entry(kScene, "timeline", {}, "time = 0\npace = 1\n")),
            with(kScene, "# The beginning.\n", "[[timeline]]\ntime = 0\npace = 1\n\n# The beginning.\n"));
  EXPECT_EQ(ok(with_entry("title = \"x\"", "timeline", {}, "time = 0\npace = 1\n")),
            "title = \"x\"\n\n[[timeline]]\ntime = 0\npace = 1\n");
}

TEST(TomlEdit, LineEndsAndAMissingLastOneAreTheFiles) {
  EXPECT_EQ(ok(with_entry("a = 1\r\n[[timeline]]\r\ntime = 1", "timeline", 0, "time = 2\n")),
            "a = 1\r\n[[timeline]]\r\ntime = 1\r\n\r\n[[timeline]]\r\ntime = 2\r\n");
  EXPECT_EQ(ok(with_value("\xEF\xBB\xBF[[timeline]]\ntime = 1", {"timeline", 0}, "time", "22")),
            "\xEF\xBB\xBF[[timeline]]\ntime = 22");
}

TEST(TomlEdit, WhatIsWrittenInAnotherWayIsSaid) {
  const auto said = [](const Result<std::string>& text) { return text ? *text : text.error().message; };
  EXPECT_EQ(
      said(with_value("timeline = [{time = 1}]", {"timeline", 0}, "time", "2")),
      "timeline is written in one list; write each entry under [[timeline]], and it can be changed here.");
  EXPECT_EQ(said(without_entry("[[timeline]]\ntime = 1", {"timeline", 3})),
            "The scene has no [[timeline]] 4 any more; open it again.");
  EXPECT_FALSE(with_value("[[timeline]]\ntime = 1", {"timeline", 0}, "time", "1 2").ok());
}

// Entries written in many ways between what is not theirs, changed at random: the scene says after each
// change what a plain list of entries says, and all that is not theirs stays, byte for byte and in order.
class Model {
 public:
  explicit Model(unsigned seed) : random_(seed) {
    text_ = pick(2) == 0 ? "\xEF\xBB\xBF# Beginn – ü\n" : "# Beginn – ü\n";
    foreign_.push_back("# Beginn – ü");
    add_foreign("title = \"τίτλος\"  # note");
    const int count = pick(5);
    for (int i = 0; i < count; ++i) {
      if (pick(2) == 0) add_foreign(fmt::format("# comment {}", i));
      text_ += pick(2) == 0 ? "[[timeline]]\n" : "[[ timeline ]]  # head\n";
      toml::table entry{{"time", i}};
      text_ += fmt::format("time = {}{}\n", i, pick(2) == 0 ? "  # when" : "");
      if (pick(2) == 0) {
        text_ += "camera = {yaw = 1, target = [1, 2,\n   3]} # ä\n";
        entry.insert("camera", toml::table{{"yaw", 1}, {"target", toml::array{1, 2, 3}}});
      }
      if (pick(2) == 0) {
        text_ += "caption = '''a\n# none\n'''\n";
        entry.insert("caption", "a\n# none\n");
      }
      if (pick(3) == 0) {
        text_ += "show.theme = \"light\"\npace = 2\nshow.room = true\n";
        entry.insert("show", toml::table{{"theme", "light"}, {"room", true}});
        entry.insert("pace", 2);
      } else if (pick(3) == 0) {
        text_ += "\n  [timeline.show]\n  theme = \"dark\"\n";
        entry.insert("show", toml::table{{"theme", "dark"}});
      }
      if (pick(2) == 0) text_ += "\n";
      entries_.push_back(entry);
    }
    add_foreign("[film]");
    add_foreign("seconds = 9");
    if (pick(2) == 0) text_.pop_back();
  }

  void change() {
    const auto size = static_cast<int>(entries_.size());
    const auto index = static_cast<std::size_t>(size > 0 ? pick(size) : 0);
    const TomlEntry entry{"timeline", index};
    const std::array<const char*, 5> keys = {"time", "camera", "caption", "show", "pace"};
    const std::string key = keys[static_cast<std::size_t>(pick(5))];
    const int what = size == 0 ? 3 : pick(4);
    Result<std::string> text("");
    if (what == 0) {
      text = with_value(text_, entry, key, "0.5");
      entries_[index].insert_or_assign(key, 0.5);
    } else if (what == 1) {
      text = without_key(text_, entry, key);
      entries_[index].erase(key);
    } else if (what == 2) {
      text = without_entry(text_, entry);
      entries_.erase(entries_.begin() + static_cast<std::ptrdiff_t>(index));
    } else {
      const auto behind = size > 0 && pick(3) > 0 ? std::optional(index) : std::nullopt;
      text = with_entry(text_, "timeline", behind, "time = 7\npace = 1\n");
      entries_.insert(entries_.begin() + static_cast<std::ptrdiff_t>(behind ? *behind + 1 : 0),
                      toml::table{{"time", 7}, {"pace", 1}});
    }
    ASSERT_TRUE(text.ok()) << text.error().message << "\n" << text_;
    text_ = *text;
    check();
  }

  void check() const {
    const auto scene = parse_toml(text_, "x");
    ASSERT_TRUE(scene.ok()) << scene.error().message << "\n" << text_;
    toml::table wanted{{"title", "τίτλος"}, {"film", toml::table{{"seconds", 9}}}};
    toml::array list;
    for (const toml::table& entry : entries_) list.push_back(entry);
    if (!list.empty()) wanted.insert("timeline", list);
    ASSERT_EQ(*scene, wanted) << text_;
    std::size_t at = 0;
    for (const std::string& line : foreign_) {
      const std::size_t found = text_.find(line, at);
      ASSERT_NE(found, std::string::npos) << line << " is gone or moved in\n" << text_;
      at = found + line.size();
    }
  }

 private:
  int pick(int below) { return std::uniform_int_distribution(0, below - 1)(random_); }
  void add_foreign(const std::string& line) {
    text_ += line + "\n";
    foreign_.push_back(line);
  }
  std::mt19937 random_;
  std::string text_;
  std::vector<std::string> foreign_;
  std::vector<toml::table> entries_;
};

TEST(TomlEdit, RandomChangesLeaveAllElse) {
  for (unsigned seed = 0; seed < 200; ++seed) {
    Model model(seed);
    model.check();
    for (int i = 0; i < 12 && !testing::Test::HasFatalFailure(); ++i) model.change();
    ASSERT_FALSE(testing::Test::HasFatalFailure()) << "seed " << seed;
  }
}

}  // namespace
}  // namespace fl
