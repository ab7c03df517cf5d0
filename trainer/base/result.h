#pragma once
// Result<T>: a value, or one sentence for the user. Everything that a user's file, disk or machine can
// cause travels this way: the sentence says what happened, where, and what to do. Programming errors
// are not results; they are FL_CHECK (check.h).

#include <optional>
#include <string>
#include <utility>
#include <variant>

#include <fmt/format.h>

namespace fl {

struct Error {
  std::string message;     // one sentence: what, where, what to do
  bool cancelled = false;  // nothing went wrong: the caller asked for the end
};

template <typename... Args>
[[nodiscard]] Error error(fmt::format_string<Args...> format, Args&&... args) {
  return Error{fmt::format(format, std::forward<Args>(args)...)};
}

template <typename T>
class [[nodiscard]] Result {
 public:
  Result(T value) : state_(std::in_place_index<0>, std::move(value)) {}      // NOLINT: implicit by design
  Result(Error error) : state_(std::in_place_index<1>, std::move(error)) {}  // NOLINT: implicit by design

  [[nodiscard]] bool ok() const { return state_.index() == 0; }
  explicit operator bool() const { return ok(); }

  // Precondition of value(): ok(). Precondition of error(): !ok(). std::get throws otherwise.
  [[nodiscard]] T& value() & { return std::get<0>(state_); }
  [[nodiscard]] const T& value() const& { return std::get<0>(state_); }
  [[nodiscard]] T&& value() && { return std::get<0>(std::move(state_)); }
  [[nodiscard]] const Error& error() const { return std::get<1>(state_); }

  T& operator*() & { return value(); }
  const T& operator*() const& { return value(); }
  T&& operator*() && { return std::move(*this).value(); }
  T* operator->() { return &value(); }
  const T* operator->() const { return &value(); }

 private:
  std::variant<T, Error> state_;
};

template <>
class [[nodiscard]] Result<void> {
 public:
  Result() = default;
  Result(Error error) : error_(std::move(error)) {}  // NOLINT: implicit by design
  [[nodiscard]] bool ok() const { return !error_.has_value(); }
  explicit operator bool() const { return ok(); }
  [[nodiscard]] const Error& error() const { return error_.value(); }

 private:
  std::optional<Error> error_;
};

}  // namespace fl

// What a function does with a call that failed: it returns the call's error. Both stand in functions that
// return a Result themselves.
//   FL_TRY(check(file));                  the value, if there is one, is not wanted
//   FL_TRY_LET(table, read_table(file));  declares `table`, the call's Result, which holds a value here
#define FL_TRY(...) \
  if (const auto fl_tried = __VA_ARGS__; !fl_tried) return fl_tried.error()
#define FL_TRY_LET(name, ...) \
  auto name = __VA_ARGS__;    \
  if (!name) return name.error()
