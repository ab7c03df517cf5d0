// GLSL's vectors, for headers that C++ includes, too.
#ifndef FL_SHARED_VECTORS_H
#define FL_SHARED_VECTORS_H

#include "trainer/seam/both_languages.h"

#ifdef __cplusplus

#include <glm/mat3x4.hpp>
#include <glm/mat4x4.hpp>
#include <glm/vec2.hpp>
#include <glm/vec3.hpp>
#include <glm/vec4.hpp>

// In a namespace of their own, so that nothing else says vec2 for glm::vec2.
namespace fl::shared {
using glm::mat4, glm::vec2, glm::vec3, glm::vec4;
using mat3_columns = glm::mat3x4;  // GLSL keeps each column of a mat3 in the room of a vec4
}  // namespace fl::shared
#define FL_OPEN_SHARED namespace fl::shared {
#define FL_CLOSE_SHARED }

#else

#define mat3_columns mat3
#define FL_OPEN_SHARED
#define FL_CLOSE_SHARED

#endif
#endif
