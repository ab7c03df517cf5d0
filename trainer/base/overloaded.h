#pragma once
// One function object out of several lambdas, for std::visit: a case for each alternative of a variant.

namespace fl {

template <typename... Cases>
struct Overloaded : Cases... {
  using Cases::operator()...;
};

}  // namespace fl
