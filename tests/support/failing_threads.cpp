// A system that refuses threads: this pthread_create, preloaded into the program, lets FALLLINE_TEST_THREADS of them
// live at a time, whoever starts them.
#include <atomic>
#include <cerrno>
#include <cstdlib>

#include <dlfcn.h>
#include <pthread.h>

namespace {

std::atomic<long> living{0};

struct Start {
  void* (*routine)(void*);
  void* argument;
};

void leave(void*) {
  --living;
}

void* run(void* start) {
  const Start whole = *static_cast<Start*>(start);
  delete static_cast<Start*>(start);
  void* result = nullptr;
  pthread_cleanup_push(leave, nullptr);
  result = whole.routine(whole.argument);
  pthread_cleanup_pop(1);
  return result;
}

}  // namespace

extern "C" int pthread_create(pthread_t* thread, const pthread_attr_t* attributes, void* (*routine)(void*),
                              void* argument) {
  static const auto real = reinterpret_cast<decltype(&pthread_create)>(::dlsym(RTLD_NEXT, "pthread_create"));
  static const char* most = std::getenv("FALLLINE_TEST_THREADS");
  if (++living > (most == nullptr ? 1000000 : std::strtol(most, nullptr, 10))) {
    --living;
    return EAGAIN;
  }
  auto* start = new Start{routine, argument};
  const int result = real(thread, attributes, run, start);
  if (result != 0) {
    delete start;
    --living;
  }
  return result;
}
