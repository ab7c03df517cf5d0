// Preloaded into sanitized programs: libraries stay loaded, so that a leak's report can name the one it is
// in, and a suppression can be by that name.
#include <dlfcn.h>

extern "C" int dlclose(void*) noexcept {
  return 0;
}
