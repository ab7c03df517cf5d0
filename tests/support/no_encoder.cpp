// Preloaded: libav without the encoder that HIDDEN_ENCODER names.

#include <cstdlib>
#include <cstring>

#include <dlfcn.h>

struct AVCodec;

extern "C" const AVCodec* avcodec_find_encoder_by_name(const char* name) {
  const char* hidden = std::getenv("HIDDEN_ENCODER");
  if (hidden != nullptr && std::strcmp(name, hidden) == 0) return nullptr;
  using Find = const AVCodec* (*)(const char*);
  const auto real = reinterpret_cast<Find>(::dlsym(RTLD_NEXT, "avcodec_find_encoder_by_name"));
  return real != nullptr ? real(name) : nullptr;
}
