#include "trainer/sweep/sweep_plan.h"

#include <algorithm>
#include <bit>
#include <numeric>

#include "trainer/base/printable.h"

namespace fl {
namespace {

constexpr const char* kFormat = "fall-line-sweep-1";

// The largest power of two that divides every index of a cell: cells of a large one come first.
std::size_t coarseness(const std::vector<std::size_t>& place) {
  const std::size_t all = std::accumulate(place.begin(), place.end(), std::size_t{0}, std::bit_or<>());
  return all == 0 ? ~std::size_t{0} : all & (~all + 1);
}

}  // namespace

std::size_t SweepPlan::cells() const {
  std::size_t count = 1;
  for (const Axis& axis : axes) count *= axis.values.size();
  return count;
}

Result<void> SweepPlan::check() const {
  if (axes.empty())
    return error("A sweep needs at least one --axis, for example --axis train.rate=1e-5..1:log:16.");
  std::size_t count = 1;
  for (std::size_t i = 0; i < axes.size(); ++i) {
    for (std::size_t before = 0; before < i; ++before)
      if (axes[before].key == axes[i].key)
        return error("Two --axis options vary {}; remove one.", printable(axes[i].key));
    count *= axes[i].values.size();
    if (count > kMostCells) return error("The axes make more than {} cells; take fewer values.", kMostCells);
  }
  return {};
}

std::vector<std::size_t> SweepPlan::place(std::size_t cell) const {
  std::vector<std::size_t> at(axes.size());
  for (std::size_t i = axes.size(); i-- > 0;) {
    at[i] = cell % axes[i].values.size();
    cell /= axes[i].values.size();
  }
  return at;
}

std::string SweepPlan::words(std::size_t cell) const {
  std::string words;
  for (std::size_t i = 0; i < axes.size(); ++i)
    words += fmt::format("{}{}={}", i == 0 ? "" : ", ", printable(axes[i].key), printable(value(cell, i)));
  return words;
}

std::vector<std::size_t> SweepPlan::order() const {
  std::vector<std::size_t> cells_in_order(cells());
  std::iota(cells_in_order.begin(), cells_in_order.end(), std::size_t{0});
  std::vector<std::size_t> how_coarse(cells_in_order.size());
  for (const std::size_t cell : cells_in_order) how_coarse[cell] = coarseness(place(cell));
  std::ranges::stable_sort(cells_in_order, std::greater<>(),
                           [&](std::size_t cell) { return how_coarse[cell]; });
  return cells_in_order;
}

std::string SweepPlan::json() const {
  Json::Array list;
  for (const Axis& axis : axes)
    list.push_back(Json::Object{{"key", axis.key}, {"log", axis.log}, {"values", Json::list(axis.values)}});
  return Json(Json::Object{{"format", kFormat}, {"axes", std::move(list)}, {"scene", scene}}).pretty() + "\n";
}

std::optional<SweepPlan> SweepPlan::parse(std::string_view text) {
  const auto json = Json::parse(text);
  if (!json) return std::nullopt;
  const Json* format = json->find("format");
  const Json* scene = json->find("scene");
  const Json* axes = json->find("axes");
  if (format == nullptr || format->text() == nullptr || *format->text() != kFormat || scene == nullptr ||
      scene->text() == nullptr || axes == nullptr || axes->array() == nullptr)
    return std::nullopt;
  SweepPlan plan{.scene = *scene->text(), .axes = {}};
  for (const Json& each : *axes->array()) {
    const Json* key = each.find("key");
    const Json* values = each.find("values");
    const Json* log = each.find("log");
    if (key == nullptr || key->text() == nullptr || values == nullptr || values->array() == nullptr ||
        log == nullptr)
      return std::nullopt;
    Axis axis{.key = *key->text(), .values = {}, .log = *log == Json(true)};
    for (const Json& value : *values->array()) {
      if (value.text() == nullptr) return std::nullopt;
      axis.values.push_back(*value.text());
    }
    if (axis.values.size() < 2) return std::nullopt;
    plan.axes.push_back(std::move(axis));
  }
  if (!plan.check()) return std::nullopt;
  return plan;
}

}  // namespace fl
