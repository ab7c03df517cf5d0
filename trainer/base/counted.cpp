#include "trainer/base/counted.h"

namespace fl {

std::string plural(bool one, std::string_view noun) {
  return fmt::format("{}{}", noun, one ? "" : noun.ends_with('s') ? "es" : "s");
}

}  // namespace fl
