#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <filesystem>
#include <numeric>
#include <set>
#include <vector>

#include <gtest/gtest.h>
#include <stdlib.h>
#include <toml++/toml.h>

#include "trainer/base/atomic_file.h"
#include "trainer/base/check.h"
#include "trainer/base/counted.h"
#include "trainer/base/failure_text.h"
#include "trainer/base/log.h"
#include "trainer/base/normal_pairs.h"
#include "trainer/base/number_text.h"
#include "trainer/base/printable.h"
#include "trainer/base/random.h"
#include "trainer/scene/toml_slip.h"

namespace fl {
namespace {

namespace fs = std::filesystem;

// The known answers that Random123 publishes for philox4x32-10.
TEST(Philox, KnownAnswers) {
  const auto expect = [](std::uint32_t counter, std::uint64_t key, const PhiloxWords& words) {
    EXPECT_EQ(philox4x32({{counter, counter, counter, counter}}, key), words);
  };
  expect(0, 0, {{0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8}});
  expect(~0u, ~std::uint64_t{0}, {{0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd}});
  EXPECT_EQ(philox4x32({{0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344}}, 0x299f31d0a4093822),
            (PhiloxWords{{0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1}}));
}

// What a thread of a GPU draws by itself is what the stream hands out in turn.
TEST(Philox, BlocksAreTheStreamsWords) {
  const std::uint64_t seed = 0x123456789abcdef0;
  RandomStream random(seed, StreamId::kDropout, 77);
  for (std::uint64_t i = 0; i < 40; ++i)
    EXPECT_EQ(random.next_u32(), stream_block(seed, StreamId::kDropout, 77, i / 4).word[i % 4]) << i;
}

TEST(RandomStream, StreamsAreReproducibleAndDistinct) {
  const auto draw = [](std::uint64_t seed, StreamId id, std::uint32_t index) {
    RandomStream random(seed, id, index);
    std::vector<std::uint32_t> values(9);
    for (auto& v : values) v = random.next_u32();
    return values;
  };
  const auto first = draw(1, StreamId::kInit, 0);
  EXPECT_EQ(first, draw(1, StreamId::kInit, 0));
  EXPECT_NE(first, draw(2, StreamId::kInit, 0));
  EXPECT_NE(first, draw(std::uint64_t{1} << 32 | 1, StreamId::kInit, 0));  // the seed's high half counts
  EXPECT_NE(first, draw(1, StreamId::kOrder, 0));
  EXPECT_NE(first, draw(1, StreamId::kInit, 1));
}

TEST(RandomStream, UniformFillsItsRange) {
  RandomStream random(1, StreamId::kTest);
  std::array<int, 10> bins{};
  for (int i = 0; i < 100'000; ++i) {
    const double u = random.uniform();
    ASSERT_GE(u, 0.0);
    ASSERT_LT(u, 1.0);
    ++bins[static_cast<std::size_t>(u * 10)];
  }
  for (const int n : bins) EXPECT_NEAR(n, 10'000, 500);  // five sigma
}

TEST(RandomStream, BelowIsEvenForABoundThatDoesNotDivide) {
  RandomStream random(1, StreamId::kTest);
  std::array<int, 7> bins{};
  for (int i = 0; i < 70'000; ++i) ++bins.at(random.below(7));
  for (const int n : bins) EXPECT_NEAR(n, 10'000, 500);
  // With a bound of 3/4 of the range, a plain remainder would hit the lower third twice as often.
  const std::uint32_t bound = 0xC0000000u;
  int low = 0;
  for (int i = 0; i < 30'000; ++i) low += random.below(bound) < bound / 3;
  EXPECT_NEAR(low, 10'000, 450);
}

TEST(RandomStream, NormalHasItsMoments) {
  RandomStream random(4, StreamId::kTest);
  constexpr int kCount = 100'000;
  double sum = 0, squares = 0, fourth = 0;
  for (int i = 0; i < kCount; ++i) {
    const double x = random.normal(3, 2), z = (x - 3) / 2;
    sum += x;
    squares += z * z;
    fourth += z * z * z * z;
  }
  EXPECT_NEAR(sum / kCount, 3.0, 0.04);
  EXPECT_NEAR(squares / kCount, 1.0, 0.03);
  EXPECT_NEAR(fourth / kCount, 3.0, 0.2);
}

// Many at once are the same to the bit as one by one, wherever the stream stands and however many are asked
// for.
TEST(Random, NormalsAreThoseOfNormal) {
  RandomStream many(5, StreamId::kTest), single(5, StreamId::kTest);
  std::vector<float> values;
  std::size_t drawn = 0;
  for (std::size_t count = 0; drawn < 300'000; count = count * 2 % 10'007 + 1, drawn += count) {
    values.assign(count, 7);
    many.normals(values);
    for (const float value : values)
      ASSERT_EQ(std::bit_cast<std::uint32_t>(value),
                std::bit_cast<std::uint32_t>(static_cast<float>(single.normal())));
    if (count % 3 == 0) {
      ASSERT_EQ(many.next_u32(), single.next_u32());
    }
  }
}

// The ends of both ranges, and the angles at which a sine or a cosine is all but 0.
TEST(Random, NormalsAreExactAtTheEdges) {
  constexpr std::uint32_t kEnd = 1u << 24;
  std::vector<std::uint32_t> edges;
  for (std::uint32_t eighth = 0; eighth <= 8; ++eighth)
    for (std::uint32_t off = 0; off < 5; ++off)
      if (const std::uint32_t at = eighth * (kEnd / 8) + off - 2; at < kEnd) edges.push_back(at);
  NormalPairs pairs;
  std::array<float, 2> values{};
  for (const std::uint32_t radius : edges)
    for (const std::uint32_t angle : edges) {
      pairs.radius[0] = radius;
      pairs.angle[0] = angle;
      pairs.transform(values);
      const NormalPair exact = normal_pair(radius * 0x1p-24, angle * 0x1p-24);
      ASSERT_EQ(std::bit_cast<std::uint32_t>(values[0]),
                std::bit_cast<std::uint32_t>(static_cast<float>(exact.first)));
      ASSERT_EQ(std::bit_cast<std::uint32_t>(values[1]),
                std::bit_cast<std::uint32_t>(static_cast<float>(exact.second)));
    }
}

TEST(RandomStream, ShuffleReachesEveryOrderEvenly) {
  std::array<int, 6> seen{};
  for (std::uint32_t i = 0; i < 12'000; ++i) {
    RandomStream random(8, StreamId::kTest, i);
    std::array<int, 3> values = {0, 1, 2};
    shuffle(std::span<int>(values), random);
    std::set<int> all(values.begin(), values.end());
    ASSERT_EQ(all.size(), 3u);
    ++seen[static_cast<std::size_t>(values[0] * 2 + (values[1] > values[2]))];
  }
  for (const int n : seen) EXPECT_NEAR(n, 2000, 210);
}

class AtomicFile : public ::testing::Test {
 protected:
  AtomicFile() {
    std::string pattern = (fs::temp_directory_path() / "fallline-test-XXXXXX").string();
    FL_CHECK(::mkdtemp(pattern.data()) != nullptr);
    folder_ = pattern;
  }
  ~AtomicFile() override {
    std::error_code ignored;
    fs::remove_all(folder_, ignored);
  }
  [[nodiscard]] std::size_t files() const {
    return static_cast<std::size_t>(std::distance(fs::directory_iterator(folder_), fs::directory_iterator()));
  }
  fs::path folder_;
};

TEST_F(AtomicFile, WritesAndReplaces) {
  const fs::path path = folder_ / "report.json";
  ASSERT_TRUE(write_file_atomic(path, "first, and longer").ok());
  ASSERT_TRUE(write_file_atomic(path, "second").ok());
  const auto text = read_text_file(path, 100);
  ASSERT_TRUE(text.ok());
  EXPECT_EQ(*text, "second");
  EXPECT_EQ(files(), 1u);  // nothing is left beside it
}

TEST_F(AtomicFile, AMissingFolderIsNamed) {
  const auto result = write_file_atomic(folder_ / "absent" / "x.json", "text");
  ASSERT_FALSE(result.ok());
  EXPECT_NE(result.error().message.find("absent/x.json"), std::string::npos);
  EXPECT_NE(result.error().message.find("no such file or folder"), std::string::npos);
  EXPECT_EQ(files(), 0u);
}

TEST_F(AtomicFile, AFolderInTheFilesPlaceIsLeftAsItWas) {
  fs::create_directories(folder_ / "taken" / "inside");
  ASSERT_FALSE(write_file_atomic(folder_ / "taken", "text").ok());
  EXPECT_TRUE(fs::is_directory(folder_ / "taken" / "inside"));
  EXPECT_EQ(files(), 1u);
}

TEST_F(AtomicFile, ABatchIsWrittenWholeOrNotAtAll) {
  ASSERT_TRUE(write_file_atomic(folder_ / "a", "old").ok());
  {
    FileBatch batch;
    ASSERT_TRUE(batch.add(folder_ / "a", "new").ok());
    ASSERT_TRUE(batch.add(folder_ / "b", "new").ok());
    ASSERT_FALSE(batch.add(folder_ / "absent" / "c", "new").ok());
    ASSERT_FALSE(batch.add(folder_, "new").ok()) << "a folder is no file's place";
    EXPECT_EQ(*read_text_file(folder_ / "a", 100), "old");
    EXPECT_FALSE(fs::exists(folder_ / "b"));
  }
  EXPECT_EQ(*read_text_file(folder_ / "a", 100), "old");
  EXPECT_EQ(files(), 1u);
  FileBatch batch;
  ASSERT_TRUE(batch.add(folder_ / "a", "new").ok());
  ASSERT_TRUE(batch.add(folder_ / "b", "new").ok());
  ASSERT_TRUE(batch.commit().ok());
  EXPECT_EQ(*read_text_file(folder_ / "a", 100), "new");
  EXPECT_EQ(files(), 2u);
}

TEST_F(AtomicFile, ReadingIsBounded) {
  const fs::path path = folder_ / "long.txt";
  ASSERT_TRUE(write_file_atomic(path, std::string(1000, 'x')).ok());
  EXPECT_TRUE(read_file(path, 1000).ok());
  const auto refused = read_file(path, 999);
  ASSERT_FALSE(refused.ok());
  EXPECT_NE(refused.error().message.find("1000 bytes long"), std::string::npos);
}

TEST_F(AtomicFile, OnlyRegularFilesAreRead) {
  EXPECT_NE(read_file(folder_, 100).error().message.find("it is a folder"), std::string::npos);
  EXPECT_NE(read_file("/dev/zero", 100).error().message.find("not a regular file"), std::string::npos);
  EXPECT_NE(read_file(folder_ / "absent", 100).error().message.find("no such file"), std::string::npos);
}

TEST_F(AtomicFile, MakeFolderRefusesAFileInTheWay) {
  ASSERT_TRUE(make_folder(folder_ / "a" / "b").ok());
  EXPECT_TRUE(fs::is_directory(folder_ / "a" / "b"));
  EXPECT_TRUE(make_folder(folder_ / "a" / "b").ok());
  ASSERT_TRUE(write_file_atomic(folder_ / "file", "x").ok());
  EXPECT_FALSE(make_folder(folder_ / "file").ok());
}

TEST(Check, FailureNamesFileAndExpression) {
  try {
    FL_CHECK_MSG(1 + 1 == 3, "sum is {}", 1 + 1);
    FAIL() << "the check passed";
  } catch (const CheckFailure& failure) {
    const std::string what = failure.what();
    EXPECT_EQ(what.find("tests/unit/base/base_test.cpp:"), 0u) << what;
    EXPECT_NE(what.find("1 + 1 == 3: sum is 2"), std::string::npos) << what;
  }
}

TEST(Log, SinkReceivesLines) {
  std::vector<std::string> lines;
  set_log_sink([&](LogLevel level, std::string_view line) {
    lines.push_back((level == LogLevel::kWarning ? "W " : "I ") + std::string(line));
  });
  log_info("loaded {}", 3);
  log_warning("left out {}", "x");
  set_log_sink({});
  EXPECT_EQ(lines, (std::vector<std::string>{"I loaded 3", "W left out x"}));
}

TEST(Printable, SteersNoTerminal) {
  EXPECT_EQ(printable("a\x1b[31m\n\t\x7f z"), "a?[31m??? z");
  EXPECT_EQ(printable("caf\xc3\xa9 \xe2\x82\xac \xf0\x9f\xa7\xa0"), "caf\xc3\xa9 \xe2\x82\xac \xf0\x9f\xa7\xa0");
  EXPECT_EQ(printable("\xc2\x9b" "31m"), "?31m") << "the C1 form of an escape sequence's start";
  EXPECT_EQ(printable("\x9b" "31m \xe9 \xc3"), "?31m ? ?") << "bytes that are no UTF-8";
  EXPECT_EQ(printable("abc\xc3\xa9", 4), "abc…") << "a character is not cut";
  EXPECT_EQ(printable("abcd", 4), "abcd");
}

TEST(Log, ALineIsOneLine) {
  std::string seen;
  set_log_sink([&](LogLevel, std::string_view line) { seen = line; });
  log_warning("Cannot read {}.", "a\nb\x1b[2J");
  set_log_sink({});
  EXPECT_EQ(seen, "Cannot read a?b?[2J.");
}

TEST(Printable, ReplacesWhatTurnsTheDirectionOrHasNoWidth) {
  EXPECT_EQ(printable("cat\u202Egpj.exe"), "cat?gpj.exe");
  for (const char* hidden : {"\u200B", "\u200E", "\u200F", "\u202A", "\u202D", "\u2066", "\u2069", "\u2060", "\uFEFF",
                             "\u2028", "\u2029", "\u00AD", "\u061C", "\u206F", "\U000E0041"})
    EXPECT_EQ(printable(std::string("a") + hidden + "b"), "a?b") << printable(hidden);
  EXPECT_EQ(printable("\u202F\u2010\u2030 \u00AE"), "\u202F\u2010\u2030 \u00AE") << "their neighbours stay";
}

TEST(Printable, KeepsJoinersWhereWritingNeedsThem) {
  for (const char* name : {"\u0645\u06CC\u200C\u062E\u0648\u0627\u0647\u0645",           // Persian
                           "\u0D28\u0D4D\u200D\u0D2E", "\u0915\u094D\u200D\u0937",        // Malayalam, Hindi
                           "\U0001F468\u200D\U0001F469\u200D\U0001F467",                  // a family
                           "\u2764\uFE0F\u200D\U0001F525",                               // a heart on fire
                           "\U0001F3F4\U000E0067\U000E0062\U000E0065\U000E006E\U000E0067\U000E007F"})  // England
    EXPECT_EQ(printable(name), name);
  EXPECT_EQ(printable("a\u200Db"), "a?b");
  EXPECT_EQ(printable("\u200C\u0645"), "?\u0645");
  EXPECT_EQ(printable("\u0645\u200D\u200D\u0645"), "\u0645??\u0645");
  EXPECT_EQ(printable("\u0645\u200D"), "\u0645?");
}

TEST(Counted, SingularAndPluralAreRight) {
  EXPECT_EQ(counted(1, "epoch"), "1 epoch");
  EXPECT_EQ(counted(0, "epoch"), "0 epochs");
  EXPECT_EQ(counted(std::size_t{2}, "class"), "2 classes");
  EXPECT_EQ(plural(true, "image"), "image");
  EXPECT_EQ(plural(false, "image"), "images");
}

TEST(NumberText, HasAsManyDigitsAsSaySomething) {
  EXPECT_EQ(number_text(0.693147), "0.6931");
  EXPECT_EQ(number_text(0.0123456), "0.01235");
  EXPECT_EQ(number_text(12.3456), "12.35");
  EXPECT_EQ(number_text(99999), "99999");
  EXPECT_EQ(number_text(1.38e38), "1.4e+38");
  EXPECT_EQ(number_text(-1.38e38), "-1.4e+38");
  EXPECT_EQ(number_text(3.14e-7), "3.1e-07");
  EXPECT_EQ(number_text(0), "0");
  EXPECT_EQ(number_text(-0.0), "0");
  EXPECT_EQ(number_text(-std::nan("")), "nan");
  EXPECT_EQ(number_text(std::numeric_limits<double>::infinity()), "inf");
  EXPECT_EQ(rate_text(0.001), "0.001");
  EXPECT_EQ(rate_text(1e6), "1e+06");
  EXPECT_EQ(rate_text(1e-5), "1e-05");
  EXPECT_EQ(rate_text(3), "3");
}

TEST(TomlSlip, IsSaidInTheWordsOfWhoWritesAScene) {
  const auto slip = [](std::string_view text) {
    try {
      const toml::table table = toml::parse(text);
    } catch (const toml::parse_error& e) {
      return toml_slip(text, e.source().begin.line, e.description());
    }
    return std::string("it is read");
  };
  const auto says = [&](std::string_view text, const char* wanted) {
    EXPECT_NE(slip(text).find(wanted), std::string::npos) << text << " said: " << slip(text);
  };
  says("[data]\nsource = \"C:\\Users\\me\\heads\"\n", "write paths in single quotes or with /");
  says("[data]\nsource = \"C:\\data\"\n", "write paths in single quotes or with /");
  says("[data]\nsource = \"D:\\\"\n", "no closing quote");
  says("[data]\nsource = phantom\n", "text needs quotes; write source = 'phantom'");
  says("[data]\nsource = /home/me\n", "text needs quotes");
  says("[data]\nsource = C:\\heads\n", "text needs quotes");
  says("[data]\nsource = \"phantom\n", "no closing quote");
  says("[train]\nepochs: 3\n", "an equals sign, not a colon");
  says("[train]\nepochs 3\n", "write key = value");
  says("[train]\nepochs =\n", "epochs has no value");
  says("[train]\nepochs == 3\n", "one equals sign");
  says("[train]\nbatch size = 3\n", "join words with _");
  says("[train]\nrate = 0,001\n", "a decimal point, not a comma");
  says("[train]\nrate = .5\n", "write 0.5");
  says("[train]\nrate = 1.\n", "write 1.0");
  says("[data]\nstandardise = True\n", "in small letters");
  says("[data]\nsource = None\n", "leave the key out");
  says("[data]\ntest_fraction = 15%\n", "0.15 for 15 %");
  says("[data]\nimage_size = 64px\n", "is not a number");
  says("// a scene\n", "a comment begins with #");
  says("; a scene\n", "a comment begins with #");
  says("[train\nepochs = 3\n", "no closing bracket");
  says("[train]\nrate = 1\nrate = 2\n", "rate appears a second time");
  says("[train]\nrate = 1\n[data]\n[train]\nepochs = 2\n", "a second time");
}

TEST(FailureText, IsASentenceForAPerson) {
  EXPECT_NE(failure_text(std::bad_alloc()).find("not enough memory"), std::string::npos);
  const std::system_error threads(std::make_error_code(std::errc::resource_unavailable_try_again));
  EXPECT_NE(failure_text(threads).find("No more threads"), std::string::npos);
  const std::filesystem::filesystem_error file("filesystem error: cannot get", "place",
                                               std::make_error_code(std::errc::permission_denied));
  EXPECT_EQ(failure_text(file), "Cannot use place: Permission denied");
  EXPECT_EQ(failure_text(std::runtime_error("The disk is full.")), "The disk is full");
}

}  // namespace
}  // namespace fl
