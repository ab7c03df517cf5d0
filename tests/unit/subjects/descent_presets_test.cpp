// What the presets of two parameters claim, done.
#include "trainer/subjects/descents/descent_presets.h"

#include <cmath>
#include <map>
#include <set>

#include <gtest/gtest.h>

#include "trainer/subjects/descents/descents.h"

namespace fl {
namespace {

// All methods, by their labels, after so many steps of a preset; 0: all of them.
struct Outcome {
  std::map<std::string, TwoParameters> at;
  std::map<std::string, double> loss;
  std::map<std::string, double> least_x;
};
Outcome run(const std::string& name, std::int64_t steps = 0) {
  const auto found = std::ranges::find(descent_presets(), name, &DescentPreset::name);
  EXPECT_NE(found, descent_presets().end()) << name;
  Descents descents({});
  for (const Command& each : found->commands()) descents.apply(each);
  Outcome run;
  const std::vector<std::string> names = descents.path_names();
  for (bool more = true; more; more = (steps == 0 || descents.steps() < steps) && descents.step())
    for (std::size_t i = 0; i < names.size(); ++i) {
      run.at[names[i]] = descents.position(i);
      run.loss[names[i]] = descents.function().value(descents.position(i));
      run.least_x[names[i]] = std::min(run.least_x.contains(names[i]) ? run.least_x[names[i]] : INFINITY,
                                       descents.position(i)[0]);
    }
  return run;
}

// The methods for which it holds.
template <typename Holds>
std::set<std::string> those(const Outcome& run, Holds holds) {
  std::set<std::string> names;
  for (const auto& [name, at] : run.at)
    if (holds(name)) names.insert(name);
  return names;
}
using Names = std::set<std::string>;

TEST(DescentPresets, HaveNamesOfTheirOwnAndOneForEachSurface) {
  Names names, surfaces;
  for (const DescentPreset& preset : descent_presets()) {
    EXPECT_TRUE(names.insert(preset.name).second) << preset.name;
    EXPECT_NE(find_two_parameter_surface(preset.surface), nullptr) << preset.surface;
    EXPECT_TRUE(std::string(preset.text).ends_with(".")) << preset.text;
    surfaces.insert(preset.surface);
  }
  EXPECT_EQ(surfaces.size(), two_parameter_names().size());
}

TEST(DescentPresets, TwoHollows) {
  const Outcome end = run("two-hollows");
  EXPECT_EQ(those(end, [&](auto& name) { return end.at.at(name)[0] < -0.9; }),
            (Names{"Momentum", "Adam", "AdamW", "QHAdam"}));
  EXPECT_EQ(those(end, [&](auto& name) { return std::abs(end.at.at(name)[0] - 0.9) < 0.05; }).size(), 5u);
}

TEST(DescentPresets, OneRate) {
  const Outcome end = run("one-rate");
  EXPECT_EQ(those(end, [&](auto& name) { return std::abs(end.at.at(name)[1]) < 0.01; }),
            (Names{"Momentum", "Nesterov"}));
  EXPECT_GT(end.at.at("AdaGrad")[0], 1.45);
}

TEST(DescentPresets, Bowl) {
  const Outcome end = run("bowl");
  EXPECT_EQ(those(end, [&](auto& name) { return end.least_x.at(name) < -0.3; }),
            (Names{"Momentum", "Nesterov", "QHAdam"}));
  EXPECT_GT(end.least_x.at("Gradient descent"), 0);
}

TEST(DescentPresets, Saddle) {
  const Outcome early = run("saddle", 60), end = run("saddle");
  EXPECT_EQ(those(early, [&](auto& name) { return early.at.at(name)[0] < -1.3; }),
            (Names{"AdaGrad", "RMSProp", "Adam", "AdamW", "QHAdam"}));
  EXPECT_EQ(those(end, [&](auto& name) { return end.at.at(name)[0] > -1.5; }),
            (Names{"Gradient descent", "QHM"}));
}

TEST(DescentPresets, LongBowl) {
  const auto down = [](const Outcome& run) {
    return those(run, [&](auto& name) { return run.loss.at(name) < -0.96; });
  };
  EXPECT_EQ(down(run("long-bowl", 30)), (Names{"Nesterov", "AdaGrad", "RMSProp", "Adam", "AdamW", "QHAdam"}));
  EXPECT_EQ(down(run("long-bowl", 100)).size(), 7u);
  EXPECT_EQ(down(run("long-bowl", 145)).contains("QHM"), false);
  EXPECT_EQ(down(run("long-bowl")).size(), 9u);
}

TEST(DescentPresets, Hills) {
  const Outcome end = run("hills");
  EXPECT_EQ(those(end,
                  [&](auto& name) {
                    return std::hypot(end.at.at(name)[0] - 0.9, end.at.at(name)[1] + 0.65) < 0.05;
                  }),
            (Names{"Momentum"}));
  EXPECT_EQ(
      those(end, [&](auto& name) { return std::hypot(end.at.at(name)[0], end.at.at(name)[1]) < 0.1; }).size(),
      8u);
}

TEST(DescentPresets, Rings) {
  const Outcome end = run("rings");
  EXPECT_EQ(those(end, [&](auto& name) { return end.loss.at(name) > 0.3; }),
            (Names{"Gradient descent", "AdaGrad", "RMSProp", "QHM"}));
  EXPECT_EQ(those(end, [&](auto& name) { return end.loss.at(name) < -0.99; }).size(), 5u);
}

TEST(DescentPresets, Valley) {
  const Outcome end = run("valley");
  EXPECT_EQ(those(end, [&](auto& name) { return end.at.at(name)[0] > 0.85; }),
            (Names{"Momentum", "Nesterov", "QHAdam"}));
  EXPECT_EQ(those(end, [&](auto& name) { return end.at.at(name)[0] < -0.9; }),
            (Names{"Gradient descent", "QHM"}));
}

TEST(DescentPresets, EggBox) {
  const Outcome end = run("egg-box");
  EXPECT_EQ(
      those(end,
            [&](auto& name) { return std::hypot(end.at.at(name)[0] - 1.45, end.at.at(name)[1] - 1.3) < 0.8; })
          .size(),
      9u);
  EXPECT_EQ(those(end, [&](auto& name) { return end.loss.at(name) < 20; }).size(), 0u);
}

TEST(DescentPresets, FourMinima) {
  const Outcome end = run("four-minima");
  EXPECT_EQ(those(end, [&](auto& name) { return end.at.at(name)[1] < 0; }), (Names{"Momentum"}));
  EXPECT_EQ(those(end, [&](auto& name) { return end.loss.at(name) < 0.1; }).size(), 9u);
}

}  // namespace
}  // namespace fl
