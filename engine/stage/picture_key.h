#pragma once
// What a part of the picture was drawn from. Where it is the same as in the picture before, so is the part.

#include <string>
#include <string_view>
#include <type_traits>

namespace fl {

class PictureKey {
 public:
  // Bytes that are padding may make two keys differ, never the other way round.
  template <typename T>
  requires std::is_trivially_copyable_v<T> PictureKey& add(const T& value) {
    bytes_.append(reinterpret_cast<const char*>(&value), sizeof(value));
    return *this;
  }
  PictureKey& add(std::string_view text) {
    add(text.size());
    bytes_.append(text);
    return *this;
  }
  bool operator==(const PictureKey&) const = default;

 private:
  std::string bytes_;
};

}  // namespace fl
