#include "trainer/sweep/sweep_folder.h"

#include <fstream>
#include <set>

#include <gtest/gtest.h>

#include "tests/unit/data/data_support.h"
#include "trainer/base/atomic_file.h"
#include "trainer/sweep/cell_text.h"

namespace fl {
namespace {

namespace fs = std::filesystem;

SweepPlan plan() {
  return {.scene = "title = \"test\"\n",
          .axes = {{.key = "train.rate", .values = {"0.1", "0.2", "0.3"}, .log = true},
                   {.key = "data.phantom_counts", .values = {"[10, 10]", "[20, 20]"}}}};
}

CellResult result_of(std::size_t cell) {
  return {.cell = cell,
          .state = "finished",
          .epochs = 2,
          .steps = 14,
          .loss = 0.1 * static_cast<double>(cell),
          .accuracy = 0.75,
          .test_loss = 1.0 / 3,
          .test_accuracy = CellResult::kNone,
          .weights = "0123456789abcdef",
          .note = {}};
}

class SweepFolderTest : public ::testing::Test {
 protected:
  SweepFolder open(const SweepPlan& wanted = plan(), bool replace = false) {
    auto folder = SweepFolder::open(path_, wanted, replace);
    EXPECT_TRUE(folder) << folder.error().message;
    return *std::move(folder);
  }
  std::string refusal(const SweepPlan& wanted, bool replace = false) {
    const auto folder = SweepFolder::open(path_, wanted, replace);
    EXPECT_FALSE(folder);
    return folder ? "" : folder.error().message;
  }
  static std::optional<std::size_t> next(SweepFolder::Worker& worker) {
    auto cell = worker.next();
    EXPECT_TRUE(cell) << cell.error().message;
    return cell ? *cell : std::nullopt;
  }
  static void finish(SweepFolder::Worker& worker, std::size_t cell) {
    const auto done = worker.finish(result_of(cell));
    EXPECT_TRUE(done) << done.error().message;
  }
  static std::string table_of(const SweepFolder& folder) {
    const auto results = folder.results();
    EXPECT_TRUE(results);
    EXPECT_TRUE(folder.write_table(*results));
    return read_text_file(folder.path() / kSweepTableFile, 1 << 20).value();
  }

  test::TempFolder temporary_;
  fs::path path_ = temporary_.path() / "sweep";
};

TEST_F(SweepFolderTest, EveryCellIsTakenOnceWhoeverTakesIt) {
  const SweepFolder folder = open(), other = open();  // as another process would
  auto first = folder.worker(0), second = folder.worker(1), third = other.worker(2);
  ASSERT_TRUE(first && second && third);
  std::set<std::size_t> taken;
  for (int turn = 0; turn < 2; ++turn)
    for (auto* worker : {&*first, &*second, &*third}) {
      const auto cell = next(*worker);
      ASSERT_TRUE(cell);
      EXPECT_TRUE(taken.insert(*cell).second) << *cell;
      finish(*worker, *cell);
    }
  EXPECT_EQ(taken.size(), 6u);
  for (auto* worker : {&*first, &*second, &*third}) EXPECT_FALSE(next(*worker));
  EXPECT_EQ(folder.finished(), 6u);
}

TEST_F(SweepFolderTest, ACellOfOneThatWasKilledIsTakenAgain) {
  const SweepFolder folder = open();
  std::optional<std::size_t> lost;
  {
    auto killed = folder.worker(0);
    ASSERT_TRUE(killed);
    lost = next(*killed);
    auto beside = folder.worker(1);
    ASSERT_TRUE(beside);
    EXPECT_NE(next(*beside), lost);
  }
  auto heir = folder.worker(2);
  ASSERT_TRUE(heir);
  std::set<std::size_t> taken;
  while (const auto cell = next(*heir)) {
    taken.insert(*cell);
    finish(*heir, *cell);
  }
  EXPECT_EQ(taken.size(), 6u);
  EXPECT_TRUE(taken.contains(*lost));
}

TEST_F(SweepFolderTest, WhatWasFinishedBeforeIsKept) {
  {
    auto worker = open().worker(0);
    for (int i = 0; i < 4; ++i) finish(*worker, *next(*worker));
  }
  const SweepFolder folder = open();
  EXPECT_EQ(folder.finished(), 4u);
  auto worker = folder.worker(0);
  int left = 0;
  for (; const auto cell = next(*worker); ++left) finish(*worker, *cell);
  EXPECT_EQ(left, 2);
}

TEST_F(SweepFolderTest, AHalfWrittenLineIsNoResultAndSpoilsNone) {
  const SweepFolder folder = open();
  auto worker = folder.worker(7);
  const auto cell = next(*worker);
  finish(*worker, *cell);
  fs::path file;
  for (const auto& entry : fs::directory_iterator(path_ / "results")) file = entry.path();
  std::ofstream(file, std::ios::app) << R"({"cell":3,"state":"fini)";
  const auto after = next(*worker);
  finish(*worker, *after);
  const auto results = folder.results();
  ASSERT_TRUE(results);
  for (std::size_t i = 0; i < results->size(); ++i)
    EXPECT_EQ((*results)[i].has_value(), i == *cell || i == *after) << i;
}

TEST_F(SweepFolderTest, TheTableIsTheSameInWhateverOrderItWasMade) {
  const SweepFolder folder = open();
  auto worker = folder.worker(0);
  while (const auto cell = next(*worker)) finish(*worker, *cell);
  const std::string table = table_of(folder);
  path_ = temporary_.path() / "other";
  const SweepFolder shared = open();
  std::vector<SweepFolder::Worker> workers;
  for (std::size_t i = 0; i < 3; ++i) workers.push_back(shared.worker(i).value());
  std::vector<std::size_t> held;
  for (auto& each : workers) held.push_back(*next(each));
  for (std::size_t i = workers.size(); i-- > 0;) finish(workers[i], held[i]);
  while (const auto cell = next(workers[1])) finish(workers[1], *cell);
  EXPECT_EQ(table_of(shared), table);
  EXPECT_EQ(table.substr(0, table.find('\n')),
            "cell,train.rate,data.phantom_counts,state,epochs,steps,loss,accuracy,test_loss,test_accuracy,"
            "weights,note");
  EXPECT_NE(
      table.find("\n3,0.2,\"[20, "
                 "20]\",finished,2,14,0.30000000000000004,0.75,0.3333333333333333,,0123456789abcdef,\n"),
      std::string::npos)
      << table;
}

TEST_F(SweepFolderTest, APlanIsASweepBeforeThereIsAnythingElse) {
  open();
  fs::remove_all(path_ / "results");
  fs::remove(path_ / "claims");
  const auto joined = SweepFolder::join(path_);
  ASSERT_TRUE(joined) << joined.error().message;
  const auto results = joined->results();
  ASSERT_TRUE(results) << results.error().message;
  EXPECT_EQ(results->size(), plan().cells());
  EXPECT_FALSE((*results)[0]);
}

TEST_F(SweepFolderTest, WhatOthersPutBesideTheResultsIsNone) {
  const SweepFolder folder = open();
  auto worker = folder.worker(0);
  const auto cell = next(*worker);
  finish(*worker, *cell);
  fs::create_directories(path_ / "results" / "@eaDir");
  fs::create_directories(path_ / "results" / "old.jsonl");
  std::ofstream(path_ / "results" / ".DS_Store") << cell_line(result_of(*cell + 1)) << "\n";
  const auto results = folder.results();
  ASSERT_TRUE(results) << results.error().message;
  EXPECT_EQ(std::ranges::count_if(*results, [](const auto& one) { return one.has_value(); }), 1);
}

TEST_F(SweepFolderTest, AnotherSweepOrAnythingElseThereIsRefused) {
  open();
  SweepPlan other = plan();
  other.axes[0].values.push_back("0.4");
  EXPECT_NE(refusal(other).find("holds a sweep over other axes"), std::string::npos);
  other = plan();
  other.scene += "# changed\n";
  EXPECT_NE(refusal(other).find("holds a sweep of another scene"), std::string::npos);
  std::ofstream(path_ / kSweepPlanFile) << "{}";
  EXPECT_NE(refusal(plan()).find("not the plan of a sweep"), std::string::npos);
  path_ = temporary_.path() / "mine";
  fs::create_directory(path_);
  std::ofstream(path_ / "notes.txt") << "mine";
  EXPECT_NE(refusal(plan()).find("is not empty"), std::string::npos);
  EXPECT_NE(refusal(plan(), true).find("is not empty"), std::string::npos);
  EXPECT_TRUE(fs::exists(path_ / "notes.txt"));
}

TEST_F(SweepFolderTest, ReplacedOnlyWhereNobodyWorks) {
  SweepPlan other = plan();
  other.scene += "# changed\n";
  {
    auto worker = open().worker(0);
    const auto cell = next(*worker);
    ASSERT_TRUE(cell);
    EXPECT_NE(refusal(other, true).find("Another program is working on the sweep"), std::string::npos);
    finish(*worker, *cell);
  }
  // What somebody put beside it stays, and is no reason to lose the one and not to have the other.
  std::ofstream(path_ / "notes.txt") << "mine";
  EXPECT_EQ(open(other, true).finished(), 0u);
  EXPECT_TRUE(fs::exists(path_ / "notes.txt"));
  EXPECT_EQ(open(other).plan().scene, other.scene);
}

TEST(CellText, ALineIsReadAsItWasWritten) {
  CellResult result = result_of(5);
  result.note = "A \"sentence\",\nof two lines.";
  const auto read = parse_cell_line(cell_line(result));
  ASSERT_TRUE(read);
  EXPECT_EQ(cell_line(*read), cell_line(result));
  EXPECT_TRUE(std::isnan(read->test_accuracy));
  EXPECT_EQ(read->test_loss, 1.0 / 3);
  for (const char* wrong : {"", "{}", "[]", "{\"cell\": -1}", "{\"cell\": 1}"})
    EXPECT_FALSE(parse_cell_line(wrong)) << wrong;
  // Whatever somebody writes into the folder, no map is drawn of it.
  for (auto spoil : {+[](CellResult& r) { r.test_accuracy = 7; }, +[](CellResult& r) { r.accuracy = -0.1; },
                     +[](CellResult& r) { r.test_images = 1ull << 40; },
                     +[](CellResult& r) { r.steps = std::int64_t{1} << 60; }}) {
    CellResult spoilt = result_of(5);
    spoil(spoilt);
    EXPECT_FALSE(parse_cell_line(cell_line(spoilt))) << cell_line(spoilt);
  }
}

}  // namespace
}  // namespace fl
