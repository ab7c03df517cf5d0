// In what a header is written that C++ and GLSL both include. Of GLSL's types, uint, int and float are C++'s
// of the same size; vectors are in shaders/shared/vectors.h. FL_IS(value) is a member's default, FL_LIST an
// array, FL_LIST_IS one with a default: GLSL has neither defaults nor std::array. What lies where is std430's
// doing (std140's in a uniform buffer): only 4-byte members, or vectors at multiples of their own size, lie
// where C++ puts them.
#ifndef FL_BOTH_LANGUAGES_H
#define FL_BOTH_LANGUAGES_H
#ifdef __cplusplus

#include <array>
#include <cstdint>

namespace fl {
using uint = std::uint32_t;
}  // namespace fl
#define FL_OPEN namespace fl {
#define FL_CLOSE }
#define FL_CONSTANT inline constexpr
#define FL_IS(value) = value
#define FL_LIST(type, name, length) \
  std::array<type, length> name {}
#define FL_LIST_IS(type, name, length, value) std::array<type, length> name = value

#else

#define FL_OPEN
#define FL_CLOSE
#define FL_CONSTANT const
#define FL_IS(value)
#define FL_LIST(type, name, length) type name[length]
#define FL_LIST_IS(type, name, length, value) type name[length]

#endif
#endif
