#pragma once
// Data sets that took long to make, kept in a folder between starts, a file each. A file is taken only where
// it says the very key that is asked for and the checksums of its parts are right. A cache that cannot be
// read or written is none: nobody hears of it.
//
// Neither reading nor writing a large set takes memory for it a second time: a part is written from where it
// lies, and read to where it belongs.

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <vector>

#include "trainer/base/background.h"

namespace fl {

// What is to be kept: parts of any length, one after the other, which stay where they are until written.
class KeptParts {
 public:
  template <typename T>
  void put(std::span<const T> part) {
    parts_.push_back(std::as_bytes(part));
  }
  void put(const std::string& text) { put(std::span<const char>(text)); }

 private:
  friend class KeptSet;
  std::vector<std::span<const std::byte>> parts_;
};

// A file of parts, read one after the other.
class KeptFile {
 public:
  // The next part; nothing where it is not whole.
  template <typename T>
  std::optional<std::vector<T>> next() {
    const auto bytes = next_size();
    if (!bytes || *bytes % sizeof(T) != 0) return std::nullopt;
    std::vector<T> values(*bytes / sizeof(T));
    if (!take(std::as_writable_bytes(std::span(values)))) return std::nullopt;
    return values;
  }
  // The next part into `values`; false where it has another size, or is not whole.
  template <typename T>
  bool next(std::span<T> values) {
    return next_size() == values.size_bytes() && take(std::as_writable_bytes(values));
  }

 private:
  friend class KeptSet;
  // Reads nothing from a file of more than `most` bytes.
  KeptFile(const std::filesystem::path& path, std::size_t most);
  std::optional<std::size_t> next_size();
  bool take(std::span<std::byte> values);

  std::ifstream file_;
  std::size_t left_ = 0;  // bytes that are not read yet
};

class KeptSet {
 public:
  // Of one set; larger ones would crowd out all others.
  static constexpr std::size_t kMostFileBytes = std::size_t{1} << 30;
  // Of all sets in the folder together: those that were used last stay.
  static constexpr std::size_t kMostBytes = std::size_t{2} << 30;
  // A larger set is not copied for the background: whoever writes it waits.
  static constexpr std::size_t kMostCopiedBytes = std::size_t{128} << 20;

  // Keeps nothing.
  KeptSet() = default;
  // `kind`: of set, a word; `key`: everything that decides its bytes. Nothing is kept where `folder` is
  // empty. `background`: who writes; null: whoever calls write().
  KeptSet(const std::filesystem::path& folder, const std::string& kind, std::string key,
          Background* background);

  [[nodiscard]] bool keeps() const { return !file_.empty(); }
  // Nothing where there is none with this key. What is read counts as used now.
  [[nodiscard]] std::optional<KeptFile> read() const;
  void write(const KeptParts& parts) const;

 private:
  using Pieces = std::vector<std::span<const std::byte>>;
  void save(const Pieces& pieces, const std::stop_token& stop) const;
  void drop_oldest() const;

  std::string key_;
  std::filesystem::path file_;  // empty: none
  Background* background_ = nullptr;
};

}  // namespace fl
