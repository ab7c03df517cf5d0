#include "trainer/landscape/own_surface.h"

#include <cmath>
#include <memory>
#include <numbers>

#include <muParser.h>

#include "trainer/base/printable.h"

namespace fl {
namespace {

constexpr double kDistance = 2e-4;  // where truncation and rounding meet
constexpr int kLook = 33;           // points a side at which a new formula is looked at
constexpr const char* kExample = "write f with x and z, as in x^2 + 3*sin(z)";

// The parser reads x and z where they lie.
struct Compiled {
  mu::Parser parser;
  double x = 0, z = 0;

  double value(const TwoParameters& at) {
    x = at[0];
    z = at[1];
    return parser.Eval();
  }
};

// What is wrong at the place, as muParser's codes say it.
std::string fault_of(const mu::Parser::exception_type& wrong) {
  const std::string token = printable(wrong.GetToken());
  switch (wrong.GetCode()) {
    case mu::ecUNEXPECTED_EOF:
      return "it ends where a number, x or z has to follow";
    case mu::ecUNASSIGNABLE_TOKEN:
      return "nothing is called \"" + token + "\"";
    case mu::ecMISSING_PARENS:
      return "a bracket is opened and not closed";
    case mu::ecUNEXPECTED_PARENS:
      return "there is a bracket too many";
    case mu::ecUNEXPECTED_OPERATOR:
      return "\"" + token + "\" stands where a number, x or z has to be";
    case mu::ecUNEXPECTED_VAL:
    case mu::ecUNEXPECTED_VAR:
    case mu::ecUNEXPECTED_FUN:
      return "an operator is missing before \"" + token + "\"";
    case mu::ecTOO_MANY_PARAMS:
    case mu::ecTOO_FEW_PARAMS:
      return "\"" + token + "\" has another number of arguments";
    default:
      return token.empty() ? "it is no formula" : "\"" + token + "\" cannot stand there";
  }
}

Error fault_at(std::size_t place, const std::string& what) {
  return error("The formula is wrong at letter {}: {}; {}.", place, what, kExample);
}

Result<std::shared_ptr<Compiled>> compile(const std::string& formula) {
  if (formula.find_first_not_of(" \t\r\n") == std::string::npos)
    return error("There is no formula; {}.", kExample);
  if (formula.size() > kMostFormula)
    return error("The formula has {} letters; {} are the most.", formula.size(), kMostFormula);
  // The parser would take "x = 2" for an order to change x.
  for (std::size_t i = 0; i < formula.size(); ++i) {
    const auto is = [&](std::size_t at, const char* any) {
      return at < formula.size() && std::string_view(any).find(formula[at]) != std::string_view::npos;
    };
    if (formula[i] == '=' && !is(i + 1, "=") && !(i > 0 && is(i - 1, "=<>!")))
      return fault_at(i + 1, "\"=\" says nothing here, only the right side is wanted");
  }
  auto compiled = std::make_shared<Compiled>();
  try {
    mu::Parser& parser = compiled->parser;
    parser.DefineVar("x", &compiled->x);
    parser.DefineVar("z", &compiled->z);
    parser.DefineVar("y", &compiled->z);  // as most write it
    parser.DefineConst("pi", std::numbers::pi);
    parser.DefineConst("e", std::numbers::e);
    parser.SetExpr(formula);
    compiled->value({1, 1});
    if (parser.GetNumResults() > 1)
      return error("The formula has {} values, one after each comma; {}.", parser.GetNumResults(), kExample);
  } catch (const mu::Parser::exception_type& wrong) {
    const std::size_t place =
        std::min<std::size_t>(static_cast<std::size_t>(std::max(wrong.GetPos(), 0)), formula.size());
    return fault_at(place + 1, fault_of(wrong));
  }
  return compiled;
}

TwoParameters gradient_of(Compiled& compiled, const TwoParameters& at) {
  TwoParameters slope{};
  for (std::size_t axis = 0; axis < 2; ++axis) {
    const double h = kDistance * std::max(1.0, std::abs(at[axis]));
    const auto value = [&](double by) {
      TwoParameters there = at;
      there[axis] += by;
      return compiled.value(there);
    };
    slope[axis] = (8 * (value(h) - value(-h)) - (value(2 * h) - value(-2 * h))) / (12 * h);
  }
  return slope;
}

// Learning rates under which the methods part ways, as those of the named surfaces do. The adaptive methods
// divide by the slope, so theirs are alike everywhere; the others take a share of the width at a slope as it
// is usual there.
SurfaceRates rates_for(double usual_slope) {
  constexpr double kStep = 0.06;
  const double wanted = std::clamp(kStep / std::max(usual_slope, 1e-9), 1e-9, 1.0);
  const double power = std::pow(10, std::floor(std::log10(wanted)));
  const double rate = power * (wanted >= 5 * power ? 5 : wanted >= 2 * power ? 2 : 1);
  return {rate, rate, 0.2, 0.02, 0.05, 2 * rate};
}

}  // namespace

Result<TwoParameterSurface> own_surface(const std::string& formula) {
  FL_TRY_LET(compiled, compile(formula));
  const std::shared_ptr<Compiled> own = *compiled;
  TwoParameterSurface surface{.name = {},
                              .label = formula,
                              .low = {-2, -2},
                              .high = {2, 2},
                              .start = {1.5, 1.5},
                              .steps = 300,
                              .rates = {},
                              .value = [own](const TwoParameters& at) { return own->value(at); },
                              .gradient = [own](const TwoParameters& at) { return gradient_of(*own, at); }};
  double lowest = INFINITY, highest = -INFINITY, squares = 0;
  int counted = 0;
  for (int i = 0; i < kLook; ++i)
    for (int k = 0; k < kLook; ++k) {
      const auto along = [](int at) { return -2 + 4.0 * at / (kLook - 1); };
      const TwoParameters at{along(i), along(k)};
      const double value = surface.value(at);
      if (!std::isfinite(static_cast<float>(value))) continue;
      lowest = std::min(lowest, value);
      highest = std::max(highest, value);
      const TwoParameters slope = surface.gradient(at);
      const double square = slope[0] * slope[0] + slope[1] * slope[1];
      if (std::isfinite(square)) squares += square, ++counted;
    }
  if (lowest > highest) return error("The formula gives no number anywhere between -2 and 2; {}.", kExample);
  if (lowest == highest)
    return error("The formula is the same everywhere, so nothing goes downhill; {}.", kExample);
  surface.rates = rates_for(std::sqrt(squares / std::max(counted, 1)));
  if (!std::isfinite(surface.value(surface.start)))
    for (const TwoParameters& other : {TwoParameters{-1.5, 1.5}, {1.5, -1.5}, {-1.5, -1.5}, {0.5, 0.5}})
      if (std::isfinite(surface.value(other))) surface.start = other;
  return surface;
}

}  // namespace fl
