#pragma once
// The real Vulkan, for functions that stand in its way. The program loads it together with its engine, so it
// is not among the libraries that RTLD_NEXT looks through.

#include <dlfcn.h>

namespace fl::testing {

// A handle for dlsym; it is never closed.
inline void* vulkan_loader() {
  static void* const library = ::dlopen("libvulkan.so.1", RTLD_LAZY | RTLD_LOCAL);
  return library;
}

}  // namespace fl::testing
