// The map of a sweep: what its cells show, how it fills, and its table in a scene.
#include "trainer/subjects/sweep_map/sweep_map.h"

#include <algorithm>
#include <cmath>
#include <mutex>
#include <thread>

#include <gtest/gtest.h>

#include "tests/support/plain_ring.h"
#include "tests/unit/data/data_support.h"
#include "trainer/base/log.h"
#include "trainer/session/session.h"
#include "trainer/subjects/run_spec.h"
#include "trainer/subjects/sweep_map/folder_cells.h"
#include "trainer/subjects/sweep_map/map_spec.h"

namespace fl {
namespace {

using Kind = SweepPlace::Kind;

SweepPlan plan_of(std::size_t columns, std::size_t rows, std::size_t more = 1) {
  SweepPlan plan{.scene = "title = \"test\"\n", .axes = {}};
  const auto add = [&](const char* key, std::size_t count) {
    Axis axis{.key = key, .values = {}};
    for (std::size_t i = 0; i < count; ++i) axis.values.push_back(std::to_string(i + 1));
    plan.axes.push_back(std::move(axis));
  };
  add("train.rate", columns);
  if (rows > 1) add("network.init_scale", rows);
  if (more > 1) add("start", more);
  return plan;
}

CellResult ended(std::size_t cell, double loss, double accuracy = CellResult::kNone,
                 const char* state = "finished") {
  return {.cell = cell,
          .state = state,
          .epochs = 2,
          .steps = 14,
          .loss = loss,
          .test_accuracy = accuracy,
          .weights = "0123456789abcdef",
          .note = {}};
}

// Ends one cell a turn, in the order of the plan.
class OneByOne final : public CellSource {
 public:
  explicit OneByOne(const SweepPlan& plan) : order_(plan.order()) {}
  bool work(SweepResults& results) override {
    if (at_ == order_.size()) return false;
    const std::size_t cell = order_[at_++];
    results[cell] = ended(cell, 1 + static_cast<double>(cell), 0.5);
    return at_ < order_.size();
  }
  [[nodiscard]] std::size_t left() const override { return order_.size() - at_; }
  bool begin_again() override {
    at_ = 0;
    return true;
  }

 private:
  std::vector<std::size_t> order_;
  std::size_t at_ = 0;
};

TEST(SweepGrid, HasAPlaceForEachPairAndMeansOverTheRest) {
  const SweepPlan plan = plan_of(3, 2, 2);
  for (std::size_t place = 0; place < 6; ++place)
    EXPECT_EQ(place_of_cell(plan, first_cell_at(plan, place)), place);
  SweepResults results(plan.cells());
  const std::size_t cell = first_cell_at(plan, 4);  // column 1, row 1
  EXPECT_EQ(plan.value(cell, 0), "2");
  EXPECT_EQ(plan.value(cell, 1), "2");
  results[cell] = ended(cell, 2, 0.5);
  results[cell + 1] = ended(cell + 1, 4, 1.0);
  results[first_cell_at(plan, 0)] = ended(first_cell_at(plan, 0), NAN, NAN, "diverged");
  results[first_cell_at(plan, 0) + 1] = ended(first_cell_at(plan, 0) + 1, 1, 1.0);
  results[first_cell_at(plan, 1)] = ended(first_cell_at(plan, 1), NAN, NAN, kCellFailed);
  const SweepGrid losses = sweep_grid(plan, results, SweepFigure::kLoss);
  EXPECT_EQ(losses.columns, 3u);
  EXPECT_EQ(losses.rows, 2u);
  EXPECT_EQ(losses.places[4].kind, Kind::kValue);
  EXPECT_DOUBLE_EQ(losses.places[4].value, 3);
  EXPECT_EQ(losses.places[0].kind, Kind::kDiverged) << "one that diverged is enough";
  EXPECT_EQ(losses.places[1].kind, Kind::kFailed);
  EXPECT_EQ(losses.places[5].kind, Kind::kMissing);
  EXPECT_DOUBLE_EQ(sweep_grid(plan, results, SweepFigure::kTestAccuracy).places[4].value, 0.75);
}

TEST(SweepGrid, ScalesFollowTheValues) {
  const SweepPlan plan = plan_of(4, 1);
  SweepResults results(4);
  results[0] = ended(0, 0.001, 0.62);
  results[1] = ended(1, 0.5, 0.97);
  SweepGrid losses = sweep_grid(plan, results, SweepFigure::kLoss);
  EXPECT_TRUE(losses.log);
  EXPECT_FALSE(losses.capped);
  EXPECT_NEAR(losses.share(std::sqrt(0.001 * 0.5)), 0.5, 1e-9) << "the middle of a logarithm";
  results[2] = ended(2, 1e9, 0.9);
  losses = sweep_grid(plan, results, SweepFigure::kLoss);
  EXPECT_TRUE(losses.capped);
  EXPECT_DOUBLE_EQ(losses.high, 1);
  EXPECT_DOUBLE_EQ(losses.share(1e9), 1);
  const SweepGrid accuracies = sweep_grid(plan, results, SweepFigure::kTestAccuracy);
  EXPECT_DOUBLE_EQ(accuracies.low, 0.6);
  EXPECT_DOUBLE_EQ(accuracies.high, 1);
  // All alike: a scale all the same.
  SweepResults same(4);
  same[0] = ended(0, 2, 0.5);
  const SweepGrid one = sweep_grid(plan, same, SweepFigure::kTestAccuracy);
  EXPECT_LT(one.low, one.high);
  EXPECT_EQ(sweep_grid(plan, same, SweepFigure::kLoss).share(2), 0);
}

TEST(SweepMap, FillsFromCoarseToFineAndSaysHowFar) {
  const SweepPlan plan = plan_of(4, 3);
  SweepMap map(plan, SweepResults(12), std::make_unique<OneByOne>(plan));
  test::PlainRing ring(map.capacity());
  ASSERT_TRUE(map.publish(ring, RunState::kReady, 0));
  auto frame = ring.read();
  EXPECT_EQ(frame->facts.sweep.columns, 4u);
  EXPECT_EQ(frame->facts.sweep.rows, 3u);
  EXPECT_EQ(frame->facts.sweep.known, 0u);
  EXPECT_EQ(frame->slot.sweep_cells()[0], kSweepMissing);
  EXPECT_TRUE(map.over()) << "there is nothing to step";
  const std::uint64_t before = map.version();
  EXPECT_TRUE(map.work(2));
  EXPECT_NE(map.version(), before);
  EXPECT_EQ(map.points_left(), 11u);
  while (map.work(2)) {
  }
  ASSERT_TRUE(map.publish(ring, RunState::kReady, 0));
  frame = ring.read();
  EXPECT_EQ(frame->facts.sweep.known, 12u);
  EXPECT_EQ(frame->facts.sweep.best, 0) << "the lowest loss among equal accuracies";
  const auto losses = static_cast<std::size_t>(SweepFigure::kLoss) * 12;
  EXPECT_EQ(frame->slot.sweep_cells()[losses], 0);
  EXPECT_EQ(frame->slot.sweep_cells()[losses + 11], 1) << "the last column of the last row";
  // Anew.
  map.apply(command::Reset{1});
  EXPECT_EQ(map.points_left(), 12u);
  ASSERT_TRUE(map.publish(ring, RunState::kReady, 0));
  EXPECT_EQ(ring.read()->facts.sweep.known, 0u);
}

TEST(SweepMap, TellsWhatACellIs) {
  const SweepPlan plan = plan_of(4, 3);
  SweepResults known(12);
  const std::size_t cell = first_cell_at(plan, 4 + 1);  // column 1, row 1
  known[cell] = ended(cell, 0.25, 0.875);
  const SweepMap map(plan, known, std::make_unique<CellSource>());
  EXPECT_EQ(map.tell({1, 1}), (std::vector<std::string>{"learning rate 2", "scale of the starting weights 2",
                                                        "test accuracy 87.5 %", "training loss 0.250"}));
  EXPECT_EQ(map.tell({0, 0}).back(), "not trained yet");
  EXPECT_TRUE(map.tell({4, 0}).empty());
  EXPECT_TRUE(map.tell({0, -1}).empty());
  EXPECT_EQ(cell_words(plan, 0, ended(0, NAN, NAN, "diverged"))[2], "diverges after 14 steps");
  CellResult failed = ended(0, NAN, NAN, kCellFailed);
  failed.note = "The class has too few images.";
  EXPECT_EQ(cell_words(plan, 0, failed)[2], "cannot be trained: The class has too few images.");
}

TEST(SweepMap, ASessionShowsWhatOthersWrite) {
  const test::TempFolder folder;
  const SweepPlan plan = plan_of(4, 1);
  auto sweep = SweepFolder::open(folder.path() / "sweep", plan, false);
  ASSERT_TRUE(sweep) << sweep.error().message;
  auto subject = std::make_unique<SweepMap>(plan, SweepResults(4), std::make_unique<FolderCells>(*sweep, 0));
  test::PlainRing ring(subject->capacity());
  Session session({.subject = std::move(subject)});
  session.start(ring);
  auto worker = sweep->worker(0);
  ASSERT_TRUE(worker);
  for (int i = 0; i < 2; ++i) {
    const auto cell = worker->next();
    ASSERT_TRUE(cell && *cell);
    ASSERT_TRUE(worker->finish(ended(**cell, 0.5)));
  }
  std::uint32_t known = 0;
  for (int turn = 0; turn < 600 && known < 2; ++turn) {
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
    if (const auto frame = ring.read()) known = frame->facts.sweep.known;
  }
  EXPECT_EQ(known, 2u);
  session.stop();
}

// Somebody puts another sweep into the folder that is watched: what is shown stays, and nothing of that comes
// in.
TEST(SweepMap, AnotherSweepInItsFolderIsNotMixedIn) {
  const test::TempFolder folder;
  const SweepPlan plan = plan_of(2, 2);
  auto sweep = SweepFolder::open(folder.path(), plan, false);
  ASSERT_TRUE(sweep);
  auto worker = sweep->worker(0);
  ASSERT_TRUE(worker);
  const auto first = worker->next();
  ASSERT_TRUE(first && *first);
  ASSERT_TRUE(worker->finish(ended(**first, 0.5)));
  SweepResults results = *sweep->results();
  std::string said;
  std::mutex hearing;
  set_log_sink([&](LogLevel, std::string_view line) {
    const std::scoped_lock lock(hearing);
    said += line;
  });
  {
    SweepPlan other = plan;
    other.scene = "title = \"other\"\n";
    FolderCells cells(*sweep, 1);
    auto replaced = SweepFolder::open(folder.path(), other, true);
    ASSERT_TRUE(replaced) << replaced.error().message;
    auto theirs = replaced->worker(0);
    ASSERT_TRUE(theirs);
    for (int i = 0; i < 3; ++i) {
      const auto cell = theirs->next();
      ASSERT_TRUE(cell && *cell);
      ASSERT_TRUE(theirs->finish(ended(**cell, 9)));
    }
    const auto heard = [&] {
      const std::scoped_lock lock(hearing);
      return said.find("holds another sweep by now") != std::string::npos;
    };
    for (int turn = 0; turn < 600 && !heard(); ++turn)
      std::this_thread::sleep_for(std::chrono::milliseconds(50));
    EXPECT_TRUE(heard());
    EXPECT_FALSE(cells.listen(results));
  }
  set_log_sink({});
  EXPECT_EQ(std::ranges::count_if(results, [](const auto& one) { return one.has_value(); }), 1);
}

std::string why(const std::string& scene) {
  const auto map = parse_map_spec(toml::parse(scene));
  if (!map) return map.error().message;
  const auto plan = plan_of_map(*map, run_tables());
  return plan ? std::string() : plan.error().message;
}

TEST(MapSpec, SaysAxesAsASweepDoes) {
  const auto map =
      parse_map_spec(toml::parse("[map]\nx = \"train.rate=1e-3..1:log:4\"\ny = \"start=1..3\"\n"));
  ASSERT_TRUE(map);
  const auto plan = plan_of_map(*map, run_tables());
  ASSERT_TRUE(plan && *plan);
  EXPECT_EQ((*plan)->axes[0].values, (std::vector<std::string>{"0.001", "0.01", "0.1", "1"}));
  EXPECT_EQ((*plan)->axes[1].values, (std::vector<std::string>{"1", "2", "3"}));
  const auto none = plan_of_map(MapSpec{}, run_tables());
  EXPECT_TRUE(none && !*none);
}

TEST(MapSpec, WhatIsWrongIsOneSentence) {
  const auto has = [](const std::string& text, const char* part) {
    EXPECT_NE(text.find(part), std::string::npos) << text;
  };
  has(why("[map]\nx = \"train.rate=1..0.1\"\n"), "[map] x train.rate=1..0.1: the range is empty");
  has(why("[map]\ny = \"train.rate=0.1..1\"\n"), "name it x");
  has(why("[map]\nx = \"train.rate=0.1..1\"\ny = \"train.rate=1..2\"\n"), "both vary train.rate");
  has(why("[map]\nx = \"train.rate=0..1:300\"\ny = \"network.init_scale=1..2:300\"\n"),
      "90000 cells, and a map has at most 20000");
  has(why("[map]\nx = \"train.rate=0.1..1\"\n[race]\nkey = \"train.rate\"\n"), "[race] and [map] do not go");
  has(why("[map]\nz = \"train.rate=0.1..1\"\n"), "z");
}

}  // namespace
}  // namespace fl
