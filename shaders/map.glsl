// The map of a head's embeddings: colours and shapes of the classes.
#include "shaders/shared/map.h"

layout(push_constant, std430) uniform PushBlock { MapPush push; };

// Among the theme's colours of paths: blue and orange first, which everybody tells apart.
const uint kColorOrder[12] = uint[](3u, 1u, 4u, 5u, 7u, 6u, 2u, 9u, 10u, 11u, 8u, 0u);
vec3 class_color(uint label) { return view.theme.paths[kColorOrder[label % 12u]].rgb; }

// Signed distance to a class's mark of radius 1, negative inside: circle, square, triangle, diamond, plus.
float mark_distance(vec2 at, uint label) {
  const vec2 a = abs(at);
  switch (label % 5u) {
    case 0u:
      return length(at) - 0.92;
    case 1u:
      return max(a.x, a.y) - 0.8;
    case 2u:
      return max(0.866 * a.x + 0.5 * -at.y, at.y) - 0.56;
    case 3u:
      return 0.7071 * (a.x + a.y) - 0.76;
    default:
      return max(min(a.x, a.y) - 0.36, max(a.x, a.y) - 0.95);
  }
}
