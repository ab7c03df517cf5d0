#include "trainer/subjects/descents/step_phases.h"

#include <cmath>

#include <fmt/format.h>

#include "trainer/base/number_text.h"

namespace fl {
namespace {

using V = PhaseVector;
constexpr PhaseUnit kParameters = PhaseUnit::kParameters, kSlopes = PhaseUnit::kSlopes,
                    kMadeUp = PhaseUnit::kMadeUp;
constexpr bool kBefore = true;

V operator+(const V& a, const V& b) {
  return {a[0] + b[0], a[1] + b[1]};
}
V operator*(double factor, const V& v) {
  return {factor * v[0], factor * v[1]};
}
V operator*(const V& a, const V& b) {
  return {a[0] * b[0], a[1] * b[1]};
}
V operator/(const V& a, const V& b) {
  return {a[0] / b[0], a[1] / b[1]};
}
V roots(const V& v) {
  return {std::sqrt(v[0]), std::sqrt(v[1])};
}

std::string words(double value) {
  return number_text(value, 3);
}
std::string words(const V& v) {
  return fmt::format("({},\u00A0{})", words(v[0]), words(v[1]));  // on one line
}
std::string share(double value) {
  return fmt::format("{:.4g}", value);
}

// Tells the phases of one step, one after the other.
class Telling {
 public:
  explicit Telling(const StepBegin& begin)
      : spec_(begin.optimizer),
        step_(optimizer_constants(begin.optimizer, begin.rate, begin.memory.steps + 1).of(true)),
        at_{wide(begin.at[0]), wide(begin.at[1])},
        first_step_(begin.memory.steps == 0) {
    gradient_ = {wide(begin.gradient[0]), wide(begin.gradient[1])};
    gradient_ = gradient_ + wide(step_.l2) * at_;
    for (const std::vector<float>& array : begin.memory.arrays)
      told_.memory.push_back({wide(array[0]), wide(array[1])});
    OptimizerState memory = begin.memory;
    told_.next = begin.at;
    optimizer_step(spec_, begin.rate, memory, begin.gradient, told_.next);
  }

  PhasedStep tell() {
    switch (spec_.kind) {
      case OptimizerKind::kGradientDescent:
        tell_gradient_descent();
        break;
      case OptimizerKind::kMomentum:
        tell_momentum();
        break;
      case OptimizerKind::kNesterov:
        tell_nesterov();
        break;
      case OptimizerKind::kAdaGrad:
        tell_adagrad();
        break;
      case OptimizerKind::kRmsProp:
        tell_rmsprop();
        break;
      case OptimizerKind::kAdam:
        tell_adam();
        break;
      case OptimizerKind::kAdamW:
        tell_decay();
        tell_adam();
        break;
      case OptimizerKind::kQhm:
        tell_qhm();
        break;
      case OptimizerKind::kQhAdam:
        tell_qhadam();
        break;
    }
    tell_landing();
    return std::move(told_);
  }

 private:
  static double wide(float value) { return static_cast<double>(value); }
  [[nodiscard]] double rate() const { return wide(step_.rate); }
  [[nodiscard]] V downhill() const { return -1.0 * gradient_; }

  void phase(std::string caption) { told_.phases.push_back({std::move(caption), {}}); }
  void arrow(std::uint32_t role, PhaseUnit unit, const V& from, const V& to, bool before = false) {
    told_.phases.back().shapes.push_back({kMarkArrow, role, unit, from, to, before});
  }
  void axes(std::uint32_t role, PhaseUnit unit, const V& to, bool before = false) {
    arrow(role, unit, {}, {to[0], 0}, before);
    arrow(role, unit, {}, {0, to[1]}, before);
  }
  // One of each parameter, beside its arrow and away from the other's.
  void squares(const V& sides, bool before = false, PhaseUnit unit = kSlopes) {
    const V way{gradient_[0] > 0 ? -1.0 : 1.0, gradient_[1] > 0 ? -1.0 : 1.0};
    const auto add = [&](const V& corner) {
      told_.phases.back().shapes.push_back({kMarkSquare, kRoleSquares, unit, {}, corner, before});
    };
    add({way[0] * sides[0], -way[1] * sides[0]});
    add({-way[0] * sides[1], way[1] * sides[1]});
  }
  void step(const V& change) { told_.step = told_.step + change; }

  void tell_gradient_descent() {
    const V change = rate() * downhill();
    phase(fmt::format("The gradient here is {}. One arrow for each parameter, downhill.", words(gradient_)));
    axes(kRoleGradient, kParameters, change);
    phase(fmt::format("Both together point straight down the slope. Times the rate {} that is the step: {}.",
                      share(rate()), words(change)));
    axes(kRoleGradient, kParameters, change, kBefore);
    arrow(kRoleOfPath, kParameters, {}, change);
    step(change);
  }

  // The momentum that is left when it has shrunk and the gradient has joined it.
  V tell_velocity() {
    V& velocity = told_.memory[0];
    const V old = velocity, shrunk = wide(step_.beta1) * old, join = rate() * downhill();
    phase(first_step_ ? "No step was made yet: there is no momentum."
                      : fmt::format("The momentum left by the steps before: {}.", words(old)));
    arrow(kRoleMomentum, kParameters, {}, old);
    phase(fmt::format("It shrinks to {} of itself: {}.", share(spec_.beta1), words(shrunk)));
    arrow(kRoleMomentum, kParameters, {}, old, kBefore);
    arrow(kRoleMomentum, kParameters, {}, shrunk);
    velocity = shrunk + join;
    phase(fmt::format("The gradient {}, times the rate {}, joins at its tip, downhill: {}.", words(gradient_),
                      share(rate()), words(join)));
    arrow(kRoleMomentum, kParameters, {}, shrunk);
    arrow(kRoleGradient, kParameters, shrunk, velocity);
    return shrunk;
  }

  void tell_momentum() {
    const V shrunk = tell_velocity(), velocity = told_.memory[0];
    phase(fmt::format("Both together are the step, and the momentum of the next one: {}.", words(velocity)));
    arrow(kRoleMomentum, kParameters, {}, shrunk, kBefore);
    arrow(kRoleGradient, kParameters, shrunk, velocity, kBefore);
    arrow(kRoleOfPath, kParameters, {}, velocity);
    step(velocity);
  }

  void tell_nesterov() {
    tell_velocity();
    const V velocity = told_.memory[0], ahead = wide(step_.beta1) * velocity,
            change = ahead + rate() * downhill();
    phase(
        fmt::format("It looks ahead: that momentum {} shrinks again, and the same gradient joins once more.",
                    words(velocity)));
    arrow(kRoleMomentum, kParameters, {}, velocity, kBefore);
    arrow(kRoleMomentum, kParameters, {}, ahead);
    arrow(kRoleGradient, kParameters, ahead, change);
    phase(fmt::format("Both together are the step: {}.", words(change)));
    arrow(kRoleMomentum, kParameters, {}, ahead, kBefore);
    arrow(kRoleGradient, kParameters, ahead, change, kBefore);
    arrow(kRoleOfPath, kParameters, {}, change);
    step(change);
  }

  // A direction in slopes, each parameter divided by the side of its square, times the rate.
  void tell_division(const std::string& of, const V& direction, const V& square, PhaseUnit unit = kSlopes) {
    const V sides = roots(square) + V{wide(step_.epsilon), wide(step_.epsilon)};
    const V change = -rate() * (direction / sides);
    phase(fmt::format("{} is divided by the sides {} and taken times the rate {}, downhill: the step is {}.",
                      of, words(roots(square)), share(rate()), words(change)));
    squares(roots(square), kBefore, unit);
    axes(kRoleGradient, kParameters, change);
    arrow(kRoleOfPath, kParameters, {}, change);
    step(change);
  }

  void tell_adagrad() {
    V& sums = told_.memory[0];
    const V old = sums;
    phase(first_step_ ? "Each parameter keeps a square of all its slopes. There is none yet."
                      : fmt::format("Each parameter keeps a square as large as all its squared slopes "
                                    "together: its sides are {}.",
                                    words(roots(old))));
    squares(roots(old));
    sums = old + gradient_ * gradient_;
    phase(fmt::format("They grow by the square of the gradient here, {}: the sides are now {}.",
                      words(gradient_), words(roots(sums))));
    squares(roots(old), kBefore);
    squares(roots(sums));
    axes(kRoleGradient, kSlopes, downhill());
    tell_division("The gradient", gradient_, sums);
  }

  void tell_rmsprop() {
    V& average = told_.memory[0];
    tell_shrinking_squares(average);
    const V shrunk = wide(step_.beta2) * average;
    average = shrunk + wide(step_.share2) * (gradient_ * gradient_);
    phase(fmt::format("They grow by {} of the square of the gradient {}: the sides are now {}.",
                      share(1 - spec_.beta2), words(gradient_), words(roots(average))));
    squares(roots(shrunk), kBefore);
    squares(roots(average));
    axes(kRoleGradient, kSlopes, downhill());
    tell_division("The gradient", gradient_, average);
  }

  void tell_shrinking_squares(const V& average) {
    const V shrunk = wide(step_.beta2) * average;
    phase(first_step_ ? "Each parameter keeps a square of its slopes, which fades. There is none yet."
                      : fmt::format("The squares of the slopes before fade to {} of their area: sides {}.",
                                    share(spec_.beta2), words(roots(shrunk))));
    squares(roots(average), kBefore);
    squares(roots(shrunk));
  }

  // Both averages of Adam; the shapes of the phase in which the gradient joins them are its last.
  void tell_moments() {
    V &first = told_.memory[0], &second = told_.memory[1];
    const V old = first, shrunk = wide(step_.beta1) * old, smaller = wide(step_.beta2) * second;
    phase(first_step_
              ? "It averages gradients, as momentum does. There are none yet."
              : fmt::format("Momentum, the average of the gradients before, shrinks to {} of itself: {}.",
                            share(spec_.beta1), words(shrunk)));
    arrow(kRoleMomentum, kSlopes, {}, -1.0 * old, kBefore);
    arrow(kRoleMomentum, kSlopes, {}, -1.0 * shrunk);
    tell_shrinking_squares(second);
    arrow(kRoleMomentum, kSlopes, {}, -1.0 * shrunk);
    first = shrunk + wide(step_.share1) * gradient_;
    second = smaller + wide(step_.share2) * (gradient_ * gradient_);
    phase(fmt::format("The gradient {} joins both: the momentum gets {} of it, the squares {} of its square.",
                      words(gradient_), share(1 - spec_.beta1), share(1 - spec_.beta2)));
    squares(roots(smaller), kBefore);
    squares(roots(second));
    arrow(kRoleMomentum, kSlopes, {}, -1.0 * shrunk);
    arrow(kRoleGradient, kSlopes, -1.0 * shrunk, -1.0 * first);
  }
  // Averages that began at nothing are too small at first.
  [[nodiscard]] V corrected_first() const { return wide(step_.correction1) * told_.memory[0]; }
  [[nodiscard]] V corrected_second() const { return wide(step_.correction2) * told_.memory[1]; }

  void tell_adam() {
    tell_moments();
    tell_division(fmt::format("Momentum, made up for its start to {},", words(corrected_first())),
                  corrected_first(), corrected_second(), kMadeUp);
  }

  void tell_decay() {
    const V change = (wide(step_.kept) - 1) * at_;
    phase(fmt::format("Weight decay first: each parameter shrinks by {} of itself, by {}.",
                      share(1 - wide(step_.kept)), words(change)));
    arrow(kRoleDecay, kParameters, {}, change);
    step(change);
  }

  // Part average, part the gradient itself.
  V tell_mix(const V& average, PhaseUnit unit = kSlopes) {
    const V of_average = wide(step_.nu1) * average, of_gradient = wide(step_.rest1) * gradient_,
            mix = of_average + of_gradient;
    phase(fmt::format("Mixed: {} of the average and {} of the gradient itself: {}.", share(spec_.nu1),
                      share(1 - spec_.nu1), words(mix)));
    arrow(kRoleMomentum, unit, {}, -1.0 * of_average);
    arrow(kRoleGradient, unit, -1.0 * of_average, -1.0 * mix);
    return mix;
  }

  void tell_qhm() {
    V& average = told_.memory[0];
    const V old = average, shrunk = wide(step_.beta1) * old;
    phase(first_step_ ? "It averages gradients. There are none yet."
                      : fmt::format("The average of the gradients before shrinks to {} of itself: {}.",
                                    share(spec_.beta1), words(shrunk)));
    arrow(kRoleMomentum, kSlopes, {}, -1.0 * old, kBefore);
    arrow(kRoleMomentum, kSlopes, {}, -1.0 * shrunk);
    average = shrunk + wide(step_.share1) * gradient_;
    phase(fmt::format("{} of the gradient {} joins at its tip: {}.", share(1 - spec_.beta1), words(gradient_),
                      words(average)));
    arrow(kRoleMomentum, kSlopes, {}, -1.0 * shrunk);
    arrow(kRoleGradient, kSlopes, -1.0 * shrunk, -1.0 * average);
    const V change = -rate() * tell_mix(average);
    phase(fmt::format("Times the rate {}, downhill, that is the step: {}.", share(rate()), words(change)));
    arrow(kRoleOfPath, kParameters, {}, change);
    step(change);
  }

  void tell_qhadam() {
    tell_moments();
    const V mix = tell_mix(corrected_first(), kMadeUp);
    const V square = wide(step_.rest2) * (gradient_ * gradient_) + wide(step_.nu2) * corrected_second();
    tell_division("The mix", mix, square, kMadeUp);
  }

  void tell_landing() {
    const V next{wide(told_.next[0]), wide(told_.next[1])};
    phase(fmt::format("The ball goes there: from {} to {}.", words(at_), words(next)));
    arrow(kRoleOfPath, kParameters, {}, {next[0] - at_[0], next[1] - at_[1]});
    told_.phases.back().shapes.push_back(
        {kMarkGhost, kRoleOfPath, kParameters, {}, {next[0] - at_[0], next[1] - at_[1]}});
  }

  const OptimizerSpec& spec_;
  kernels::OptimizerStep<float> step_;
  V at_, gradient_{};
  bool first_step_;
  PhasedStep told_;
};

}  // namespace

PhasedStep phases_of(const StepBegin& begin) {
  return Telling(begin).tell();
}

const std::vector<std::string>& phase_choices() {
  static const std::vector<std::string> all = [] {
    std::vector<std::string> names{kNoPhases, kAllPhases};
    names.insert(names.end(), optimizer_names().begin(), optimizer_names().end());
    return names;
  }();
  return all;
}

std::size_t phase_count(OptimizerKind kind) {
  const OptimizerSpec& spec = optimizer_info(kind).defaults;
  OptimizerState memory;
  memory.reset(spec, 2, {});
  return phases_of({.optimizer = spec, .rate = 1, .memory = memory}).phases.size();
}

}  // namespace fl
