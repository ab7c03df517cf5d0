#pragma once
// Data sets that took long to make, kept in a folder between starts, a file each. A file is taken only where
// it says the very key that is asked for and its checksum is right. A cache that cannot be read or written is
// none: nobody hears of it.

#include <cstddef>
#include <filesystem>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <vector>

#include "trainer/base/background.h"

namespace fl {

// What a file keeps: parts of any length, one after the other.
class KeptParts {
 public:
  template <typename T>
  void put(std::span<const T> part) {
    add(std::as_bytes(part));
  }
  void put(const std::string& text) { put(std::span<const char>(text)); }
  // The next part; nothing where it is not whole.
  std::optional<std::span<const std::byte>> next();
  // The next part into `values`; false where it has another size.
  template <typename T>
  bool next(std::span<T> values) {
    return next_into(std::as_writable_bytes(values));
  }

 private:
  friend class KeptSet;
  void add(std::span<const std::byte> part);
  bool next_into(std::span<std::byte> values);

  std::vector<std::byte> bytes_;
  std::size_t at_ = 0, end_ = 0;  // of what is read
};

class KeptSet {
 public:
  // Larger ones would crowd out all others.
  static constexpr std::size_t kMostFileBytes = std::size_t{128} << 20;
  // Of all sets in the folder together: those that were used last stay.
  static constexpr std::size_t kMostBytes = std::size_t{256} << 20;

  // Keeps nothing.
  KeptSet() = default;
  // `kind`: of set, a word; `key`: everything that decides its bytes. Nothing is kept where `folder` is
  // empty. `background`: who writes; null: whoever calls write().
  KeptSet(const std::filesystem::path& folder, const std::string& kind, std::string key,
          Background* background);

  [[nodiscard]] bool keeps() const { return !file_.empty(); }
  // Nothing where there is none that can be trusted. What is read counts as used now.
  [[nodiscard]] std::optional<KeptParts> read() const;
  // Parts to be filled and written; a large set is copied once where `bytes` is what they will hold, or more.
  [[nodiscard]] KeptParts parts(std::size_t bytes) const;
  void write(KeptParts parts) const;

 private:
  void save(std::vector<std::byte> bytes, const std::stop_token& stop) const;
  void drop_oldest() const;

  std::string key_;
  std::filesystem::path file_;  // empty: none
  Background* background_ = nullptr;
};

}  // namespace fl
