#include "trainer/session/command_json.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include <fmt/ranges.h>

#include "trainer/base/limits.h"
#include "trainer/base/name_list.h"
#include "trainer/base/overloaded.h"
#include "trainer/base/printable.h"
#include "trainer/landscape/own_surface.h"
#include "trainer/optim/optimizer.h"
#include "trainer/session/earlier_json.h"
#include "trainer/subjects/descents/step_phases.h"
#include "trainer/subjects/fate/fate_steps.h"
#include "trainer/subjects/trainability/rate_view.h"

namespace fl {
namespace {

constexpr std::array<const char*, 26> kNames = {
    "play",    "pause",   "step",  "reset",     "rate",  "optimizer", "pace",        "image",    "pixels",
    "heights", "heat",    "plane", "surfaces",  "probe", "phases",    "phase",       "start",    "surface",
    "grid",    "earlier", "rates", "curvature", "mark",  "fork",      "remove-fork", "fork-step"};
static_assert(kNames.size() == std::variant_size_v<Command>);

Error bad_value(const char* name, const std::string& wanted) {
  return error("the value of \"{}\" must be {}.", name, wanted);
}

// The value as a whole number from `low` to `high`.
Result<std::uint64_t> whole(const Json* value, const char* name, std::uint64_t low, std::uint64_t high) {
  const auto number = value != nullptr ? value->whole() : std::nullopt;
  if (!number || *number < low || *number > high)
    return bad_value(name, fmt::format("a whole number from {} to {}", low, high));
  return *number;
}

Result<double> real(const Json* value, const char* name, double low, double high) {
  const auto number = value != nullptr ? value->number() : std::nullopt;
  if (!number || !(*number >= low && *number <= high))
    return bad_value(name, fmt::format("a number from {} to {}", low, high));
  return *number;
}

// The value's member as one of a choice's names; `preset` where it has none.
template <typename Value>
Result<Value> chosen(const Json* value, const char* name, std::span<const ChoiceName<Value>> all,
                     Value preset) {
  if (value == nullptr) return preset;
  const auto found = value->text() != nullptr ? choice_of(all, *value->text()) : std::optional<Value>();
  if (found) return *found;
  std::vector<std::string> names;
  for (const ChoiceName<Value>& each : all) names.emplace_back(each.name);
  return bad_value(name, name_list(names, "or"));
}

Result<std::array<PathMoment, 3>> moments(const Json* value, const char* name) {
  if (value == nullptr) return PlaneChoice{}.points;
  std::array<PathMoment, 3> all;
  const Json::Array* list = value->array();
  bool good = list != nullptr && list->size() == all.size();
  for (std::size_t i = 0; good && i < all.size(); ++i) {
    const std::string* text = (*list)[i].text();
    const auto moment = text != nullptr ? moment_of(*text) : std::optional<PathMoment>();
    good = moment.has_value();
    if (good) all[i] = *moment;
  }
  if (!good) return bad_value(name, "a plane whose points are 3 texts: start, middle, now or a step");
  return all;
}

// Fills the value of a command made by its place in the variant.
struct ReadValue {
  const Json* value;
  const char* name;

  Result<Command> operator()(command::Play c) const { return Command(c); }
  Result<Command> operator()(command::Pause c) const { return Command(c); }
  Result<Command> operator()(command::Step) const {
    FL_TRY_LET(count, whole(value, name, 1, std::numeric_limits<std::int32_t>::max()));
    return Command(command::Step{static_cast<std::int64_t>(*count)});
  }
  Result<Command> operator()(command::Reset) const {
    FL_TRY_LET(seed, whole(value, name, 0, std::numeric_limits<std::uint64_t>::max()));
    return Command(command::Reset{*seed});
  }
  Result<Command> operator()(command::SetRate) const {
    FL_TRY_LET(rate, real(value, name, 0, kMaxRate));
    return Command(command::SetRate{*rate});
  }
  Result<Command> operator()(command::SetOptimizer) const {
    if (value == nullptr || value->text() == nullptr) return bad_value(name, "the name of an optimizer");
    FL_TRY_LET(kind, optimizer_by_name(*value->text()));
    return Command(command::SetOptimizer{*kind});
  }
  Result<Command> operator()(command::SetPace) const {
    FL_TRY_LET(pace, real(value, name, 0, kMostPace));
    return Command(command::SetPace{*pace});
  }
  Result<Command> operator()(command::ShowImage) const {
    FL_TRY_LET(image, whole(value, name, 0, std::numeric_limits<std::int32_t>::max()));
    return Command(command::ShowImage{static_cast<std::int32_t>(*image)});
  }
  Result<Command> operator()(command::ShowPixels) const {
    if (value == nullptr || value->text() == nullptr) return bad_value(name, "the name of an image");
    return command::show_pixels({*value->text()});
  }
  Result<Command> operator()(command::ShowHeights) const {
    const std::string* text = value != nullptr ? value->text() : nullptr;
    for (const LossScale scale : kLossScales)
      if (text != nullptr && *text == loss_scale_name(scale)) return Command(command::ShowHeights{scale});
    return bad_value(name, "linear or log");
  }
  Result<Command> operator()(command::ShowHeat) const {
    const std::string* text = value != nullptr ? value->text() : nullptr;
    if (text != nullptr && (*text == "on" || *text == "off"))
      return Command(command::ShowHeat{*text == "on"});
    const auto of = whole(value, name, 0, std::numeric_limits<std::int32_t>::max());
    if (!of) return bad_value(name, "on, off or the number of a class");
    return Command(command::ShowHeat{true, static_cast<std::int32_t>(*of)});
  }
  Result<Command> operator()(command::SetPlane) const {
    if (value == nullptr || value->object() == nullptr)
      return bad_value(name, "an object with directions, anchor and points");
    PlaneChoice plane;
    FL_TRY_LET(directions, chosen(value->find("directions"), name, plane_directions(), plane.directions));
    FL_TRY_LET(anchor, chosen(value->find("anchor"), name, plane_anchors(), plane.anchor));
    FL_TRY_LET(points, moments(value->find("points"), name));
    return Command(command::SetPlane{{*directions, *anchor, *points}});
  }
  Result<Command> operator()(command::SetSurfaces) const {
    if (value == nullptr) return bad_value(name, "train, test or both");
    FL_TRY_LET(surfaces, chosen(value, name, surface_sets(), SurfaceSets::kTrain));
    return Command(command::SetSurfaces{*surfaces});
  }
  Result<Command> operator()(command::SetProbe) const {
    FL_TRY_LET(images, whole(value, name, 1, kMostProbeImages));
    return Command(command::SetProbe{static_cast<std::int32_t>(*images)});
  }
  Result<Command> operator()(command::ShowPhases) const {
    const std::string* text = value != nullptr ? value->text() : nullptr;
    if (text == nullptr || std::ranges::find(phase_choices(), *text) == phase_choices().end())
      return bad_value(name, name_list(phase_choices(), "or"));
    return Command(command::ShowPhases{*text});
  }
  Result<Command> operator()(command::Phase c) const { return Command(c); }
  Result<Command> operator()(command::SetStart) const {
    const Json::Array* list = value != nullptr ? value->array() : nullptr;
    if (list == nullptr || list->size() != 2) return bad_value(name, "a list of 2 numbers");
    command::SetStart start;
    for (std::size_t axis = 0; axis < 2; ++axis) {
      FL_TRY_LET(number, real(&(*list)[axis], name, -kFarthestStart, kFarthestStart));
      start.at[axis] = *number;
    }
    return Command(start);
  }
  Result<Command> operator()(command::SetSurface) const {
    if (value != nullptr && value->text() != nullptr && find_two_parameter_surface(*value->text()) != nullptr)
      return Command(command::SetSurface{*value->text()});
    const Json* formula = value != nullptr ? value->find("formula") : nullptr;
    if (formula == nullptr || formula->text() == nullptr)
      return bad_value(name, name_list(two_parameter_names(), "or") + ", or an object with a formula");
    if (auto read = own_surface(*formula->text()); !read) return read.error();
    return Command(command::SetSurface{{}, *formula->text()});
  }
  Result<Command> operator()(command::SetGrid) const {
    const auto side = whole(value, name, kGridSides.front(), kGridSides.back());
    if (!side || std::ranges::count(kGridSides, static_cast<int>(*side)) == 0)
      return bad_value(name, fmt::format("{}", fmt::join(kGridSides, ", ")));
    return Command(command::SetGrid{static_cast<std::int32_t>(*side)});
  }
  Result<Command> operator()(command::SetEarlier) const {
    auto runs = value != nullptr ? earlier_runs_of(*value) : std::nullopt;
    if (!runs)
      return bad_value(name, fmt::format("a list of at most {} runs with settings, seed, steps_per_epoch, "
                                         "stride and points",
                                         kEarlierRuns));
    return Command(command::SetEarlier{std::make_shared<const EarlierRuns>(*std::move(runs))});
  }
  Result<Command> operator()(command::ShowRates) const {
    const Json::Array* list = value != nullptr ? value->array() : nullptr;
    if (list == nullptr || list->size() != 3) return bad_value(name, "a list of 3 numbers");
    command::ShowRates rates;
    for (std::size_t axis = 0; axis < 2; ++axis) {
      FL_TRY_LET(middle, real(&(*list)[axis], name, kLowestRate, kHighestRate));
      rates.middle[axis] = *middle;
    }
    FL_TRY_LET(span, real(&(*list)[2], name, 0, kHighestRate - kLowestRate));
    rates.span = *span;
    return Command(rates);
  }
  Result<Command> operator()(command::MeasureCurvature) const {
    FL_TRY_LET(every, whole(value, name, 0, kMostCurvatureSteps));
    return Command(command::MeasureCurvature{static_cast<std::int32_t>(*every)});
  }
  Result<Command> operator()(command::Mark) const {
    if (value == nullptr || value->text() == nullptr)
      return bad_value(name, "the checksum of weights, or empty");
    return Command(command::Mark{*value->text()});
  }
  Result<Command> operator()(command::MakeFork) const {
    const auto what =
        value != nullptr && value->text() != nullptr ? fork_change(*value->text()) : std::nullopt;
    if (!what) return bad_value(name, name_list({kForkChanges.begin(), kForkChanges.end()}, "or"));
    return Command(command::MakeFork{*what});
  }
  Result<Command> operator()(command::RemoveFork) const {
    FL_TRY_LET(number, whole(value, name, 0, kFrameMaxPaths - 1));
    return Command(command::RemoveFork{static_cast<std::int32_t>(*number)});
  }
  Result<Command> operator()(command::ChooseForkStep) const {
    FL_TRY_LET(step, whole(value, name, 0, kMostForkStep));
    return Command(command::ChooseForkStep{static_cast<std::int32_t>(*step)});
  }
};

// The alternative of that index, with its defaults.
template <std::size_t I = 0>
Command make_command(std::size_t index) {
  if constexpr (I + 1 < std::variant_size_v<Command>)
    if (index != I) return make_command<I + 1>(index);
  return std::variant_alternative_t<I, Command>{};
}

}  // namespace

Json::Object command_members(const Command& command) {
  Json::Object members{{"command", kNames[command.index()]}};
  const auto put = [&members](Json value) { members.push_back({"value", std::move(value)}); };
  const Overloaded cases{
      [&](const command::Step& c) { put(c.count); },
      [&](const command::Reset& c) { put(c.seed); },
      [&](const command::SetRate& c) { put(c.rate); },
      [&](const command::SetOptimizer& c) { put(optimizer_name(c.kind)); },
      [&](const command::SetPace& c) { put(c.steps_per_second); },
      [&](const command::ShowImage& c) { put(c.image); },
      [&](const command::ShowPixels& c) { put(c.image->name); },
      [&](const command::ShowHeights& c) { put(loss_scale_name(c.scale)); },
      [&](const command::ShowHeat& c) {
        if (c.on && c.of >= 0)
          put(c.of);
        else
          put(c.on ? "on" : "off");
      },
      [&](const command::SetPlane& c) {
        Json::Array points;
        for (const PathMoment& moment : c.plane.points) points.emplace_back(moment_text(moment));
        put(Json::Object{{"directions", choice_name(plane_directions(), c.plane.directions)},
                         {"anchor", choice_name(plane_anchors(), c.plane.anchor)},
                         {"points", std::move(points)}});
      },
      [&](const command::SetSurfaces& c) { put(choice_name(surface_sets(), c.surfaces)); },
      [&](const command::SetProbe& c) { put(c.images); },
      [&](const command::ShowPhases& c) { put(c.of); },
      [&](const command::SetStart& c) { put(Json::list(c.at)); },
      [&](const command::SetSurface& c) {
        if (c.name.empty())
          put(Json::Object{{"formula", c.formula}});
        else
          put(c.name);
      },
      [&](const command::SetGrid& c) { put(c.side); },
      [&](const command::SetEarlier& c) { put(earlier_json(*c.runs)); },
      [&](const command::ShowRates& c) {
        put(Json::list(std::array{c.middle[0], c.middle[1], c.span}));
      },
      [&](const command::MeasureCurvature& c) { put(c.every); },
      [&](const command::Mark& c) { put(c.weights); },
      [&](const command::MakeFork& c) { put(kForkChanges.at(static_cast<std::size_t>(c.what))); },
      [&](const command::RemoveFork& c) { put(c.number); },
      [&](const command::ChooseForkStep& c) { put(c.step); },
      [](const auto&) {},
  };
  std::visit(cases, command);
  return members;
}

Result<Command> command_of(const Json& object) {
  const Json* command = object.find("command");
  const std::string name = command != nullptr && command->text() != nullptr ? *command->text() : "";
  for (std::size_t i = 0; i < kNames.size(); ++i)
    if (name == kNames[i]) return std::visit(ReadValue{object.find("value"), kNames[i]}, make_command(i));
  return error("there is no command \"{}\"; the commands are {}.", printable(name), fmt::join(kNames, ", "));
}

}  // namespace fl
